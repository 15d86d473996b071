"""The settings of what happens by itself: drafts, reminders, reports, copies, erasing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from web.desk.setting_field import Field, weekday

CLOCK_SECTIONS: tuple[tuple[object, tuple[Field, ...]], ...] = (
    (
        _("Lịch tự động"),
        (
            weekday("availability_weekday", _("Khép lịch rảnh tuần sau vào")),
            Field("availability_at", _("lúc"), "time"),
            Field("availability_remind_hours", _("Nhắc báo lịch rảnh trước đó"), "number", unit=_("giờ")),
            weekday("draft_weekday", _("Lập bản nháp tuần sau vào")),
            Field("draft_at", _("lúc"), "time"),
            Field(
                "solver_seconds",
                _("Thời gian tính kế hoạch"),
                "number",
                _("Tính lâu hơn thì kế hoạch có thể tốt hơn."),
                _("giây"),
            ),
            Field(
                "publish_by_itself",
                _("Tự công bố bản nháp khi không có lỗi"),
                "yes_no",
                _("Bản nháp trống, thiếu hộ đã ghim hay đã hẹn thì vẫn chờ trực ban."),
            ),
            Field("close_at", _("Khép lại tuần cũ vào thứ Hai lúc"), "time"),
            Field(
                "replan_by_itself",
                _("Mỗi sáng đề nghị xếp lại lượt bỏ lỡ"),
                "yes_no",
                _("Chỉ là đề nghị: trực ban xem rồi mới công bố."),
            ),
            Field("replan_at", _("Giờ đề nghị xếp lại"), "time"),
        ),
    ),
    (
        _("Nhắc việc và báo cáo"),
        (
            Field("remind_at", _("Nhắc ca và hẹn ngày mai lúc"), "time"),
            Field("remind_hours", _("Nhắc lần nữa trước giờ đi"), "number", unit=_("giờ")),
            Field("digest_at", _("Gửi tóm tắt mỗi ngày lúc"), "time"),
            Field(
                "follow_up_days",
                _("Hỏi lại việc đã gửi mà chưa có kết quả sau"),
                "number",
                unit=_("ngày"),
            ),
            Field(
                "monthly_report_day",
                _("Báo cáo tháng phải nộp trước ngày"),
                "number",
                _("Ví dụ 2: trước ngày 02 hằng tháng. Ghi 0 nếu không có báo cáo tháng."),
            ),
            Field(
                "final_report_on",
                _("Báo cáo tổng kết phải nộp trước ngày"),
                "date",
                _("ngày/tháng/năm; để trống nếu không có."),
            ),
            Field("report_leader_days", _("Nhắc tổ trưởng trước hạn"), "number", unit=_("ngày")),
            Field("report_desk_days", _("Nhắc trực ban trước hạn"), "number", unit=_("ngày")),
            Field(
                "report_chairman_days",
                _("Báo lãnh đạo trước hạn"),
                "number",
                _("Ghi 0: báo vào đúng ngày hết hạn mà chưa nộp."),
                _("ngày"),
            ),
        ),
    ),
    (
        _("Việc ban đêm, điện thoại, dữ liệu cá nhân"),
        (
            Field(
                "count_at",
                _("Đếm và giữ số liệu của ngày lúc"),
                "time",
                _("Từ 00:05 đến 05:00, cũng như giờ xóa ảnh và dọn dữ liệu điện thoại. Ngay sau đó máy dự báo lại các chỉ tiêu."),
            ),
            Field("backup_at", _("Sao lưu mỗi đêm lúc"), "time"),
            Field("backups_kept", _("Số bản sao lưu được giữ"), "number", unit=_("bản")),
            Field("photos_at", _("Xóa ảnh hết hạn lúc"), "time"),
            Field("tidy_at", _("Dọn dữ liệu điện thoại lúc"), "time"),
            Field(
                "idle_seat_days",
                _("Thu hồi ứng dụng trên điện thoại không liên lạc sau"),
                "number",
                _("Ghi 0 nếu không tự thu hồi."),
                _("ngày"),
            ),
            Field(
                "retention_days",
                _("Xóa dữ liệu cá nhân sau khi hết đợt"),
                "number",
                _("Đến hạn thì máy nhắc; hai người duyệt rồi mới xóa."),
                _("ngày"),
            ),
        ),
    ),
)
