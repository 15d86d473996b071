"""A household as the weekly problem sees it: when a visit may begin, what it is worth, who may come. Or why it is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from planner.domain.calendar import Slot, local_date, local_time, slot_class, slot_id, slot_on, week_of, week_second
from planner.domain.contact import attempts, standing
from planner.domain.languages import VIETNAMESE, language_key
from planner.domain.learning.history import OwnKnock
from planner.domain.learning.knocks import OPENED
from planner.domain.learning.table import Chances
from planner.domain.rewards import NeedFacts, Prospect, VisitWorth
from planner.domain.settings import CampaignSettings
from planner.domain.visits import VisitFacts, effective
from planner.domain.vocabulary import Outcome, Period, RuleKind, SlotClass
from planner.services.bridge.facts import Door, HouseholdFacts, Rule
from planner.services.bridge.people import WOMAN
from planner.services.bridge.windows import ANY_TIME, WEEK_SECONDS, Interval, merged, within, without

DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Target:
    """A household that can be planned for. `record` is its part of the problem, all but the location."""

    household_id: int
    record: dict[str, Any]
    pins: tuple[dict[str, Any], ...]
    need_ids: tuple[int, ...]
    promised: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A household that is not planned for, and the code of why."""

    household_id: int
    reason: str
    promised: bool = False
    pinned: bool = False


@dataclass(frozen=True)
class Week:
    """What all households of a problem share."""

    monday: date
    slots: Sequence[Slot]
    settings: CampaignSettings
    days_left: int
    chances: Chances | None = None  # None: the settings' own
    extras: Mapping[str, int] = field(default_factory=dict)  # minutes by which a slot's lists go on beyond its end

    @cached_property
    def weekdays(self) -> dict[SlotClass, tuple[int, ...]]:
        """On which days of the week there are hours of a class."""
        found: dict[SlotClass, set[int]] = {}
        for slot in self.slots:
            found.setdefault(slot.slot_class, set()).add(slot.on_date.weekday())
        return {slot_class: tuple(sorted(days)) for slot_class, days in found.items()}


def target_of(household_id: int, facts: HouseholdFacts, week: Week) -> Target | LeftOut:
    """Return a household's part of the week's problem, or why it has none."""
    rules = facts.rules.get(household_id, [])
    spans = facts.promised.get(household_id, [])
    pinned = any(rule.kind is RuleKind.PIN for rule in rules)

    def left_out(reason: str) -> LeftOut:
        return LeftOut(household_id, reason, bool(spans), pinned)

    needs = facts.needs.get(household_id, [])
    if not needs:
        return left_out("no_open_need")
    if any(rule.kind is RuleKind.FORBID and _is_total(rule) for rule in rules):
        return left_out("forbidden")
    visits = facts.visits.get(household_id, [])
    contact = standing(visits, facts.stops.get(household_id, []), week.settings)
    if not contact.allowed and not (spans and contact.reason == "max_attempts"):
        return left_out("max_attempts" if contact.reason == "max_attempts" else "contact_stopped")
    if not spans and household_id in facts.promised_later:
        return left_out("promised_later")  # they named an hour: nobody comes before it
    windows = _windows(week, contact.not_before_at, spans, rules)
    if not windows:
        return left_out("too_soon" if not spans and contact.not_before_at is not None else "no_time_left")
    door = facts.doors[household_id]
    languages = _languages(door)
    worth = VisitWorth(
        needs=tuple(need for _, need in needs),
        days_left=week.days_left,
        calls_by_class=_calls_by_class(visits, week.settings),
        visited=bool(effective(visits)),
        promised=bool(spans),
        interpreter=bool(languages),
        smartphone=None if door.smartphones is None else door.smartphones > 0,
        hamlet_id=door.home.hamlet_id,
        knocks=_own_knocks(needs, visits, facts.reported, week.settings) if week.chances is not None else {},
        weekdays=week.weekdays,
        helped=facts.helped,
    )
    prospect = Prospect(worth, week.settings, week.chances)
    if not prospect.needs:
        return left_out("waits_for_account")
    if not prospect.points:
        return left_out("nobody_to_meet")
    record: dict[str, Any] = {
        "id": f"h{household_id}",
        "visit_seconds": {k.value: v for k, v in prospect.seconds.items()},
        "reward": {k.value: v for k, v in prospect.points.items()},
    }
    optional = {
        "windows": None if windows == ANY_TIME else [list(w) for w in windows],
        "skills": [WOMAN] if door.needs_woman else None,
        "languages": languages or None,
        "avoid": sorted({f"v{r.volunteer_id}" for r in rules if r.kind is RuleKind.FORBID and r.volunteer_id}) or None,
        "known": [f"v{v}" for v in facts.known.get(household_id, ())] or None,
    }
    record.update({key: value for key, value in optional.items() if value is not None})
    pins = tuple(_pin(household_id, rule) for rule in rules if rule.kind is RuleKind.PIN)
    if spans and not pins:
        pins = ({"household": f"h{household_id}"},)  # a promised hour is kept before any better use of it
    chosen = {id(need) for need in prospect.needs}
    need_ids = tuple(need_id for need_id, need in needs if id(need) in chosen)
    return Target(household_id, record, pins, need_ids, bool(spans))


def _is_total(rule: Rule) -> bool:
    return rule.on_date is None and rule.period is None and rule.volunteer_id is None


def _pin(household_id: int, rule: Rule) -> dict[str, Any]:
    pin: dict[str, Any] = {"household": f"h{household_id}"}
    if rule.on_date is not None and rule.period is not None:
        pin["slot"] = slot_id(rule.on_date, rule.period)
    if rule.volunteer_id is not None:
        pin["volunteers"] = [f"v{rule.volunteer_id}"]
    return pin


def _languages(door: Door) -> list[str]:
    """Return the languages one of which the crew must speak; none where Vietnamese will do."""
    keys = sorted({key for written in door.languages if (key := language_key(written))})
    return [] if VIETNAMESE in keys else keys


def _windows(
    week: Week, not_before_at: datetime | None, spans: Sequence[tuple[datetime, datetime]], rules: Sequence[Rule]
) -> tuple[Interval, ...]:
    """Return when a visit may begin: promised hours, else not too soon after the last; never when the desk forbade it."""
    windows = ANY_TIME
    if spans:
        windows = within(windows, merged((week_second(week.monday, a), week_second(week.monday, b)) for a, b in spans))
    elif not_before_at is not None:
        windows = within(windows, [(week_second(week.monday, not_before_at), WEEK_SECONDS)])
    for rule in rules:
        if rule.kind is RuleKind.FORBID and rule.volunteer_id is None:
            windows = without(windows, _times(week, rule))
        elif rule.kind is RuleKind.PIN and (rule.on_date is None) != (rule.period is None):
            windows = within(windows, [(a, b - 1) for a, b in _times(week, rule)])
    return windows


def _times(week: Week, rule: Rule) -> list[Interval]:
    """Return the half-open spans of a week that a rule names: a slot, a day, or one period of every day."""
    days = [day for day in week_of(week.monday) if rule.on_date in (None, day)]
    if rule.period is None:
        return [(n * DAY_SECONDS, (n + 1) * DAY_SECONDS) for n in ((day - week.monday).days for day in days)]
    slots = [slot_on(day, rule.period, week.settings) for day in days]
    return [
        (week_second(week.monday, s.starts_at), week_second(week.monday, s.ends_at) + 60 * week.extras.get(s.id, 0) + 1)
        for s in slots
    ]


def _calls_by_class(visits: Sequence[VisitFacts], settings: CampaignSettings) -> dict[SlotClass, int]:
    return dict(Counter(_class_at(visit.happened_at, settings) for visit in attempts(visits)))


def _own_knocks(
    needs: Sequence[tuple[int, NeedFacts]],
    visits: Sequence[VisitFacts],
    reported: Mapping[int, Collection[int]],
    settings: CampaignSettings,
) -> dict[int, tuple[OwnKnock, ...]]:
    """Return a household's visits as far as they say when each of its residents is at home; an hour they named says it better.

    Where results were written down, whoever has none was out; without any, whoever opened speaks for all.
    """
    found: dict[int, list[OwnKnock]] = {need.resident_id: [] for _, need in needs}
    for visit in effective(visits):
        if visit.outcome in OPENED or visit.outcome is Outcome.ABSENT:
            hour = _class_at(visit.happened_at, settings), local_date(visit.happened_at).weekday()
            opened, written = visit.outcome in OPENED, reported.get(visit.id, ())
            for resident_id, knocks in found.items():
                knocks.append(OwnKnock(*hour, met=opened and (not written or resident_id in written)))
    return {resident_id: tuple(knocks) for resident_id, knocks in found.items()}


def _class_at(at: datetime, settings: CampaignSettings) -> SlotClass:
    evening = local_time(at) >= settings.periods[Period.AFTERNOON][1]
    return slot_class(local_date(at), Period.EVENING if evening else Period.MORNING, settings)
