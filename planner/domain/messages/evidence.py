"""Sentences about session photos."""

MESSAGES: dict[str, tuple[str, str]] = {
    "photo_without_consent": (
        "Chưa đánh dấu rằng người trong ảnh đồng ý. Hãy hỏi, đánh dấu rồi gửi lại; không ai đồng ý thì bỏ ảnh này.",
        "Consent is not ticked. Ask, tick it and send again; if nobody agrees, drop this photo.",
    ),
    "photo_hash_differs": (
        "Ảnh đến nơi không còn nguyên vẹn (mã kiểm tra khác). Hãy gửi lại.",
        "The photo did not arrive intact (its hash differs). Send it again.",
    ),
    "photo_id_taken": (
        "Mã ảnh này đã thuộc về một ảnh khác. Hãy gửi ảnh dưới một mã mới.",
        "This id belongs to another photo. Send the photo under a new id.",
    ),
    "photo_too_large": (
        "Ảnh nặng {kilobytes} KB, quá {limit} KB. Hãy thu nhỏ ảnh trên điện thoại rồi gửi lại.",
        "The photo has {kilobytes} KB, more than {limit} KB. Shrink it on the phone and send it again.",
    ),
    "photo_not_jpeg": (
        "Chỉ nhận ảnh JPEG; tệp này là {found}. Hãy chụp bằng ứng dụng, hoặc đổi sang JPEG rồi gửi lại.",
        "Only JPEG photos are taken; this is {found}. Take it with the app, or convert it to JPEG.",
    ),
    "photo_broken": (
        "Ảnh hỏng hoặc thiếu phần cuối, không mở được. Hãy chụp hoặc chọn lại.",
        "The photo is broken or cut off and cannot be opened. Take or choose it again.",
    ),
    "photo_with_more": (
        "Sau ảnh còn có dữ liệu khác trong cùng tệp. Hãy chụp lại bằng ứng dụng, hoặc lưu ảnh thành JPEG mới.",
        "There is other data in the file behind the photo. Take it with the app, or save it as a new JPEG.",
    ),
    "photo_too_many_pixels": (
        "Ảnh có quá {limit} triệu điểm ảnh. Hãy thu nhỏ ảnh rồi gửi lại.",
        "The photo has more than {limit} million pixels. Shrink it and send it again.",
    ),
    "photo_too_many": (
        "Ca này đã có {limit} ảnh của anh/chị. Nhờ trực ban xóa bớt nếu cần gửi thêm.",
        "You have sent {limit} photos of this shift already. Ask the desk to delete some before sending more.",
    ),
    "photo_reason_needed": ("Hãy ghi vì sao xóa ảnh này.", "Say why this photo is deleted."),
    "disk_full": (
        "Máy chủ hết chỗ lưu: chưa lưu được gì, dữ liệu cũ còn nguyên. Báo trực ban dọn bớt ổ đĩa rồi gửi lại.",
        "The server's disk is full: nothing was stored, what there was is untouched. Free some space and send again.",
    ),
}
