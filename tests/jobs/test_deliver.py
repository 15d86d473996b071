"""Sending what the outbox holds: once noted, tried again later and later, and nothing ever in the way of anything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update

from planner.domain.notices import SPECS, Channel, DeliveryState, NoticeKind
from planner.domain.vocabulary import Role
from planner.jobs import deliver
from planner.models import Database, NoticeChoice, NoticeDelivery
from planner.notices import ChannelDown, Message, NotSent, Post
from planner.services import notices
from planner.services.actors import Actor
from planner.services.notices import outbox, queues
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.web.conftest import Clock

FACTS = {"monday": MONDAY, "shifts": 2}
BASE = "https://namro.example.vn"
State = DeliveryState


@dataclass
class Recording:
    """A channel that notes what it is given, and fails where a test wants it to."""

    fail: Callable[[Message], Exception | None] = lambda message: None
    sent: list[Message] = field(default_factory=list)
    closed: int = 0
    gone: Sequence[str] = ()

    def send(self, message: Message) -> Sequence[str]:
        if (fault := self.fail(message)) is not None:
            raise fault
        self.sent.append(message)
        return self.gone

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def people(db: Database) -> list[int]:
    """Return three people who want mail."""
    with db.begin() as session:
        commune = make.a_commune(session)
        users = [make.a_user(session, commune, Role.VOLUNTEER, name) for name in ("An", "Ba", "Chi")]
        users[2].language = "en"
        session.add_all(NoticeChoice(user_id=u.id, email=f"{u.login}@example.vn", off=[], changed_at=NOW) for u in users)
        return [user.id for user in users]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def told(db: Database, people: Sequence[int], key: str = "week:1", kind: NoticeKind = NoticeKind.WEEK_PUBLISHED) -> None:
    with db.begin() as session:
        notices.tell(session, people, kind, FACTS, key, NOW)


def drained(db: Database, clock: Clock, email: Any = None, owner: str = "one") -> int:
    return deliver.drain(db, clock, owner, Post(BASE, {Channel.EMAIL: email} if email else {}))


def states(db: Database, channel: Channel = Channel.EMAIL) -> list[tuple[State, str]]:
    with db.read() as session:
        rows = select(NoticeDelivery.state, NoticeDelivery.error).where(NoticeDelivery.channel == channel)
        return [(state, error) for state, error in session.execute(rows.order_by(NoticeDelivery.id))]


def test_each_is_sent_once_in_the_language_of_its_reader(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people)
    mail = Recording()
    assert (drained(db, clock, mail), drained(db, clock, mail)) == (3, 0)
    assert [m.subject for m in mail.sent] == [
        "Đã có lịch đi của anh/chị, tuần 23/11–29/11/2026", "Đã có lịch đi của anh/chị, tuần 23/11–29/11/2026",
        "Your shifts are out, week of 23 Nov 2026",
    ]  # fmt: skip
    assert all(m.url.startswith(f"{BASE}/notices/") for m in mail.sent)
    assert len({m.message_id for m in mail.sent}) == 3
    assert states(db) == [(State.SENT, "")] * 3
    assert mail.closed == 2


def test_without_a_post_everything_waits_and_without_the_channel_it_is_dropped(
    db: Database, people: list[int], clock: Clock
) -> None:
    told(db, people)
    assert deliver.drain(db, clock, "one", None) == 0
    assert states(db) == [(State.WAITING, "")] * 3
    assert drained(db, clock) == 0
    assert states(db) == [(State.DROPPED, "not_set_up")] * 3
    assert states(db, Channel.APP) == [(State.SENT, "")] * 3, "in the app they are read all the same"


def test_a_message_that_fails_is_tried_later_and_later_under_the_same_id_and_blocks_nobody(
    db: Database, people: list[int], clock: Clock
) -> None:
    told(db, people)
    tried: list[str] = []

    def fail(message: Message) -> Exception | None:
        if message.subject.startswith("Your"):
            tried.append(message.message_id)
            return NotSent("smtp_451")
        return None

    mail = Recording(fail)
    assert drained(db, clock, mail) == 2
    at = [clock.at]
    while len(tried) < outbox.MOST_FAILURES:
        clock.go(seconds=30)
        before = len(tried)
        drained(db, clock, mail)
        if len(tried) > before:
            at.append(clock.at)
    pauses = [later - earlier for earlier, later in pairwise(at)]
    assert pauses == [timedelta(minutes=2**n) for n in range(6)] + [timedelta(hours=1)]
    assert len(set(tried)) == 1
    assert states(db)[2] == (State.FAILED, "smtp_451")
    clock.go(hours=5)
    assert drained(db, clock, mail) == 0


def test_no_such_mailbox_is_given_up_at_once(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people[:1])
    drained(db, clock, Recording(lambda message: NotSent("smtp_550", permanent=True)))
    assert states(db) == [(State.FAILED, "smtp_550")]


def test_a_message_that_breaks_its_sender_is_put_aside_and_the_next_go_out(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people)
    mail = Recording(lambda message: ZeroDivisionError() if message.subject.startswith("Your") else None)
    assert drained(db, clock, mail) == 2
    assert states(db)[2] == (State.WAITING, "ZeroDivisionError")


def test_while_the_channel_is_down_all_wait_and_none_is_given_up(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people)
    down = Recording(lambda message: ChannelDown("smtp_ConnectionRefusedError"))
    for _ in range(2 * outbox.MOST_FAILURES):
        assert drained(db, clock, down) == 0
        clock.go(minutes=2)
    assert {state for state, _ in states(db)} == {State.WAITING}
    mail = Recording()
    assert drained(db, clock, mail) == 3


def test_one_channel_down_does_not_stop_the_other(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people)
    with db.begin() as session:  # their mail as push, to browsers that are gone
        session.execute(update(NoticeDelivery).where(NoticeDelivery.channel == Channel.EMAIL).values(channel=Channel.PUSH))
    told(db, people, "week:2")
    broken = Recording(lambda message: ChannelDown("smtp_421"))
    post = Post(BASE, {Channel.EMAIL: broken, Channel.PUSH: Recording()})
    deliver.drain(db, clock, "one", post)
    assert {state for state, _ in states(db)} == {State.WAITING}
    assert states(db, Channel.PUSH) == [(State.DROPPED, "no_address")] * 3


def test_what_is_too_late_to_be_of_use_is_dropped(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people)
    clock.at += SPECS[NoticeKind.WEEK_PUBLISHED].useful + timedelta(seconds=1)
    mail = Recording()
    assert drained(db, clock, mail) == 0
    assert states(db) == [(State.DROPPED, "too_late")] * 3


def test_who_took_the_address_back_or_was_locked_out_meanwhile_gets_none(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people)
    with db.begin() as session:
        session.get_one(NoticeChoice, people[0]).email = ""
        session.get_one(NoticeChoice, people[1]).off = ["week.email"]
    mail = Recording()
    assert drained(db, clock, mail) == 1
    assert states(db)[:2] == [(State.DROPPED, "no_address")] * 2


def test_two_senders_never_hold_the_same_message(db: Database, people: list[int]) -> None:
    told(db, people)
    first, second = outbox.claim(db, "one", Channel.EMAIL, NOW, 2), outbox.claim(db, "two", Channel.EMAIL, NOW, 9)
    assert (len(first), len(second)) == (2, 1)
    assert not {held.id for held in first} & {held.id for held in second}
    assert outbox.claim(db, "three", Channel.EMAIL, NOW, 9) == []


def test_a_crashed_senders_message_is_sent_by_another_under_the_same_id(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people[:1])
    (crashed,) = outbox.claim(db, "one", Channel.EMAIL, NOW, 9)
    mail = Recording()
    assert drained(db, clock, mail, "two") == 0
    clock.at += outbox.LEASE + timedelta(seconds=1)
    assert drained(db, clock, mail, "two") == 1
    assert mail.sent[0].message_id == crashed.message_id
    # The one given up for dead wakes up: it can note nothing any more.
    assert not outbox.failed(db, crashed, clock.at, "smtp_451", permanent=True)
    assert not outbox.sent(db, crashed, clock.at)
    assert states(db) == [(State.SENT, "")]


def test_a_sender_whose_lease_runs_out_gives_the_rest_back(db: Database, people: list[int]) -> None:
    told(db, people)
    at = [NOW]

    def slow(message: Message) -> None:
        at[0] += outbox.LEASE  # the machine slept

    mail = Recording(slow)
    assert deliver.drain(db, lambda: at[0], "one", Post(BASE, {Channel.EMAIL: mail})) == 1
    assert [state for state, _ in states(db)] == [State.SENT, State.WAITING, State.WAITING]


def test_a_slow_server_does_not_hold_up_the_tick(
    db: Database, people: list[int], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(db, people)
    monkeypatch.setattr(deliver, "MOST_SECONDS", 0.0)
    assert drained(db, clock, Recording()) == 0
    assert [state for state, _ in states(db)] == [State.WAITING] * 3


def test_the_desk_sees_how_sending_stands_in_its_commune_alone(db: Database, people: list[int], clock: Clock) -> None:
    told(db, people)
    drained(db, clock, Recording(lambda m: NotSent("smtp_550", permanent=True) if m.subject.startswith("Your") else None))
    with db.begin() as session:
        other = make.a_commune(session)
        mine = outbox.standing(session, Actor.cli(other.id - 1), NOW)
        assert outbox.standing(session, Actor.cli(other.id), NOW) == ()
    assert [(line.channel, line.state, line.count, line.error) for line in mine] == [
        (Channel.APP, State.SENT, 3, ""), (Channel.EMAIL, State.FAILED, 1, "smtp_550"), (Channel.EMAIL, State.SENT, 2, ""),
    ]  # fmt: skip


def test_the_desk_and_a_watcher_see_what_waits_since_when_and_what_was_given_up(
    db: Database, people: list[int], clock: Clock
) -> None:
    told(db, people)
    told(db, people[:1], "week:2")
    refused = {"smtp_550": 0}

    def fails(message: Message) -> Exception | None:
        if message.subject.startswith("Your"):
            return NotSent("smtp_550", permanent=True)
        refused["smtp_550"] += 1
        return NotSent("smtp_450") if refused["smtp_550"] == 1 else None

    drained(db, clock, Recording(fails))
    clock.go(hours=2)
    with db.begin() as session:
        other = make.a_commune(session)
        email, push = queues.queues(session, Actor.cli(other.id - 1), clock())
        assert all(not queue.waiting and not queue.sent for queue in queues.queues(session, Actor.cli(other.id), clock()))
        assert queues.backlog(session, clock()) == (1, timedelta(hours=2))
    assert (email.channel, email.waiting, email.oldest_at, email.hindered_by) == (Channel.EMAIL, 1, NOW, "smtp_450")
    assert (email.failed, email.given_up, email.sent) == ({"smtp_550": 1}, 1, 2)
    assert (push.channel, push.waiting, push.oldest_at, push.failed, push.sent) == (Channel.PUSH, 0, None, {}, 0)


def test_a_message_of_an_older_program_is_still_told(db: Database, people: list[int]) -> None:
    """Facts that this version reads otherwise must not stop a letter."""
    told(db, people[:1])
    (held,) = outbox.claim(db, "one", Channel.EMAIL, NOW, 1)
    odd: datetime = NOW
    message = deliver.message_of(replace(held, facts={"monday": "tuần tới", "shifts": [3]}), BASE, odd)
    assert message.subject == "Đã có lịch đi của anh/chị, tuần tới"
