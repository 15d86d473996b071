"""Why a household has no visit, or this one: asked of the problem and the plan that its run has kept.

Nothing is stored for every household: the two documents are unpacked and asked when someone wants to know. An answer speaks
of the week as it was when the run read it; a household that a later re-planning did not look at is answered by the run
before it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant_of, slot_id, week_of
from planner.domain.vocabulary import Period, RunKind, SlotClass
from planner.models import Assignment, PlanRun, Shift, WeekPlan
from planner.services import scope
from planner.services.actors import Actor
from planner.services.comparing import crews_of, household_names, volunteer_names

Document = dict[str, Any]


@dataclass(frozen=True)
class SlotWords:
    """A slot of the week by its date and part of the day."""

    on_date: date
    period: Period


@dataclass(frozen=True)
class Way:
    """A visit that the week could have made. Points are those of the total; None where they mean promises, not needs.

    Attributes
    ----------
    shift_number
        Of the crew in this revision; None for one that stays at home so far, or was changed since.
    gain
        Exact difference of the week's total: ``adds - loses``.
    displaces
        Who would lose the visit: household id and name.
    joins
        How many others a crew that stays at home so far would visit as well.
    """

    slot: SlotWords
    starts_at: datetime
    crew: tuple[str, ...]
    shift_number: int | None
    is_new: bool
    gain: float | None
    adds: float | None
    loses: float | None
    displaces: tuple[tuple[int, str], ...]
    joins: int


@dataclass(frozen=True)
class MoreCrews:
    """So many more crews next door in such hours would visit the household; `crews` None: not even the third would."""

    slot_class: SlotClass
    crews: int | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    visits: int


@dataclass(frozen=True)
class Why:
    """What there is to say of one household in one revision of a week.

    Attributes
    ----------
    visited
        Whether the plan visits it; then `slot`, `crew` and the facts of an assignment are there.
    outdated
        The plan that is asked visits it and the revision does not any more, or the other way round.
    considered
        False where no run looked at it for a visit: `reason` is then all there is.
    facts
        Of the reason, or of the assignment: see `solver.explain`.
    """

    household_id: int
    head_name: str
    address: str
    week_plan_id: int
    monday: date
    asked_at: datetime | None
    considered: bool
    visited: bool
    outdated: bool
    reason: str
    proved: bool
    facts: Mapping[str, Any]
    by_class: Mapping[SlotClass, int]
    ways: tuple[Way, ...]
    brings_in: tuple[MoreCrews, ...]
    slot: SlotWords | None
    crew: tuple[str, ...]
    points: float | None
    instead: tuple[int, str, float] | None


def why(session: Session, actor: Actor, week_plan_id: int, household_id: int) -> Why:
    """Return why a household has its visit in a revision of a week, or none, and what else there was.

    Raises
    ------
    NotFound
        A revision or household that is not the actor's to see.
    """
    actor.require_desk()
    plan = scope.get_week_plan(session, actor, week_plan_id)
    scope.get_household(session, actor, household_id)
    told = _Teller(session, actor, plan)
    listed = [row for row in plan.unplaced if row.get("household_id") == household_id]
    for run in _runs(session, plan):
        problem, solved = _unpacked(run.problem_gz), _unpacked(run.plan_gz)
        if any(home["id"] == f"h{household_id}" for home in problem["households"]):
            from solver.explain import explain_household  # numpy and what it takes with it: only where someone asks

            return told.why(run, explain_household(problem, solved, f"h{household_id}"), household_id)
        if listed:
            break
    reason = str(listed[0]["reason"]) if listed else "not_considered"
    return told.unconsidered(household_id, reason)


def _runs(session: Session, plan: WeekPlan) -> Iterator[PlanRun]:
    """Yield the runs whose documents say how a revision came about, the latest first."""
    seen: WeekPlan | None = plan
    while seen is not None:
        run = session.scalars(
            select(PlanRun).where(PlanRun.week_plan_id == seen.id, PlanRun.plan_gz.is_not(None)).order_by(PlanRun.id.desc())
        ).first()
        if run is not None:
            yield run
        seen = session.get(WeekPlan, seen.base_id) if seen.base_id is not None else None


def _unpacked(packed: bytes | None) -> Document:
    document: Document = json.loads(gzip.decompress(packed or b""))
    return document


class _Teller:
    """Puts dates and names to the ids of documents."""

    def __init__(self, session: Session, actor: Actor, plan: WeekPlan) -> None:
        self.session, self.plan = session, plan
        self.people = volunteer_names(session, actor.commune_id)
        self.slots = {slot_id(day, part): SlotWords(day, part) for day in week_of(plan.monday) for part in Period}
        self.numbers = _numbers(session, plan.id)

    def why(self, run: PlanRun, told: Document, household_id: int) -> Why:
        """Return what the solver told, in the planner's words."""
        visited = "slot" in told
        steady = run.kind is RunKind.REASSIGN
        ways = told["alternatives"] if visited else told["ways"]
        instead = told.get("instead")
        ids = {household_id, *(_number(h) for way in ways for h in way["displaces"])}
        self.houses = household_names(self.session, ids | ({_number(instead["household"])} if instead else set()))
        known = ("household", "reason", "proved", "by_class", "ways", "brings_in", "alternatives", "instead", "start")
        return Why(
            **self._of(household_id), asked_at=run.requested_at, considered=True, visited=visited,
            outdated=visited is not self._is_visited(household_id),
            reason=told.get("reason", ""), proved=bool(told.get("proved")),
            facts={key: self._named(key, value) for key, value in told.items() if key not in known},
            by_class={SlotClass(kind): points for kind, points in told["by_class"].items() if not steady},
            ways=tuple(self._way(way, steady=steady) for way in ways),
            brings_in=tuple(_more_crews(entry) for entry in told.get("brings_in", ())),
            slot=self.slots[told["slot"]] if visited else None,
            crew=self._crew(told["volunteers"]) if visited else (),
            points=None if steady or not visited else told["points"] / 1000,
            instead=self._instead(instead) if instead and not steady else None,
        )  # fmt: skip

    def unconsidered(self, household_id: int, reason: str) -> Why:
        """Return what there is to say of a household that no run looked at."""
        self.houses = household_names(self.session, [household_id])
        return Why(
            **self._of(household_id), asked_at=None, considered=False, visited=False, outdated=self._is_visited(household_id),
            reason=reason, proved=True, facts={}, by_class={}, ways=(), brings_in=(), slot=None, crew=(),
            points=None, instead=None,
        )  # fmt: skip

    def _of(self, household_id: int) -> Document:
        house = self.houses[household_id]
        return {
            "household_id": household_id, "head_name": house.head_name, "address": house.address,
            "week_plan_id": self.plan.id, "monday": self.plan.monday,
        }  # fmt: skip

    def _is_visited(self, household_id: int) -> bool:
        live = select(Assignment.id).where(
            Assignment.week_plan_id == self.plan.id, Assignment.household_id == household_id, Assignment.withdrawn_at.is_(None)
        )
        return self.session.scalar(live.limit(1)) is not None

    def _named(self, key: str, value: Any) -> Any:
        """Replace ids of slots and volunteers in the facts of a reason."""
        if key == "slots":
            return tuple(self.slots[name] for name in value)
        if key == "slot":
            return self.slots[value]
        if key in ("volunteers", "known"):
            return self._crew(value)
        if key in ("skills", "languages") and isinstance(value, Mapping):
            return {wanted: self._crew(who) for wanted, who in value.items()}
        return value

    def _crew(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.people.get(_number(name), "") for name in names)

    def _way(self, way: Document, *, steady: bool) -> Way:
        crew = frozenset(_number(name) for name in way["volunteers"])
        gain, adds, loses = (None if steady else way[key] / 1000 for key in ("gain", "adds", "loses"))
        return Way(
            slot=self.slots[way["slot"]], starts_at=instant_of(self.plan.monday, way["start"]),
            crew=self._crew(way["volunteers"]), shift_number=self.numbers.get((way["slot"], crew)), is_new=way["new"],
            gain=gain, adds=adds, loses=loses,
            displaces=tuple((_number(h), self.houses[_number(h)].head_name) for h in way["displaces"]), joins=len(way["joins"]),
        )  # fmt: skip

    def _instead(self, told: Document) -> tuple[int, str, float]:
        household_id = _number(told["household"])
        return household_id, self.houses[household_id].head_name, told["gain"] / 1000


def _more_crews(entry: Document) -> MoreCrews:
    return MoreCrews(
        SlotClass(entry["class"]), entry["crews"], tuple(entry["skills"]), tuple(entry["languages"]), entry["visits"]
    )


def _numbers(session: Session, week_plan_id: int) -> dict[tuple[str, frozenset[int]], int]:
    crews = crews_of(session, week_plan_id)
    rows = session.execute(select(Shift.id, Shift.on_date, Shift.period, Shift.number).where(Shift.week_plan_id == week_plan_id))
    return {(slot_id(row.on_date, row.period), frozenset(crews.get(row.id, ()))): row.number for row in rows}


def _number(name: str) -> int:
    return int(name[1:])
