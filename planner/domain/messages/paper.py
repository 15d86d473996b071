"""Sentences about printed lists and what is entered from them."""

MESSAGES: dict[str, tuple[str, str]] = {
    "paper_code_unreadable": (
        "Không đọc được mã này. Gõ số danh sách ở đầu tờ giấy (ví dụ 12), hoặc quét mã cạnh dòng (ví dụ NR-12-3-JZ).",
        "This code cannot be read. Type the list's number from the top of the sheet (e.g. 12), or scan the code beside a row.",
    ),
    "paper_code_mistyped": (
        "Mã bị gõ nhầm: hai chữ cuối không khớp với các số. So lại từng ký tự với tờ giấy, hoặc quét lại.",
        "The code is mistyped: its two letters do not belong to its figures. Compare it with the sheet, or scan it again.",
    ),
    "paper_list_unknown": (
        "Không có danh sách số {number} trong xã. Xem lại số ở đầu tờ giấy.",
        "There is no list number {number} in the commune. Look at the number at the top of the sheet.",
    ),
    "paper_row_unknown": (
        "Danh sách số {number} không có dòng {row}: các dòng từ 1 đến {last}.",
        "List {number} has no row {row}: its rows are 1 to {last}.",
    ),
    "paper_other_list": (
        "Mã này thuộc danh sách số {number}. Quét nó ở ô tìm danh sách để mở danh sách đó.",
        "This code is of list {number}. Scan it into the search for lists to open that one.",
    ),
    "paper_line_empty": ("Gõ số dòng rồi chữ kết quả, ví dụ: 3 V.", "Type the row's number and the outcome's letter, e.g. 3 V."),
    "paper_line_unreadable": (
        "Không hiểu «{word}». Mẫu: số dòng, chữ kết quả, số của từng việc, @giờ đến. Ví dụ: 3 G 115 @19:05 hoặc 4 H 25/11 T.",
        "“{word}” is not understood. Row, outcome's letter, figures of the needs, @hour; e.g. 3 G 115 @19:05 or 4 H 25/11 T.",
    ),
    "paper_result_unknown": (
        "Dòng này chỉ có {last} việc; không có việc số {number}.",
        "This row has {last} needs only; there is no number {number}.",
    ),
    "paper_row_recorded": (
        "Dòng {row} đã được ghi khác: {outcome}. Tờ giấy đúng hơn thì sửa theo giấy; không thì để nguyên.",
        "Row {row} is recorded otherwise: {outcome}. If the paper is right, correct it by the paper; else leave it.",
    ),
    "paper_hour_ahead": (
        "Giờ đến ở sau bây giờ. Xem lại giờ trên giấy; để trống thì lấy giờ hết ca.",
        "The hour is ahead of now. Look at the paper again; left empty it is the end of the shift.",
    ),
    "paper_day_before_campaign": (
        "Ngày đến ở trước ngày đầu của đợt ({first}). Xem lại ngày và năm trên giấy.",
        "The day is before the campaign's first ({first}). Look at the day and year on the paper again.",
    ),
    "paper_new_household_unknown": (
        "Dòng {row} của danh sách số {number} chưa ghi hộ mới nào như vậy.",
        "No such new household was entered of row {row} of list {number}.",
    ),
    "paper_nothing_to_print": (
        "Không có lượt thăm nào để in: tuần chưa được công bố, hoặc không có ca nào khớp.",
        "There is nothing to print: the week is not published, or no shift fits.",
    ),
    "paper_police_hour": ("Ghi cả giờ hẹn ra công an.", "The appointment at the police desk needs its hour."),
    "paper_reason_needed": (
        "Việc số {number} bị trả lại: ghi lý do.",
        "Need {number} was rejected: say why.",
    ),
    "paper_file_columns": (
        "Thiếu cột: {missing}. Dòng đầu của tệp phải ghi tên các cột.",
        "Columns are missing: {missing}. The file's first row must name its columns.",
    ),
    "paper_file_column_unknown": (
        "Không có cột «{name}». Các cột: {known}.",
        "There is no column “{name}”. Known: {known}.",
    ),
    "paper_file_column_twice": ("Cột «{name}» xuất hiện hai lần.", "Column “{name}” is there twice."),
    "paper_file_empty": ("Tệp không có dòng kết quả nào.", "The file has no row of results."),
    "paper_file_row_twice": (
        "Dòng {row} của danh sách {number} đã có ở dòng {before} của tệp.",
        "Row {row} of list {number} is in row {before} of the file already.",
    ),
    "paper_value_unreadable": (
        "Không hiểu «{value}». Có thể ghi: {known}.",
        "“{value}” is not understood. Possible: {known}.",
    ),
}
