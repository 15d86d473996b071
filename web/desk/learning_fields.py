"""The settings of what the campaign learns from its own visits."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from web.desk.setting_field import Field

LEARNING_SECTION: tuple[object, tuple[Field, ...]] = (
    _("Rút kinh nghiệm từ các lượt thăm"),
    (
        Field(
            "learning",
            _("Lập kế hoạch theo giờ người dân thực sự ở nhà"),
            "yes_no",
            _("Máy học từ kết quả của chính đợt này, xem ở trang “Giờ nào có người ở nhà”. Tắt thì chỉ dùng bảng giả định."),
        ),
        Field("learn_at", _("Cập nhật mỗi đêm lúc"), "time"),
        Field(
            "prior_strength",
            _("Bảng giả định nặng bằng"),
            "number",
            _("Càng lớn thì máy càng tin bảng giả định, đổi ý càng chậm."),
            _("lần gõ cửa"),
        ),
        Field(
            "hamlet_strength",
            _("Số chung cả xã nặng bằng"),
            "number",
            _("Càng lớn thì các thôn càng được coi là giống nhau."),
            _("lần gõ cửa"),
        ),
        Field(
            "exploration",
            _("Thử những giờ còn ít kinh nghiệm"),
            "choice",
            choices=(
                ("none", _("không: theo khả năng trung bình")),
                ("optimism", _("có: tính theo khả năng cao có thể có")),
                ("thompson", _("có: mỗi lần lập bốc ngẫu nhiên trong khoảng có thể")),
            ),
        ),
        Field("home_percent", _("Tính sao cho số tổ về kịp khi hết ca là"), "number", unit=_("%")),
        Field(
            "extra_percent",
            _("Xếp thêm hộ dự phòng quá giờ hết ca"),
            "number",
            _("Để tổ đi nhanh không hết hộ giữa chừng. Muộn giờ thì tổ bỏ qua, không tính bỏ lỡ. 0: không xếp thêm."),
            _("%"),
        ),
    ),
)
