"""The processes of the notices' benchmark: those that decide to tell, and those that send. Any of them may die at any point."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from planner.domain.notices import Channel, NoticeKind
from planner.jobs import deliver, runs
from planner.models import Database, User
from planner.notices import Message, Post
from planner.notices.email import EmailSender, Mailbox
from planner.services import notices

JOB = "benchmark"
FROM = "namro@xa-mau.vn"


@dataclass(frozen=True)
class Stage:
    """What every process needs to know.

    Parameters
    ----------
    began, starts_at, speed
        The clock of the stage: `starts_at` was at `began` (seconds of this machine), and it runs `speed` times as fast, so that
        leases and pauses of minutes last seconds.
    recipients
        How many people each event is told to.
    self_kill
        The chance that a process dies by kill -9 at a point made for it: a teller between deciding and committing, a sender
        between sending and noting.
    log
        A line for each of those deaths.
    """

    url: str
    began: float
    starts_at: datetime
    speed: float
    recipients: int
    port: int
    self_kill: float
    log: Path

    def now(self) -> datetime:
        return self.starts_at + timedelta(seconds=(time.time() - self.began) * self.speed)


def whom(event: int, people: Sequence[int], recipients: int) -> list[int]:
    """Return who is told of an event: the same in whichever process, and whenever it is tried again."""
    return random.Random(event).sample(list(people), recipients)


def key_of(due_at: datetime) -> str:
    return f"benchmark:{due_at.isoformat()}"


def tell_on(stage: Stage, name: str, seed: int) -> None:
    """Win events as the clock wins due slots, and tell of each in the transaction that ends it, for ever."""
    dice, db = random.Random(seed), Database(stage.url)
    with db.read() as session:
        people = session.scalars(select(User.id).order_by(User.id)).all()
    while True:
        claim = runs.claim(db, name, stage.now())
        if claim is None:
            time.sleep(0.05)
            continue
        with db.begin() as session:
            facts = {"monday": stage.starts_at.date(), "shifts": 1}
            who = whom(int(claim.due_at.timestamp()), people, stage.recipients)
            told = notices.tell(session, who, NoticeKind.WEEK_PUBLISHED, facts, key_of(claim.due_at), stage.now())
            runs.finish(session, claim, stage.now(), {"told": told})
            _perhaps_die(stage, dice, "between deciding and committing", 5)  # of few transactions: each is large
        _perhaps_die(stage, dice, "after committing", 1)


def send_on(stage: Stage, name: str, seed: int) -> None:
    """Drain the outbox as every tick of the clock does, for ever."""
    dice, db = random.Random(seed), Database(stage.url)
    sender = _Dying(Mailbox("127.0.0.1", stage.port, FROM, "none"), stage, dice)
    while True:
        if not deliver.drain(db, stage.now, name, Post("http://127.0.0.1", {Channel.EMAIL: sender})):
            time.sleep(0.05)


class _Dying(EmailSender):
    """The real sender, in a process that may die the moment the server has taken the letter."""

    def __init__(self, mailbox: Mailbox, stage: Stage, dice: random.Random) -> None:
        super().__init__(mailbox)
        self._stage, self._dice = stage, dice

    def send(self, message: Message) -> Sequence[str]:
        _perhaps_die(self._stage, self._dice, "before sending", 0.25)
        gone = super().send(message)
        _perhaps_die(self._stage, self._dice, "between sending and noting", 1)
        return gone


def _perhaps_die(stage: Stage, dice: random.Random, where: str, weight: float) -> None:
    if dice.random() < stage.self_kill * weight:
        with stage.log.open("a", encoding="utf-8") as log:
            log.write(f"{where}\n")
        os.kill(os.getpid(), signal.SIGKILL)
