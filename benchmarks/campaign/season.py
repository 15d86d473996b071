"""A whole campaign, week by week, through the services that people and phones use; only the clock is not the real one.

Friday: volunteers say when they can come. Saturday: the clock drafts the next week. Sunday evening: the desk publishes.
Every slot: who comes, goes from door to door; what was found is recorded as phones do. The morning after crews did not go out,
the clock proposes other hours for their doors, and the desk accepts. Twice a week and on those mornings the clock ticks: what was
due in between it catches up with, as after an outage.
"""

from __future__ import annotations

import time as stopwatch
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from benchmarks.campaign import figures, founding, recording
from benchmarks.campaign.commune import make_commune
from benchmarks.campaign.doors import LAST_ON
from benchmarks.campaign.evening import Walker
from benchmarks.campaign.figures import WeekFigures
from benchmarks.campaign.lists import Outing, outings
from benchmarks.campaign.office import Office
from benchmarks.campaign.profiles import HABITS, STARTS_ON, WEEKS, Habits, Profile
from benchmarks.campaign.truth import Hour, Truth
from benchmarks.campaign.ways import Way
from planner.domain.calendar import PERIODS, instant, week_of
from planner.domain.vocabulary import RunKind, RunState
from planner.jobs.scheduler import tick
from planner.services import campaigns, planning, publishing, volunteers
from planner.services.calendar import slots_for

MORNING, ACCEPTED, SAID, DRAFTED = time(6), time(6, 20), time(6, 30), time(7, 5)
HEARD, PUBLISHED, COUNTED = time(22, 15), time(22, 30), time(22, 45)
COUNTED_WEEKS = (1, 2, 5, 8)
SENT_AFTER = timedelta(hours=1)  # after the slot: the last phone has found a line
HEARD_AFTER = 10  # days after the campaign within which the police and the register still answer


@dataclass(frozen=True)
class Setting:
    """What is simulated: the commune, the seed, and how the search is bounded."""

    profile: Profile
    seed: int
    weeks: int = WEEKS
    iterations: int = 4000
    habits: Habits = HABITS
    settings: Mapping[str, Any] | None = None


class PlanFailed(Exception):
    """A week could not be planned."""


class Clock:
    """Tells the hour it was set to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def set(self, day: date, hour: time) -> datetime:
        self.at = instant(day, hour)
        return self.at


class Season:
    """One campaign in one way of working."""

    def __init__(self, setting: Setting, way: Way) -> None:
        self.setting, self.way = setting, way
        self.commune = make_commune(setting.profile, setting.seed)
        self.truth = Truth(setting.profile, setting.habits, setting.seed)
        self.clock = Clock(instant(STARTS_ON - timedelta(days=7), time(9)))
        self.seconds: Counter[str] = Counter()
        self.db = founding.empty_database()
        with self._timed("founding"), self.db.begin() as session:
            self.place = founding.found(session, self.commune, {**(setting.settings or {}), **way.settings})
            self.campaign = campaigns.active(session, self.place.desk)
            self.needy = figures.in_need(session)
        self.engine = way.engine(self.db, self.place.commune_id, setting.iterations)
        self.walker = Walker(self.commune, self.truth, self.campaign.settings)
        self.office = Office(self.truth)
        self.weeks: list[WeekFigures] = []

    def play(self) -> dict[str, Any]:
        """Play the campaign and return its figures."""
        began = stopwatch.perf_counter()
        self._first_week()
        for week in range(self.setting.weeks):
            self._week(week)
        self._afterwards()
        return self._document(stopwatch.perf_counter() - began)

    def close(self) -> None:
        """Let go of the database: it is gone then."""
        self.db.dispose()

    def _first_week(self) -> None:
        """The desk itself asks for the first week's plan: the clock begins with the campaign."""
        self._hear_who_can(STARTS_ON)
        at = self.clock.set(STARTS_ON - timedelta(days=2), DRAFTED)
        with self._timed("planning"):
            with self.db.begin() as session:
                run_id = planning.request_draft(session, self.place.desk, STARTS_ON, RunKind.DRAFT, {}, at)
            planning.run_now(self.db, run_id, self.clock, engine=self.engine)
        self._publish(STARTS_ON)

    def _week(self, week: int) -> None:
        monday = STARTS_ON + timedelta(days=7 * week)
        self.weeks.append(WeekFigures(week + 1))
        open_slots = {(slot.on_date, slot.period): slot for slot in self._slots(monday)}
        fallen = 0
        for day in week_of(monday):
            if day == monday:
                self._tick(day, MORNING)
            elif self.way.replans and self.weeks[-1].fallen > fallen:
                self._replan(day, monday)
            fallen = self.weeks[-1].fallen
            if day.weekday() == 4 and week + 1 < self.setting.weeks:
                self._hear_who_can(monday + timedelta(days=7))
            if day.weekday() == 5 and week + 1 < self.setting.weeks:
                self._tick(day, DRAFTED, "planning")
            for period in PERIODS:
                if (day, period) in open_slots:
                    self._slot(Hour.of(open_slots[day, period]))
            self._hear_from_offices(day)
        if week + 1 < self.setting.weeks:
            self._publish(monday + timedelta(days=7))
        self._count(monday + timedelta(days=6))

    def _slots(self, monday: date) -> Any:
        return slots_for(monday, self.campaign.settings, self.campaign.starts_on, self.campaign.ends_on)

    def _hear_who_can(self, monday: date) -> None:
        """Volunteers say for a very week in which of their usual slots they can come."""
        at = self.clock.set(monday - timedelta(days=3), SAID)
        free = {
            helper.index + 1: [
                (day, period)
                for day in week_of(monday)
                for period in PERIODS
                if (day.weekday(), period) in helper.usual and self.truth.can(helper.index, day, period)
            ]
            for helper in self.commune.helpers
        }
        with self._timed("availability"), self.db.begin() as session:
            volunteers.set_availability(session, self.place.desk, monday, free, at)

    def _publish(self, monday: date) -> None:
        at = self.clock.set(monday - timedelta(days=1), PUBLISHED)
        with self._timed("publishing"), self.db.begin() as session:
            runs = planning.runs(session, self.place.desk, monday)
            if not runs or runs[0].state is not RunState.DONE:
                raise PlanFailed(f"{monday}: {[(r.state.value, r.error_code, r.error_facts) for r in runs]}")
            draft = planning.draft_head(session, self.place.desk, runs[0].week_plan_id or 0)
            publishing.publish(session, self.place.desk, draft.id, draft.version, draft.base_version, at)

    def _replan(self, day: date, monday: date) -> None:
        """Crews did not go out yesterday: the clock proposes other hours for their visits, and the desk accepts that."""
        self._tick(day, MORNING, "replanning")
        at = self.clock.set(day, ACCEPTED)
        with self._timed("publishing"), self.db.begin() as session:
            runs = planning.runs(session, self.place.desk, monday)
            if not runs or runs[0].kind is not RunKind.REASSIGN or runs[0].week_plan_id is None:
                return
            draft = planning.draft_head(session, self.place.desk, runs[0].week_plan_id)
            publishing.publish(session, self.place.desk, draft.id, draft.version, draft.base_version, at)

    def _slot(self, hour: Hour) -> None:
        """Let the crews of a slot go out, and record what they found."""
        with self._timed("lists"), self.db.read() as session:
            crews = outings(session, self.campaign, hour.on_date, hour.period)
        going = [crew for crew in crews if self._goes(crew, hour)]
        with self._timed("walking"):
            evenings = [self.walker.walk(crew, hour) for crew in going]
        self.weeks[-1].add(evenings, len(crews) - len(going))
        if not evenings:
            return
        at = self.clock.at = max(crew.ends_at for crew in crews) + SENT_AFTER
        with self._timed("outcomes"), self.db.begin() as session:
            recording.record(session, self.place, self.campaign, evenings, at)
        for evening in evenings:
            for happened in evening.happened:
                self.office.note(happened, hour.on_date)

    def _goes(self, crew: Outing, hour: Hour) -> bool:
        """Nobody visits alone: a crew of which someone does not come stays at home, and the desk hears of it."""
        missing = [member for member in crew.members if not self.truth.comes(member - 1, hour)]
        self.clock.at = crew.starts_at
        for member in missing:
            with self._timed("no-shows"), self.db.begin() as session:
                volunteers.mark_absent(session, self.place.desk, member, hour.on_date, hour.period, "", crew.starts_at)
        return not missing

    def _hear_from_offices(self, day: date) -> None:
        at = self.clock.set(day, HEARD)
        with self._timed("settling"), self.db.begin() as session:
            self.office.tell(session, self.place.desk, day, at)

    def _tick(self, day: date, hour: time, what: str = "clock") -> None:
        self.clock.set(day, hour)
        with self._timed(what):
            tick(self.db, self.clock, "simulator", self.engine)

    def _count(self, sunday: date) -> None:
        at = self.clock.set(sunday, COUNTED)
        with self._timed("counting"), self.db.read() as session:
            week = self.weeks[-1]
            found = figures.done(session, self.place, self.commune)
            week.helped, week.needs_done, week.points = len(found.residents), found.needs, round(found.points)
            if week.week in COUNTED_WEEKS or week.week == self.setting.weeks:  # a second each in a large commune
                week.indicators = figures.indicators(session, self.place, at)

    def _afterwards(self) -> None:
        """After the last visit the police and the register still answer."""
        last = STARTS_ON + timedelta(days=7 * self.setting.weeks - 1)
        for day in (last + timedelta(days=n) for n in range(1, HEARD_AFTER + 1)):
            self._hear_from_offices(day)

    def _document(self, seconds: float) -> dict[str, Any]:
        end = instant(LAST_ON + timedelta(days=HEARD_AFTER), COUNTED)
        with self.db.read() as session:
            found = figures.done(session, self.place, self.commune)
            final = figures.indicators(session, self.place, end)
            promised = figures.promises_made(session, end)
        return {
            "profile": self.setting.profile.name,
            "households": self.setting.profile.households,
            "hamlets": self.setting.profile.hamlets,
            "volunteers": len(self.commune.helpers),
            "residents": len(self.commune.people),
            "in_need": len(self.needy),
            "seed": self.setting.seed,
            "way": self.way.letter,
            "iterations": self.setting.iterations,
            "weeks": [week.document() for week in self.weeks],
            "helped": len(found.residents & self.needy),
            "needs_done": found.needs,
            "points": round(found.points),
            "indicators": final,
            "promises": promised,
            "shares": figures.shares(self.commune, self.needy, found.residents),
            "seconds": round(seconds, 1),
            "cpu_seconds": {name: round(spent, 1) for name, spent in self.seconds.items()},
        }

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = stopwatch.process_time()
        try:
            yield
        finally:
            self.seconds[what] += stopwatch.process_time() - began
