"""What became of a promise. Nothing here is stored: the state follows from the promise, the visits and the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.domain.calendar import local_date
from planner.domain.vocabulary import AssignmentState, Outcome


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit as far as rules ask."""

    id: int
    outcome: Outcome
    occurred_at: datetime
    received_at: datetime
    assignment_id: int | None = None
    corrects_id: int | None = None

    @property
    def happened_at(self) -> datetime:
        """When it was: as the phone says, but never after we heard of it (phones' clocks run ahead)."""
        return min(self.occurred_at, self.received_at)


@dataclass(frozen=True, slots=True)
class Promise:
    """An assignment as far as its state depends on it. `reserve`: its crew may leave it out when the shift grows long."""

    id: int
    shift_starts_at: datetime
    shift_ends_at: datetime
    withdrawn_at: datetime | None = None
    crew_stands: bool = True
    reserve: bool = False


def effective(visits: Iterable[VisitFacts]) -> tuple[VisitFacts, ...]:
    """Return the visits that count, in the order they happened: not those that another one corrects."""
    listed = tuple(visits)
    corrected = {v.corrects_id for v in listed}
    return tuple(sorted((v for v in listed if v.id not in corrected), key=lambda v: (v.happened_at, v.id)))


def crew_stands(volunteer_ids: Sequence[int], absent_ids: Iterable[int], crew_size: int) -> bool:
    """Tell whether enough of a crew is left to go: nobody visits alone who was to go as a pair."""
    absent = set(absent_ids)
    left = sum(v not in absent for v in volunteer_ids)
    return left >= min(crew_size, len(volunteer_ids)) and left > 0


def fulfils(visit: VisitFacts, promise: Promise) -> bool:
    """Tell whether a visit keeps a promise: it was made for it, or for none but at that household on that day."""
    if visit.assignment_id is not None:
        return visit.assignment_id == promise.id
    return local_date(visit.happened_at) == local_date(promise.shift_starts_at)


def assignment_state(promise: Promise, visits: Iterable[VisitFacts], at: datetime, grace: timedelta) -> AssignmentState:
    """Return the state of an assignment.

    Parameters
    ----------
    promise
        The assignment, and whether its crew still stands.
    visits
        Visits of its household, whatever their outcome and whoever made them.
    at
        The instant for which the state is asked.
    grace
        How long after the shift's end a visit may still be written down before it counts as missed.

    Returns
    -------
    AssignmentState
        done, when there is a visit (even a late one, even for a withdrawn assignment: what was done is credited);
        withdrawn; missed, at once when the crew fell apart, else after shift and grace, or spared then where it was of
        reserve: nobody is to blame, and the household is free for another week; due from the shift's start; planned before it.
    """
    if any(fulfils(v, promise) and (v.assignment_id is not None or promise.withdrawn_at is None) for v in effective(visits)):
        return AssignmentState.DONE
    if promise.withdrawn_at is not None and promise.withdrawn_at <= at:
        return AssignmentState.WITHDRAWN
    if not promise.crew_stands or at >= promise.shift_ends_at + grace:
        return AssignmentState.SPARED if promise.reserve else AssignmentState.MISSED
    return AssignmentState.DUE if at >= promise.shift_starts_at else AssignmentState.PLANNED
