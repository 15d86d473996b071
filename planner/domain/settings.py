"""What a campaign can be told to do otherwise. Stored as the differences from these defaults, checked on every reading."""

# ruff: noqa: RUF009 - `_setting` makes a dataclass field, it is no default value

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from itertools import pairwise
from typing import Any

from planner.domain import chances
from planner.domain import readers as read
from planner.domain.errors import InvalidInput
from planner.domain.learning.words import Exploration
from planner.domain.vocabulary import Clear, MeetKind, OutreachGroup, Period, SlotClass

Span = tuple[time, time]

POLICE_HOURS: Mapping[Period, Span] = {
    # ASSUMPTION: office hours of a commune's desk.
    Period.MORNING: (time(7, 30), time(11, 30)),
    Period.AFTERNOON: (time(13, 30), time(17, 0)),
}

HOURS: Mapping[Period, Span] = {
    # ASSUMPTION: within office hours by day; evenings as crews of Hà Nội (19:30–21:30) and Bình Dương kept them in
    # 2023, begun earlier so that the last visit ends before people sleep.
    Period.MORNING: (time(8, 0), time(11, 0)),
    Period.AFTERNOON: (time(14, 0), time(17, 0)),
    Period.EVENING: (time(18, 30), time(21, 0)),
}
# What is done on its own at night: the day it belongs to has begun, nobody is out, and the morning's pages find it done.
_AT_NIGHT = read.clock_within(time(0, 5), time(5, 0))
MOST_GUIDED = 1_000_000
_QUOTAS = read.named_table(read.whole(1, MOST_GUIDED), {})
FIVE_CLEARS = (Clear.PERSON, Clear.TASK, Clear.SCHEDULE, Clear.RESULT, Clear.ACCOUNTABILITY)
SIX_CLEARS = (Clear.PERSON, Clear.TASK, Clear.SCHEDULE, Clear.ACCOUNTABILITY, Clear.RESULT, Clear.AUTHORITY)


def _setting(reader: Callable[[str, Any], Any], default: Any) -> Any:
    return field(default_factory=lambda: default, metadata={"read": reader})


@dataclass(frozen=True)
class Travel:
    """How long a way takes: ``fixed_seconds + detour * distance_m / metres_per_second``."""

    metres_per_second: float = _setting(read.number(0.5, 30), 4.2)  # 15 km/h: a motorbike on village lanes, ASSUMPTION
    detour: float = _setting(read.number(1, 5), 1.3)  # road over straight line, the usual figure
    fixed_seconds: int = _setting(read.whole(0, 3600), 60)  # getting on and off, finding the door


@dataclass(frozen=True)
class Weights:
    """What the plan pays, in points, for what people dislike (see the solver's total)."""

    travel_per_hour: int = _setting(read.whole(0, 100_000), 20)
    extra_shift: int = _setting(read.whole(0, 100_000), 15)
    new_face: int = _setting(read.whole(0, 100_000), 3)
    change: int = _setting(read.whole(0, 100_000), 6)


@dataclass(frozen=True)
class CampaignSettings:
    """The settings of a campaign. Make one with `from_dict`; every figure can be replaced there."""

    periods: Mapping[Period, Span] = _setting(read.table(Period, read.span, HOURS), HOURS)
    evening_stop: time = _setting(read.clock, time(21, 30))  # crews are off the road; ASSUMPTION
    quiet_from: time = _setting(read.clock, time(21, 0))  # nobody knocks in the quiet hours
    quiet_until: time = _setting(read.clock, time(7, 0))
    rest_from: time = _setting(read.clock, time(11, 30))  # nor during the midday rest; ASSUMPTION
    rest_until: time = _setting(read.clock, time(13, 30))

    crew_size: int = _setting(read.whole(1, 5), 2)  # pairs, one of them local: safety and trust at the door
    crew_needs_lead: bool = _setting(read.yes_no, True)
    max_shifts: int = _setting(read.whole(1, 21), 3)  # a volunteer a week, where they set no limit; 2–3 is usual, ASSUMPTION
    max_attempts: int = _setting(read.whole(1, 20), 3)  # people are not quotas
    hours_between_attempts: int = _setting(read.whole(0, 24 * 60), 48)
    grace_minutes: int = _setting(read.whole(0, 7 * 24 * 60), 120)  # after its shift a visit may still be written down

    account_age: int = _setting(read.whole(0, 30), 14)  # Decree 69/2024: level 2 from 14
    document_age: int = _setting(read.whole(0, 30), 14)  # younger: the card shows in a parent's app, nothing to integrate
    residents_per_official: int = _setting(read.whole(1, 1000), 10)  # Plan B, B2: what each official is asked to guide
    organisation_quotas: Mapping[str, int] = _setting(_QUOTAS, {})  # residents that an organisation's volunteers are to guide,
    hamlet_quotas: Mapping[str, int] = _setting(_QUOTAS, {})  # and the volunteers of a hamlet, by its name
    elderly_age: int = _setting(read.whole(40, 110), 60)  # Law on the Elderly 2009, article 2

    travel: Travel = _setting(read.section(Travel), Travel())
    weights: Weights = _setting(read.section(Weights), Weights())
    meet_chance: Mapping[MeetKind, Mapping[SlotClass, float]] = _setting(
        read.table_of_tables(MeetKind, SlotClass, read.number(0, 1), chances.MEET_CHANCE), chances.MEET_CHANCE
    )
    success_chance: Mapping[str, float] = _setting(
        read.named_table(read.number(0, 1), chances.SUCCESS_CHANCE), chances.SUCCESS_CHANCE
    )
    appointment_chance: float = _setting(read.number(0, 1), 0.55)  # an appointment at the police is kept; ASSUMPTION
    helped_points: int = _setting(read.whole(0, 10_000), 40)  # for one more resident helped: as an activation; ASSUMPTION
    group_weight: Mapping[OutreachGroup, float] = _setting(
        read.table(OutreachGroup, read.number(0, 100), chances.GROUP_WEIGHT), chances.GROUP_WEIGHT
    )
    repeat_factor: float = _setting(read.number(0, 1), 0.85)  # chance left after an unanswered call in such hours; ASSUMPTION
    first_visit_urgency: float = _setting(read.number(1, 100), 1.2)  # everyone once before anyone twice; ASSUMPTION
    final_days: int = _setting(read.whole(1, 366), 14)  # in a campaign's last days a need has no later week; ASSUMPTION
    final_urgency: float = _setting(read.number(1, 100), 1.5)
    promise_chance: float = _setting(read.number(0, 1), 0.9)  # of meeting someone at an hour they asked for; ASSUMPTION
    promise_urgency: float = _setting(read.number(1, 100), 3.0)  # an hour promised at the door is kept; ASSUMPTION

    arrive_minutes: int = _setting(read.whole(0, 60), 4)  # greeting, showing the badge
    nobody_home_minutes: int = _setting(read.whole(0, 60), 3)
    patience_factor: float = _setting(read.number(1, 5), 1.5)  # with the elderly or through an interpreter
    max_visit_minutes: int = _setting(read.whole(5, 240), 45)  # what is left is done another time; ASSUMPTION
    expected_lengths: bool = _setting(read.yes_no, True)  # plan visits by their expected length; False: as if all are at home

    learning: bool = _setting(read.yes_no, True)  # plan by what this campaign's visits showed; False: by the tables above
    learn_at: time = _setting(read.clock, time(1, 0))  # every night: what the day's visits taught
    prior_strength: int = _setting(read.whole(1, 1000), 10)  # knocks that the tables above weigh; ASSUMPTION
    hamlet_strength: int = _setting(read.whole(1, 1000), 40)  # knocks all hamlets weigh against one; docs/learning.md
    exploration: Exploration = _setting(read.word(Exploration), Exploration.NONE)  # worth of trying; docs/learning.md
    home_percent: int = _setting(read.whole(50, 99), 85)  # of crews home by the slot's end, as planned for; docs/learning.md
    extra_percent: int = _setting(read.whole(0, 300), 150)  # of what that takes lists go on beyond the end, with reserve doors
    length_spread: float = _setting(read.number(0, 3), 0.6)  # of a visit's length, as a share of it; ASSUMPTION

    closed_dates: tuple[date, ...] = _setting(read.dates, ())  # no visits: mourning, floods, a wedding of the whole hamlet
    open_dates: tuple[date, ...] = _setting(read.dates, ())  # public holidays on which crews do go
    working_dates: tuple[date, ...] = _setting(read.dates, ())  # Saturdays and Sundays worked in place of another day

    draft_weekday: int = _setting(read.whole(0, 6), 5)  # Saturday: the next week is drafted …
    draft_at: time = _setting(read.clock, time(7, 0))
    close_at: time = _setting(read.clock, time(2, 0))  # Monday: the past week is closed
    publish_by_itself: bool = _setting(read.yes_no, False)  # a draft without faults, without the desk having looked at it
    replan_by_itself: bool = _setting(read.yes_no, True)  # propose other hours for the missed; the desk accepts or not
    replan_at: time = _setting(read.clock, time(6, 0))
    availability_weekday: int = _setting(read.whole(0, 6), 4)  # Friday: the next week's availability closes …
    availability_at: time = _setting(read.clock, time(18, 0))
    availability_remind_hours: int = _setting(read.whole(1, 144), 24)  # … and is asked for so long before
    remind_at: time = _setting(read.clock, time(19, 0))  # the evening before: tomorrow's shifts and appointments
    remind_hours: int = _setting(read.whole(1, 12), 2)  # and once more so long before a shift
    digest_at: time = _setting(read.clock, time(7, 0))
    follow_up_days: int = _setting(read.whole(1, 90), 7)  # sent in and not answered for so long: ask; ASSUMPTION
    monthly_report_day: int = _setting(read.whole(0, 28), 0)  # the report must be in before that day of each month; 0: none
    final_report_on: date | None = _setting(read.optional(read.day), None)  # … and the final one before this date
    report_leader_days: int = _setting(read.whole(0, 28), 5)  # so long before a report is due the leaders are told,
    report_desk_days: int = _setting(read.whole(0, 28), 2)  # then the desk,
    report_chairman_days: int = _setting(read.whole(0, 28), 0)  # then the chairman: 0 is the day itself
    idle_seat_days: int = _setting(read.whole(0, 365), 30)  # phones silent for so long lose their seat; 0: as accounts do
    count_at: time = _setting(_AT_NIGHT, time(0, 30))  # the day's figures are kept; what the evening's phones sent is in by then
    photos_at: time = _setting(_AT_NIGHT, time(3, 0))  # photos past their time are erased
    tidy_at: time = _setting(_AT_NIGHT, time(3, 15))  # idle seats end, dead links and words of old reports are forgotten
    backup_at: time = _setting(read.clock, time(2, 30))
    backups_kept: int = _setting(read.whole(1, 365), 14)
    solver_seconds: int = _setting(read.whole(1, 3600), 60)
    solver_seed: int = _setting(read.whole(0, 2**31 - 1), 1)

    police_places: int = _setting(read.whole(0, 100), 4)  # people an hour for level 2 at the police desk; ASSUMPTION
    police_hours: Mapping[Period, Span] = _setting(read.table(Period, read.span, POLICE_HOURS), POLICE_HOURS)
    police_weekends: bool = _setting(read.yes_no, False)  # open on Saturdays and Sundays too

    clears: tuple[Clear, ...] = _setting(read.words(Clear), FIVE_CLEARS)  # SIX_CLEARS where the province says 6 rõ
    desk_name: str = _setting(read.text(120), "")  # whom crews call: the duty officer
    desk_phone: str = _setting(read.text(40), "")
    reviewer: str = _setting(read.text(120), "")  # who checks results, e.g. a deputy head of the commune police
    former_places: Mapping[str, str] = _setting(read.named_table(read.text(120), {}), {})  # merged communes, hamlets → today's
    evidence_days: int = _setting(read.whole(0, 3650), 30)  # photos are kept so long after the campaign's end; ASSUMPTION
    retention_days: int = _setting(read.whole(1, 3650), 30)  # after its end residents' data are to be erased; ASSUMPTION
    store_id_numbers: bool = _setting(read.yes_no, False)  # keyed hash and last three digits only, even then

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> CampaignSettings:
        """Return the settings with what `given` (JSON) says otherwise.

        Raises
        ------
        InvalidInput
            `facts["field"]` is the path of the faulty value, e.g. ``periods.S``.
        """
        settings: CampaignSettings = read.section(cls)("", given)
        settings._check_hours()
        return settings

    def to_dict(self) -> dict[str, Any]:
        """Return what differs from the defaults, as JSON; `from_dict` of it gives the same settings."""
        default = CampaignSettings()
        return {
            f.name: read.plain(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != getattr(default, f.name)
        }

    def _check_hours(self) -> None:
        for period, (start, end) in self.periods.items():
            path = f"periods.{period.value}"
            if start >= end:
                raise InvalidInput("setting_span_reversed", field=path)
            if self.is_quiet(start):
                raise InvalidInput("setting_quiet_hours", field=path)
            if end > self.evening_stop:
                raise InvalidInput("setting_after_evening_stop", field=path, stop=f"{self.evening_stop:%H:%M}")
            if start < self.rest_until and end > self.rest_from:
                raise InvalidInput("setting_midday_rest", field=path)
        for period, (start, end) in self.police_hours.items():
            if start >= end:
                raise InvalidInput("setting_span_reversed", field=f"police_hours.{period.value}")
        spans = sorted(self.periods.values())
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise InvalidInput("setting_periods_overlap", field="periods")

    def is_quiet(self, at: time) -> bool:
        """Tell whether nobody may knock at that local hour."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until
