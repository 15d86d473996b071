"""What imports say, beyond the sentences about single cells."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "import_file_gone": (
        "Tệp đã tải lên không còn (chỉ giữ {days} ngày). Hãy tải lên lại.",
        "The uploaded file is gone (kept for {days} days). Upload it again.",
    ),
    "import_not_waiting": (
        "Lần nhập này đã xong hoặc đã hủy. Hãy tải tệp lên lại nếu cần.",
        "This import is already done or undone. Upload the file again if needed.",
    ),
    "import_not_applied": (
        "Lần nhập này chưa được thực hiện nên không thể hoàn tác.",
        "This import was not applied, so it cannot be undone.",
    ),
    "import_not_last": (
        "Chỉ hoàn tác được lần nhập cuối cùng. Hãy hoàn tác các lần sau trước.",
        "Only the last import can be undone. Undo the later ones first.",
    ),
    "import_in_use": (
        "Không hoàn tác được: đã có {count} lượt thăm, lịch hoặc hẹn gắn với dữ liệu của lần nhập này.",
        "Cannot be undone: {count} visits, planned visits or appointments already stand on what this import made.",
    ),
    "import_empty": (
        "Tệp không có người nào đọc được; không có gì thay đổi.",
        "Nobody in the file could be read; nothing was changed.",
    ),
}
