"""Sentences of the desk's pages for codes of plans and runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _

from planner.domain.vocabulary import NeedState, OutreachGroup, Period, RuleKind, StopReason
from planner.services.planning import RuleView
from web.words import day, label, number


def paper_words(codes: Iterable[str]) -> str:
    """Return what people call papers that can be integrated."""
    names = {
        "bhyt": _("thẻ BHYT"),
        "gplx": _("giấy phép lái xe"),
        "gcn": _("đăng ký xe"),
        "mst": _("mã số thuế"),
        "npt": _("người phụ thuộc"),
    }
    return ", ".join(names.get(code, code) for code in codes)


def group_words(group: int | OutreachGroup | None) -> str:
    """Return an outreach group's name."""
    return label(OutreachGroup(group)) if group is not None else "–"


def step_words(state: NeedState, to: NeedState) -> str:
    """Return what the desk has heard, as the button says that takes a need from one state to another."""
    return {
        (NeedState.SUBMITTED, NeedState.DONE): _("Đã được duyệt"),
        (NeedState.REJECTED, NeedState.DONE): _("Đã được duyệt"),
        (NeedState.REFERRED, NeedState.DONE): _("Đã làm xong tại công an"),
        (NeedState.REFERRED, NeedState.OPEN): _("Chưa đến"),
        (NeedState.REJECTED, NeedState.OPEN): _("Làm lại từ đầu"),
        (NeedState.DECLINED, NeedState.OPEN): _("Đổi ý, muốn làm"),
        (NeedState.DONE, NeedState.OPEN): _("Ghi nhầm: chưa xong, cần làm lại"),
    }.get((state, to), label(to))


def rule_words(rule: RuleView) -> str:
    """Return what a decision about a household says, e.g. ``Ghim: thứ Ba 24/11, buổi tối, với Trần Quang Minh``."""
    parts = []
    if rule.on_date is not None:
        parts.append(day(rule.on_date))
    if rule.period is not None:
        parts.append(_("buổi %(period)s", period=label(rule.period)))
    if rule.volunteer:
        parts.append(_("với %(name)s", name=rule.volunteer))
    if rule.kind is RuleKind.FORBID and not parts:
        return _("Không đến")
    return f"{label(rule.kind)}: {', '.join(parts)}"


def unplaced_words(reason: str) -> str:
    """Return why a household found no place: a code of the solver's reasons, or of whom the week leaves out."""
    return {
        "never_visitable": _("Tuần này không có buổi nào hợp với hộ"),
        "window_never_open": _("Giờ hẹn không trùng ca nào"),
        "nobody_available": _("Không ai rảnh vào giờ của hộ"),
        "no_crew_possible": _("Không đủ người để lập một tổ"),
        "avoids_all": _("Trừ những người hộ không gặp thì không còn tổ nào"),
        "no_crew_has_skill": _("Không tổ nào đáp ứng được yêu cầu của hộ"),
        "no_crew_speaks_language": _("Không tổ nào nói được tiếng của hộ"),
        "unreachable_in_slot": _("Quá xa để đi và về kịp trong một ca"),
        "no_crew_fits": _("Không tổ nào hợp đủ các yêu cầu"),
        "displaced": _("Các tổ dành thời gian cho hộ cần hơn"),
        "no_room": _("Tuần này không đủ người và ca"),
        "no_open_need": _("Không còn việc nào cần giúp"),
        "forbidden": _("Anh/chị đã chọn không xếp"),
        "contact_stopped": _("Hộ không muốn được đến"),
        "max_attempts": _("Đã đến đủ số lần cho phép"),
        "too_soon": _("Mới đến gần đây, chưa đủ thời gian cách"),
        "no_time_left": _("Tuần này không còn giờ phù hợp"),
        "already_promised": _("Đã có lượt thăm trong tuần đang chạy"),
        "promised_later": _("Hộ đã hẹn vào một tuần sau"),
        "waits_for_account": _("Giấy tờ phải chờ kích hoạt tài khoản"),
        "nobody_to_meet": _("Không có ai ở nhà vào giờ đi thăm"),
    }.get(reason, _("Chưa xếp được"))


def change_words(reason: str) -> str:
    """Return why a promise changes, or was withdrawn."""
    if reason in set(StopReason):
        return label(StopReason(reason))
    return {
        "missed": _("Đã qua ca mà chưa ai đến"),
        "member_absent": _("Có người trong tổ báo vắng"),
        "contact_stopped": _("Hộ không muốn được đến nữa"),
        "rule": _("Theo yêu cầu ghim hoặc không xếp"),
        "replanned": _("Lập lại cả tuần"),
        "moved_to_make_room": _("Nhường chỗ cho lượt bị bỏ lỡ"),
        "no_place_left": _("Không còn chỗ trong tuần"),
        "added": _("Thêm mới"),
        "retimed": _("Xếp lại thứ tự đi trong ca"),
        "too_soon": _("Mới đến gần đây, chưa đủ thời gian cách"),
    }.get(reason, reason)


def period_choices() -> list[tuple[str, str]]:
    return [("", _("Cả ngày")), *((p.value, label(p).capitalize()) for p in (Period.MORNING, Period.AFTERNOON, Period.EVENING))]


def period_words(period: str) -> str:
    """Return ``tối`` for ``T``."""
    return label(Period(period))


def before(monday: date) -> str:
    return date.fromordinal(monday.toordinal() - 7).isoformat()


def after(monday: date) -> str:
    return date.fromordinal(monday.toordinal() + 7).isoformat()


def input_words(notes: dict[str, Any]) -> list[str]:
    """Tell what a plan was made from, and what the desk could put right for the next one."""
    told = [
        _(
            "%(households)s hộ cần đến, %(volunteers)s tình nguyện viên đi được, %(slots)s buổi.",
            households=number(notes.get("households", 0)),
            volunteers=number(notes.get("volunteers", 0)),
            slots=number(notes.get("slots", 0)),
        )
    ]
    without = len(notes.get("volunteers_without_slots", ()))
    if without:
        told.append(_("%(count)s tình nguyện viên chưa có buổi rảnh nào trong tuần.", count=number(without)))
    if notes.get("guessed_places"):
        told.append(_("%(count)s hộ chưa có tọa độ: đường đi tính theo ngõ hoặc thôn.", count=number(notes["guessed_places"])))
    if notes.get("places_too_far"):
        told.append(_("%(count)s hộ có tọa độ ở quá xa xã, nên không xếp được.", count=number(len(notes["places_too_far"]))))
    if notes.get("no_lead_known"):
        told.append(_("Chưa ghi ai làm được tổ trưởng: máy chọn người ở thôn của tổ. Đánh dấu ở trang tình nguyện viên."))
    return told
