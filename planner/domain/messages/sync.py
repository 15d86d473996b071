"""What the phone and the desk are told about reports that phones send."""

MESSAGES: dict[str, tuple[str, str]] = {
    "stored": ("Đã lưu ở xã.", "Stored."),
    "reassigned": (
        "Đã lưu và tính cho anh/chị. Hộ này vừa được giao cho tổ khác; trực ban sẽ xem.",
        "Stored and credited to you. This household has been given to another crew meanwhile; the desk will see it.",
    ),
    "withdrawn": (
        "Đã lưu và tính cho anh/chị. Lượt này đã được rút khỏi kế hoạch; trực ban sẽ xem.",
        "Stored and credited to you. This visit had been withdrawn; the desk will see it.",
    ),
    "no_assignment": (
        "Đã lưu và tính cho anh/chị, dù không có trong kế hoạch; trực ban sẽ xem.",
        "Stored and credited to you, though it was not planned; the desk will see it.",
    ),
    "household_never_yours": (
        "Đã lưu. Hộ này chưa bao giờ được giao cho anh/chị: trực ban sẽ xem rồi ghi.",
        "Stored. This household was never given to you: the desk will look at it and record it.",
    ),
    "unknown_household": (
        "Đã lưu. Không tìm thấy hộ này trong danh sách của xã: trực ban sẽ xem.",
        "Stored. There is no such household in the commune's list: the desk will look at it.",
    ),
    "unknown_resident": (
        "Đã lưu. Không tìm thấy người này trong danh sách: trực ban sẽ xem.",
        "Stored. There is no such resident in the list: the desk will look at it.",
    ),
    "unknown_shift": (
        "Đã lưu. Không tìm thấy ca này trong các ca của anh/chị: trực ban sẽ xem.",
        "Stored. There is no such shift among yours: the desk will look at it.",
    ),
    "corrects_unknown": (
        "Đã lưu. Bản được sửa chưa đến máy chủ; khi đến, bản sửa này sẽ được tính.",
        "Stored. What it corrects has not arrived yet; once it does, this correction counts.",
    ),
    "fact_changed_elsewhere": (
        "Đã lưu. Thông tin này vừa được người khác sửa khác đi: trực ban sẽ chọn.",
        "Stored. Someone else has changed this meanwhile: the desk will choose.",
    ),
    "availability_closed": (
        "Đã lưu. Tuần này đã lập kế hoạch nên lịch rảnh không tự đổi: trực ban sẽ xem.",
        "Stored. That week is planned already, so your availability is not changed by itself: the desk will look at it.",
    ),
    "overtaken": ("Đã lưu. Anh/chị đã báo lại sau đó; bản sau được tính.", "Stored. You have said otherwise since; that counts."),
    "found": ("Đã lưu. Trực ban sẽ xem và thêm vào danh sách.", "Stored. The desk will look at it and add it to the list."),
    "found_household_first": (
        "Người này ở hộ mới cũng đang chờ: hãy ghi hộ ấy trước.",
        "This person belongs to a new household that waits too: record that household first.",
    ),
    "declined": ("Đã báo trực ban.", "The desk has been told."),
    "id_taken": (
        "Mã này đã dùng cho một báo cáo khác. Điện thoại sẽ gửi lại với mã mới; trực ban thấy cả hai.",
        "This id belongs to another report. The phone sends it again under a new one; the desk sees both.",
    ),
    "report_unreadable": (
        "Đã lưu. Máy chủ không đọc được báo cáo này: trực ban sẽ xem.",
        "Stored. It cannot be read: the desk will look.",
    ),
    "report_failed": (
        "Đã lưu. Máy chủ chưa ghi được báo cáo này: trực ban sẽ xem.",
        "Stored. It could not be recorded: the desk will look at it.",
    ),
    "receipt_without_text": (
        "Đã lưu từ biên nhận, nhưng phần chữ đã mất: trực ban sẽ hỏi lại.",
        "Stored from the receipt, but its text is lost: the desk will ask.",
    ),
    "field_missing": ("{field}: thiếu mục này.", "{field}: missing."),
    "value_of_wrong_kind": ("{field}: giá trị không dùng được.", "{field}: not a value that can be used."),
    "client_header_missing": (
        "Yêu cầu này chỉ nhận từ ứng dụng trên điện thoại.",
        "This is for the phone app only.",
    ),
    "foreign_origin": ("Yêu cầu đến từ một trang khác.", "The request comes from another site."),
    "not_enrolled": (
        "Máy này chưa được mở cho người đó, hoặc đã bị thu hồi. Xin trực ban mã QR mới; việc chưa gửi vẫn còn trên máy.",
        "This phone is not open to that person, or no longer. Ask the desk for a new QR code; what is unsent stays here.",
    ),
    "client_too_old": (
        "Ứng dụng trên máy đã cũ. Hãy mở lại khi có mạng để cập nhật; việc chưa gửi vẫn gửi được.",
        "The app is too old. Open it again while connected; what is unsent can still be sent.",
    ),
    "not_json": ("Nội dung gửi lên không phải JSON.", "What was sent is not JSON."),
    "too_many_events": ("Mỗi lần gửi nhiều nhất {most} báo cáo.", "At most {most} reports at a time."),
    "body_too_large": ("Mỗi lần gửi nhiều nhất {kilobytes} KB.", "At most {kilobytes} KB at a time."),
    "server_busy": ("Máy chủ đang bận; điện thoại sẽ tự gửi lại.", "The server is busy; the phone sends again by itself."),
    "decision_made": ("Mục này đã được quyết định.", "This has been decided already."),
    "decision_not_made": ("Mục này chưa được quyết định.", "This has not been decided yet."),
    "decision_final": (
        "Không hoàn tác được: kết quả đã được ghi. Hãy sửa trên trang của hộ.",
        "Cannot be taken back: it has been recorded. Correct it on the household's page.",
    ),
    "decision_final_hours": (
        "Không hoàn tác được: lịch rảnh đã được ghi. Hãy sửa ở Tình nguyện viên, trang Lịch rảnh.",
        "Cannot be taken back: the hours have been recorded. Correct them under Volunteers, Availability.",
    ),
    "dismiss_needs_reason": ("Hãy ghi vì sao bỏ qua.", "Say why it is dismissed."),
    "report_has_no_household": ("Báo cáo này không nói hộ nào.", "This report names no household."),
    "backup_unreadable": ("Tệp này không phải bản sao lưu dùng được.", "That file is no usable backup."),
    "backup_missing": ("Không có tệp sao lưu này.", "There is no such backup."),
    "backup_newer": (
        "Bản sao lưu thuộc phiên bản mới hơn của chương trình.",
        "The backup belongs to a newer version of the program.",
    ),
    "pg_restore_missing": (
        "Không tìm thấy chương trình pg_restore; hãy cài postgresql-client cùng phiên bản với máy chủ.",
        "pg_restore is not there; install postgresql-client of the server's version.",
    ),
    "psql_missing": (
        "Không tìm thấy chương trình psql; hãy cài postgresql-client cùng phiên bản với máy chủ.",
        "psql is not there; install postgresql-client of the server's version.",
    ),
    "pg_restore_failed": ("pg_restore kết thúc với mã {status}.", "pg_restore ended with status {status}."),
}
