"""kill -9 of the server at random points while phones send: what was acknowledged is there, and nothing twice."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from planner.domain.vocabulary import FieldVerdict
from planner.models import Database, FieldEvent, Visit

from .phones import Phone, enrol
from .serving import Servers
from .world import a_commune_of_crews

PHONES = 2
VISITS = 400  # households of each: enough that nobody is called on a hundred times
LONGEST_SECONDS = 0.4  # of sending before the kill, a few transmissions
WARM = 0.5  # share of kills counted from the first answer: before it a new server is slow
COMMITTED = 0.3  # share of kills at the instant at which a commit can be seen: its answer is most likely still unsent
MOST = 5


@dataclass(frozen=True)
class Killed:
    """What came of it. `in_doubt`: transmissions without an answer, of which `stored_in_doubt` had been committed."""

    points: int
    acknowledged: int
    in_doubt: int
    stored_in_doubt: int
    lost: int
    twice: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.points} kills in {self.seconds:.0f} s: "
            f"{self.acknowledged} reports acknowledged, {self.lost} lost, {self.twice} twice; "
            f"{self.in_doubt} transmissions without an answer, {self.stored_in_doubt} of them had been committed"
        )


def kill_often(db: Database, folder: Path, points: int, seed: int = 1) -> Killed:
    """Kill a server again and again, look each time, and have everything sent in the end."""
    chance = random.Random(seed)
    with db.begin() as session:
        people = a_commune_of_crews(session, PHONES, VISITS)
    phones = enrol(db, people)
    began = time.monotonic()
    lost = twice = in_doubt = stored_in_doubt = 0
    with Servers(db.url.render_as_string(hide_password=False), folder) as servers:
        for point in range(1, points + 1):
            doubtful = _send_until_killed(db, servers, phones, chance)
            opens(db)
            stored = _stored(db)
            lost += sum(event_id not in stored for phone in phones for event_id in phone.acknowledged)
            twice += _twice(db)
            in_doubt += len(doubtful)
            stored_in_doubt += sum(any(event_id in stored for event_id in ids) for ids in doubtful)
            if point % 100 == 0:
                told = Killed(point, len(stored), in_doubt, stored_in_doubt, lost, twice, time.monotonic() - began)
                print(f"so far {told}", flush=True)
        port = servers.start()
        for phone in phones:
            while phone.outbox:
                assert phone.send(port, 50) in (200, 503)
    stored = _stored(db)
    acknowledged = [event_id for phone in phones for event_id in phone.acknowledged]
    lost += sum(event_id not in stored for event_id in acknowledged)
    twice += _twice(db)
    return Killed(points, len(acknowledged), in_doubt, stored_in_doubt, lost, twice, time.monotonic() - began)


def _send_until_killed(db: Database, servers: Servers, phones: list[Phone], chance: random.Random) -> list[list[str]]:
    """Let phones send until the server is killed; return the ids of each transmission that got no answer."""
    before = _latest(db)
    port = servers.start()
    doubtful: list[list[str]] = []
    answered = threading.Event()

    def use(phone: Phone, numbers: list[int]) -> None:
        for number in numbers:
            phone.record(number)
            sent = [made["event_id"] for made in phone.outbox[:MOST]]
            try:
                phone.send(port, MOST)
                answered.set()
            except (OSError, http.client.HTTPException, ValueError):
                doubtful.append(sent)
                return

    users = [
        threading.Thread(target=use, args=(phone, [chance.randrange(VISITS) for _ in range(200)])) for phone in phones
    ]  # fmt: skip
    for user in users:
        user.start()
    how = chance.random()
    if how < COMMITTED:
        until = time.monotonic() + 60
        while _latest(db) == before and time.monotonic() < until:
            pass
    else:
        if how < COMMITTED + WARM:
            answered.wait(timeout=60)
        time.sleep(chance.uniform(0, LONGEST_SECONDS))
    servers.kill()
    for user in users:
        user.join()
    return doubtful


def _latest(db: Database) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(select(func.max(FieldEvent.id))) or 0


def opens(db: Database) -> None:
    """Refuse a database that is not sound."""
    with db.read() as session:
        if db.is_sqlite:
            assert session.execute(text("PRAGMA quick_check")).scalar() == "ok"
        assert session.scalar(select(func.count()).select_from(FieldEvent)) is not None


def _stored(db: Database) -> set[str]:
    with db.read() as session:
        return set(session.scalars(select(FieldEvent.event_id).where(FieldEvent.verdict != FieldVerdict.CONFLICT)))


def _twice(db: Database) -> int:
    """Return how many reports had their effects twice, or stand without their visit.

    All of it is read from one snapshot: PostgreSQL may still be committing what the killed server had sent it.
    """
    with db.read() as session:
        if not db.is_sqlite:  # there a transaction is one anyway
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        visits = Counter(session.scalars(select(Visit.event_id)))
        named = Counter(session.scalars(select(FieldEvent.visit_id).where(FieldEvent.visit_id.is_not(None))))
        reports = set(session.scalars(select(FieldEvent.event_id).where(FieldEvent.visit_id.is_not(None))))
    return sum(n - 1 for n in (*visits.values(), *named.values())) + len(reports ^ visits.keys())
