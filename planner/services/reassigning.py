"""What was missed finds another hour: everything else of the running week stays, and each change says why.

A reassignment is a plan run of its own kind. What has begun stands; what is ahead is the solver's `base`, each change of
which costs; only the missed (and what no crew is left for) must find a place, in slots still ahead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.vocabulary import AssignmentState, RunKind
from planner.models import Household, WeekPlan
from planner.services import campaigns, reasons, scope
from planner.services.actors import Actor
from planner.services.change_facts import NOTHING_FOUND, ChangeFacts, change_facts
from planner.services.comparing import PlannedVisit, household_names, planned_visits, volunteer_names
from planner.services.differences import compare_to_base, in_force
from planner.services.planning.requests import request_draft
from planner.services.sequences import in_parts
from planner.services.states import absences, states, visits_of_week

RETIMED_MINUTES = 15


@dataclass(frozen=True)
class Stop:
    """Who visits when: the crew's names (lead first) and the hour; that of a reserve door is the latest."""

    shift_number: int
    on_date: date
    period: str
    starts_at: datetime
    crew: tuple[str, ...]
    reserve: bool


@dataclass(frozen=True)
class Change:
    """One household's change. `reason` is a code of `services.reasons`; ``before`` or ``after`` may be missing.

    `because` is the solver's own code for it ("" where it has none); `who` and `makes_room_for` are names, `others` how many
    more it makes room for, `points` what that gains (see `change_facts`).
    """

    household_id: int
    head_name: str
    address: str
    reason: str
    before: Stop | None
    after: Stop | None
    because: str = ""
    who: tuple[str, ...] = ()
    makes_room_for: tuple[str, ...] = ()
    others: int = 0
    points: float | None = None


@dataclass(frozen=True)
class Unplaced:
    """A household that was to be reassigned and found no place, and why. `facts` are those of the reason."""

    household_id: int
    head_name: str
    address: str
    reason: str
    facts: dict[str, Any]
    before: Stop | None


@dataclass(frozen=True)
class Changes:
    """What a reassignment would change. `retimed` stay with crew and slot but come at another hour of it."""

    week_plan_id: int
    version: int
    base_version: int | None
    outdated: bool
    kept: int
    moved: tuple[Change, ...]
    added: tuple[Change, ...]
    withdrawn: tuple[Change, ...]
    retimed: tuple[Change, ...]
    unplaced: tuple[Unplaced, ...]


def request(
    session: Session,
    actor: Actor,
    monday: date,
    household_ids: Sequence[int] | None,
    at: datetime,
    parameters: Mapping[str, Any] | None = None,
) -> int:
    """Ask for a reassignment of a published week and return the run's id.

    Parameters
    ----------
    household_ids
        The missed households to find another hour for; None: all that are missed.
    parameters
        As for `planning.request_draft`.

    Raises
    ------
    Conflict
        ``week_not_published``; ``nothing_missed`` where there is nothing to reassign.
    InvalidInput
        ``nothing_chosen``.
    NotFound
        A household that is not the actor's to see.
    """
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    base = in_force(session, campaign.id, monday)
    if base is None:
        raise Conflict("week_not_published", monday=monday)
    if household_ids is None:
        chosen = sorted({visit.household_id for visit in missed_visits(session, actor, base, at)})
        if not chosen:
            raise Conflict("nothing_missed", monday=monday)
    else:
        chosen = sorted(set(household_ids))
        if not chosen:
            raise InvalidInput("nothing_chosen", field="household_ids")
        _check_mine(session, actor, chosen)
    return request_draft(session, actor, monday, RunKind.REASSIGN, {**(parameters or {}), "household_ids": chosen}, at)


def missed_visits(session: Session, actor: Actor, base: WeekPlan, at: datetime) -> list[PlannedVisit]:
    """Return the visits of a published week that are missed: nobody came in time, or too few of the crew can come."""
    settings = campaigns.active(session, actor).settings
    listed = planned_visits(session, base.id)
    state = states(listed, visits_of_week(session, base.id), absences(session, actor.commune_id, base.monday), settings, at)
    return [visit for visit in listed if state[visit.assignment_id] is AssignmentState.MISSED]


def changes(session: Session, actor: Actor, week_plan_id: int, at: datetime) -> Changes:
    """Return what publishing a draft would change of the running week, and what found no place.

    `at`: now; a draft that changes a slot begun since then is `outdated`.
    """
    draft = scope.get_week_plan(session, actor, week_plan_id)
    base = in_force(session, draft.campaign_id, draft.monday)
    result = compare_to_base(session, draft, base)
    grounds = reasons.grounds_of(session, actor.commune_id, draft)
    left = [row for row in draft.unplaced if "household_id" in row]
    named = [new.household_id for _, new in (*result.kept, *result.moved)]
    named += [visit.household_id for visit in (*result.added, *result.withdrawn)] + [row["household_id"] for row in left]
    found = change_facts(session, draft)
    named += [household_id for facts in found.values() for household_id in facts.makes_room_for]
    told = _Teller(session, actor, named, found)
    before = {visit.household_id: visit for visit in planned_visits(session, base.id)} if base else {}
    unplaced = {row["household_id"]: row for row in left}
    return Changes(
        draft.id,
        draft.version,
        base.version if base else None,
        any(visit.shift_starts_at <= at for visit in (*(new for _, new in result.moved), *result.added)),
        len(result.kept),
        tuple(told.change(old, new, reasons.why_changed(grounds, old, new)) for old, new in result.moved),
        tuple(told.change(None, new, reasons.ADDED) for new in result.added),
        tuple(told.change(old, None, _why_gone(grounds, old, unplaced)) for old in result.withdrawn),
        tuple(told.change(o, n, reasons.RETIMED) for o, n in result.kept if _shifted_minutes(o, n) >= RETIMED_MINUTES),
        tuple(told.unplaced(row, before.get(household_id)) for household_id, row in sorted(unplaced.items())),
    )


def _check_mine(session: Session, actor: Actor, household_ids: list[int]) -> None:
    found: set[int] = set()
    for part in in_parts(household_ids):
        found.update(session.scalars(scope.households(actor).where(Household.id.in_(part)).with_only_columns(Household.id)))
    missing = [h for h in household_ids if h not in found]
    if missing:
        scope.get_household(session, actor, missing[0])  # raises NotFound


def _why_gone(grounds: reasons.Grounds, old: PlannedVisit, unplaced: dict[int, dict[str, Any]]) -> str:
    """A promise that goes because nobody may call any more says that, not that there was no room."""
    if old.household_id in unplaced and unplaced[old.household_id]["reason"] == "too_soon":
        return reasons.TOO_SOON
    return reasons.why_changed(grounds, old, None)


def _shifted_minutes(old: PlannedVisit, new: PlannedVisit) -> float:
    return abs((new.starts_at - old.starts_at).total_seconds()) / 60


class _Teller:
    """Puts names to the numbers of changes; reads each name once."""

    def __init__(self, session: Session, actor: Actor, household_ids: Sequence[int], found: Mapping[int, ChangeFacts]) -> None:
        self.found = found
        self.houses = household_names(session, household_ids)
        self.people = volunteer_names(session, actor.commune_id)

    def stop(self, visit: PlannedVisit) -> Stop:
        crew = tuple(self.people.get(member, "") for member in visit.crew)
        return Stop(visit.shift_number, visit.on_date, visit.period.value, visit.starts_at, crew, visit.reserve)

    def change(self, old: PlannedVisit | None, new: PlannedVisit | None, reason: str) -> Change:
        visit = new or old
        assert visit is not None
        house = self.houses[visit.household_id]
        facts = self.found.get(visit.household_id, NOTHING_FOUND) if old else NOTHING_FOUND
        return Change(
            visit.household_id, house.head_name, house.address, reason, self.stop(old) if old else None,
            self.stop(new) if new else None, facts.because, tuple(self.people.get(member, "") for member in facts.who),
            tuple(self.houses[h].head_name for h in facts.makes_room_for if h in self.houses), facts.others, facts.points,
        )  # fmt: skip

    def unplaced(self, row: dict[str, Any], before: PlannedVisit | None) -> Unplaced:
        house = self.houses[row["household_id"]]
        facts = {key: value for key, value in row.items() if key not in ("household_id", "reason")}
        stop = self.stop(before) if before else None
        return Unplaced(row["household_id"], house.head_name, house.address, row["reason"], facts, stop)
