"""Sentences about people who sign in, and volunteers."""

MESSAGES: dict[str, tuple[str, str]] = {
    "link_not_valid": (
        "Liên kết này không dùng được nữa: đã dùng rồi, quá 24 giờ, hoặc chép thiếu. Hãy xin trực ban cấp liên kết mới.",
        "This link cannot be used any more: used already, older than 24 hours, or incomplete. Ask the desk for a new one.",
    ),
    "user_disabled": (
        "Tài khoản này đang bị khóa. Hãy mở lại trước khi cấp liên kết.",
        "This account is disabled. Enable it before issuing a link.",
    ),
    "passphrase_short": (
        "Mật khẩu phải có ít nhất {shortest} ký tự. Bốn, năm từ ghép lại là dễ nhớ nhất.",
        "The passphrase needs at least {shortest} characters. Four or five words are easiest to remember.",
    ),
    "passphrase_long": ("Mật khẩu dài quá {longest} ký tự.", "The passphrase is longer than {longest} characters."),
    "passphrase_common": (
        "Mật khẩu này quá dễ đoán (từ thông dụng, dãy số hoặc chữ lặp lại). Hãy ghép những từ không liên quan với nhau.",
        "This passphrase is too easy to guess (common words, sequences or repeats). Join words that have nothing to do "
        "with each other.",
    ),
    "passphrase_context": (
        "Mật khẩu không được chứa tên anh/chị, tên đăng nhập hay tên xã/phường.",
        "The passphrase may not contain your name, your login or the commune's name.",
    ),
    "passphrase_wrong": ("Mật khẩu đang dùng không đúng.", "The current passphrase is wrong."),
    "login_taken": ("Đã có người dùng tên đăng nhập {login}.", "The login {login} is taken."),
    "volunteer_has_user": (
        "Tình nguyện viên này đã có tài khoản.",
        "This volunteer has an account already.",
    ),
    "role_needs_volunteer": (
        "Tình nguyện viên và tổ trưởng phải gắn với một người trong danh sách tình nguyện viên, để thấy đúng ca của mình.",
        "Volunteers and leaders must be linked to someone on the volunteers' list, to see their own shifts.",
    ),
    "last_desk": (
        "Đây là tài khoản trực ban cuối cùng của xã: hãy tạo một tài khoản trực ban khác trước.",
        "This is the commune's last desk account: make another one first.",
    ),
    "not_in_that_week": ("Có ngày không thuộc tuần này.", "A date is not in that week."),
}
