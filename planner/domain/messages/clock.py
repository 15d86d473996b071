"""Sentences about the clock's jobs, reports and erasures."""

MESSAGES: dict[str, tuple[str, str]] = {
    "availability_week_closed": (
        "Đã hết hạn báo lịch rảnh của tuần từ {monday}. Cần sửa thì gọi trực ban.",
        "The availability of the week from {monday} is closed. Call the desk to change it.",
    ),
    "job_not_waiting": (
        "Việc này đang chạy hoặc đã xong, không cần thử lại.",
        "This is at work or done; there is nothing to try again.",
    ),
    "report_marked_already": ("Báo cáo này đã được đánh dấu là đã gửi.", "This report is marked as sent already."),
    "erasure_too_early": (
        "Chưa đến hạn: dữ liệu được giữ {days} ngày sau khi hết đợt, và chỉ xóa khi không có đợt mới đang chạy.",
        "Too early: data are kept for {days} days after the campaign, and erased only while no new one is running.",
    ),
    "erasure_open_already": (
        "Đã có một đề nghị đang chờ người thứ hai duyệt.",
        "A proposal is waiting for a second person already.",
    ),
    "nothing_to_erase": ("Không còn dữ liệu cá nhân nào để xóa.", "There are no personal data left to erase."),
    "erasure_not_open": ("Đề nghị này đã được duyệt hoặc đã bỏ.", "This proposal was approved or cancelled."),
    "erasure_needs_a_person": (
        "Việc xóa phải do một người đã đăng nhập đề nghị.",
        "Erasing must be proposed by a person who has signed in.",
    ),
    "erasure_needs_another_person": (
        "Người đề nghị không tự duyệt được: cần một người khác.",
        "Whoever proposed it cannot approve it: another person must.",
    ),
}
