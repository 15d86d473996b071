"""Sentences of learning when people are at home."""

MESSAGES: dict[str, tuple[str, str]] = {
    "chance_out_of_range": (
        "Khả năng gặp người phải là số nguyên từ 0 đến 100. Hãy nhập lại, ví dụ 60.",
        "The chance of meeting someone must be a whole number from 0 to 100. Type it again, e.g. 60.",
    ),
}
