"""From the solver's plan back to rows: a draft week with its shifts, promises and the reasons of what has no place."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant_of, slot_id, week_second
from planner.domain.vocabulary import WeekState
from planner.models import Assignment, PlanRun, Shift, ShiftMember, WeekPlan
from planner.services.bridge import WeekProblem
from planner.services.bridge.houses import Target
from planner.services.bridge.people import Person
from planner.services.comparing import PlannedVisit, planned_visits
from planner.services.differences import in_force
from planner.services.planning.reserves import told_list

Document = Mapping[str, Any]
# Of these nobody waits for a visit; told only where somebody asked for one.
UNTOLD = ("no_open_need", "contact_stopped")
# Households told of one by one in a draft; of the others there are counts. Promised and pinned ones always come first.
MOST_UNPLACED = 1500


def store_draft(
    session: Session, run: PlanRun, problem: WeekProblem, plan: Document, explanation: Document, at: datetime
) -> WeekPlan:
    """Write a checked plan down as the next draft of its week."""
    base = in_force(session, run.campaign_id, run.monday)
    last = session.scalar(
        select(func.max(WeekPlan.revision)).where(WeekPlan.campaign_id == run.campaign_id, WeekPlan.monday == run.monday)
    )
    draft = WeekPlan(
        campaign_id=run.campaign_id,
        monday=run.monday,
        revision=(last or 0) + 1,
        state=WeekState.DRAFT,
        base_id=base.id if base else None,
        base_version=base.version if base else None,
        # What stood ahead when the run was asked for is what it planned over: a slot that began since then must show.
        made_at=run.requested_at,
        unplaced=unplaced(problem, plan, explanation),
    )
    session.add(draft)
    session.flush()
    standing = planned_visits(session, base.id) if base else []
    why = {entry["household"]: entry for entry in explanation["assignments"]}
    for crew, number in _numbered(problem, [c for c in plan["crews"] if c["visits"]], standing):
        session.add(_shift(draft, run, problem, crew, number))
    session.flush()
    shifts = {_shift_key(shift): shift.id for shift in session.scalars(select(Shift).where(Shift.week_plan_id == draft.id))}
    for crew in plan["crews"]:
        if crew["visits"]:
            key = (crew["slot"], frozenset(_ids(crew["volunteers"])))
            told = {**crew, "visits": _as_told(run, problem, crew, standing)}
            session.add_all(_assignments(draft, run, problem, told, shifts[key], why))
    session.flush()
    return draft


def unplaced(problem: WeekProblem, plan: Document, explanation: Document) -> list[dict[str, Any]]:
    """Return why households have no visit: counts by reason first, then the households worth naming one by one."""
    rejected = {pin["household"]: pin["reason"] for pin in plan.get("rejected_pins", ())}
    pinned = {pin["household"] for pin in problem.document["pins"]}
    rows: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    for entry in explanation["unassigned"]:
        household_id = int(entry["household"][1:])
        target = problem.targets[household_id]
        row = {"household_id": household_id, **{k: v for k, v in entry.items() if k != "household"}}
        if entry["household"] in rejected:
            row["pin"] = rejected[entry["household"]]
        if target.promised:
            row["promised"] = True
        best = max(target.record["reward"].values())
        rows.append(((not target.promised, entry["household"] not in pinned, -best, household_id), row))
    for house in problem.left_out:
        named = house.promised or house.pinned or house.household_id in problem.chosen
        row = {"household_id": house.household_id, "reason": house.reason}
        if house.promised:
            row["promised"] = True
        if house.pinned:
            row["pin"] = "left_out"
        if named or house.reason not in UNTOLD:
            rows.append(((not house.promised, not house.pinned, 0, house.household_id), row))
    counts = Counter(row["reason"] for _, row in rows)
    rows.sort(key=lambda pair: pair[0])
    told = [{"reason": reason, "count": count} for reason, count in sorted(counts.items())]
    return told + [row for _, row in rows[:MOST_UNPLACED]]


def _numbered(problem: WeekProblem, crews: Sequence[Document], standing: Sequence[PlannedVisit]) -> list[tuple[Document, int]]:
    """Number the crews of each slot, hamlet by hamlet; a crew of the week in force keeps its number."""
    used: dict[str, set[int]] = defaultdict(set)
    before: dict[tuple[str, frozenset[int]], int] = {}
    for visit in standing:
        slot = slot_id(visit.on_date, visit.period)
        before[slot, frozenset(visit.crew)] = visit.shift_number
        used[slot].add(visit.shift_number)
    numbered = []
    for crew in sorted(crews, key=lambda c: (problem.slots[c["slot"]].starts_at, _home_position(problem, c), c["volunteers"])):
        number = before.get((crew["slot"], frozenset(_ids(crew["volunteers"]))))
        if number is None:
            number = next(n for n in range(1, len(crews) + len(standing) + 2) if n not in used[crew["slot"]])
            used[crew["slot"]].add(number)
        numbered.append((crew, number))
    return numbered


def _shift(draft: WeekPlan, run: PlanRun, problem: WeekProblem, crew: Document, number: int) -> Shift:
    slot = problem.slots[crew["slot"]]
    hamlet_id = _hamlet(problem, crew)
    people = [problem.people[volunteer_id] for volunteer_id in _ids(crew["volunteers"])]
    lead = min(people, key=lambda p: _lead_order(p, hamlet_id))
    ordered = [lead, *sorted((p for p in people if p is not lead), key=lambda p: p.id)]
    return Shift(
        week_plan_id=draft.id, on_date=slot.on_date, period=slot.period, slot_class=slot.slot_class, starts_at=slot.starts_at,
        ends_at=slot.ends_at, number=number, hamlet_id=hamlet_id,
        members=[
            ShiftMember(volunteer_id=person.id, position=n, is_lead=person is lead) for n, person in enumerate(ordered, 1)
        ],
    )  # fmt: skip


def _lead_order(person: Person, hamlet_id: int | None) -> tuple[bool, bool, int]:
    """Who can lead, first; of those, who lives where the crew goes: people open the door to a face they know."""
    return not person.can_lead, person.hamlet_id != hamlet_id, person.id


def _as_told(run: PlanRun, problem: WeekProblem, crew: Document, standing: Sequence[PlannedVisit]) -> Sequence[Document]:
    """Return a crew's visits; where it keeps its households, in the order and at the hours it was told already.

    The solver may find a slightly shorter way for them. That is not worth new hours to people who know theirs.
    """
    key = (crew["slot"], frozenset(_ids(crew["volunteers"])))
    before = [v for v in standing if (slot_id(v.on_date, v.period), frozenset(v.crew)) == key]
    if {v.household_id for v in before} != {int(visit["household"][1:]) for visit in crew["visits"]}:
        return list(crew["visits"])
    before.sort(key=lambda v: v.position)
    if not all(_in_window(problem, v.household_id, week_second(run.monday, v.starts_at)) for v in before):
        return list(crew["visits"])  # someone has asked for another hour since
    return [{"household": f"h{v.household_id}", "start": week_second(run.monday, v.starts_at)} for v in before]


def _in_window(problem: WeekProblem, household_id: int, start: int) -> bool:
    windows = problem.targets[household_id].record.get("windows")
    return windows is None or any(opens <= start <= closes for opens, closes in windows)


def _assignments(
    draft: WeekPlan, run: PlanRun, problem: WeekProblem, crew: Document, shift_id: int, why: Document
) -> list[Assignment]:
    slot = problem.slots[crew["slot"]]
    told = told_list(problem, crew)
    rows = []
    for position, visit in enumerate(crew["visits"], 1):
        household_id = int(visit["household"][1:])
        target = problem.targets[household_id]
        rows.append(
            Assignment(
                uid=str(uuid.uuid4()), week_plan_id=draft.id, shift_id=shift_id, household_id=household_id, position=position,
                starts_at=instant_of(run.monday, told.hours[visit["household"]]),
                minutes=ceil(target.record["visit_seconds"][slot.slot_class.value] / 60),
                need_ids=list(target.need_ids), reason=_reason(problem, crew, target, why.get(visit["household"], {})),
                reserve=visit["household"] in told.reserve,
            )
        )  # fmt: skip
    return rows


def _reason(problem: WeekProblem, crew: Document, target: Target, why: Document) -> dict[str, Any]:
    """Return why this crew and slot: the solver's explanation, and what the household asked of a crew."""
    household, slot_class = target.record, problem.slots[crew["slot"]].slot_class.value
    told = {
        "by_class": {key: household["reward"][key] for key in why.get("by_class", {})},
        **({"pinned": True} if why.get("pinned") else {}),
        **({"promised": True} if target.promised else {}),
    }
    reason: dict[str, Any] = {"reward": household["reward"][slot_class], "class": slot_class, **told}
    for key in ("skills", "languages"):
        if household.get(key):
            reason[key] = list(household[key])
    if set(household.get("known", ())) & set(crew["volunteers"]):
        reason["known_face"] = True
    return reason


def _hamlet(problem: WeekProblem, crew: Document) -> int | None:
    """Return the hamlet of most of a crew's visits."""
    counts = Counter(problem.hamlet_of[int(visit["household"][1:])] for visit in crew["visits"])
    return min(counts, key=lambda h: (-counts[h], problem.hamlet_position[h], h)) if counts else None


def _home_position(problem: WeekProblem, crew: Document) -> tuple[int, int]:
    hamlet_id = _hamlet(problem, crew)
    return (problem.hamlet_position[hamlet_id], hamlet_id) if hamlet_id is not None else (10**9, 0)


def _ids(names: Sequence[str]) -> list[int]:
    return [int(name[1:]) for name in names]


def _shift_key(shift: Shift) -> tuple[str, frozenset[int]]:
    return slot_id(shift.on_date, shift.period), frozenset(member.volunteer_id for member in shift.members)
