"""What every e-mail says around the notice itself."""

from __future__ import annotations

TITLE = {"vi": "Năm Rõ", "en": "Năm Rõ"}
SIGNATURE = {
    "vi": (
        "-- \nThư tự động của Năm Rõ, xin đừng trả lời. Chọn nhận gì, ở đâu: {url}\n"
        "Năm Rõ không bao giờ hỏi mã OTP, mật khẩu hay số định danh."
    ),
    "en": (
        "-- \nSent by Năm Rõ; please do not answer. Choose what you get, and where: {url}\n"
        "Năm Rõ never asks for one-time codes, passphrases or ID numbers."
    ),
}
