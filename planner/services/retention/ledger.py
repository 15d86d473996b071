"""What was erased stays erased: a ledger beside the database, which a restored backup does not take back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.vocabulary import AuditAction
from planner.models import Campaign, Commune, Database, Erasure
from planner.services import audit
from planner.services.actors import Actor
from planner.services.retention.erasing import Files, erase_rows

FILE = "erasures.jsonl"


@dataclass(frozen=True)
class Entry:
    """An erasure, by codes: ids may be others in another database."""

    commune: str
    campaign: str
    erased_at: str


def note_missing(session: Session, folder: Path) -> int:
    """Write down the erasures that the ledger lacks; return how many. Called after each erasure, and every day by the clock."""
    known = set(entries(folder))
    rows = session.execute(
        select(Commune.code, Campaign.code, Erasure.erased_at)
        .join(Campaign, Campaign.id == Erasure.campaign_id)
        .join(Commune, Commune.id == Erasure.commune_id)
        .where(Erasure.erased_at.is_not(None))
        .order_by(Erasure.id)
    )
    new = [e for commune, campaign, at in rows if at and (e := Entry(commune, campaign, at.isoformat())) not in known]
    if new:
        with (folder / FILE).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in new)
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def entries(folder: Path) -> Iterator[Entry]:
    """Yield what the ledger holds; a line cut off by a power cut is left out."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue


def replay(db: Database, folder: Path, at: datetime) -> tuple[int, Files]:
    """Erase again, in an older database, the rows that were erased since; return how many erasures it lacked, and their files."""
    erased = Files()
    done = 0
    for entry in entries(folder):
        with db.begin() as session:
            campaign = _campaign(session, entry)
            erased_at = datetime.fromisoformat(entry.erased_at)
            if campaign is None or _knows(session, campaign.id, erased_at):
                continue
            erased += erase_rows(session, campaign.commune_id, at, None)
            row = Erasure(
                commune_id=campaign.commune_id, campaign_id=campaign.id, proposed_at=at, found={}, erased_at=erased_at,
                erased={"replayed": True},
            )  # fmt: skip
            session.add(row)
            session.flush()
            actor = Actor.cli(campaign.commune_id)
            audit.record(session, actor, AuditAction.DATA_ERASED, "erasure", row.id, at, after={"replayed": True})
            done += 1
    return done, erased


def _campaign(session: Session, entry: Entry) -> Campaign | None:
    """Return the campaign of an erasure; where the database is older than that, the commune's latest: its people are the same."""
    return session.scalars(
        select(Campaign)
        .join(Commune, Commune.id == Campaign.commune_id)
        .where(Commune.code == entry.commune)
        .order_by((Campaign.code == entry.campaign).desc(), Campaign.id.desc())
        .limit(1)
    ).one_or_none()


def _knows(session: Session, campaign_id: int, erased_at: datetime) -> bool:
    query = select(Erasure.id).where(Erasure.campaign_id == campaign_id, Erasure.erased_at == erased_at)
    return session.scalar(query.limit(1)) is not None
