"""Sentences about notices: addresses that cannot be used, and why something did not arrive."""

MESSAGES: dict[str, tuple[str, str]] = {
    "email_unusable": (
        "Địa chỉ thư không dùng được. Hãy ghi một địa chỉ, ví dụ ten@example.vn.",
        "This e-mail address cannot be used. Write one address, e.g. name@example.vn.",
    ),
    "push_unusable": (
        "Trình duyệt này không nhận được thông báo đẩy. Hãy cập nhật trình duyệt rồi thử lại.",
        "This browser cannot be woken by notices. Update it, then try again.",
    ),
    "feed_for_volunteers": (
        "Chỉ người đi thăm hộ mới có lịch để đăng ký.",
        "Only people who go on visits have a calendar to subscribe to.",
    ),
    "address_unusable": ("địa chỉ thư không dùng được", "the e-mail address cannot be used"),
    "smtp_421": ("máy chủ thư đang bận", "the mail server is busy"),
    "smtp_450": ("hộp thư đang bận", "the mailbox is busy"),
    "smtp_451": ("máy chủ thư gặp trục trặc", "the mail server has a fault"),
    "smtp_disconnected": ("máy chủ thư ngắt giữa chừng", "the mail server broke off"),
    "smtp_login_refused": (
        "máy chủ thư không nhận tên hoặc mật khẩu của hệ thống",
        "the mail server refuses this system's name or password",
    ),
    "smtp_ConnectionRefusedError": ("không kết nối được máy chủ thư", "the mail server cannot be reached"),
    "smtp_TimeoutError": ("máy chủ thư không trả lời", "the mail server does not answer"),
    "smtp_gaierror": ("không tìm thấy máy chủ thư", "the mail server's name is unknown"),
    "smtp_550": ("không có hộp thư này", "there is no such mailbox"),
    "smtp_552": ("hộp thư đã đầy", "the mailbox is full"),
    "not_set_up": ("máy chủ này chưa cài kênh gửi", "this channel is not set up on this server"),
    "too_late": ("quá giờ, gửi cũng không còn ích gì", "it was too late to be of use"),
    "no_address": ("không còn địa chỉ nhận, hoặc người nhận đã tắt", "there is no address any more, or it was switched off"),
}
