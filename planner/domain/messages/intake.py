"""What imports say, beyond the sentences about single cells."""

# ruff: noqa: E501 - tables of words: one entry a line, however long

from __future__ import annotations

_FORMER_PLACES = {
    "sheet_former_hamlet_mapped": ("«{old}» nay là «{new}» ({count} dòng, theo danh sách địa danh cũ hoặc trả lời của anh/chị).", "«{old}» is «{new}» today ({count} rows, by your list of former places or your answer)."),
    "sheet_former_commune_mapped": ("«{old}» nay thuộc {new} ({count} dòng); đọc theo tên mới.", "«{old}» is in {new} today ({count} rows); read under the new name."),
    "sheet_former_district_dropped": ("Cấp huyện không còn từ 01/7/2025: bỏ «{old}» khỏi địa chỉ ({count} dòng).", "There are no districts since 1 July 2025: «{old}» left out of the address ({count} rows)."),
    "sheet_former_hamlet_apart": ("«{old}» có thể trùng tên với thôn/ấp của xã khác đã sáp nhập; để riêng là «{new}» ({count} dòng). Hãy trả lời câu hỏi, hoặc ghi tên mới vào Thiết lập → Địa danh cũ.", "Another merged commune may have a «{old}» too; kept apart as «{new}» ({count} rows). Answer the question, or enter today's name under Settings → Former places."),
    "sheet_former_commune_unknown": ("Không biết «{old} cũ» nay thuộc xã nào; để nguyên ({count} dòng). Hãy trả lời câu hỏi, hoặc ghi vào Thiết lập → Địa danh cũ.", "Where «{old} cũ» belongs today is not known; left as written ({count} rows). Answer the question, or enter it under Settings → Former places."),
    "sheet_commune_not_today": ("Danh sách ghi «{old}», không phải {new} ({count} dòng). Nếu là xã cũ đã sáp nhập, hãy ghi vào Thiết lập → Địa danh cũ; nếu không, hãy xem có chọn nhầm tệp.", "The list says «{old}», not {new} ({count} rows). If that is a commune merged into it, enter it under Settings → Former places; if not, check whether this is the right file."),
    "sheet_address_elsewhere": ("Địa chỉ ghi «{old}», không phải {new} ({count} dòng); để nguyên vì có thể là nơi khác.", "The address says «{old}», not {new} ({count} rows); left as written, for it may be elsewhere."),
    "ask_former_hamlet": ("«{hamlet}» của {commune} cũ nay là thôn/ấp nào?", "Which hamlet is «{hamlet}» of the former {commune} today?"),
    "ask_former_place": ("«{commune}» có phải xã cũ nay thuộc {today} không?", "Is «{commune}» a former commune, now part of {today}?"),
}  # fmt: skip

_TWO_PLACES = {
    "sheet_person_kept_elsewhere": ("Người này được giữ ở trang «{sheet}», dòng {row}, theo trả lời của anh/chị; dòng này bỏ qua.", "This person is kept on sheet «{sheet}», row {row}, by your answer; this row is left out."),
    "ask_person_place": ("{name} đứng ở nhiều hộ trong tệp: giữ ở đâu?", "{name} stands in several households of the file: keep where?"),
}  # fmt: skip

MESSAGES: dict[str, tuple[str, str]] = {
    **_TWO_PLACES,
    **_FORMER_PLACES,
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
    "import_of_other_kind": (
        "Lần nhập số {batch} thuộc danh sách khác: hộ thì dùng roster undo, tình nguyện viên thì dùng volunteers undo.",
        "Import {batch} is of the other list: roster undo is for households, volunteers undo for volunteers.",
    ),
    "import_not_last": (
        "Chỉ hoàn tác được lần nhập cuối cùng. Hãy hoàn tác các lần sau trước.",
        "Only the last import can be undone. Undo the later ones first.",
    ),
    "import_in_use": (
        "Không hoàn tác được: đã có {count} lượt thăm, lịch, hẹn hoặc người mới thêm gắn với dữ liệu của lần nhập này.",
        "Cannot be undone: {count} visits, planned visits, appointments or people added since already stand on what this import made.",
    ),
    "marked_copy_plain": (
        "Bản sao này chỉ giữ giá trị: định dạng của tệp gốc quá nhiều hoặc bị hỏng nên không chép sang được.",
        "This copy keeps values only: the formats of the file are too many or damaged to be taken over.",
    ),
    "import_empty": (
        "Tệp không có người nào đọc được; không có gì thay đổi.",
        "Nobody in the file could be read; nothing was changed.",
    ),
}
