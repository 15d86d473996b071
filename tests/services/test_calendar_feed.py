"""The calendar of a volunteer: their shifts as they stand, what is cancelled said so, and nothing about residents."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from planner.domain.errors import InvalidInput, NotFound
from planner.domain.vocabulary import Period, WeekState
from planner.models import Appointment, Database
from planner.services import planning, publishing, volunteers
from planner.services.notices import feed
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.worlds import World, a_running_week

SECRET = "a key only tests know, of 32 letters"


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        world = a_running_week(session)
        feed.renew(session, world.volunteer, NOW)
        return world


def calendar(db: Database, world: World) -> dict[str, Any]:
    """Return Minh's events by UID, as a calendar program reads them."""
    return {str(event["uid"]): event for event in Calendar.from_ical(raw(db, world)).walk("VEVENT")}


def raw(db: Database, world: World) -> bytes:
    with db.read() as session:
        address = feed.address(session, world.volunteer, SECRET)
        assert address is not None
        return feed.calendar_of(session, SECRET, *address, NOW)


def sole(events: dict[str, Any]) -> Any:
    (event,) = events.values()
    return event


def publish_again(db: Database, world: World, shifts: Any) -> None:
    with db.begin() as session:
        draft = make.a_published_week(session, shifts, world.campaign, state=WeekState.DRAFT)
        in_force = planning.drafts(session, world.desk, MONDAY)
        current = next(view for view in in_force if view.state is WeekState.PUBLISHED)
        draft.base_id, draft.base_version = current.id, current.version
        session.flush()
        publishing.publish(session, world.desk, draft.id, draft.version, current.version, NOW)


def test_a_shift_stands_in_the_calendar_with_its_hours_companion_and_place(db: Database, world: World) -> None:
    event = sole(calendar(db, world))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (
        datetime.fromisoformat("2026-11-23T18:30+07:00"), datetime.fromisoformat("2026-11-23T21:00+07:00"),
    )  # fmt: skip
    assert (str(event["summary"]), str(event["location"]), str(event["status"])) == (
        "Đi thăm hộ, tổ 1 (tối)", "Ấp 1", "CONFIRMED",
    )  # fmt: skip
    assert str(event["description"]) == "Đi cùng: Lê Thu Nga.\nDanh sách hộ xem trong ứng dụng."


def test_no_resident_is_in_it(db: Database, world: World) -> None:
    text = raw(db, world).decode().replace("\r\n ", "")
    for household in world.households:
        assert household.head_name not in text
        assert household.address not in text


def test_lines_are_as_long_as_the_standard_allows(db: Database, world: World) -> None:
    assert all(len(line) <= 75 for line in raw(db, world).split(b"\r\n"))


def test_a_shift_that_changed_keeps_its_uid_and_counts_on_one_that_did_not_keeps_both(db: Database, world: World) -> None:
    minh, nga, hai, yen = world.volunteers
    before = sole(calendar(db, world))
    same = [("mon_T", [minh, nga], world.households[:3]), ("wed_T", [hai, nga], world.households[3:])]
    publish_again(db, world, same)
    kept = sole(calendar(db, world))
    assert (kept["uid"], kept["sequence"], kept["dtstamp"].dt) == (before["uid"], before["sequence"], before["dtstamp"].dt)
    publish_again(db, world, [("mon_T", [minh, yen], world.households[:3]), ("wed_T", [hai, nga], world.households[3:])])
    changed = sole(calendar(db, world))
    assert changed["uid"] == before["uid"]
    assert changed["sequence"] > before["sequence"]
    assert "Võ Thị Yến" in changed["description"]


def test_a_shift_that_is_no_longer_theirs_is_cancelled_not_gone(db: Database, world: World) -> None:
    _, nga, hai, yen = world.volunteers
    before = sole(calendar(db, world))
    publish_again(db, world, [("mon_T", [nga, yen], world.households[:3]), ("wed_T", [hai, yen], world.households[3:])])
    after = sole(calendar(db, world))
    assert (after["uid"], str(after["status"])) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]
    assert str(after["summary"]).startswith("Đã hủy: ")


def test_who_said_they_cannot_come_sees_it_cancelled_until_they_come_after_all(db: Database, world: World) -> None:
    minh = world.volunteers[0].id
    sequences = [sole(calendar(db, world))["sequence"]]
    for say, status in ((volunteers.mark_absent, "CANCELLED"), (volunteers.mark_present, "CONFIRMED")):
        with db.begin() as session:
            arguments = (minh, MONDAY, Period.EVENING, *(["ốm"] if status == "CANCELLED" else []))
            say(session, world.volunteer, *arguments, NOW + timedelta(minutes=len(sequences)))
        event = sole(calendar(db, world))
        assert str(event["status"]) == status
        sequences.append(event["sequence"])
    assert sequences == sorted(set(sequences))
    assert "ốm" not in raw(db, world).decode()


def test_an_hour_promised_at_a_door_of_the_shift_is_in_it_without_the_name(db: Database, world: World) -> None:
    starts = datetime.fromisoformat("2026-11-23T19:00+07:00")
    with db.begin() as session:
        elsewhere = make.a_hamlet(session, world.commune, "Ấp Xa")
        session.merge(world.households[1]).hamlet_id = elsewhere.id
        promise = Appointment(
            household_id=world.households[1].id, starts_at=starts, ends_at=starts + timedelta(minutes=30), made_at=NOW
        )
        session.add_all(
            [
                promise,
                Appointment(household_id=world.households[4].id, starts_at=starts, ends_at=starts, made_at=NOW),
                Appointment(household_id=world.households[0].id, at_police=True, starts_at=starts, ends_at=starts, made_at=NOW),
            ]
        )
    events = [event for uid, event in calendar(db, world).items() if uid.startswith("appointment")]
    assert [(str(e["summary"]), e.decoded("dtstart"), str(e["status"])) for e in events] == [
        ("Hẹn với hộ dân", starts, "CONFIRMED")
    ]
    assert str(events[0]["location"]) == "Ấp Xa", "where the household is, not where the shift mainly goes"
    before = events[0]["sequence"]
    with db.begin() as session:
        session.merge(promise).cancelled_at = NOW
    (after,) = [event for uid, event in calendar(db, world).items() if uid.startswith("appointment")]
    assert (str(after["status"]), after["sequence"] > before) == ("CANCELLED", True)


def test_a_renewed_or_stopped_address_leads_nowhere_at_once(db: Database, world: World) -> None:
    with db.begin() as session:
        old = feed.address(session, world.volunteer, SECRET)
        assert old is not None
        feed.renew(session, world.volunteer, NOW)
        new = feed.address(session, world.volunteer, SECRET)
        assert new is not None
        assert feed.calendar_of(session, SECRET, *new, NOW)
        for user_id, token in (old, (new[0], ""), (new[0], new[1][:-1]), (world.hoa.id, new[1]), (987654, new[1])):
            with pytest.raises(NotFound):
                feed.calendar_of(session, SECRET, user_id, token, NOW)
        feed.stop(session, world.volunteer, NOW)
        assert feed.address(session, world.volunteer, SECRET) is None
        with pytest.raises(NotFound):
            feed.calendar_of(session, SECRET, *new, NOW)


def test_the_database_alone_does_not_tell_an_address(db: Database, world: World) -> None:
    with db.read() as session:
        found = feed.address(session, world.volunteer, SECRET)
        assert found is not None
        assert found != feed.address(session, world.volunteer, "another installation's secret, long")
        assert len(found[1]) == 43


def test_who_is_locked_out_has_no_calendar_and_who_goes_nowhere_none_either(db: Database, world: World) -> None:
    with db.begin() as session:
        address = feed.address(session, world.volunteer, SECRET)
        assert address is not None
        session.merge(world.minh).disabled_at = NOW
        session.flush()
        with pytest.raises(NotFound):
            feed.calendar_of(session, SECRET, *address, NOW)
        with pytest.raises(InvalidInput) as refused:
            feed.renew(session, world.desk, NOW)
    assert refused.value.code == "feed_for_volunteers"
