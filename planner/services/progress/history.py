"""How the figures came to be: what stood in the books on each Monday, and where nobody wrote that down, what results say.

Each night the figures of the day are kept (`keep`, job ``count``): that is what was known then, corrections of the roster and
late reports included as they came, and costs one row. A Monday without one (the clock stood still, the campaign is older than
the clock) is worked out backwards: what stood there a week later, less what was done meanwhile. The baseline is the last that
was kept before the first visit, or what is left when all results are taken away.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from planner.domain import indicators, tally
from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import NeedState, WeekState
from planner.models import Assignment, Household, IndicatorDay, Need, Resident, Shift, Visit, WeekPlan
from planner.services import campaigns, tallies
from planner.services.campaigns import CampaignView
from planner.services.credit import brought_about

WEEK = timedelta(days=7)
HELD = (WeekState.PUBLISHED, WeekState.CLOSED)


@dataclass(frozen=True)
class Point:
    """The figures at the first hour of a date (`now`: at this instant). `groups`: households still to call on, by group."""

    on_date: date
    hamlets: Mapping[int, Mapping[str, int]]
    groups: Mapping[int, int] = field(default_factory=dict)
    shifts: int = 0
    kept: bool = True

    def value(self, name: str) -> int:
        return sum(counts.get(name, 0) for counts in self.hamlets.values())


@dataclass(frozen=True)
class History:
    """The baseline, every Monday of the campaign after its first, and now."""

    baseline: Point
    mondays: tuple[Point, ...]
    now: Point

    @property
    def points(self) -> tuple[Point, ...]:
        return (self.baseline, *self.mondays, self.now)

    def gains(self, name: str) -> tuple[int, ...]:
        """Return what was gained in each complete week; a figure that fell (the roster was corrected) gained nothing."""
        values = [point.value(name) for point in (self.baseline, *self.mondays)]
        return tuple(max(0, after - before) for before, after in pairwise(values))

    def gained_since(self, name: str) -> int:
        """Return what was gained since the last complete week."""
        return max(0, self.now.value(name) - self.points[-2].value(name))

    def shifts_held(self) -> tuple[int, ...]:
        """Return the crew shifts that went out in each complete week."""
        values = [point.shifts for point in (self.baseline, *self.mondays)]
        return tuple(max(0, after - before) for before, after in pairwise(values))

    def before(self, on_date: date) -> Point | None:
        """Return the latest point at or before a date."""
        return next((p for p in reversed((self.baseline, *self.mondays)) if p.on_date <= on_date), None)


def point_of(sums: tallies.Sums, on_date: date, shifts: int) -> Point:
    """Return figures by hamlet and group as a point."""
    hamlets: dict[int, Counter[str]] = defaultdict(Counter)
    groups: Counter[int] = Counter()
    for (hamlet_id, group), counts in sums.items():
        hamlets[hamlet_id].update(counts)
        if group is not None:
            groups[group] += counts["households"]
    return Point(on_date, hamlets, groups, shifts)


def keep_baseline(session: Session, commune_id: int, at: datetime) -> None:
    """After an import: keep what it says, the baseline where nobody has been visited yet."""
    campaign = campaigns.find_active(session, commune_id)
    if campaign is not None:
        keep(session, campaign, at)


def keep(session: Session, campaign: CampaignView, at: datetime) -> bool:
    """Keep the day's figures, unless they are kept. Before the first visit the latest count of a day stands, as baseline."""
    on_date = local_date(at)
    now = point_of(
        tallies.sums(session, campaign, tally.SUMMED, on_date), on_date, sum(shifts_by_week(session, campaign).values())
    )
    figures = {
        "hamlets": {str(h): {name: n for name, n in counts.items() if n} for h, counts in now.hamlets.items()},
        "groups": {str(group): number for group, number in now.groups.items()},
        "shifts": now.shifts,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(IndicatorDay).values(campaign_id=campaign.id, on_date=on_date, figures=figures)
    target = ["campaign_id", "on_date"]
    if now.value("attempts"):
        kept = row.on_conflict_do_nothing(index_elements=target)
    else:
        kept = row.on_conflict_do_update(index_elements=target, set_={"figures": row.excluded.figures})
    return session.scalar(kept.returning(IndicatorDay.id)) is not None


def history(session: Session, campaign: CampaignView, now: Point) -> History:
    """Return the campaign's history up to `now`."""
    first, last = monday_of(campaign.starts_on), min(monday_of(now.on_date), monday_of(campaign.ends_on) + WEEK)
    wanted = [first + WEEK * n for n in range(1, (last - first).days // 7 + 1)]
    kept = _kept(session, campaign, wanted)
    books = _Books(session, campaign, now)
    found: list[Point] = []
    later = now
    for monday in reversed(wanted):
        later = kept.get(monday) or books.worked_out(later, monday)
        found.append(later)
    baseline = _baseline(session, campaign) or books.worked_out(later, min(campaign.starts_on, now.on_date), whole=True)
    return History(baseline, tuple(reversed(found)), now)


class _Books:
    """What nobody kept, worked out from the results; read only where it is needed."""

    def __init__(self, session: Session, campaign: CampaignView, now: Point) -> None:
        self._session, self._campaign, self._now = session, campaign, now

    @cached_property
    def _results(self) -> list[_Result]:
        return _results(self._session, self._campaign)

    @cached_property
    def _shifts(self) -> dict[date, int]:
        return shifts_by_week(self._session, self._campaign)

    def worked_out(self, later: Point, on_date: date, *, whole: bool = False) -> Point:
        """Return a later point less what was done from a date on until then; `whole`: less all that was done before it."""
        since = date.min if whole else on_date
        until = date.max if later is self._now else later.on_date
        hamlets = {hamlet_id: Counter(counts) for hamlet_id, counts in later.hamlets.items()}
        for result in self._results:
            if since <= result.on_date < until:
                counts = hamlets.setdefault(result.hamlet_id, Counter())
                for name in raised_by(result.service, ours=result.ours):
                    counts[name] = max(0, counts[name] - 1)
        shifts = 0 if whole else sum(number for monday, number in self._shifts.items() if monday < on_date)
        return Point(on_date, hamlets, {}, shifts, kept=False)


@dataclass(frozen=True, slots=True)
class _Result:
    on_date: date
    hamlet_id: int
    service: str
    ours: bool


def raised_by(service: str, *, ours: bool) -> tuple[str, ...]:
    """Return the figures that a need of a service raises by one when it is done, as far as one need tells."""
    raised = {"activate": ("activated_14",), "portal": ("activated_portal_14",)}.get(service, ())
    document = service in indicators.DOCUMENTS
    facts = (*raised, *((f"{service}_integrated", f"{service}_integrated_level2") if document else ()))
    if not ours:
        return facts
    guided = {
        "activate": ("guided_activated",), "register": ("guided_registered",), "portal": ("guided_activated_portal",),
    }.get(service, ())  # fmt: skip
    return (*facts, *guided, *((f"{service}_guided",) if document else ()), f"{service}_by_visit", "needs_done")


def _kept(session: Session, campaign: CampaignView, days: list[date]) -> dict[date, Point]:
    rows = session.scalars(select(IndicatorDay).where(IndicatorDay.campaign_id == campaign.id, IndicatorDay.on_date.in_(days)))
    return {row.on_date: _point(row) for row in rows}


def _point(row: IndicatorDay) -> Point:
    figures = row.figures
    return Point(
        row.on_date,
        {int(hamlet_id): counts for hamlet_id, counts in figures["hamlets"].items()},
        {int(group): number for group, number in figures["groups"].items()},
        figures["shifts"],
    )


def _baseline(session: Session, campaign: CampaignView) -> Point | None:
    """Return what was kept last before the first visit; None where nothing was."""
    last = None
    for row in session.scalars(
        select(IndicatorDay).where(IndicatorDay.campaign_id == campaign.id).order_by(IndicatorDay.on_date).limit(400)
    ).yield_per(10):
        point = _point(row)
        if point.value("attempts"):
            break
        last = point
    return last


def _results(session: Session, campaign: CampaignView) -> list[_Result]:
    codes = {service.id: service.code for service in campaign.services}
    rows = session.execute(
        select(Need.state_since_at, Household.hamlet_id, Need.service_id, brought_about())
        .join(Resident, Resident.id == Need.resident_id)
        .join(Household, Household.id == Resident.household_id)
        .where(Need.service_id.in_(list(codes)), Need.state == NeedState.DONE, Resident.left_at.is_(None))
    )
    return [_Result(local_date(since_at), hamlet_id, codes[service_id], ours) for since_at, hamlet_id, service_id, ours in rows]


def shifts_by_week(session: Session, campaign: CampaignView) -> dict[date, int]:
    """Return how many crew shifts went out in each week: those of which at least one visit was reported."""
    reported = (
        select(Visit.id).join(Assignment, Assignment.id == Visit.assignment_id).where(Assignment.shift_id == Shift.id).exists()
    )
    rows = session.execute(
        select(WeekPlan.monday, func.count(Shift.id))
        .join(Shift, Shift.week_plan_id == WeekPlan.id)
        .where(WeekPlan.campaign_id == campaign.id, WeekPlan.state.in_(HELD), reported)
        .group_by(WeekPlan.monday)
    )
    return dict(rows.all())
