"""Sentences of the duty officer's forms."""

MESSAGES: dict[str, tuple[str, str]] = {
    "desk_choose_one": ("Hãy chọn một mục.", "Choose one."),
    "desk_pin_to_what": (
        "Hãy chọn ngày, buổi hoặc tình nguyện viên để ghim hộ vào.",
        "Choose a date, a part of the day or a volunteer to pin the household to.",
    ),
    "volunteer_unknown": (
        "Không có tình nguyện viên nào tên như vậy. Có thể gõ không dấu, một phần tên cũng được.",
        "No volunteer is called so. Part of a name will do, without diacritics too.",
    ),
    "volunteer_several": (
        "Có {count} người khớp. Hãy chọn một người trong danh sách.",
        "{count} people match. Choose one from the list.",
    ),
    "officials_no_lines": ("Hãy dán danh sách, mỗi dòng một người.", "Paste a list, a person a line."),
    "officials_too_many_lines": ("Mỗi lần nhiều nhất {most} dòng.", "At most {most} lines at a time."),
    "officials_no_organisation": (
        "Có dòng chưa ghi cơ quan: hãy ghi ở đây, hoặc ghi vào từng dòng.",
        "Some lines name no organisation: write it here, or in each line.",
    ),
    "campaign_changed_meanwhile": (
        "Người khác vừa sửa thiết lập này. Hãy xem lại bản mới nhất rồi lưu.",
        "Somebody has just changed these settings. Look at the latest, then save.",
    ),
    "goal_without_source": ("Số lấy từ ngoài phải ghi nguồn.", "A figure from outside must name its source."),
    "goal_without_date": ("Số lấy từ ngoài phải ghi ngày của số liệu.", "A figure from outside must name its date."),
    "goal_date_ahead": ("Ngày của số liệu không được ở tương lai.", "The date of a figure may not lie ahead."),
    "goal_no_service": ("Phải còn ít nhất một việc.", "At least one service must be left."),
    "nothing_to_undo": ("Không có lần sửa nào để hoàn tác.", "There is no change to take back."),
    "desk_not_a_date": ("Hãy nhập ngày, ví dụ 31/12/2026.", "Enter a date, e.g. 31/12/2026."),
    "desk_file_missing": ("Hãy chọn một tệp .xlsx hoặc .csv.", "Choose an .xlsx or .csv file."),
}
