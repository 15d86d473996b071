"""Communes: known by their code, since names change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput, NotFound
from planner.domain.text import printable, squeeze
from planner.domain.vocabulary import AuditAction, CommuneKind
from planner.models import Commune
from planner.services import audit
from planner.services.actors import Actor


@dataclass(frozen=True)
class CommuneView:
    id: int
    code: str
    kind: CommuneKind
    name: str
    province: str


def create_commune(session: Session, code: str, kind: CommuneKind, name: str, province: str, at: datetime) -> CommuneView:
    """Make a commune. Its code is what it is known by; names change."""
    code, name = code.strip(), squeeze(printable(name))
    for field, value in (("code", code), ("name", name)):
        if not value:
            raise InvalidInput("value_empty", field=field)
    if session.scalar(select(Commune.id).where(Commune.code == code)):
        raise InvalidInput("commune_exists", field="code", commune=code)
    commune = Commune(code=code, kind=kind, name=name, province=squeeze(province))
    session.add(commune)
    session.flush()
    audit.record(session, Actor.cli(commune.id), AuditAction.COMMUNE_CREATED, "commune", commune.id, at, after={"code": code})
    return _commune_view(commune)


def commune(session: Session, actor: Actor) -> CommuneView:
    """Return the actor's commune."""
    return _commune_view(session.get_one(Commune, actor.commune_id))


def any_commune(session: Session) -> bool:
    """Tell whether there is a commune yet."""
    return session.scalar(select(Commune.id).limit(1)) is not None


def sole_commune(session: Session, code: str | None = None) -> CommuneView:
    """Return the commune of that code, or the only one there is (for the command line)."""
    found = session.scalars(select(Commune).order_by(Commune.code)).all()
    if code is not None:
        chosen = [c for c in found if c.code == code]
        if not chosen:
            raise NotFound("unknown_commune", commune=code)
        return _commune_view(chosen[0])
    if not found:
        raise NotFound("no_commune")
    if len(found) > 1:
        raise InvalidInput("several_communes", field="commune", codes=", ".join(c.code for c in found))
    return _commune_view(found[0])


def _commune_view(row: Commune) -> CommuneView:
    return CommuneView(row.id, row.code, row.kind, row.name, row.province)
