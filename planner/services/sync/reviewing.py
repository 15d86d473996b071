"""What came from phones that the desk is to look at, and the state of each phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import FieldDecisionKind, FieldKind, FieldVerdict, Role
from planner.models import Device, FieldDecision, FieldEvent, Hamlet, Household, Resident, User
from planner.services import scope
from planner.services.actors import Actor
from planner.services.pages import LARGEST_PAGE, Page
from planner.services.sync.finding import NewHousehold, new_households
from planner.services.sync.seats import IN_THE_FIELD
from planner.services.sync.telling import COLUMN


@dataclass(frozen=True)
class Decision:
    """What became of a report; `by` is empty where it settled itself. `final`: a visit or hours that were recorded, and are
    corrected where they now stand."""

    kind: FieldDecisionKind
    reason: str
    at: datetime
    by: str
    final: bool = False


@dataclass(frozen=True)
class Report:
    """A report from a phone, or from paper, as the desk reads it.

    `known` are the facts as they are now, where it is about facts; `new_household` is the one that somebody who was found
    belongs to, where it was itself only found; `paper` are list and row, where it was typed from them.
    """

    id: int
    kind: FieldKind
    verdict: FieldVerdict
    code: str
    flags: tuple[str, ...]
    person: str
    volunteer_id: int | None
    occurred_at: datetime
    received_at: datetime
    body: Mapping[str, Any]
    household_id: int | None
    head_name: str
    address: str
    resident: str
    known: Mapping[str, Any]
    visit_id: int | None
    decision: Decision | None
    new_household: NewHousehold | None
    paper: tuple[int, int] | None

    @property
    def is_open(self) -> bool:
        return self.decision is None or self.decision.kind is FieldDecisionKind.REOPENED

    @property
    def is_recorded(self) -> bool:
        """It has had its effects: the desk need only take note."""
        return self.verdict in (FieldVerdict.ACCEPTED, FieldVerdict.OFF_ASSIGNMENT) and self.kind not in (
            FieldKind.FOUND_RESIDENT,
            FieldKind.FOUND_HOUSEHOLD,
        )

    @property
    def waits_for_household(self) -> bool:
        """Tell whether it is about somebody of a new household that is not on the roster yet."""
        return self.kind is FieldKind.FOUND_RESIDENT and self.household_id is None and bool(self.body.get("household_uid"))

    @property
    def can_be_accepted(self) -> bool:
        """Tell whether there is enough to record it by."""
        if self.kind in (FieldKind.UNREADABLE, FieldKind.UNDECLINE) or self.code in NOT_TO_BE_RECORDED:
            return False
        return (
            self.is_recorded or self.household_id is not None or self.kind in (FieldKind.AVAILABILITY, FieldKind.FOUND_HOUSEHOLD)
        )


# Nothing could be read, nobody is known whom it is about, or its words are lost.
NOT_TO_BE_RECORDED = (
    "unknown_field", "field_missing", "value_of_wrong_kind", "time_without_zone", "report_unreadable", "unknown_household",
    "unknown_resident", "unknown_shift", "receipt_without_text", "value_empty", "not_in_that_week",
)  # fmt: skip


@dataclass(frozen=True)
class PhoneState:
    """A phone with the app: who uses it, when it was heard of, which version, how old its list is."""

    device_id: int
    user_id: int
    person: str
    label: str
    client: int | None
    contact_at: datetime | None
    pulled_at: datetime | None


def _latest() -> Any:
    return (
        select(FieldDecision.kind)
        .where(FieldDecision.field_event_id == FieldEvent.id)
        .order_by(FieldDecision.id.desc())
        .limit(1)
        .correlate(FieldEvent)
        .scalar_subquery()
    )


def _to_look_at(actor: Actor) -> ColumnElement[bool]:
    return and_(FieldEvent.commune_id == actor.commune_id, FieldEvent.needs_look)


def is_open() -> ColumnElement[bool]:
    """Return the condition under which a report waits for a decision: none was made, or it was taken back."""
    return func.coalesce(_latest(), FieldDecisionKind.REOPENED.value).in_([FieldDecisionKind.REOPENED.value])


def open_count(session: Session, actor: Actor) -> int:
    """Return how many reports wait for the desk."""
    actor.require_desk()
    return session.scalar(select(func.count()).select_from(FieldEvent).where(_to_look_at(actor), is_open())) or 0


def reports(session: Session, actor: Actor, *, decided: bool = False, page: int = 1, size: int = 50) -> Page[Report]:
    """Return a page of what waits for the desk, oldest first; or of what was decided, latest first."""
    actor.require_desk()
    wanted = (_to_look_at(actor), not_(is_open()) if decided else is_open())
    total = session.scalar(select(func.count()).select_from(FieldEvent).where(*wanted)) or 0
    size = max(1, min(size, LARGEST_PAGE))
    page = max(1, min(page, -(-total // size)))
    order = FieldEvent.id.desc() if decided else FieldEvent.id
    query = select(FieldEvent).where(*wanted).order_by(order).limit(size).offset((page - 1) * size)
    return Page(tuple(_views(session, query)), page, size, total)


def report(session: Session, actor: Actor, report_id: int) -> Report:
    """Return one report of the commune's phones."""
    actor.require_desk()
    found = _views(session, select(FieldEvent).where(FieldEvent.id == report_id, _to_look_at(actor)))
    if not found:
        raise scope.missing("report")
    return found[0]


def _views(session: Session, query: Select[FieldEvent]) -> list[Report]:
    rows = list(session.scalars(query))
    people = {user.id: user for user in session.scalars(select(User).where(User.id.in_({r.user_id for r in rows})))}
    new = new_households(session, rows)
    of_row = {r.id: r.household_id or _made(_new(new, r)) for r in rows}
    homes = _by_id(session, Household, set(of_row.values()))
    residents = _by_id(session, Resident, {_resident_id(r) for r in rows})
    decisions = _decisions(session, [r.id for r in rows])
    found = []
    for row in rows:
        home, resident = homes.get(of_row[row.id]), residents.get(_resident_id(row))
        if resident is not None and resident.household_id != row.household_id:
            resident = None  # only what was found to be of this commune carries its household
        body = row.sent.get("body")
        found.append(
            Report(
                row.id, row.kind, row.verdict, row.code, tuple(row.flags), people[row.user_id].name,
                people[row.user_id].volunteer_id, row.occurred_at, row.received_at, body if isinstance(body, dict) else {},
                of_row[row.id], home.head_name if home else "", home.address if home else "",
                resident.name if resident else "",
                {name: getattr(resident, column) for name, column in COLUMN.items()} if resident else {},
                row.visit_id, decisions.get(row.id),
                _new(new, row), _paper(row),
            )
        )  # fmt: skip
    return found


def _new(new: Mapping[str, NewHousehold], row: FieldEvent) -> NewHousehold | None:
    return new.get(row.subject) if row.kind is FieldKind.FOUND_RESIDENT else None


def _made(new: NewHousehold | None) -> int | None:
    return new.household_id if new else None


def _paper(row: FieldEvent) -> tuple[int, int] | None:
    told = row.effect.get("paper")
    return (told[0], told[1]) if told else None


def _resident_id(row: FieldEvent) -> int | None:
    value = (
        row.sent["body"].get("resident_id") if row.kind is FieldKind.FACTS and isinstance(row.sent.get("body"), dict) else None
    )
    return value if isinstance(value, int) else None


def _by_id(session: Session, model: Any, ids: set[int | None]) -> dict[int | None, Any]:
    wanted = [i for i in ids if i is not None]
    return {row.id: row for row in session.scalars(select(model).where(model.id.in_(wanted)))} if wanted else {}


def _decisions(session: Session, ids: Sequence[int]) -> dict[int, Decision]:
    rows = session.execute(
        select(FieldDecision, User.name)
        .outerjoin(User, User.id == FieldDecision.by_id)
        .where(FieldDecision.field_event_id.in_(ids))
        .order_by(FieldDecision.id)
    )
    return {row.field_event_id: Decision(row.kind, row.reason, row.at, name or "", is_final(row)) for row, name in rows}


def is_final(decision: FieldDecision) -> bool:
    """Tell whether a decision had effects that taking it back would not undo."""
    return bool(decision.effect.keys() & {"visit", "availability", "visit_id"})


def phones(session: Session, actor: Actor) -> tuple[PhoneState, ...]:
    """Return the phones with the app in the commune, those not heard of for longest first."""
    actor.require_desk()
    rows = session.execute(
        select(Device, User)
        .join(User, User.id == Device.user_id)
        .where(
            User.commune_id == actor.commune_id,
            User.disabled_at.is_(None),
            User.role.in_(tuple(Role(r) for r in IN_THE_FIELD)),
            Device.seat_hash.is_not(None),
            Device.revoked_at.is_(None),
        )
    ).all()
    found = [PhoneState(d.id, u.id, u.name, d.label, d.client, d.contact_at, d.pulled_at) for d, u in rows]
    return tuple(sorted(found, key=lambda p: (p.contact_at is not None, p.contact_at or p.device_id, p.device_id)))


def hamlets(session: Session, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return the commune's hamlets: where a household that was found may stand."""
    rows = session.execute(scope.hamlets(actor).with_only_columns(Hamlet.id, Hamlet.name).order_by(Hamlet.position, Hamlet.id))
    return tuple((hamlet_id, name) for hamlet_id, name in rows)
