"""What the progress pages call things, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from planner.domain.vocabulary import OutreachGroup
from planner.services.progress import NO_CREW, Course, Doer, IndicatorLine, WorkFilter
from web.words import label

# Shape and colour of each course; the word beside them says it without either.
LOOK = {
    Course.REACHED: ("done", "state-done"),
    Course.ON_COURSE: ("due", "state-running"),
    Course.AT_RISK: ("warning", "state-warning"),
    Course.OFF_COURSE: ("missed", "state-missed"),
    Course.UNKNOWN: ("planned", "state-planned"),
}


def course_word(course: Course) -> str:
    """Return whether an indicator is on course, in a few words."""
    return {
        Course.REACHED: _("Đã đạt"),
        Course.ON_COURSE: _("Đúng tiến độ"),
        Course.AT_RISK: _("Có thể không kịp"),
        Course.OFF_COURSE: _("Không kịp nếu cứ như hiện nay"),
        Course.UNKNOWN: _("Chưa đoán được"),
    }[course]


def group_word(group: int | None) -> str:
    """Return the name of an outreach group; None: households with nothing left to call for."""
    return _("Không còn việc phải đến") if group is None else label(OutreachGroup(group))


def figure_word(name: str) -> str:
    """Return what a bare count counts; figures of indicators go by the indicator's name."""
    return {
        "residents": _("Nhân khẩu"),
        "households": _("Hộ"),
        "attempts": _("Lượt đến nhà"),
        "met": _("Lượt gặp được"),
        "guided": _("Người đã hướng dẫn"),
        "officials": _("Cán bộ"),
        "officials_account": _("Cán bộ có tài khoản"),
        "officials_activated": _("Cán bộ đã kích hoạt"),
        "officials_activated_portal": _("Cán bộ đã dùng Cổng Dịch vụ công"),
        "officials_papers": _("Cán bộ đủ giấy tờ"),
        "households_visited": _("Hộ đã đến"),
        "households_helped": _("Hộ đã được giúp"),
        "people_helped": _("Người đã được giúp"),
        "papers_done": _("Giấy tờ đã tích hợp"),
        "needs_done": _("Việc đã xong"),
        "needs_waiting": _("Việc chờ duyệt hoặc đã hẹn"),
        "needs_open": _("Việc còn phải làm"),
    }.get(name, name)


def who_words(wanted: WorkFilter, names: tuple[str, ...]) -> str:
    """Return whose figure it is."""
    if wanted.doer is Doer.CREW and wanted.who == NO_CREW:
        return _("Ngoài kế hoạch của đợt này")
    name = ", ".join(names) or _("Không ghi")
    return _("tổ thôn %(name)s", name=name) if wanted.doer is Doer.HAMLET_QUOTA else name


def help_words(line: IndicatorLine, hamlets: str, ends_on: str, target: str) -> str:
    """Return what it would take to reach an indicator's target; "" where nothing is lacking or nobody can tell."""
    found = line.forecast
    if found is None or line.course in (Course.REACHED, Course.UNKNOWN):
        return ""
    facts: dict[str, object] = {"target": target, "day": ends_on}
    if found.needed_shifts_a_week is None:
        return _(
            "Chỉ thêm ca thì không kịp %(target)s %% trước %(day)s: cần cách khác, như điểm lưu động hay nhờ người thân.", **facts
        )
    extra = found.extra_shifts_a_week or 0
    if not extra:
        return _("Giữ số ca như hiện nay (khoảng %(number)s ca/tuần) là kịp.", number=round(found.expected_shifts_a_week))
    facts["number"] = extra
    if not hamlets:
        return _("Để đạt %(target)s %% trước %(day)s cần thêm khoảng %(number)s ca/tuần.", **facts)
    facts["hamlets"] = hamlets
    return _("Để đạt %(target)s %% trước %(day)s cần thêm khoảng %(number)s ca/tuần, nhất là ở %(hamlets)s.", **facts)
