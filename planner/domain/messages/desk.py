"""Sentences of the duty officer's forms."""

MESSAGES: dict[str, tuple[str, str]] = {
    "desk_choose_one": ("Hãy chọn một mục.", "Choose one."),
    "desk_pin_to_what": (
        "Hãy chọn ngày, buổi hoặc tình nguyện viên để ghim hộ vào.",
        "Choose a date, a part of the day or a volunteer to pin the household to.",
    ),
    "desk_not_a_date": ("Hãy nhập ngày, ví dụ 31/12/2026.", "Enter a date, e.g. 31/12/2026."),
    "desk_file_missing": ("Hãy chọn một tệp .xlsx hoặc .csv.", "Choose an .xlsx or .csv file."),
}
