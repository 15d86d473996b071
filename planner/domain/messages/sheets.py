"""What reading a workbook tells and asks: each sentence says what is wrong and the cure."""

# ruff: noqa: E501 - tables of words: one entry a line, however long

from __future__ import annotations

_FILES = {
    "file_empty": ("Tệp trống (0 byte). Hãy lưu lại từ Excel rồi chọn lại.", "The file is empty (0 bytes). Save it again from Excel and choose it again."),
    "file_too_big": ("Tệp {megabytes} MB, vượt giới hạn {limit} MB. Hãy tách theo thôn/ấp.", "The file has {megabytes} MB, the limit is {limit} MB. Split it by hamlet."),
    "file_encrypted": ("Tệp có mật khẩu mở. Hãy bỏ mật khẩu trong Excel (Tệp → Thông tin → Bảo vệ) rồi lưu lại.", "The file is protected by a password. Remove it in Excel (File → Info → Protect) and save again."),
    "file_old_xls": ("Đây là tệp Excel cũ (.xls). Hãy mở bằng Excel và lưu thành .xlsx.", "This is an old Excel file (.xls). Open it in Excel and save it as .xlsx."),
    "file_is_html": ("Tệp là trang web (HTML) đổi tên, không phải Excel. Hãy mở bằng Excel và lưu thành .xlsx.", "The file is a web page (HTML) renamed, not a workbook. Open it in Excel and save it as .xlsx."),
    "file_is_xml": ("Tệp là XML, không phải .xlsx. Hãy mở bằng Excel và lưu thành .xlsx.", "The file is XML, not .xlsx. Open it in Excel and save it as .xlsx."),
    "file_is_xlsb": ("Tệp là .xlsb. Hãy lưu thành .xlsx.", "The file is .xlsb. Save it as .xlsx."),
    "file_is_ods": ("Tệp là .ods. Hãy lưu thành .xlsx.", "The file is .ods. Save it as .xlsx."),
    "file_not_a_table": ("Tệp không phải bảng tính (.xlsx hoặc .csv).", "The file is no table (.xlsx or .csv)."),
    "file_not_a_workbook": ("Tệp nén này không phải bảng tính Excel. Hãy chọn đúng tệp .xlsx.", "This archive is no Excel workbook. Choose the .xlsx file."),
    "file_broken": ("Tệp bị hỏng hoặc tải về chưa đủ. Hãy mở bằng Excel, lưu lại rồi thử lại.", "The file is damaged or incomplete. Open it in Excel, save it again and retry."),
    "file_too_many_entries": ("Tệp chứa {entries} mục bên trong (tối đa {limit}). Không mở.", "The file holds {entries} entries inside (at most {limit}). Not opened."),
    "file_bad_entry": ("Tệp chứa đường dẫn lạ bên trong: {entry}. Không mở.", "The file holds a suspicious path inside: {entry}. Not opened."),
    "file_zip_bomb": ("Tệp khi giải nén quá lớn ({megabytes} MB). Không mở. Hãy xóa các vùng trống có định dạng rồi lưu lại.", "Unpacked the file would be too big ({megabytes} MB). Not opened. Delete formatted empty areas and save again."),
    "file_xml_entities": ("Tệp chứa khai báo DOCTYPE/thực thể XML. Không mở. Hãy lưu lại từ Excel.", "The file declares a DOCTYPE or XML entities. Not opened. Save it again from Excel."),
    "file_too_many_rows": ("Tệp có {rows} dòng, tối đa {limit} dòng. Hãy tách theo thôn/ấp.", "The file has {rows} rows, at most {limit} are read. Split it by hamlet."),
    "file_too_many_cells": ("Tệp có quá nhiều ô (tối đa {limit}). Hãy tách theo thôn/ấp.", "The file has too many cells (at most {limit}). Split it by hamlet."),
    "file_far_cell": ("Trang «{sheet}» có ô lạc ở {cell}. Hãy xóa ô đó (Ctrl+End để tìm) rồi lưu lại.", "Sheet «{sheet}» has a stray cell at {cell}. Delete it (Ctrl+End finds it) and save again."),
    "file_no_data": ("Tệp không có dữ liệu.", "The file holds no data."),
    "file_no_columns": ("Không nhận ra các cột: tệp CSV cần dấu phân cách ; hoặc , hoặc Tab.", "No columns found: a CSV needs ; or , or tabs between them."),
    "file_open_quote": ("Dòng {row}: dấu ngoặc kép mở mà không đóng. Hãy sửa dòng này rồi thử lại.", "Row {row}: a quotation mark is opened and never closed. Correct that row and retry."),
    "file_encoding": ("Không đọc được chữ theo bảng mã {encoding}. Hãy lưu CSV dạng UTF-8.", "The text cannot be read as {encoding}. Save the CSV as UTF-8."),
}  # fmt: skip

_BIRTHS = {
    "birth_future": ("Ngày sinh ở tương lai. Hãy sửa lại năm.", "The date of birth is in the future. Correct the year."),
    "birth_no_such_day": ("Không có ngày này trong lịch. Hãy sửa ngày hoặc tháng.", "There is no such day. Correct the day or the month."),
    "birth_swapped": ("Tháng lớn hơn 12: có lẽ ngày và tháng bị đảo. Hãy ghi ngày/tháng/năm.", "The month is over 12: day and month seem swapped. Write day/month/year."),
    "birth_unreadable": ("Không đọc được ngày sinh. Hãy ghi ngày/tháng/năm hoặc chỉ năm.", "The date of birth cannot be read. Write day/month/year, or the year alone."),
    "birth_too_old": ("Ngày sinh cách đây hơn {years} năm. Hãy sửa lại.", "The date of birth is more than {years} years ago. Correct it."),
    "birth_serial": ("Ô chứa số của Excel thay vì ngày; đọc là {date}. Hãy kiểm tra.", "The cell holds Excel's number of a date; read as {date}. Please check."),
    "birth_compact": ("Ngày sinh viết liền; đọc là {date}. Hãy kiểm tra.", "A date without separators; read as {date}. Please check."),
    "birth_two_digit_year": ("Năm sinh chỉ có hai chữ số; đọc là {year}. Hãy kiểm tra.", "The year has two digits; read as {year}. Please check."),
    "birth_part_unknown": ("Không rõ ngày hoặc tháng sinh; giữ phần biết được ({year}).", "The day or month is unknown; what is known is kept ({year})."),
    "birth_about": ("Năm sinh ước chừng; giữ năm {year}.", "An approximate year; {year} is kept."),
    "birth_day_first": ("{count} ngày sinh có thể hiểu hai cách, đều đọc theo ngày/tháng/năm.", "{count} dates could be read two ways; all are read day/month/year."),
}  # fmt: skip

_NUMBERS = {
    "id_scientific": ("Số định danh đã thành dạng 1,23E+11, mất chữ số. Hãy nhập lại dạng chữ (text).", "The ID number has become 1.23E+11, digits are gone. Type it again as text."),
    "id_unreadable": ("Không đọc được số định danh. Hãy nhập 12 chữ số.", "The ID number cannot be read. Type its 12 digits."),
    "id_wrong_length": ("Số định danh có {length} chữ số, cần 12. Hãy kiểm tra.", "The ID number has {length} digits instead of 12. Please check."),
    "id_looks_like_phone": ("Ô này giống số điện thoại, không phải số định danh. Hãy kiểm tra cột.", "This looks like a phone number, not an ID. Check the column."),
    "id_of_two_people": ("Số định danh này đã ghi cho người khác (trang «{sheet}», dòng {row}). Hãy sửa một trong hai.", "This ID number stands for somebody else too (sheet «{sheet}», row {row}). Correct one of them."),
    "id_lost_zero": ("Số định danh mất {zeros} số 0 ở đầu; đã thêm lại. Hãy kiểm tra.", "The ID number lost {zeros} leading zero(s); added again. Please check."),
    "id_unknown_province": ("Không có mã tỉnh {province} trong số định danh. Hãy kiểm tra.", "There is no province code {province}. Please check the ID number."),
    "id_old_card": ("Số CMND 9 số đã hết giá trị; để trống. Hãy bổ sung số định danh 12 số nếu cần.", "A 9-digit card number, no longer valid; left blank. Add the 12-digit ID if needed."),
    "id_disagrees": ("Số định danh không khớp năm sinh hoặc giới tính. Hãy kiểm tra.", "The ID number does not fit the birth year or the sex. Please check."),
    "phone_scientific": ("Số điện thoại đã thành dạng 9,8E+08, mất chữ số. Hãy nhập lại dạng chữ (text).", "The phone number has become 9.8E+08, digits are gone. Type it again as text."),
    "phone_unreadable": ("Số điện thoại không đúng (cần 10 số bắt đầu bằng 03, 05, 07, 08, 09). Hãy sửa.", "Not a valid phone number (10 digits beginning with 03, 05, 07, 08, 09). Correct it."),
    "phone_old_prefix": ("Đầu số cũ {old} đã đổi thành {new}. Hãy kiểm tra.", "The old prefix {old} has become {new}. Please check."),
    "phone_two": ("Ô có {count} số điện thoại; giữ số đầu. Hãy kiểm tra.", "The cell has {count} phone numbers; the first is kept. Please check."),
    "phone_with_text": ("Ô có chữ lẫn số điện thoại; chỉ giữ số. Hãy kiểm tra.", "The cell mixes text with a phone number; the number is kept. Please check."),
    "phone_of_two_households": ("Số điện thoại này cũng ghi ở hộ khác (trang «{sheet}», dòng {row}). Vẫn giữ; hãy kiểm tra.", "Another household has the same phone (sheet «{sheet}», row {row}). Kept; please check."),
    "place_unreadable": ("Không đọc được tọa độ; để trống. Hãy ghi dạng 20.31142, 106.21861.", "The coordinates cannot be read; left blank. Write them like 20.31142, 106.21861."),
    "place_zero": ("Tọa độ 0, 0 không phải ở Việt Nam; để trống.", "The place 0, 0 is not in Việt Nam; left blank."),
    "place_swapped": ("Vĩ độ và kinh độ có lẽ bị đảo; để trống. Hãy sửa.", "Latitude and longitude seem swapped; left blank. Correct them."),
    "place_outside": ("Tọa độ không ở Việt Nam; để trống.", "The place is not in Việt Nam; left blank."),
    "place_far": ("Tọa độ cách các hộ khác {km} km; để trống. Hãy kiểm tra.", "The place is {km} km from the other households; left blank. Please check."),
}  # fmt: skip

_TEXTS = {
    "text_legacy_font": ("Chữ gõ bằng phông {encoding} cũ, không tự chuyển. Hãy gõ lại theo gợi ý nếu đúng.", "Typed for an old {encoding} font; not converted by itself. Type it again as suggested if that is right."),
    "formula_without_value": ("Ô là công thức chưa có kết quả. Hãy mở bằng Excel, lưu lại, hoặc dán giá trị.", "The cell is a formula without a stored result. Open and save it in Excel, or paste the value."),
    "error_value": ("Ô báo lỗi {value}. Hãy sửa công thức hoặc gõ giá trị.", "The cell shows the error {value}. Correct the formula or type the value."),
    "text_too_long": ("Ô có {length} ký tự (tối đa {longest}). Hãy rút ngắn.", "The cell has {length} characters (at most {longest}). Shorten it."),
    "name_missing": ("Dòng có thông tin nhưng thiếu họ tên. Hãy bổ sung.", "The row has data but no name. Add it."),
    "birth_missing": ("Thiếu ngày sinh.", "The date of birth is missing."),
    "text_nfd": ("{count} ô có dấu tách rời (Unicode tổ hợp), đã chuẩn hóa.", "{count} cells had combining accents; composed."),
    "text_look_alike": ("{count} chữ viết bằng ký tự giống ư, Ư, Đ đã được sửa.", "{count} letters that only look like ư, Ư, Đ were put right."),
    "text_invisible": ("{count} ô có ký tự ẩn, đã bỏ.", "{count} cells had invisible characters; removed."),
    "text_control": ("{count} ô có ký tự điều khiển, đã bỏ.", "{count} cells had control characters; removed."),
    "sex_unreadable": ("Không hiểu giới tính «{value}»; để trống. Hãy ghi Nam hoặc Nữ.", "Sex «{value}» not understood; left blank. Write Nam or Nữ."),
    "residence_unreadable": ("Không hiểu tình trạng cư trú «{value}»; để trống.", "Residence «{value}» not understood; left blank."),
    "work_unreadable": ("Không rõ nghề «{value}» làm ở đâu, giờ nào; để «không rõ».", "Occupation «{value}» does not tell when the person is at home; left unknown."),
    "smartphone_unreadable": ("Không hiểu ô điện thoại thông minh «{value}»; để trống. Hãy ghi số máy hoặc Có/Không.", "Smartphone cell «{value}» not understood; left blank. Write a number or Có/Không."),
    "state_missing": ("Người từ 14 tuổi mà chưa ghi tình trạng tài khoản; để «chưa rõ».", "Aged 14 or over without an account state; kept as unknown."),
    "state_unreadable": ("Không hiểu tình trạng tài khoản «{value}». Hãy ghi Đã kích hoạt, Chưa kích hoạt hoặc Chưa có.", "Account state «{value}» not understood. Write Đã kích hoạt, Chưa kích hoạt or Chưa có."),
    "state_contradicts": ("Nhiều ô tài khoản được đánh dấu trái nhau. Hãy chỉ giữ một.", "Several account columns are ticked that contradict each other. Keep one."),
    "document_unreadable": ("Không hiểu «{value}». Hãy ghi Có, Chưa hoặc Không có.", "«{value}» not understood. Write Có, Chưa or Không có."),
    "note_moved": ("Ghi chú cho biết đã chuyển đi: sẽ không xếp lịch thăm.", "The note says the person has moved: no visits will be planned."),
    "note_deceased": ("Ghi chú cho biết đã mất: sẽ không xếp lịch thăm.", "The note says the person has died: no visits will be planned."),
    "note_refused": ("Ghi chú cho biết từ chối tiếp: sẽ không xếp lịch thăm.", "The note says the person refuses: no visits will be planned."),
}  # fmt: skip

_ROWS = {
    "hidden_row": ("Dòng đang bị ẩn trong Excel; vẫn được đọc. Hãy kiểm tra.", "The row is hidden in Excel; it is read all the same. Please check."),
    "hidden_sheet": ("Trang đang bị ẩn; không đọc, trừ khi anh/chị chọn đọc trang ẩn.", "The sheet is hidden; not read unless you ask for hidden sheets."),
    "hidden_column": ("Cột «{title}» đang bị ẩn; vẫn được đọc.", "Column «{title}» is hidden; it is read all the same."),
    "duplicate_row": ("Người này đã có ở trang «{sheet}», dòng {row}; chỉ tính một lần.", "This person already stands on sheet «{sheet}», row {row}; counted once."),
    "person_twice": ("Người này đã có ở trang «{sheet}», dòng {row}. Hãy giữ một nơi và xóa nơi kia.", "This person already stands on sheet «{sheet}», row {row}. Keep one place and delete the other."),
    "person_maybe_twice": ("Cùng tên và ngày sinh với trang «{sheet}», dòng {row}, thiếu số định danh. Hãy kiểm tra có phải một người.", "Same name and birth as sheet «{sheet}», row {row}, an ID is missing. Check whether it is one person."),
    "two_heads": ("Hộ đã có chủ hộ ở dòng {row}. Hãy kiểm tra quan hệ hoặc số hộ.", "The household already has a head on row {row}. Check the relation or the household number."),
    "household_number_again": ("Số hộ {number} đã dùng cho chủ hộ khác; tách thành hộ riêng. Hãy kiểm tra.", "Household number {number} already belongs to another head; kept apart. Please check."),
    "household_number_missing": ("Chủ hộ không có số hộ; mở hộ mới từ dòng này. Hãy kiểm tra.", "A head without a household number; a new household begins here. Please check."),
    "household_without_marks": ("Không có số hộ, chủ hộ hay địa chỉ để gộp hộ: mỗi dòng thành một hộ.", "No household number, head or address to group by: each row became a household."),
    "header_missing": ("Không tìm thấy dòng tiêu đề có cột họ tên. Hãy chỉ rõ các cột hoặc thêm dòng tiêu đề.", "No header row with a name column found. Say which column is what, or add a header row."),
    "sheet_skipped": ("Trang không phải danh sách người (tổng hợp hoặc hướng dẫn); bỏ qua.", "The sheet is no list of people (sums or instructions); left out."),
    "sheet_without_people": ("Trang có tiêu đề nhưng không có người nào.", "The sheet has a header but nobody in it."),
    "hamlet_missing": ("Không biết {count} người ở trang này thuộc thôn/ấp nào. Hãy chọn thôn/ấp cho trang.", "Which hamlet do the {count} people of this sheet belong to? Choose one for the sheet."),
    "hamlet_near": ("«{value}» gần giống «{near}»; giữ như đã ghi. Hãy chọn nếu là một.", "«{value}» is close to «{near}»; kept as written. Choose if they are the same."),
    "hamlet_new": ("Thôn/ấp «{hamlet}» chưa có trong xã; sẽ được thêm. Hãy kiểm tra.", "Hamlet «{hamlet}» is not known in the commune; it will be added. Please check."),
    "hamlet_like": ("«{value}» được hiểu là «{hamlet}».", "«{value}» is understood as «{hamlet}»."),
    "hamlet_from_sheet_name": ("Không thấy tên thôn/ấp; lấy tên trang «{hamlet}». Hãy kiểm tra.", "No hamlet found; the sheet's name «{hamlet}» is taken. Please check."),
    "hamlet_from_address": ("Không thấy cột thôn/ấp; {count} dòng lấy thôn/ấp theo địa chỉ. Hãy kiểm tra.", "No hamlet column; {count} rows take the hamlet from the address. Please check."),
    "hamlet_from_only_known": ("Không thấy tên thôn/ấp; lấy «{hamlet}», thôn/ấp duy nhất của xã.", "No hamlet found; «{hamlet}», the only one of the commune, is taken."),
    "column_doubled": ("Cột «{title}» trùng ý với cột {used}; chỉ đọc cột {used}.", "Column «{title}» means the same as column {used}; only {used} is read."),
    "sensitive_column": ("Cột «{title}» là dữ liệu nhạy cảm; không đọc, không lưu.", "Column «{title}» is sensitive; neither read nor stored."),
    "unknown_column": ("Không dùng cột «{title}».", "Column «{title}» is not used."),
    "macro_ignored": ("Tệp có macro; macro không được chạy và không được giữ.", "The file contains macros; they are neither run nor kept."),
    "external_link_ignored": ("Tệp liên kết tới tệp khác; liên kết bị bỏ qua.", "The file links to other files; the links are ignored."),
    "csv_ragged_row": ("Dòng có số cột khác tiêu đề.", "The row has another number of columns than the header."),
}  # fmt: skip

_VOLUNTEERS = {
    "volunteer_without_slots": ("{name} chưa có buổi rảnh nào: chưa thể xếp lịch.", "{name} has no free slot: cannot be planned yet."),
    "volunteer_same_phone": ("Số điện thoại trùng với người ở dòng {row}. Hãy kiểm tra.", "The same phone as the person on row {row}. Please check."),
    "volunteer_twice": ("Người này đã có ở dòng {row}; chỉ tính một lần, gộp các buổi rảnh.", "This person already stands on row {row}; counted once, free slots joined."),
    "availability_unreadable": ("Không hiểu lịch rảnh «{value}». Ví dụ: Sáng: T2, T4; Tối: T3, CN.", "Free time «{value}» not understood. Example: Sáng: T2, T4; Tối: T3, CN."),
    "availability_odd": ("Lịch rảnh có chỗ vô lý: «{part}»; phần đó bị bỏ.", "Part of the free time makes no sense: «{part}»; that part is left out."),
    "availability_dates": ("Các cột ghi ngày ({first} – {last}); được hiểu là buổi rảnh hằng tuần theo thứ. Hãy kiểm tra.", "Columns are headed by dates ({first} – {last}); read as the free weekdays of every week. Please check."),
    "availability_date_unclear": ("Cột «{title}» ghi ngày thiếu năm nên không rõ thứ mấy; không đọc cột này. Hãy ghi thêm thứ hoặc năm.", "Column «{title}» is a date without a year, so its weekday is unknown; not read. Add the weekday or the year."),
    "availability_overlap": ("Có buổi được ghi hai lần.", "A slot is named twice."),
}  # fmt: skip

_QUESTIONS = {
    "ask_include_hidden": ("Trang ẩn «{sheet}»: có đọc không?", "Hidden sheet «{sheet}»: read it?"),
    "ask_hamlet_of_sheet": ("Trang «{sheet}» thuộc thôn/ấp nào?", "Which hamlet is sheet «{sheet}» about?"),
    "ask_hamlet_name": ("«{written}» là thôn/ấp nào?", "Which hamlet is «{written}»?"),
    "ask_column": ("Trang «{sheet}», cột {column}: là thông tin gì?", "Sheet «{sheet}», column {column}: what does it hold?"),
    "ask_date_order": ("Trang «{sheet}»: ngày sinh ghi theo thứ tự nào?", "Sheet «{sheet}»: in which order are the dates written?"),
    "ask_state_yes": ("Trang «{sheet}», cột {column}: «Có» nghĩa là đã kích hoạt hay mới được cấp?", "Sheet «{sheet}», column {column}: does «Có» mean activated, or only issued?"),
    "ask_state_no": ("Trang «{sheet}», cột {column}: «Chưa» nghĩa là chưa kích hoạt hay chưa có tài khoản?", "Sheet «{sheet}», column {column}: does «Chưa» mean not activated yet, or no account at all?"),
}  # fmt: skip

MESSAGES: dict[str, tuple[str, str]] = {
    **_FILES,
    **{f"sheet_{code}": pair for part in (_BIRTHS, _NUMBERS, _TEXTS, _ROWS, _VOLUNTEERS) for code, pair in part.items()},
    **_QUESTIONS,
}
