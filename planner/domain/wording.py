"""The words of the domain as people read them, in Vietnamese and English, and dates and hours as they say them."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import Enum

from planner.domain import vocabulary as words
from planner.domain.calendar import LOCAL, Slot
from planner.domain.vocabulary import Period

LANGUAGES = ("vi", "en")

_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_WEEKDAYS_SHORT = {"vi": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_LABELS: dict[type[Enum], dict[Enum, tuple[str, str]]] = {
    words.Role: {
        words.Role.DESK: ("Trực ban", "Desk"),
        words.Role.LEADER: ("Tổ trưởng", "Team leader"),
        words.Role.VOLUNTEER: ("Tình nguyện viên", "Volunteer"),
        words.Role.INSPECTOR: ("Kiểm tra viên", "Inspector"),
        words.Role.VIEWER: ("Lãnh đạo (chỉ xem)", "Viewer"),
    },
    words.CommuneKind: {
        words.CommuneKind.XA: ("Xã", "Commune"),
        words.CommuneKind.PHUONG: ("Phường", "Ward"),
        words.CommuneKind.DAC_KHU: ("Đặc khu", "Special zone"),
    },
    words.AccountState: {
        words.AccountState.ACTIVATED: ("Đã kích hoạt", "Activated"),
        words.AccountState.ISSUED: ("Đã cấp, chưa kích hoạt", "Issued, not activated"),
        words.AccountState.NONE: ("Chưa có tài khoản", "No account"),
        words.AccountState.NA: ("Chưa đến tuổi", "Too young"),
        words.AccountState.UNKNOWN: ("Chưa rõ", "Unknown"),
    },
    words.DocumentState: {
        words.DocumentState.NONE: ("Không có", "Not owned"),
        words.DocumentState.OWNED: ("Có, chưa tích hợp", "Owned, not integrated"),
        words.DocumentState.INTEGRATED: ("Đã tích hợp", "Integrated"),
        words.DocumentState.UNKNOWN: ("Chưa rõ", "Unknown"),
    },
    words.Residence: {
        words.Residence.PERMANENT: ("Thường trú", "Permanent"),
        words.Residence.TEMPORARY: ("Tạm trú", "Temporary"),
        words.Residence.ABSENT: ("Đang vắng", "Absent"),
        words.Residence.UNKNOWN: ("Chưa rõ", "Unknown"),
    },
    words.Work: {
        words.Work.HOME: ("Ở nhà", "At home"),
        words.Work.WORKER: ("Đi làm ban ngày", "Works by day"),
        words.Work.PUPIL: ("Đi học", "At school"),
        words.Work.SHIFT: ("Làm theo ca", "Works in shifts"),
        words.Work.AWAY: ("Đi làm xa", "Works far away"),
        words.Work.NA: ("Không áp dụng", "Not applicable"),
        words.Work.UNKNOWN: ("Chưa rõ", "Unknown"),
    },
    words.Sex: {words.Sex.FEMALE: ("Nữ", "Female"), words.Sex.MALE: ("Nam", "Male")},
    words.BirthPrecision: {
        words.BirthPrecision.DAY: ("đủ ngày, tháng, năm", "full date"),
        words.BirthPrecision.MONTH: ("chỉ tháng và năm", "month and year only"),
        words.BirthPrecision.YEAR: ("chỉ năm sinh", "year only"),
    },
    words.NeedState: {
        words.NeedState.OPEN: ("Cần làm", "To do"),
        words.NeedState.SUBMITTED: ("Đã gửi, chờ duyệt", "Sent in, awaiting approval"),
        words.NeedState.DONE: ("Đã xong", "Done"),
        words.NeedState.REJECTED: ("Bị trả lại", "Rejected"),
        words.NeedState.DECLINED: ("Người dân không làm", "Declined"),
        words.NeedState.REFERRED: ("Đã hẹn ra công an", "Referred to the police desk"),
    },
    words.NeedResult: {
        words.NeedResult.DONE: ("Đã xong", "Done"),
        words.NeedResult.SUBMITTED: ("Đã gửi, chờ duyệt", "Sent in, awaiting approval"),
        words.NeedResult.REJECTED: ("Bị trả lại", "Rejected"),
        words.NeedResult.DECLINED: ("Người dân không làm", "Declined"),
        words.NeedResult.REFERRED: ("Hẹn ra công an", "Referred to the police desk"),
        words.NeedResult.NOT_DONE: ("Chưa làm được", "Not done"),
    },
    words.Outcome: {
        words.Outcome.MET: ("Gặp được", "Met"),
        words.Outcome.ABSENT: ("Vắng nhà", "Nobody home"),
        words.Outcome.REFUSED: ("Từ chối", "Refused"),
        words.Outcome.CALLBACK: ("Hẹn lại", "Come back later"),
        words.Outcome.MOVED: ("Đã chuyển đi", "Moved away"),
        words.Outcome.WRONG_ADDRESS: ("Sai địa chỉ", "Wrong address"),
        words.Outcome.UNSAFE: ("Không an toàn", "Unsafe"),
        words.Outcome.NOT_REACHED: ("Không tới được", "Could not get there"),
    },
    words.Period: {
        words.Period.MORNING: ("sáng", "morning"),
        words.Period.AFTERNOON: ("chiều", "afternoon"),
        words.Period.EVENING: ("tối", "evening"),
    },
    words.SlotClass: {
        words.SlotClass.WEEKDAY_DAY: ("ban ngày trong tuần", "weekday daytime"),
        words.SlotClass.WEEKDAY_EVENING: ("buổi tối trong tuần", "weekday evening"),
        words.SlotClass.WEEKEND_DAY: ("ban ngày cuối tuần", "weekend daytime"),
        words.SlotClass.WEEKEND_EVENING: ("buổi tối cuối tuần", "weekend evening"),
    },
    words.MeetKind: {
        words.MeetKind.USUAL: ("Những người còn lại", "Everyone else"),
        words.MeetKind.NO_ACCOUNT: ("Chưa có tài khoản mức 2", "No level-2 account"),
        words.MeetKind.LOW_TECH: ("Cao tuổi, ít dùng công nghệ", "Elderly, unused to phones"),
        words.MeetKind.COMMUTER: ("Đi làm ban ngày", "Works by day"),
        words.MeetKind.ROTATING_SHIFT: ("Làm theo ca", "Works in shifts"),
        words.MeetKind.AWAY: ("Đi làm xa, đang vắng", "Works far away, absent"),
    },
    words.WeekState: {
        words.WeekState.DRAFT: ("Bản nháp", "Draft"),
        words.WeekState.PUBLISHED: ("Đã công bố", "Published"),
        words.WeekState.SUPERSEDED: ("Đã thay bằng bản mới", "Superseded"),
        words.WeekState.CLOSED: ("Đã khép tuần", "Closed"),
        words.WeekState.DISCARDED: ("Đã bỏ", "Discarded"),
    },
    words.RunKind: {
        words.RunKind.DRAFT: ("Lập kế hoạch tuần", "Week draft"),
        words.RunKind.REASSIGN: ("Phân công lại", "Reassignment"),
    },
    words.RunState: {
        words.RunState.QUEUED: ("Đang chờ", "Waiting"),
        words.RunState.RUNNING: ("Đang tính", "Running"),
        words.RunState.DONE: ("Đã xong", "Done"),
        words.RunState.FAILED: ("Không thành công", "Failed"),
        words.RunState.CANCELLED: ("Đã dừng theo yêu cầu", "Cancelled"),
        words.RunState.LOST: ("Bị gián đoạn", "Interrupted"),
    },
    words.AssignmentState: {
        words.AssignmentState.PLANNED: ("Sắp tới", "Planned"),
        words.AssignmentState.DUE: ("Đến lịch", "Due"),
        words.AssignmentState.DONE: ("Đã thăm", "Visited"),
        words.AssignmentState.MISSED: ("Bỏ lỡ", "Missed"),
        words.AssignmentState.SPARED: ("Dự phòng, chưa tới", "Reserve, not reached"),
        words.AssignmentState.WITHDRAWN: ("Đã rút", "Withdrawn"),
    },
    words.RuleKind: {
        words.RuleKind.PIN: ("Ghim", "Pinned"),
        words.RuleKind.FORBID: ("Không xếp", "Forbidden"),
    },
    words.OutreachGroup: {
        words.OutreachGroup.DOCUMENTS: (
            "Nhóm 0 – còn thiếu giấy tờ hoặc cần rà soát",
            "Group 0 – documents lacking or to be checked",
        ),
        words.OutreachGroup.ISSUED: ("Nhóm 1 – đã cấp, chưa kích hoạt", "Group 1 – issued, not activated"),
        words.OutreachGroup.NO_ACCOUNT: ("Nhóm 2 – chưa có tài khoản mức 2", "Group 2 – no level-2 account"),
        words.OutreachGroup.LOW_TECH: ("Nhóm 3 – cao tuổi, ít dùng công nghệ", "Group 3 – elderly, unused to phones"),
        words.OutreachGroup.AWAY: ("Nhóm 4 – đi làm xa, làm ca, bận", "Group 4 – works far away, in shifts, busy"),
    },
    words.StopReason: {
        words.StopReason.REFUSED: ("Đã từ chối", "Refused"),
        words.StopReason.DO_NOT_CONTACT: ("Đề nghị không đến", "Asked not to be visited"),
        words.StopReason.MOVED: ("Đã chuyển đi", "Moved away"),
        words.StopReason.DECEASED: ("Đã mất", "Deceased"),
        words.StopReason.WRONG_ADDRESS: ("Sai địa chỉ", "Wrong address"),
    },
    words.ImportKind: {
        words.ImportKind.ROSTER: ("Danh sách hộ", "Roster"),
        words.ImportKind.VOLUNTEERS: ("Danh sách tình nguyện viên", "Volunteers"),
    },
    words.ImportState: {
        words.ImportState.PREVIEWED: ("Đã xem trước", "Previewed"),
        words.ImportState.APPLIED: ("Đã nhập", "Imported"),
        words.ImportState.UNDONE: ("Đã hoàn tác", "Undone"),
    },
    words.JobState: {
        words.JobState.DUE: ("Đến hạn", "Due"),
        words.JobState.RUNNING: ("Đang chạy", "Running"),
        words.JobState.DONE: ("Đã xong", "Done"),
        words.JobState.FAILED: ("Không thành công", "Failed"),
    },
    words.Clear: {
        words.Clear.PERSON: ("Rõ người", "Who"),
        words.Clear.TASK: ("Rõ việc", "What for whom"),
        words.Clear.SCHEDULE: ("Rõ tiến độ", "When"),
        words.Clear.RESULT: ("Rõ kết quả", "Expected result"),
        words.Clear.ACCOUNTABILITY: ("Rõ trách nhiệm", "Who answers for it"),
        words.Clear.AUTHORITY: ("Rõ thẩm quyền", "Who decides"),
    },
    words.FieldKind: {
        words.FieldKind.VISIT: ("Lượt thăm", "Visit"),
        words.FieldKind.FOUND_RESIDENT: ("Thêm người", "Resident found"),
        words.FieldKind.FOUND_HOUSEHOLD: ("Thêm hộ", "Household found"),
        words.FieldKind.FACTS: ("Sửa thông tin người dân", "Facts of a resident"),
        words.FieldKind.AVAILABILITY: ("Lịch rảnh gửi từ điện thoại", "Availability"),
        words.FieldKind.DECLINE: ("Không đi được", "Cannot come"),
        words.FieldKind.UNDECLINE: ("Đi được trở lại", "Comes after all"),
        words.FieldKind.UNREADABLE: ("Không đọc được", "Unreadable"),
    },
    words.FieldVerdict: {
        words.FieldVerdict.ACCEPTED: ("Đã ghi", "Accepted"),
        words.FieldVerdict.DUPLICATE: ("Đã có từ trước", "Had it before"),
        words.FieldVerdict.OFF_ASSIGNMENT: ("Đã ghi, ngoài phân công", "Accepted, off the plan"),
        words.FieldVerdict.QUARANTINED: ("Chờ trực ban xem", "Waiting for the desk"),
        words.FieldVerdict.CONFLICT: ("Trùng mã, khác nội dung", "Same id, other content"),
    },
    words.FieldDecisionKind: {
        words.FieldDecisionKind.ACCEPTED: ("Đã chấp nhận", "Accepted by the desk"),
        words.FieldDecisionKind.DISMISSED: ("Đã bỏ qua", "Dismissed"),
        words.FieldDecisionKind.SETTLED: ("Tự giải quyết xong", "Settled by itself"),
        words.FieldDecisionKind.REOPENED: ("Mở lại", "Opened again"),
    },
    words.AuditAction: {
        words.AuditAction.ROSTER_IMPORTED: ("Nhập danh sách hộ", "Roster imported"),
        words.AuditAction.VOLUNTEERS_IMPORTED: ("Nhập danh sách tình nguyện viên", "Volunteers imported"),
        words.AuditAction.IMPORT_UNDONE: ("Hoàn tác lần nhập", "Import undone"),
        words.AuditAction.ROSTER_EXPORTED: ("Xuất danh sách hộ", "Roster exported"),
        words.AuditAction.COMMUNE_CREATED: ("Tạo xã/phường", "Commune created"),
        words.AuditAction.CAMPAIGN_CREATED: ("Tạo đợt cao điểm", "Campaign created"),
        words.AuditAction.CAMPAIGN_CHANGED: ("Sửa đợt cao điểm", "Campaign changed"),
        words.AuditAction.WEEK_DRAFTED: ("Lập kế hoạch tuần", "Week drafted"),
        words.AuditAction.DRAFT_DISCARDED: ("Bỏ bản nháp", "Draft discarded"),
        words.AuditAction.RUN_CANCELLED: ("Dừng lần tính", "Run cancelled"),
        words.AuditAction.WEEK_PUBLISHED: ("Công bố tuần", "Week published"),
        words.AuditAction.WEEK_CLOSED: ("Khép tuần", "Week closed"),
        words.AuditAction.RULE_ADDED: ("Thêm yêu cầu cho hộ", "Rule added"),
        words.AuditAction.RULE_REMOVED: ("Bỏ yêu cầu cho hộ", "Rule removed"),
        words.AuditAction.VISIT_RECORDED: ("Ghi kết quả thăm", "Visit recorded"),
        words.AuditAction.VISIT_CORRECTED: ("Sửa kết quả thăm", "Visit corrected"),
        words.AuditAction.NEED_SETTLED: ("Cập nhật việc của người dân", "Need settled"),
        words.AuditAction.CONTACT_STOPPED: ("Ngừng đến hộ", "Contact stopped"),
        words.AuditAction.CONTACT_RESUMED: ("Được đến lại", "Contact resumed"),
        words.AuditAction.HOUSEHOLD_CHANGED: ("Sửa thông tin hộ", "Household changed"),
        words.AuditAction.VOLUNTEER_CHANGED: ("Sửa tình nguyện viên", "Volunteer changed"),
        words.AuditAction.AVAILABILITY_CHANGED: ("Sửa lịch rảnh", "Availability changed"),
        words.AuditAction.VOLUNTEER_ABSENT: ("Báo vắng", "Marked absent"),
        words.AuditAction.LINK_ISSUED: ("Cấp liên kết đăng nhập", "Sign-in link issued"),
        words.AuditAction.SIGNED_IN: ("Đăng nhập", "Signed in"),
        words.AuditAction.SIGN_IN_FAILED: ("Đăng nhập không được", "Sign-in failed"),
        words.AuditAction.SIGNED_OUT: ("Đăng xuất", "Signed out"),
        words.AuditAction.PASSPHRASE_SET: ("Đặt mật khẩu", "Passphrase set"),
        words.AuditAction.DEVICE_REVOKED: ("Thu hồi thiết bị", "Device revoked"),
        words.AuditAction.USER_CHANGED: ("Sửa tài khoản người dùng", "User changed"),
        words.AuditAction.PHONE_REVEALED: ("Xem số điện thoại", "Phone number shown"),
        words.AuditAction.MISSED_FOUND: ("Tìm thấy lượt bỏ lỡ", "Missed visits found"),
        words.AuditAction.BACKUP_MADE: ("Sao lưu", "Backup made"),
        words.AuditAction.LIST_PRINTED: ("In danh sách đi thăm", "Visit list printed"),
        words.AuditAction.EVIDENCE_STORED: ("Nhận ảnh hoạt động", "Photo received"),
        words.AuditAction.EVIDENCE_DELETED: ("Xóa ảnh hoạt động", "Photo deleted"),
        words.AuditAction.CHANCES_LEARNED: ("Rút kinh nghiệm từ các lượt thăm", "Learned from visits"),
        words.AuditAction.CHANCE_OVERRULED: ("Sửa tay khả năng gặp người", "Chance of meeting set by hand"),
        words.AuditAction.OVERRULE_REMOVED: ("Bỏ số sửa tay", "Figure set by hand removed"),
        words.AuditAction.BACKUP_RESTORED: ("Khôi phục bản sao lưu", "Backup restored"),
        words.AuditAction.PHONE_REPORT_DECIDED: ("Quyết định về báo cáo từ điện thoại", "Report from a phone decided"),
    },
}


def label(word: Enum, lang: str = "vi") -> str:
    """Return what people read for a word of the vocabulary."""
    return _LABELS[type(word)][word][lang == "en"]


def weekday_text(on_date: date, lang: str = "vi", *, short: bool = False) -> str:
    """Return ``thứ Ba`` or ``Tue``; short: ``T3``."""
    return (_WEEKDAYS_SHORT if short else _WEEKDAYS)[lang][on_date.weekday()]


def date_text(on_date: date, lang: str = "vi", *, year: bool = False) -> str:
    """Return ``thứ Ba 24/11`` or ``Tue 24 Nov``, with the year where asked."""
    weekday = weekday_text(on_date, lang)
    if lang == "en":
        return f"{weekday} {on_date.day} {_MONTHS[on_date.month - 1]}" + (f" {on_date.year}" if year else "")
    return f"{weekday} {on_date.day:02}/{on_date.month:02}" + (f"/{on_date.year}" if year else "")


def hour_text(at: datetime | time) -> str:
    """Return ``18:30``, local time."""
    return f"{at.astimezone(LOCAL) if isinstance(at, datetime) else at:%H:%M}"


def time_text(at: datetime, lang: str = "vi") -> str:
    """Return ``18:30 thứ Ba 24/11``, local time."""
    return f"{hour_text(at)} {date_text(at.astimezone(LOCAL).date(), lang)}"


def span_text(on_date: date, period: Period, starts_at: datetime, ends_at: datetime, lang: str = "vi") -> str:
    """Return ``thứ Ba 24/11, tối 18:30–21:00``."""
    return f"{date_text(on_date, lang)}, {label(period, lang)} {hour_text(starts_at)}–{hour_text(ends_at)}"


def slot_text(slot: Slot, lang: str = "vi") -> str:
    """Return ``thứ Ba 24/11, tối 18:30–21:00`` or ``Tue 24 Nov, evening 18:30–21:00``."""
    return span_text(slot.on_date, slot.period, slot.starts_at, slot.ends_at, lang)


def week_text(monday: date, lang: str = "vi") -> str:
    """Return ``tuần 23/11–29/11/2026`` or ``week of 23 Nov 2026``."""
    sunday = date.fromordinal(monday.toordinal() + 6)
    if lang == "en":
        return f"week of {monday.day} {_MONTHS[monday.month - 1]} {monday.year}"
    first = f"{monday:%d/%m}" if monday.year == sunday.year else f"{monday:%d/%m/%Y}"
    return f"tuần {first}–{sunday:%d/%m/%Y}"
