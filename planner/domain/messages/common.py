"""Sentences any part may say: rights, settings, dates."""

MESSAGES: dict[str, tuple[str, str]] = {
    "not_found": (
        "Không tìm thấy, hoặc anh/chị không có quyền xem mục này.",
        "Not found, or not yours to see.",
    ),
    "not_allowed": ("Anh/chị không có quyền làm việc này.", "You are not allowed to do this."),
    "no_active_campaign": (
        "Xã chưa có đợt cao điểm nào đang chạy. Hãy tạo một đợt trước.",
        "The commune has no active campaign. Create one first.",
    ),
    "no_commune": (
        "Chưa có xã nào trong hệ thống. Hãy nhập danh sách hộ trước.",
        "There is no commune yet. Import a roster first.",
    ),
    "several_communes": (
        "Có nhiều xã trong hệ thống: hãy chỉ rõ mã xã ({codes}).",
        "There are several communes: name one by its code ({codes}).",
    ),
    "unknown_commune": ("Không có xã nào mang mã {commune}.", "There is no commune with code {commune}."),
    "commune_exists": ("Đã có xã mang mã {commune}.", "There is a commune with code {commune} already."),
    "unknown_template": ("Không có mẫu {template}. Các mẫu: {known}.", "There is no template {template}. Known: {known}."),
    "campaign_dates_reversed": (
        "Ngày kết thúc phải sau ngày bắt đầu.",
        "The last day must not be before the first.",
    ),
    "campaign_day_far": (
        "Ngày {day} quá xa: ngày bắt đầu và ngày kết thúc của đợt phải trong các năm {first}–{last}.",
        "{day} is too far away: a campaign's first and last day are in the years {first}–{last}.",
    ),
    "campaign_too_long": (
        "Ngày kết thúc quá xa: một đợt kéo dài nhiều nhất {years} năm.",
        "The last day is too far away: a campaign lasts {years} years at most.",
    ),
    "value_empty": ("Ô này không được để trống.", "This may not be empty."),
    "value_too_long": ("Dài quá {longest} ký tự.", "Longer than {longest} characters."),
    "value_unknown": ("Giá trị này không có trong danh sách: {known}.", "Not one of: {known}."),
    "coordinates_outside": (
        "Tọa độ không nằm trong Việt Nam. Vĩ độ từ 8 đến 24, kinh độ từ 102 đến 118 (kể cả đảo); xem có bị đảo ngược không.",
        "The coordinates are not in Việt Nam. Latitude 8 to 24, longitude 102 to 118; are they swapped?",
    ),
    "setting_unknown": ("Không có thiết lập {field}.", "There is no setting {field}."),
    "setting_not_a_number": ("{field}: phải là một số.", "{field}: must be a number."),
    "setting_not_a_whole_number": ("{field}: phải là số nguyên.", "{field}: must be a whole number."),
    "setting_out_of_range": ("{field}: phải từ {low} đến {high}.", "{field}: must be from {low} to {high}."),
    "setting_not_a_text": ("{field}: phải là một dòng chữ.", "{field}: must be one line of text."),
    "setting_too_long": ("{field}: dài quá {longest} ký tự.", "{field}: longer than {longest} characters."),
    "setting_not_yes_no": ("{field}: phải là có hoặc không (true/false).", "{field}: must be true or false."),
    "setting_not_a_time": ("{field}: phải là giờ, ví dụ 18:30.", "{field}: must be an hour such as 18:30."),
    "setting_not_a_span": (
        '{field}: phải gồm giờ bắt đầu và giờ kết thúc, ví dụ ["18:30", "21:00"].',
        '{field}: must be a start and an end such as ["18:30", "21:00"].',
    ),
    "setting_not_a_list": ("{field}: phải là một danh sách.", "{field}: must be a list."),
    "setting_not_a_date": ("{field}: phải là ngày, ví dụ 2026-11-24.", "{field}: must be a date such as 2026-11-24."),
    "setting_unknown_word": ("{field}: chỉ nhận {known}.", "{field}: one of {known}."),
    "setting_twice": ("{field}: có mục lặp lại.", "{field}: something is there twice."),
    "setting_not_an_object": ("{field}: phải là một nhóm giá trị.", "{field}: must be an object."),
    "setting_span_reversed": ("{field}: giờ kết thúc phải sau giờ bắt đầu.", "{field}: must end after it starts."),
    "setting_quiet_hours": (
        "{field}: bắt đầu trong giờ nghỉ của người dân; không gõ cửa vào giờ đó.",
        "{field}: starts within the quiet hours, when nobody knocks.",
    ),
    "setting_after_evening_stop": (
        "{field}: kết thúc sau {stop}, giờ mọi tổ phải về.",
        "{field}: ends after {stop}, when all crews are to be back.",
    ),
    "setting_midday_rest": ("{field}: chạm vào giờ nghỉ trưa.", "{field}: runs into the midday rest."),
    "database_busy": (
        "Máy chủ đang ghi một danh sách lớn nên chưa lưu được. Hãy giữ nguyên trang, chờ chừng nửa phút rồi gửi lại.",
        "The server is writing a large list, so nothing was saved. Keep this page, wait half a minute and send again.",
    ),
    "setting_periods_overlap": ("Các buổi không được chồng lên nhau.", "Periods may not overlap."),
}
