"""What the desk decides about single households: visit it so, or do not. The head of a hamlet knows what no roster does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planner.domain.calendar import monday_of
from planner.domain.errors import InvalidInput, NotFound
from planner.domain.text import printable
from planner.domain.vocabulary import AuditAction, Period, RuleKind
from planner.models import Campaign, Household, HouseholdRule, Volunteer
from planner.services import audit, campaigns, scope
from planner.services.actors import Actor


@dataclass(frozen=True)
class RuleForm:
    """What is decided.

    Parameters
    ----------
    household_id
        Whom it is about.
    kind
        pin: visited on that date, in that period, by that volunteer, as far as given. forbid: not then, not by them;
        with none of these: not at all.
    monday
        The week it holds for; None: every week until it is removed.
    """

    household_id: int
    kind: RuleKind
    monday: date | None = None
    on_date: date | None = None
    period: Period | None = None
    volunteer_id: int | None = None
    note: str = ""


@dataclass(frozen=True)
class RuleView:
    """A decision in force, with the names to show it by."""

    id: int
    household_id: int
    head_name: str
    address: str
    kind: RuleKind
    monday: date | None
    on_date: date | None
    period: Period | None
    volunteer_id: int | None
    volunteer: str
    note: str
    made_at: datetime


def add_rule(session: Session, actor: Actor, form: RuleForm, at: datetime) -> RuleView:
    """Write a decision down. The same one twice is one.

    Raises
    ------
    InvalidInput
        ``not_a_monday``, ``rule_date_outside_week``, ``rule_note_too_long``.
    """
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    household = scope.get_household(session, actor, form.household_id)
    volunteer = None if form.volunteer_id is None else scope.get_volunteer(session, actor, form.volunteer_id)
    if form.monday is not None and form.monday.weekday() != 0:
        raise InvalidInput("not_a_monday", field="monday", monday=form.monday)
    if form.monday is not None and form.on_date is not None and monday_of(form.on_date) != form.monday:
        raise InvalidInput("rule_date_outside_week", field="on_date", on_date=form.on_date, monday=form.monday)
    if len(form.note) > 300:
        raise InvalidInput("value_too_long", field="note", longest=300)
    same = session.scalars(
        select(HouseholdRule).where(
            HouseholdRule.campaign_id == campaign.id,
            HouseholdRule.household_id == household.id,
            HouseholdRule.kind == form.kind,
            HouseholdRule.removed_at.is_(None),
        )
    )
    wanted = (form.monday, form.on_date, form.period, form.volunteer_id)
    rule = next((r for r in same if (r.monday, r.on_date, r.period, r.volunteer_id) == wanted), None)
    if rule is None:
        rule = HouseholdRule(
            campaign_id=campaign.id, household_id=household.id, kind=form.kind, monday=form.monday, on_date=form.on_date,
            period=form.period, volunteer_id=form.volunteer_id, note=printable(form.note).strip(), made_at=at,
        )  # fmt: skip
        session.add(rule)
        session.flush()
        audit.record(session, actor, AuditAction.RULE_ADDED, "household", household.id, at, after=_facts(rule))
    return _view(rule, household, volunteer)


def remove_rule(session: Session, actor: Actor, rule_id: int, at: datetime) -> None:
    """Take a decision back."""
    actor.require_desk()
    rule = session.scalar(
        select(HouseholdRule)
        .join(Campaign, Campaign.id == HouseholdRule.campaign_id)
        .where(HouseholdRule.id == rule_id, Campaign.commune_id == actor.commune_id, HouseholdRule.removed_at.is_(None))
    )
    if rule is None:
        raise NotFound("not_found", what="household_rule")
    rule.removed_at = at
    audit.record(session, actor, AuditAction.RULE_REMOVED, "household", rule.household_id, at, before=_facts(rule))
    session.flush()


def rules(session: Session, actor: Actor, monday: date | None = None, household_id: int | None = None) -> tuple[RuleView, ...]:
    """Return the decisions in force of the active campaign: of one week (and those of every week), or of one household."""
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    query = (
        select(HouseholdRule, Household, Volunteer)
        .join(Household, Household.id == HouseholdRule.household_id)
        .outerjoin(Volunteer, Volunteer.id == HouseholdRule.volunteer_id)
        .where(HouseholdRule.campaign_id == campaign.id, HouseholdRule.removed_at.is_(None))
        .order_by(HouseholdRule.id)
    )
    if monday is not None:
        query = query.where(or_(HouseholdRule.monday.is_(None), HouseholdRule.monday == monday))
    if household_id is not None:
        query = query.where(HouseholdRule.household_id == household_id)
    return tuple(_view(rule, household, volunteer) for rule, household, volunteer in session.execute(query))


def _view(rule: HouseholdRule, household: Household, volunteer: Volunteer | None) -> RuleView:
    return RuleView(
        rule.id, household.id, household.head_name, household.address, rule.kind, rule.monday, rule.on_date, rule.period,
        rule.volunteer_id, volunteer.name if volunteer else "", rule.note, rule.made_at,
    )  # fmt: skip


def _facts(rule: HouseholdRule) -> dict[str, object]:
    return {
        "rule_id": rule.id,
        "kind": rule.kind.value,
        "monday": rule.monday.isoformat() if rule.monday else None,
        "on_date": rule.on_date.isoformat() if rule.on_date else None,
        "period": rule.period.value if rule.period else None,
        "volunteer_id": rule.volunteer_id,
    }
