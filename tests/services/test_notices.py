"""Telling people: decided once in the caller's transaction, read by its recipient alone, by the channels they chose."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from planner.domain.errors import InvalidInput, NotFound
from planner.domain.notices import Channel, DeliveryState, NoticeKind, Topic
from planner.domain.vocabulary import Role
from planner.models import Database, Device, Notice, NoticeChoice, NoticeDelivery, PushSubscription
from planner.services import notices
from planner.services.actors import Actor
from planner.services.notices import browsers, choosing, inbox
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.worlds import World, one_alley

FACTS = {"monday": MONDAY, "shifts": 2}
PUBLISHED = NoticeKind.WEEK_PUBLISHED
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        return one_alley(session)


def deliveries(db: Database) -> list[tuple[Channel, DeliveryState]]:
    with db.read() as session:
        rows = session.execute(select(NoticeDelivery.channel, NoticeDelivery.state).order_by(NoticeDelivery.id))
        return [(channel, state) for channel, state in rows]


def told(db: Database, *people: int, kind: NoticeKind = PUBLISHED, key: str = "week:1") -> int:
    facts = {**FACTS, "error": "run_lost", "minutes": 3}
    with db.begin() as session:
        return notices.tell(session, people, kind, facts, key, NOW)


def test_each_recipient_is_told_once_by_a_key(db: Database, world: World) -> None:
    assert told(db, world.minh.id, world.hoa.id, world.minh.id) == 2
    assert told(db, world.hoa.id, world.minh.id) == 0
    assert told(db, world.minh.id, key="week:2") == 1
    assert deliveries(db) == [(Channel.APP, DeliveryState.SENT)] * 3


def test_two_processes_that_tell_the_same_at_once_tell_it_once(db: Database, world: World) -> None:
    start, new = threading.Barrier(2), []

    def one() -> None:
        start.wait()
        new.append(told(db, world.minh.id, world.hoa.id))

    both = [threading.Thread(target=one) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(new) == [0, 2]
    assert len(deliveries(db)) == 2


def tell_and_fail(db: Database, world: World) -> None:
    with db.begin() as session:
        notices.tell(session, [world.minh.id], PUBLISHED, FACTS, "week:1", NOW)
        raise ZeroDivisionError


def test_what_is_rolled_back_was_never_told(db: Database, world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        tell_and_fail(db, world)
    assert deliveries(db) == []
    assert told(db, world.minh.id) == 1


def test_who_is_locked_out_or_unknown_is_told_nothing(db: Database, world: World) -> None:
    with db.begin() as session:
        session.merge(world.minh).disabled_at = NOW
    assert told(db, world.minh.id, 987654) == 0


def test_a_notice_without_its_facts_or_key_is_the_callers_fault(db: Database, world: World) -> None:
    with db.begin() as session:
        for facts, key in (
            ({"monday": MONDAY}, "week:1"),
            (FACTS, ""),
            (FACTS, "x" * 161),
            ({**FACTS, "of": object()}, "week:1"),
        ):
            with pytest.raises(ValueError, match="notice"):
                notices.tell(session, [world.minh.id], PUBLISHED, facts, key, NOW)
    assert deliveries(db) == []


def test_recipients_are_found_by_what_they_do(db: Database, world: World) -> None:
    with db.begin() as session:
        viewer = make.a_user(session, world.commune, Role.VIEWER, "Chủ tịch")
        leader = make.a_user(session, world.commune, Role.LEADER, "Nga", world.volunteers[1])
        gone = make.a_user(session, world.commune, Role.VOLUNTEER, "Hải", world.volunteers[2], disabled_at=NOW)
        ids = [volunteer.id for volunteer in world.volunteers]
        assert notices.desk(session, world.commune.id) == [world.hoa.id]
        assert notices.viewers(session, world.commune.id) == [viewer.id]
        assert notices.leaders(session, world.commune.id) == [leader.id]
        assert notices.user_of_volunteers(session, ids) == [world.minh.id, leader.id]
        assert gone.id not in notices.users_by_volunteer(session, ids).values()


def test_a_person_reads_their_own_notices_newest_first_and_no_others(db: Database, world: World) -> None:
    told(db, world.minh.id, world.hoa.id)
    with db.begin() as session:
        notices.tell(session, [world.minh.id], PUBLISHED, FACTS, "week:2", NOW + timedelta(hours=1))
        mine = inbox.listing(session, world.volunteer, "vi", 1)
        hers = inbox.listing(session, world.desk, "en", 9)
        assert [row.made_at for row in mine.rows] == [NOW + timedelta(hours=1), NOW]
        assert [row.subject for row in hers.rows] == ["Your shifts are out, week of 23 Nov 2026"]
        for stranger in (world.desk, world.stranger):
            with pytest.raises(NotFound):
                inbox.one(session, stranger, mine.rows[0].id, "vi")
        assert inbox.unread(session, Actor.cli(world.commune.id)) == 0


def test_reading_is_noted_once_and_can_be_taken_back(db: Database, world: World) -> None:
    told(db, world.minh.id)
    told(db, world.minh.id, world.hoa.id, key="week:2")
    later = NOW + timedelta(minutes=5)
    with db.begin() as session:
        first = inbox.listing(session, world.volunteer, "vi", 1).rows[0].id
        assert inbox.mark_read(session, world.volunteer, NOW, [first]) == 1
        assert inbox.mark_read(session, world.desk, NOW, [first]) == 0, "another's notice"
        assert inbox.mark_read(session, world.volunteer, later) == 1, "the one that was read already stays as it was"
        assert inbox.unread(session, world.volunteer) == 0
        assert inbox.mark_unread(session, world.volunteer, later) == 1
        assert (inbox.unread(session, world.volunteer), inbox.unread(session, world.desk)) == (1, 1)


def with_address(db: Database, world: World, *off: tuple[Topic, Channel]) -> None:
    with db.begin() as session:
        device = Device(user_id=world.minh.id, token_hash="7" * 64, signed_in_at=NOW, seen_at=NOW)
        session.add(device)
        choosing.set_email(session, world.volunteer, world.minh.id, "minh@example.vn", NOW)
        every = {(topic, channel) for topic in Topic for channel in (Channel.EMAIL, Channel.PUSH)}
        choosing.choose(session, world.volunteer, every - set(off), NOW)
        session.flush()
        session.add(
            PushSubscription(
                user_id=world.minh.id, device_id=device.id, endpoint=ENDPOINT, endpoint_hash="8" * 64, p256dh="p", auth="a",
                made_at=NOW,
            )
        )  # fmt: skip


def channels(db: Database) -> set[Channel]:
    return {channel for channel, _ in deliveries(db)}


def test_a_notice_goes_by_the_channels_of_its_kind_that_have_an_address(db: Database, world: World) -> None:
    with_address(db, world)
    told(db, world.minh.id)
    assert channels(db) == {Channel.APP, Channel.EMAIL, Channel.PUSH}
    with db.begin() as session:
        session.execute(NoticeDelivery.__table__.delete())
        shift = {"on_date": MONDAY, "period": "T", "starts_at": NOW, "ends_at": NOW}
        notices.tell(session, [world.minh.id], NoticeKind.SHIFT_SOON, shift, "soon:1", NOW)
    assert channels(db) == {Channel.APP, Channel.PUSH}, "two hours before, nobody reads mail"


def test_a_topic_switched_off_comes_in_the_app_only(db: Database, world: World) -> None:
    with_address(db, world, (Topic.WEEK, Channel.EMAIL), (Topic.WEEK, Channel.PUSH))
    told(db, world.minh.id)
    assert channels(db) == {Channel.APP}


def test_trouble_cannot_be_switched_off(db: Database, world: World) -> None:
    with db.begin() as session:
        choosing.set_email(session, world.desk, world.hoa.id, "hoa@example.vn", NOW)
        choosing.choose(session, world.desk, (), NOW)
    told(db, world.hoa.id, kind=NoticeKind.CLOCK_STOOD_STILL)
    assert channels(db) == {Channel.APP, Channel.EMAIL}


def test_a_phone_signed_out_is_not_woken(db: Database, world: World) -> None:
    with_address(db, world)
    with db.begin() as session:
        session.scalars(select(Device)).one().revoked_at = NOW
    told(db, world.minh.id)
    assert channels(db) == {Channel.APP, Channel.EMAIL}


def test_an_address_that_is_none_is_refused(db: Database, world: World) -> None:
    wrong = ("minh", "minh@", "a b@example.vn", "a@example.vn, b@example.vn", "a@example.vn\nBcc: b@c.vn", "a@b", "@example.vn")
    with db.begin() as session:
        for address in wrong:
            with pytest.raises(InvalidInput) as refused:
                choosing.set_email(session, world.volunteer, world.minh.id, address, NOW)
            assert (refused.value.code, refused.value.facts["field"]) == ("email_unusable", "email"), address


def test_the_desk_may_note_an_address_of_its_own_people_only(db: Database, world: World) -> None:
    with db.begin() as session:
        choosing.set_email(session, world.desk, world.minh.id, " minh@example.vn ", NOW)
        assert choosing.email_of(session, world.volunteer, world.minh.id) == ("minh@example.vn", None)
        for actor, person in ((world.stranger, world.minh), (world.volunteer, world.hoa)):
            with pytest.raises(NotFound):
                choosing.set_email(session, actor, person.id, "x@example.vn", NOW)


def test_what_other_roles_chose_stays_when_a_role_changes(db: Database, world: World) -> None:
    with db.begin() as session:
        choosing.choose(session, world.desk, (), NOW)
        hoa = session.merge(world.hoa)
        hoa.role = Role.VIEWER
        viewer = Actor.of_user(hoa)
        choosing.choose(session, viewer, {(t, c) for t in Topic for c in Channel}, NOW)
        assert session.get_one(NoticeChoice, world.hoa.id).off == [
            "shifts.email", "shifts.push", "trouble.email", "trouble.push",
        ]  # fmt: skip


def subscribe(db: Database, actor: Actor, token: str, endpoint: str = ENDPOINT) -> None:
    from planner.services.accounts.devices import hash_of

    with db.begin() as session:
        if session.scalar(select(Device.id).where(Device.token_hash == hash_of(token))) is None:
            session.add(Device(user_id=actor.user_id, token_hash=hash_of(token), signed_in_at=NOW, seen_at=NOW))
            session.flush()
        browsers.subscribe(session, actor, token, endpoint, "p" * 87, "a" * 22, NOW)


def test_a_shared_phone_is_woken_for_whom_it_was_switched_on_last(db: Database, world: World) -> None:
    subscribe(db, world.volunteer, "token of Minh")
    subscribe(db, world.desk, "token of Hoa")
    with db.read() as session:
        assert session.scalars(select(PushSubscription.user_id)).all() == [world.hoa.id]


def test_a_person_has_at_most_ten_browsers(db: Database, world: World) -> None:
    for number in range(browsers.MOST_BROWSERS + 2):
        subscribe(db, world.volunteer, "token of Minh", f"{ENDPOINT}{number}")
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(PushSubscription)) == browsers.MOST_BROWSERS


def test_only_addresses_of_push_services_are_called(db: Database, world: World) -> None:
    for endpoint in ("http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://fcm.googleapis.com.evil.vn/x", "file:///etc"):
        with pytest.raises(InvalidInput) as refused:
            subscribe(db, world.volunteer, "token of Minh", endpoint)
        assert refused.value.code == "push_unusable"


def test_a_notice_is_never_changed(db: Database, world: World) -> None:
    told(db, world.minh.id)
    with db.begin() as session:
        before = session.scalars(select(Notice)).one()
        kept = (before.facts, before.made_at)
        notices.tell(session, [world.minh.id], PUBLISHED, {**FACTS, "shifts": 9}, "week:1", NOW + timedelta(days=1))
    with db.read() as session:
        after = session.scalars(select(Notice)).one()
        assert (after.facts, after.made_at) == kept
