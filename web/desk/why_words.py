"""Sentences of the pages that say why: a household without a visit, a crew that was chosen, what more people would bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from planner.services.explaining import MoreCrews, SlotWords, Way, Why
from planner.services.more_people import RuleLine
from planner.services.reassigning import Change
from web.desk.words import change_words, unplaced_words
from web.words import day, hour, label, number

MOST_SLOTS = 3


def points_words(points: float) -> str:
    """Return ``31 điểm``; less than half a point is told as less than one."""
    if 0 < abs(points) < 0.5:
        return _("chưa đến 1 điểm")
    return _("%(points)s điểm", points=number(round(abs(points))))


def slot_words(slot: SlotWords) -> str:
    """Return ``thứ Ba 24/11, buổi tối``."""
    return f"{day(slot.on_date)}, {_('buổi %(period)s', period=label(slot.period))}"


def skill_words(skill: str) -> str:
    """Return what a household asks of a crew."""
    return {"woman": _("có nữ"), "lead": _("có tổ trưởng")}.get(skill, _("có người làm được: %(skill)s", skill=skill))


def language_words(languages: Sequence[str]) -> str:
    """Return ``tiếng Mông hoặc Khmer``."""
    return _("tiếng %(languages)s", languages=_(" hoặc ").join(name.capitalize() for name in languages))


def reason_words(why: Why) -> str:
    """Return why a household has no visit, with the facts of the reason."""
    facts, crews = why.facts, number(why.facts.get("crews", 0))
    if why.reason == "no_crew_speaks_language":
        return _("Hộ cần người nói %(language)s; các buổi hợp với hộ không có ai.", language=language_words(facts["languages"]))
    if why.reason == "no_crew_has_skill":
        return _("Hộ cần tổ %(skill)s; các buổi hợp với hộ không có ai.", skill=skill_words(facts["skill"]))
    if why.reason == "displaced":
        return _("%(crews)s tổ trong tuần đến được hộ này, nhưng đã dành thời gian cho những hộ cần hơn.", crews=crews)
    if why.reason == "no_room":
        return _("Không tổ nào đi trong tuần này hợp với hộ.")
    if why.reason == "not_considered":
        return _("Hộ không có việc cần giúp, hoặc chưa có trong danh sách lúc lập kế hoạch.")
    return unplaced_words(why.reason) + "."


def slots_sentence(slots: Sequence[SlotWords]) -> str:
    """Return which slots the reason speaks of, the first few by name."""
    if not slots:
        return ""
    named = "; ".join(slot_words(slot) for slot in slots[:MOST_SLOTS])
    if len(slots) > MOST_SLOTS:
        return _("Đã xét: %(slots)s và %(count)s buổi nữa.", slots=named, count=len(slots) - MOST_SLOTS)
    return _("Đã xét: %(slots)s.", slots=named)


def blocked_lines(blocked: Mapping[str, int]) -> list[str]:
    """Return what keeps the other crews of the week away."""
    words = {
        "visitable_class": _("%(crews)s tổ đi vào loại buổi mà hộ không có ai ở nhà"),
        "within_windows": _("%(crews)s tổ đi ngoài giờ của hộ"),
        "household_skills": _("%(crews)s tổ không có người mà hộ cần"),
        "household_languages": _("%(crews)s tổ không ai nói được tiếng của hộ"),
        "household_avoids": _("%(crews)s tổ có người mà hộ không gặp"),
        "pins_hold": _("%(crews)s tổ không phải tổ hoặc ca đã ghim"),
    }
    return [words[rule] % {"crews": number(count)} for rule, count in blocked.items() if rule in words]


def way_head(way: Way) -> str:
    """Return when and with whom a household could have been visited."""
    who = ", ".join(way.crew)
    crew = _("Tổ %(number)s: %(who)s", number=way.shift_number, who=who) if way.shift_number else who
    when = _("%(slot)s, khoảng %(hour)s", slot=slot_words(way.slot), hour=hour(way.starts_at))
    return f"{when[:1].upper()}{when[1:]} · {crew}"


def way_lines(way: Way) -> list[str]:
    """Return what that would mean: what comes, who goes, and what the week makes of it."""
    told = []
    if way.is_new:
        told.append(_("Những người này đang rảnh; lập thêm một tổ thì đến được hộ này."))
        if way.joins:
            told.append(_("Tổ đó đến thêm được %(count)s hộ khác.", count=number(way.joins)))
    if way.displaces:
        names = ", ".join(name or _("(chưa có tên chủ hộ)") for _household, name in way.displaces)
        if way.loses is None:
            told.append(_("Phải bỏ %(count)s lượt: %(names)s.", count=len(way.displaces), names=names))
        else:
            told.append(
                _(
                    "Phải bỏ %(count)s lượt đáng %(points)s: %(names)s.",
                    count=len(way.displaces), points=points_words(way.loses), names=names,
                )
            )  # fmt: skip
    elif not way.is_new:
        told.append(_("Tổ này còn chỗ, không phải bỏ lượt nào."))
    return [*told, *_sums(way)]


def _sums(way: Way) -> list[str]:
    if way.gain is None:
        return []
    told = []
    if way.adds is not None and way.loses:
        if way.adds > 0:
            told.append(_("Lượt mới đem lại %(points)s.", points=points_words(way.adds)))
        else:
            told.append(_("Đổi như vậy còn kém hơn ở chỗ đang xếp %(points)s.", points=points_words(way.adds)))
    if way.gain > 0:
        told.append(_("Cả tuần được thêm %(points)s: hãy lập lại để máy xếp.", points=points_words(way.gain)))
    elif way.gain < 0:
        told.append(_("Cả tuần kém đi %(points)s.", points=points_words(way.gain)))
    else:
        told.append(_("Cả tuần không đổi."))
    return told


def bring_in_words(entry: MoreCrews) -> str:
    """Return how many more crews in such hours would bring a household in."""
    needs = [skill_words(skill) for skill in entry.skills]
    if entry.languages:
        needs.append(_("có người nói %(language)s", language=language_words(entry.languages)))
    crew = _("đi %(hours)s, xuất phát gần hộ", hours=label(entry.slot_class))
    crew += "".join(f", {need}" for need in needs)
    if entry.crews is None:
        if not entry.visits:
            return _("Thêm tổ %(crew)s: vẫn không đến được hộ này.", crew=crew)
        return _("Thêm 3 tổ %(crew)s: vẫn còn hộ khác cần hơn.", crew=crew)
    others = entry.visits - 1
    told = _("Thêm %(crews)s tổ %(crew)s: đến được hộ này", crews=entry.crews, crew=crew)
    return told + (_(" và %(count)s hộ khác.", count=number(others)) if others else ".")


def assignment_lines(why: Why) -> list[str]:
    """Return why a household is visited by this crew in this slot, the weightiest first."""
    facts = why.facts
    told = []
    if facts["pinned"]:
        told.append(_("Hộ đã được ghim hoặc đã hẹn giờ, nên giữ đúng như vậy."))
    if facts["in_force"]:
        told.append(_("Giữ như đã hẹn trong kế hoạch đang dùng."))
    if facts["best_class"]:
        told.append(_("Đây là loại buổi tốt nhất với hộ: dễ gặp và làm được nhiều việc nhất."))
    elif why.by_class:
        best = max(why.by_class, key=lambda kind: why.by_class[kind])
        told.append(_("Loại buổi tốt nhất với hộ là %(hours)s; các tổ buổi đó dành cho hộ khác.", hours=label(best)))
    if facts["known"]:
        told.append(_("%(names)s đã từng đến hộ này.", names=", ".join(facts["known"])))
    for skill, who in facts["skills"].items():
        told.append(_("Hộ cần tổ %(skill)s: %(names)s.", skill=skill_words(skill), names=", ".join(who)))
    for language, who in facts["languages"].items():
        told.append(_("Hộ nói %(language)s: %(names)s nói được.", language=language_words([language]), names=", ".join(who)))
    told.append(_minutes(facts["way_seconds"]))
    told.append(_("Ngoài tổ này, %(crews)s tổ khác trong tuần cũng hợp với hộ.", crews=number(facts["crews"])))
    if why.points is not None:
        told.append(_("Bỏ lượt này thì cả tuần mất %(points)s.", points=points_words(why.points)))
    return told


def _minutes(seconds: int) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("Nhà ở ngay trên đường tổ đi: gần như không thêm đường.")
    return _("Đến nhà này, tổ chỉ đi thêm chừng %(minutes)s phút.", minutes=minutes)


def rule_cost_words(line: RuleLine) -> str:
    """Return which rule a figure speaks of."""
    return {
        "household_languages": _("Tổ phải nói được tiếng của hộ"),
        "household_skills": _("Tổ phải có người mà hộ cần (như có nữ)"),
        "household_avoids": _("Không để người hộ không gặp đến"),
        "within_windows": _("Giờ hẹn và giờ không được đến"),
        "crew_skills": _("Tổ nào cũng có tổ trưởng"),
        "max_shifts": _("Số ca tối đa một người (so với thêm mỗi người 1 ca)"),
        "pins_hold": _("Các yêu cầu ghim và giờ đã hẹn"),
        "changes": _("Hạn chế thay đổi kế hoạch đang dùng"),
        "new_faces": _("Ưu tiên người đã từng đến hộ"),
        "extra_shifts": _("Chia đều số ca"),
        "back_by_slot_end": _("Giờ kết thúc ca (so với kéo dài 15 phút)"),
    }.get(line.rule, line.rule)


def because_words(change: Change) -> str:
    """Return why a promise changes: the planner's reason, and what the solver found out about it."""
    told = [change_words(change.reason)]
    detail = {
        "volunteer_gone": _("không còn trong đội"),
        "volunteer_away": _("không rảnh buổi đó"),
        "no_shift_left": _("đã đủ số ca"),
    }.get(change.because)
    if detail and change.who:
        told.append(f"{', '.join(change.who)}: {detail}")
    told += filter(None, [_forced_words(change.because)])
    if change.makes_room_for:
        names = ", ".join(name or _("(chưa có tên chủ hộ)") for name in change.makes_room_for)
        if change.others:
            names += _(" và %(count)s hộ nữa", count=number(change.others))
        told.append(_("để tổ đến: %(names)s", names=names))
    if change.points is not None and change.points > 0:
        told.append(_("cả tuần được thêm %(points)s", points=points_words(change.points)))
    return "; ".join(told)


def _forced_words(because: str) -> str | None:
    return {
        "slot_gone": _("ca này không còn"),
        "no_crew_any_more": _("những người này không còn đủ điều kiện lập tổ"),
        "never_visitable": _("hộ không còn hợp với loại buổi này"),
        "window_closed": _("giờ này hộ không tiếp được"),
        "skill_lacking": _("tổ không có người mà hộ cần"),
        "language_lacking": _("tổ không nói được tiếng của hộ"),
        "avoided": _("hộ không gặp người trong tổ"),
        "does_not_fit": _("lượt này không còn vừa giờ của ca"),
        "pinned": _("theo yêu cầu ghim"),
        "crew_regrouped": _("người trong tổ đi tổ khác"),
    }.get(because)


def evidence(proved: bool) -> str:
    """Return how certain a reason is."""
    return _("Với lịch rảnh lúc lập kế hoạch thì chắc chắn không có cách nào xếp được.") if proved else ""


def facts_of(why: Why) -> dict[str, Any]:
    """Return the lists that the page of a household without a visit shows."""
    return {
        "slots": slots_sentence(why.facts.get("slots", ())),
        "blocked": blocked_lines(why.facts.get("blocked", {})),
        "like_it": max(0, int(why.facts.get("like_it", 0)) - 1),
    }
