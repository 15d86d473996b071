"""What a campaign brought, counted from rows alike for every way of working."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from benchmarks.campaign.commune import SyntheticCommune
from benchmarks.campaign.evening import Evening
from benchmarks.campaign.founding import Place
from planner.domain.chances import GROUP_WEIGHT
from planner.domain.templates import PLAN_A
from planner.domain.vocabulary import NeedState, Outcome
from planner.models import Appointment, Need, Service, VisitResult
from planner.services import targets

INDICATORS = ("a1", "a2", "a3_gplx", "a3_gcn")
MINUTES_LATE = 15
WEIGHTS = {service.facts.code: service.facts.weight for service in PLAN_A.services}


@dataclass
class WeekFigures:
    """One week; `helped`, `needs_done` and the indicators as they stand at its end, all else of that week alone."""

    week: int
    crews: int = 0
    fallen: int = 0  # crews that did not go out: somebody did not come
    promised: int = 0  # doors on the lists of crews that went out
    visits: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    left: int = 0  # core doors that crews had no time for
    reserve_left: int = 0
    in_time: int = 0
    quarter_late: int = 0  # home more than a quarter of an hour after the slot's end
    way_hours: float = 0.0
    spare_hours: float = 0.0  # between a crew's being home and its slot's end
    promises_due: int = 0  # visits at doors that had named an hour
    promises_in_time: int = 0
    helped: int = 0
    needs_done: int = 0
    points: float = 0.0
    indicators: dict[str, float] = field(default_factory=dict)

    def add(self, evenings: Sequence[Evening], fallen: int) -> None:
        """Count a slot."""
        self.fallen += fallen
        for evening in evenings:
            assert evening.home_at is not None
            self.crews += 1
            self.promised += len(evening.outing.doors)
            self.visits += len(evening.happened)
            self.outcomes.update(h.form.outcome.value for h in evening.happened)
            self.left += evening.core_left
            self.reserve_left += len(evening.left) - evening.core_left
            self.in_time += evening.in_time
            self.quarter_late += (evening.home_at - evening.outing.ends_at).total_seconds() > 60 * MINUTES_LATE
            self.way_hours += evening.way_seconds / 3600
            self.spare_hours += max(0.0, (evening.outing.ends_at - evening.home_at).total_seconds()) / 3600
            kept = [h.promise_kept for h in evening.happened if h.promise_kept is not None]
            self.promises_due += len(kept)
            self.promises_in_time += sum(kept)

    @property
    def absent(self) -> int:
        return self.outcomes[Outcome.ABSENT.value]

    def document(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "outcomes": dict(self.outcomes),
            "way_hours": round(self.way_hours, 1),
            "spare_hours": round(self.spare_hours, 1),
        }


@dataclass(frozen=True)
class Done:
    """What was done with a visit's help: residents helped, needs done, and what they count for to the plan."""

    residents: frozenset[int]
    needs: int
    points: float


def done(session: Session, place: Place, commune: SyntheticCommune) -> Done:
    """Return what has been done so far by rows: a need that a visit worked on and that is done now.

    Points are those of the template, whatever a way of working is told to count with.
    """
    worked_on = select(VisitResult.need_id).distinct()
    rows = session.execute(
        select(Need.resident_id, Service.code)
        .join(Service, Service.id == Need.service_id)
        .where(Service.campaign_id == place.campaign_id, Need.state == NeedState.DONE, Need.id.in_(worked_on))
    ).all()
    people = commune.people
    points = sum(WEIGHTS[row.code] * GROUP_WEIGHT[people[row.resident_id - 1].group] for row in rows)
    return Done(frozenset(row.resident_id for row in rows), len(rows), points)


def in_need(session: Session) -> frozenset[int]:
    """Return the residents who lack something."""
    return frozenset(session.scalars(select(Need.resident_id).where(Need.state == NeedState.OPEN).distinct()))


def indicators(session: Session, place: Place, at: datetime) -> dict[str, float]:
    """Return where the campaign's indicators stand, in per cent."""
    found = {target.code: target.measured.percent for target in targets.standing(session, place.desk, at).targets}
    return {code: round(found[code] or 0.0, 2) for code in INDICATORS}


def promises_made(session: Session, until: datetime) -> int:
    """Return how many hours households were promised whose time has come, and that nothing took back before."""
    in_force = or_(Appointment.cancelled_at.is_(None), Appointment.cancelled_at >= Appointment.starts_at)
    made = select(func.count(Appointment.id)).where(Appointment.at_police.is_(False), in_force, Appointment.ends_at <= until)
    return session.scalar(made) or 0


def shares(commune: SyntheticCommune, needy: frozenset[int], helped: frozenset[int]) -> dict[str, dict[str, list[int]]]:
    """Return helped and needy residents by group and by hamlet: is anyone left behind?"""
    found: dict[str, dict[str, list[int]]] = {"group": {}, "hamlet": {}}
    for person in commune.people:
        if person.index + 1 in needy:
            hamlet = commune.homes[person.home].hamlet
            for kind, name in (("group", str(int(person.group))), ("hamlet", str(hamlet))):
                pair = found[kind].setdefault(name, [0, 0])
                pair[0] += person.index + 1 in helped
                pair[1] += 1
    return found
