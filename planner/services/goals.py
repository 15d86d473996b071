"""The goals of the active campaign: services offered and indicators reported, as the desk sets them, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import goals as rules
from planner.domain import readers
from planner.domain.calendar import local_date
from planner.domain.errors import InvalidInput, NotFound
from planner.domain.goals import IndicatorGoal, ServiceGoal
from planner.domain.vocabulary import AuditAction, WeekState
from planner.models import Assignment, AuditEntry, Campaign, Household, Indicator, Service, User, WeekPlan
from planner.services import campaigns, needs, outcome_effects
from planner.services.actors import Actor
from planner.services.campaigns.changing import locked, note

# How far back to look for a change that can be taken back: past that, people change things by hand.
LATEST = 20


@dataclass(frozen=True)
class ServiceLine:
    """A service with what may be changed of it."""

    code: str
    name_vi: str
    name_en: str
    goal: ServiceGoal

    def name(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name_vi


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator with what may be changed of it; `source` is the requirement's."""

    code: str
    name_vi: str
    name_en: str
    denominator: str
    source: str
    goal: IndicatorGoal

    def name(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name_vi


@dataclass(frozen=True)
class LastChange:
    """The latest change of name, dates or goals, by its paths."""

    at: datetime
    who: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Goals:
    """What the campaign aims at. `version` goes back with a change, so that nobody overwrites another's."""

    version: int
    services: tuple[ServiceLine, ...]
    indicators: tuple[IndicatorLine, ...]
    last_change: LastChange | None

    def plain(self) -> dict[str, Any]:
        """Return the goals as the JSON that `change` takes."""
        return {
            "services": {line.code: readers.plain(line.goal) for line in self.services},
            "indicators": {line.code: readers.plain(line.goal) for line in self.indicators},
        }


def goals(session: Session, actor: Actor) -> Goals:
    """Return the goals of the active campaign."""
    campaign = session.get_one(Campaign, campaigns.active(session, actor).id)
    found = _latest(session, campaign)
    last = None
    if found is not None:
        entry, name = found
        last = LastChange(entry.at, name or entry.actor, _paths(entry.before), _paths(entry.after))
    return Goals(
        campaign.version,
        tuple(ServiceLine(row.code, row.name_vi, row.name_en, _service_goal(row)) for row in campaign.services),
        tuple(
            IndicatorLine(row.code, row.name_vi, row.name_en, row.denominator, row.source, _indicator_goal(row))
            for row in campaign.indicators
        ),
        last,
    )


def _service_goal(row: Service) -> ServiceGoal:
    return ServiceGoal(row.active, row.minutes, row.weight)


def _indicator_goal(row: Indicator) -> IndicatorGoal:
    return IndicatorGoal(row.active, row.target_percent, row.denominator_value, row.denominator_source, row.as_of_on)


def change(session: Session, actor: Actor, changes: Mapping[str, Any], at: datetime, version: int | None = None) -> Goals:
    """Change goals of the active campaign: all of what is given, or nothing.

    Parameters
    ----------
    changes
        JSON: ``{"services": {code: {"active": …}}, "indicators": {code: {"target_percent": …}}}``; what is left out stays.
    version
        What the reader saw (`Goals.version`); None: whatever it is by now.

    Raises
    ------
    InvalidInput
        `facts["field"]` is the path of the faulty value, e.g. ``indicators.a1.target_percent``.
    Conflict
        ``campaign_changed_meanwhile``.
    """
    campaign = locked(session, actor, version)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for path, row, goal, given in _addressed(campaign, changes):
        new = rules.changed(goal, path, given, local_date(at))
        old, now = readers.plain(goal), readers.plain(new)
        for name in (name for name in old if old[name] != now[name]):
            before[f"{path}.{name}"], after[f"{path}.{name}"] = old[name], now[name]
            setattr(row, name, getattr(new, name))
    if not any(service.active for service in campaign.services):
        raise InvalidInput("goal_no_service", field="services")
    if after:
        session.flush()
        offer = any(path.startswith("services.") and path.endswith(".active") for path in after)
        withdrawn = _offer_anew(session, actor, at) if offer else 0
        note(session, actor, campaign, at, {"goals": before}, {"goals": after} | ({"withdrawn": withdrawn} if withdrawn else {}))
        session.flush()
    return goals(session, actor)


def _addressed(campaign: Campaign, changes: Mapping[str, Any]) -> list[tuple[str, Any, Any, Any]]:
    """Return (path, row, goal as it is, what is given) of everything that is to change."""
    rows: dict[str, dict[str, Any]] = {
        "services": {row.code: (row, _service_goal(row)) for row in campaign.services},
        "indicators": {row.code: (row, _indicator_goal(row)) for row in campaign.indicators},
    }
    found = []
    for kind, given in changes.items():
        if kind not in rows:
            raise InvalidInput("setting_unknown", field=kind)
        if not isinstance(given, Mapping):
            raise InvalidInput("setting_not_an_object", field=kind)
        for code, values in given.items():
            if code not in rows[kind]:
                raise InvalidInput("setting_unknown", field=f"{kind}.{code}")
            found.append((f"{kind}.{code}", *rows[kind][code], values))
    return found


def _offer_anew(session: Session, actor: Actor, at: datetime) -> int:
    """Derive the needs again, and withdraw the promises to households that had only a service no longer offered left.

    Returns how many.
    """
    needs.rebuild(session, actor.commune_id, at)
    campaign = campaigns.active(session, actor)
    idle = session.scalars(
        select(Household)
        .where(
            Household.commune_id == actor.commune_id,
            Household.open_needs == 0,
            Household.id.in_(
                select(Assignment.household_id)
                .join(WeekPlan, WeekPlan.id == Assignment.week_plan_id)
                .where(Assignment.withdrawn_at.is_(None), WeekPlan.state.in_((WeekState.PUBLISHED, WeekState.DRAFT)))
            ),
        )
        .order_by(Household.id)
    )
    return sum(len(outcome_effects.withdraw_promises(session, household, campaign, at)) for household in idle.all())


def undo(session: Session, actor: Actor, version: int, at: datetime) -> Goals:
    """Take the latest change of name, dates or goals back; doing so again brings it back.

    Raises
    ------
    NotFound
        ``nothing_to_undo``.
    Conflict
        ``campaign_changed_meanwhile``.
    """
    campaign = locked(session, actor, version)
    found = _latest(session, campaign)
    if found is None:
        raise NotFound("nothing_to_undo")
    before: Mapping[str, Any] = found[0].before or {}
    if "goals" in before:
        return change(session, actor, nested(before["goals"]), at)
    starts_on, ends_on = (date.fromisoformat(before[name]) for name in ("starts_on", "ends_on"))
    campaigns.change(session, actor, before["name"], starts_on, ends_on, at)
    return goals(session, actor)


def nested(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``{"services.mst.active": False}`` as the JSON that `change` takes.

    Raises
    ------
    InvalidInput
        A path is not of three words.
    """
    result: dict[str, Any] = {}
    for path, value in paths.items():
        words = path.split(".")
        if len(words) != 3:
            raise InvalidInput("setting_unknown", field=path)
        result.setdefault(words[0], {}).setdefault(words[1], {})[words[2]] = value
    return result


def _latest(session: Session, campaign: Campaign) -> tuple[AuditEntry, str | None] | None:
    """Return the latest change that kept what was before, and the name of who made it."""
    rows = session.execute(
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(
            AuditEntry.action == AuditAction.CAMPAIGN_CHANGED,
            AuditEntry.subject == "campaign",
            AuditEntry.subject_id == campaign.id,
        )
        .order_by(AuditEntry.id.desc())
        .limit(LATEST)
    )
    return next(((entry, name) for entry, name in rows if entry.before), None)


def _paths(facts: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return what an entry tells, path by path."""
    return dict((facts or {}).get("goals") or facts or {})
