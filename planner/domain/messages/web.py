"""Sentences only the pages say."""

MESSAGES: dict[str, tuple[str, str]] = {
    "unknown_field": (
        "Trang gửi lên một mục không có trong biểu mẫu ({field}). Hãy tải lại trang rồi thử lại.",
        "The form carries a field this page does not have ({field}). Reload the page and try again.",
    ),
}
