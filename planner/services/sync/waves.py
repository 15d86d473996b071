"""Plain visits of one transmission, taken together. What does not fit goes one by one, see `receiving`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner.domain.vocabulary import FieldKind
from planner.models import Assignment
from planner.services import scope
from planner.services.outcomes_in_bulk import Reported, is_plain, record_plain
from planner.services.sync.context import Transmission
from planner.services.sync.events import Event
from planner.services.sync.verdicts import Taken
from planner.services.sync.visiting import form_of, late_flags, read_clock
from planner.services.visit_forms import VisitForm


def waves(events: Sequence[Event], order: Sequence[int]) -> list[list[int]]:
    """Cut reports into runs that can be taken together: plain visits that follow each other, each at another household.

    Parameters
    ----------
    order
        The positions of the reports in the order in which things happened; the runs keep to it.
    """
    runs: list[list[int]] = []
    homes: set[int] | None = None  # of the run that is being made; None: the last one takes no more
    ids: set[str] = set()
    for position in order:
        event = events[position]
        form = _plain(event)
        if form is None:
            runs.append([position])
            homes = None
            continue
        if homes is None or form.household_id in homes or event.event_id in ids:
            runs.append([])
            homes, ids = set(), set()
        runs[-1].append(position)
        homes.add(form.household_id)
        ids.add(event.event_id)
    return runs


def _plain(event: Event) -> VisitForm | None:
    if event.kind is not FieldKind.VISIT or event.code or event.occurred_at is None or not event.body.get("assignment_uid"):
        return None
    form = form_of(event.event_id, event.body, event.occurred_at)
    return form if is_plain(form) else None


def take_wave(sending: Transmission, wave: Sequence[Event]) -> dict[str, Taken] | None:
    """Record a wave and say what became of each; None where one of them is not plain after all, and nothing was done."""
    promises = _promises(sending, wave)
    if promises is None:
        return None
    reported: list[Reported] = []
    flags: dict[str, tuple[str, ...]] = {}
    for event in wave:
        promise = promises[event.event_id]
        read = read_clock(sending, event, promise)
        reported.append((form_of(event.event_id, event.body, read.at), promise))
        flags[event.event_id] = (*read.flags, *late_flags(sending, promise, read.at))
    ids = record_plain(sending.session, sending.actor, sending.campaign, reported, sending.at)
    return {
        form.event_id: Taken(flags=flags[form.event_id], household_id=form.household_id, visit_id=ids[form.event_id])
        for form, _ in reported
    }


def _promises(sending: Transmission, wave: Sequence[Event]) -> dict[str, Assignment] | None:
    """Return the promise of each report, by event id; None unless all of them stand and are this person's to report on."""
    uids = {str(event.body["assignment_uid"]).lower() for event in wave}
    mine = scope.recordable_assignments(sending.actor).with_only_columns(Assignment.id)
    rows = sending.session.scalars(
        select(Assignment)
        .where(Assignment.uid.in_(uids), Assignment.id.in_(mine), Assignment.withdrawn_at.is_(None))
        .options(joinedload(Assignment.shift))
    )
    by_uid = {row.uid: row for row in rows}
    found = {}
    for event in wave:
        promise = by_uid.get(str(event.body["assignment_uid"]).lower())
        if promise is None or promise.household_id != event.household_id:
            return None
        found[event.event_id] = promise
    return found
