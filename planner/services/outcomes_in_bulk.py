"""Many plain visits at once: for each the same as `outcomes.record_visit`, all of them in a few statements.

In the evening hundreds of phones hand in what a shift brought. One at a time each visit costs some forty statements, and
a server of two cores does not keep up; most visits, though, are plain: they correct nothing, promise nothing and stop
nothing, each at a household of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from planner.domain.errors import Conflict
from planner.domain.vocabulary import AuditAction, Outcome
from planner.models import Assignment, Household, Need, Visit, VisitResult
from planner.services import audit, outcome_effects
from planner.services import needs as need_service
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.outcomes import check_needs
from planner.services.sequences import insert_new
from planner.services.visit_forms import VisitForm, checked, skew_seconds

PLAIN = (Outcome.MET, Outcome.ABSENT, Outcome.UNSAFE, Outcome.NOT_REACHED)
Reported = tuple[VisitForm, Assignment]


def is_plain(form: VisitForm) -> bool:
    """Tell whether a report can be recorded together with others."""
    asks_more = form.callback or form.police_appointment or form.corrects_event_id or form.stop_whole_household
    return form.outcome in PLAIN and not asks_more


def record_plain(
    session: Session, actor: Actor, campaign: CampaignView, reported: Sequence[Reported], at: datetime
) -> dict[str, int]:
    """Record plain visits, each at another household, and return the visits' ids by event id.

    The caller has looked that each is the actor's to report, under a promise that stands. It is all or nothing: on any
    error the caller rolls back and records them one by one.

    Raises
    ------
    InvalidInput
        One of them contradicts itself or the roster.
    Conflict
        ``event_id_reused``: one of them is there already.
    """
    forms = [checked(form) for form, _ in reported]
    rows = _needs(session, forms)
    for form in forms:
        check_needs(campaign, form, rows)
    ids = _insert(session, actor, [(f, promise) for f, (_, promise) in zip(forms, reported, strict=True)], at)
    effects = {form.event_id: outcome_effects.note_results(campaign, form, rows, at) for form in forms}
    session.flush()
    households = [form.household_id for form in forms]
    need_service.rebuild(session, actor.commune_id, at, households, campaign)
    homes = session.scalars(select(Household).where(Household.id.in_(households)).execution_options(populate_existing=True)).all()
    withdrawn = outcome_effects.withdraw_promises_of(session, homes, campaign, at)
    changes = []
    for form in forms:
        noted = effects[form.event_id]
        after: dict[str, Any] = {**noted.after, "outcome": form.outcome.value}
        if withdrawn[form.household_id]:
            after["withdrawn"] = withdrawn[form.household_id]
        if skew_seconds(form, at) > 300:
            after["clock_ahead_seconds"] = skew_seconds(form, at)
        changes.append(audit.Change(ids[form.event_id], noted.before, after))
    audit.record_all(session, actor, AuditAction.VISIT_RECORDED, "visit", at, changes)
    return ids


def _needs(session: Session, forms: Sequence[VisitForm]) -> dict[int, Need]:
    wanted = {line.need_id for form in forms for line in form.results}
    if not wanted:
        return {}
    return {need.id: need for need in session.scalars(select(Need).where(Need.id.in_(wanted)).options(joinedload(Need.resident)))}


def _insert(session: Session, actor: Actor, reported: Sequence[Reported], at: datetime) -> dict[str, int]:
    rows = [
        {
            "event_id": form.event_id, "body_hash": form.fingerprint(), "household_id": form.household_id,
            "assignment_id": promise.id, "recorded_by_id": actor.user_id, "volunteer_id": actor.volunteer_id,
            "occurred_at": form.occurred_at, "received_at": at, "outcome": form.outcome, "note": form.note,
        }
        for form, promise in reported
    ]  # fmt: skip
    if insert_new(session, Visit, rows) < len(rows):
        raise Conflict("event_id_reused")
    made = select(Visit.event_id, Visit.id).where(Visit.event_id.in_([row["event_id"] for row in rows]))
    ids = {row.event_id: row.id for row in session.execute(made)}
    results = [
        {
            "visit_id": ids[form.event_id], "need_id": line.need_id, "result": line.result, "reason": line.reason,
            "own_device": line.own_device, "teach_back": line.teach_back,
        }
        for form, _ in reported
        for line in form.results
    ]  # fmt: skip
    if results:
        session.execute(insert(VisitResult), results)
    return ids
