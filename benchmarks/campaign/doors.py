"""What happens at a door: who opens, what they say, what is done for whom, and how long that takes."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from benchmarks.campaign.commune import RULES, Home, Person, SyntheticCommune
from benchmarks.campaign.lists import Door, OpenNeed
from benchmarks.campaign.profiles import STARTS_ON, WEEKS
from benchmarks.campaign.truth import Hour, Truth
from planner.domain.calendar import monday_of, slot_on
from planner.domain.needs import ServiceFacts
from planner.domain.vocabulary import AccountState, NeedResult, Outcome, Period, ServiceRule
from planner.services.outcomes import Callback, ResultLine, VisitForm

ADULT = 14  # old enough to say when somebody is at home
EARLY = timedelta(minutes=15)  # before or after a promised hour that nobody would call late
TALK_MINUTES = 4.0  # a refusal, a word with someone else of the household
LAST_ON = STARTS_ON + timedelta(days=7 * WEEKS - 1)
DRAFTED_ON = 5  # Saturday: the weekday on which the next week's list is drafted
LIKELY_HOURS = (*((day, Period.EVENING) for day in range(7)), *((day, p) for day in (5, 6) for p in list(Period)[:2]))
SUGGESTED = 3  # hours a household thinks of; it names the one at which it is most likely to be there


@dataclass(frozen=True)
class Happened:
    """A visit as it was: the report, when it ended, and what will be heard of it later."""

    form: VisitForm
    ended_at: datetime
    promise_kept: bool | None  # None: no hour was promised
    referred: tuple[OpenNeed, ...] = ()
    submitted: tuple[OpenNeed, ...] = ()


@dataclass
class Doorstep:
    """Knocks at doors. `tries` counts how often something was tried with a resident: a later try is another throw."""

    commune: SyntheticCommune
    truth: Truth
    tries: Counter[tuple[int, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._people = self.commune.people

    def knock(self, door: Door, hour: Hour, at: datetime) -> Happened:
        """Visit a household at an instant."""
        home = self.commune.homes[door.household_id - 1]
        in_time = any(starts - EARLY <= at <= ends + EARLY for starts, ends in door.promised)
        kept = in_time if door.promised else None
        if self.truth.has_wrong_address(home) or self.truth.is_gone(home):
            outcome = Outcome.WRONG_ADDRESS if self.truth.has_wrong_address(home) else Outcome.MOVED
            return self._brief(door, hour, at, outcome, self.truth.habits.absent_minutes, kept)
        there = self._met(home, door.needs, hour, promised=in_time)
        if not there:
            return self._nobody(home, door, hour, at, kept)
        if self.truth.refuses(home):
            return self._brief(door, hour, at, Outcome.REFUSED, TALK_MINUTES, kept)
        return self._visit(home, door, there, hour, at, kept)

    def _met(self, home: Home, needs: Sequence[OpenNeed], hour: Hour, *, promised: bool) -> set[int]:
        """Return which residents with something open are there."""
        wanted = {need.resident_id for need in needs}
        if promised:  # they named the hour: those who can be there are, or the household has forgotten
            if not self.truth.keeps_promise(home, hour.on_date):
                return set()
            return {r for r in wanted if self.truth.presence(home, self._people[r - 1], hour) > 0.05}
        return {r for r in wanted if self.truth.at_home(home, self._people[r - 1], hour)}

    def _nobody(self, home: Home, door: Door, hour: Hour, at: datetime, kept: bool | None) -> Happened:
        """Nobody is there who was to be met; perhaps someone else says when they are."""
        wanted = {need.resident_id - 1 for need in door.needs}
        others = [p for p in home.people if p.index not in wanted and STARTS_ON.year - p.birth_year > ADULT]
        if any(self.truth.at_home(home, person, hour) for person in others):
            callback = self._named_hour(home, hour, self.truth.habits.says_when)
            if callback is not None:
                return self._brief(door, hour, at, Outcome.CALLBACK, TALK_MINUTES, kept, callback)
        return self._brief(door, hour, at, Outcome.ABSENT, self.truth.habits.absent_minutes, kept)

    def _visit(self, home: Home, door: Door, there: set[int], hour: Hour, at: datetime, kept: bool | None) -> Happened:
        lines: list[ResultLine] = []
        referred: list[OpenNeed] = []
        submitted: list[OpenNeed] = []
        minutes, activated = 0.0, {need.resident_id for need in door.needs if need.account is AccountState.ACTIVATED}
        for need in door.needs:
            person = self._people[need.resident_id - 1]
            if need.resident_id not in there or (need.service.document and need.resident_id not in activated):
                continue  # papers go into an activated account only
            slow = person.low_tech or bool(home.languages)
            takes = need.service.minutes * (RULES.patience_factor if slow else 1.0)
            if lines and minutes + takes > RULES.max_visit_minutes:
                break
            minutes += takes
            result = self._result(home, person, need.service, hour)
            own_device = person.smartphone if result in (NeedResult.DONE, NeedResult.SUBMITTED) else None
            lines.append(ResultLine(need.id, result, own_device=own_device))
            if need.service.rule is ServiceRule.ACCOUNT and result is NeedResult.DONE:
                activated.add(need.resident_id)
            if result is NeedResult.REFERRED:
                referred.append(need)
            elif result is NeedResult.SUBMITTED:
                submitted.append(need)
        minutes = self.truth.visit_minutes(home, hour, RULES.arrive_minutes + minutes)
        still_out = {n.resident_id for n in door.needs} - there
        callback = self._named_hour(home, hour, self.truth.habits.says_when_again) if still_out else None
        ended_at = at + timedelta(minutes=minutes)
        form = _form(door, hour, ended_at, Outcome.MET, tuple(lines), callback)
        return Happened(form, ended_at, kept, tuple(referred), tuple(submitted))

    def _result(self, home: Home, person: Person, service: ServiceFacts, hour: Hour) -> NeedResult:
        if service.rule is ServiceRule.REGISTER:
            agrees = self._succeeds(home, person, service)
            return NeedResult.REFERRED if agrees else self._no(person, service, NeedResult.DECLINED)
        if self.truth.is_down(hour):
            return NeedResult.NOT_DONE
        if service.rule is ServiceRule.ACCOUNT:
            if self._succeeds(home, person, service):
                return NeedResult.DONE
            to_police = self.truth.dice.chance(self.truth.habits.to_police, "to police", person.index)
            return NeedResult.REFERRED if to_police else NeedResult.NOT_DONE
        if not self._succeeds(home, person, service):
            return self._no(person, service, NeedResult.REJECTED if service.asynchronous else NeedResult.DECLINED)
        later = service.asynchronous and self.truth.dice.chance(
            self.truth.habits.submitted, "submitted", person.index, service.code
        )
        return NeedResult.SUBMITTED if later else NeedResult.DONE

    def _succeeds(self, home: Home, person: Person, service: ServiceFacts) -> bool:
        tries = self.tries[person.index, service.code]
        self.tries[person.index, service.code] += 1
        return self.truth.succeeds(home, person, service, tries)

    def _no(self, person: Person, service: ServiceFacts, final: NeedResult) -> NeedResult:
        return final if self.truth.is_hopeless(person, service) else NeedResult.NOT_DONE

    def _named_hour(self, home: Home, hour: Hour, chance: float) -> Callback | None:
        """Return the hour at which the household asks to be visited: in the first week whose list is not drafted yet."""
        dice, day = self.truth.dice, hour.on_date.toordinal()
        if not dice.chance(chance, "says when", home.index, day):
            return None
        monday = monday_of(hour.on_date) + timedelta(days=14 if hour.on_date.weekday() >= DRAFTED_ON else 7)
        thought_of = [LIKELY_HOURS[dice.pick(len(LIKELY_HOURS), "which hour", home.index, day, n)] for n in range(SUGGESTED)]
        best = max(thought_of, key=lambda moment: self._likely(home, monday, moment))
        on_date, period = monday + timedelta(days=best[0]), best[1]
        if on_date > LAST_ON:
            return None
        if dice.chance(0.6, "any hour of it", home.index, day):
            return Callback(on_date, period)
        starts, ends = RULES.periods[period]
        if dice.chance(0.5, "early or late", home.index, day):
            return Callback(on_date, None, starts, _later(starts, 75))
        return Callback(on_date, None, _later(starts, 45), _later(ends, -15))

    def _likely(self, home: Home, monday: date, moment: tuple[int, Period]) -> float:
        hour = Hour.of(slot_on(monday + timedelta(days=moment[0]), moment[1], RULES))
        return sum(self.truth.presence(home, person, hour) for person in home.people)

    def _brief(
        self, door: Door, hour: Hour, at: datetime, outcome: Outcome, minutes: float, kept: bool | None,
        callback: Callback | None = None,
    ) -> Happened:  # fmt: skip
        home = self.commune.homes[door.household_id - 1]
        ended_at = at + timedelta(minutes=self.truth.visit_minutes(home, hour, minutes))
        return Happened(_form(door, hour, ended_at, outcome, (), callback), ended_at, kept)


def _form(
    door: Door,
    hour: Hour,
    ended_at: datetime,
    outcome: Outcome,
    lines: tuple[ResultLine, ...],
    callback: Callback | None,
) -> VisitForm:
    """Return the report, written down at the end of the visit, as people do."""
    event = uuid.uuid5(uuid.NAMESPACE_OID, f"{door.household_id} {hour.on_date} {hour.period.value}")
    return VisitForm(str(event), door.household_id, outcome, ended_at, door.assignment.uid, lines, callback=callback)


def _later(at: time, minutes: int) -> time:
    return (datetime.combine(date.min, at) + timedelta(minutes=minutes)).time()
