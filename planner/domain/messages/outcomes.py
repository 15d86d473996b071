"""Sentences about visits, needs and contact."""

MESSAGES: dict[str, tuple[str, str]] = {
    "event_id_reused": (
        "Lượt thăm này đã được ghi với nội dung khác. Mở lại trang để xem bản đã ghi; muốn đổi thì dùng “Sửa kết quả”.",
        "This visit was recorded with other content. Reload to see it; use “Correct” to change it.",
    ),
    "visit_already_corrected": (
        "Kết quả này đã được sửa một lần. Hãy sửa bản mới nhất.",
        "This result has been corrected already. Correct the latest one.",
    ),
    "refusal_corrected_by_desk": (
        "Hộ đã từ chối: chỉ trực ban mới được sửa, khi chính người dân yêu cầu hoặc khi ghi nhầm.",
        "The household refused: only the desk may correct that, at the resident's own wish or after a mistake.",
    ),
    "assignment_of_another_household": (
        "Lượt thăm này thuộc về hộ khác. Mở lại danh sách rồi chọn đúng hộ.",
        "This assignment is another household's. Reload the list and choose the right one.",
    ),
    "need_of_another_household": (
        "Việc này không thuộc hộ đang ghi. Mở lại trang rồi ghi lại.",
        "This need is not of this household. Reload the page and record again.",
    ),
    "need_twice": ("Một việc được ghi hai lần.", "A need is reported twice."),
    "result_not_possible": (
        "Kết quả này không thể có với việc đó tại nhà dân. Đăng ký mức 2 phải ra công an: chọn “Hẹn ra công an”.",
        "This service cannot end so at the door. Level 2 needs the police desk: choose “Referred”.",
    ),
    "results_without_meeting": (
        "Chỉ ghi kết quả từng việc khi đã gặp người dân. Bỏ kết quả các việc, hoặc chọn “Gặp được”.",
        "Results need someone who was met. Remove them, or choose “Met”.",
    ),
    "callback_without_time": (
        "Hẹn lại thì phải ghi ngày và buổi (hoặc giờ) người dân hẹn.",
        "A callback needs the day and the part of the day (or hours) that were asked for.",
    ),
    "callback_without_meeting": (
        "Chỉ hẹn lại được khi đã gặp người dân và họ không đề nghị ngừng đến.",
        "A callback needs someone who was met and did not ask us to stop.",
    ),
    "callback_in_the_past": ("Giờ hẹn phải ở sau lượt thăm này.", "The appointment must be after this visit."),
    "callback_in_quiet_hours": (
        "Giờ hẹn rơi vào giờ nghỉ của người dân. Chọn giờ khác.",
        "The hour is within the quiet hours. Choose another.",
    ),
    "span_reversed": ("Giờ kết thúc phải sau giờ bắt đầu.", "The end must be after the start."),
    "appointment_without_referral": (
        "Lịch hẹn ra công an cần một việc ghi “Hẹn ra công an” của đúng người đó.",
        "An appointment at the police needs a need of that resident marked “Referred”.",
    ),
    "time_without_zone": ("Thời điểm thiếu múi giờ.", "The time has no zone."),
    "not_an_id": ("{field}: không phải mã hợp lệ.", "{field}: not a valid id."),
    "need_step_not_possible": (
        "Không thể chuyển việc này từ trạng thái hiện tại sang trạng thái đã chọn. Mở lại trang để xem trạng thái mới nhất.",
        "This need cannot go from its state to the chosen one. Reload to see its latest state.",
    ),
    "need_changed_meanwhile": (
        "Việc này vừa được ghi khác đi sau khi anh/chị mở trang. Chưa có gì bị thay đổi.",
        "This has been noted otherwise since you opened the page. Nothing was changed.",
    ),
    "stop_reason_needed": ("Hãy chọn lý do ngừng đến.", "Choose why nobody is to call any more."),
    "resume_needs_request": (
        "Chỉ đến lại khi chính người dân yêu cầu (hoặc địa chỉ đã được sửa): hãy ghi rõ lý do.",
        "Visits begin again only at the resident's own request (or with the address put right): say why.",
    ),
    "no_stop": ("Hộ này không bị ngừng đến.", "Contact with this household is not stopped."),
    "no_phone": ("Người này không có số điện thoại.", "There is no phone number."),
}
