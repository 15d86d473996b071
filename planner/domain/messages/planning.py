"""Sentences of plans: runs, drafts, publishing, reassigning."""

MESSAGES: dict[str, tuple[str, str]] = {
    "not_a_monday": ("Ngày {monday} không phải thứ Hai.", "{monday} is not a Monday."),
    "week_over": ("Tuần bắt đầu ngày {monday} đã qua.", "The week of {monday} is over."),
    "week_outside_campaign": (
        "Tuần {monday} nằm ngoài đợt cao điểm ({starts_on} – {ends_on}).",
        "The week of {monday} lies outside the campaign ({starts_on} – {ends_on}).",
    ),
    "run_parameter_wrong": ("Tham số {field} không hợp lệ.", "The parameter {field} is not valid."),
    "run_in_progress": (
        "Tuần này đang có một lần tính chưa xong (số {run_id}). Hãy chờ, hoặc dừng lần tính đó.",
        "A run for this week is under way (no. {run_id}). Wait for it, or stop it.",
    ),
    "run_not_waiting": (
        "Lần tính số {run_id} đã có tiến trình khác nhận, hoặc đã kết thúc.",
        "Run no. {run_id} has been taken by another process, or has ended.",
    ),
    "run_already_ended": ("Lần tính này đã kết thúc.", "This run has ended already."),
    "run_cancelled": ("Lần tính đã dừng theo yêu cầu.", "The run was stopped on request."),
    "run_lost": (
        "Chương trình đang tính đã tắt giữa chừng nên không có kết quả. Tuần đã công bố vẫn giữ nguyên; hãy lập lại.",
        "The program that computed it went away, so this run has no result. The published week is untouched; draft it again.",
    ),
    "run_failed": (
        "Có lỗi khi lập kế hoạch ({error}). Tuần đã công bố vẫn giữ nguyên.",
        "Drafting failed ({error}). The published week is untouched.",
    ),
    "solver_timed_out": (
        "Bộ giải không kết thúc trong thời gian cho phép ({seconds} giây cộng phần dự phòng) nên đã bị dừng. "
        "Tuần đã công bố vẫn giữ nguyên.",
        "The solver did not end in the time it had ({seconds} seconds and a reserve) and was stopped. "
        "The published week is untouched.",
    ),
    "solver_died": (
        "Bộ giải dừng đột ngột, thường vì máy hết bộ nhớ. Tuần đã công bố vẫn giữ nguyên; hãy đóng bớt chương trình rồi lập lại.",
        "The solver died, mostly for want of memory. The published week is untouched; close other programs and try again.",
    ),
    "solver_out_of_memory": (
        "Máy không đủ bộ nhớ để lập kế hoạch. Tuần đã công bố vẫn giữ nguyên.",
        "There was not enough memory to draft the week. The published week is untouched.",
    ),
    "solver_failed": (
        "Bộ giải báo lỗi ({error}: {detail}). Tuần đã công bố vẫn giữ nguyên.",
        "The solver failed ({error}: {detail}). The published week is untouched.",
    ),
    "problem_invalid": (
        "Dữ liệu đưa vào bộ giải không hợp lệ: {faults}. Tuần đã công bố vẫn giữ nguyên.",
        "What went into the solver is not valid: {faults}. The published week is untouched.",
    ),
    "plan_breaks_a_rule": (
        "Kế hoạch tính ra vi phạm quy tắc nên không được dùng: {faults}. Tuần đã công bố vẫn giữ nguyên.",
        "The plan broke a rule and was thrown away: {faults}. The published week is untouched.",
    ),
    "stage_waiting": ("Đang chờ đến lượt", "Waiting for its turn"),
    "stage_building": ("Đang đọc danh bạ và lịch rảnh", "Reading roster and free times"),
    "stage_compiling": (
        "Đang chuẩn bị bộ tính cho máy này (chỉ lần đầu, chừng nửa phút)",
        "Compiling, first time on this machine (about half a minute)",
    ),
    "stage_solving": ("Đang chọn hộ và xếp đường đi", "Choosing households and ways"),
    "stage_explaining": (
        "Đang tìm lý do và tính thử khi có thêm người",
        "Finding reasons, and trying what more people would bring",
    ),
    "stage_done": ("Đã xong", "Done"),
    "plan_is_best": ("Không có cách xếp nào tốt hơn.", "No other plan could be better."),
    "plan_no_better_by": (
        "Dù xếp cách nào, kết quả cũng không thể tốt hơn quá {percent} %.",
        "However it is planned, no plan could be better by more than {percent} %.",
    ),
    "no_draft": (
        "Tuần này chưa có bản nháp nào chờ công bố. Hãy lập trước.",
        "The week has no draft to publish. Draft it first.",
    ),
    "draft_not_open": (
        "Bản nháp này không còn công bố được (tình trạng: {state}).",
        "This draft can no longer be published (state: {state}).",
    ),
    "draft_changed": (
        "Bản nháp đã được sửa từ khi anh/chị mở trang. Hãy xem lại rồi công bố.",
        "The draft was changed since you opened the page. Look at it again, then publish.",
    ),
    "draft_outdated": (
        "Ca {period} ngày {on_date} đã bắt đầu từ khi lập bản nháp này. Hãy lập lại.",
        "The shift {period} of {on_date} has begun since this draft was made. Draft again.",
    ),
    "week_changed": (
        "Có người đã công bố bản khác của tuần này. Hãy xem khác biệt rồi lập lại.",
        "Somebody else published this week meanwhile. Look at the difference, then draft again.",
    ),
    "week_not_published": (
        "Tuần {monday} chưa được công bố nên không có gì để phân công lại.",
        "The week of {monday} is not published: there is nothing to reassign.",
    ),
    "nothing_missed": ("Không có lượt nào bị bỏ lỡ.", "Nothing was missed."),
    "nothing_chosen": ("Hãy chọn ít nhất một hộ.", "Choose at least one household."),
    "rule_date_outside_week": (
        "Ngày {on_date} không thuộc tuần bắt đầu ngày {monday}.",
        "{on_date} is not in the week of {monday}.",
    ),
}
