"""The paper way: lists keep what was printed, and what is entered from them is what a phone would have sent."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import instant
from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from planner.domain.paper import PaperEntry, PaperPromise, PaperResult, read_code
from planner.domain.vocabulary import NeedResult, Outcome, Period, StopReason
from planner.models import Appointment, Assignment, AuditEntry, ContactStop, Database, Need, PaperList, Visit
from planner.services import households, outcomes, paper
from planner.services.actors import Actor
from planner.services.outcomes import Callback, PoliceAppointment, ResultLine, VisitForm
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.services.plans import drafted, published
from tests.worlds import World, a_running_week

SUNDAY_PRINT = NOW
AT_THE_DOOR = datetime(2026, 11, 23, 12, 5, tzinfo=UTC)  # 19:05 on Monday
NEXT_MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        return a_running_week(session)


@pytest.fixture
def number(db: Database, world: World) -> int:
    """Return the number of Minh's list of Monday evening: An, Bình, Cường."""
    return printed(db, world)[0]


def printed(db: Database, world: World, **wanted: Any) -> tuple[int, ...]:
    with db.begin() as session:
        return paper.make_lists(session, world.desk, MONDAY, SUNDAY_PRINT, **wanted)


def entered(
    db: Database, world: World, number: int, entry: PaperEntry, at: datetime = NEXT_MORNING, *, correct: bool = False
) -> paper.Entered:
    """Enter a row; `correct`: as someone who has seen what stands recorded and knows better."""
    standing = seen(db, world, number).row(entry.row).visit if correct else None
    with db.begin() as session:
        return paper.enter(session, world.desk, number, entry, at, standing.event_id if standing else "")


def seen(db: Database, world: World, number: int) -> paper.ListView:
    with db.read() as session:
        return paper.view(session, world.desk, number)


def count(db: Database, model: type) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


# ---- printing ----


def test_every_shift_of_the_week_gets_its_list_in_order(db: Database, world: World) -> None:
    assert printed(db, world) == (1, 2)
    first, second = seen(db, world, 1), seen(db, world, 2)
    assert [row.head_name for row in first.rows] == [house.head_name for house in world.households[:3]]
    assert [row.head_name for row in second.rows] == [house.head_name for house in world.households[3:]]
    assert (first.on_date, first.period, second.on_date) == (MONDAY, Period.EVENING, MONDAY + timedelta(days=2))
    assert [member.name for member in first.crew] == ["Trần Quang Minh", "Lê Thu Nga"]
    assert read_code(first.rows[2].code) == (1, 3)


def test_a_day_or_a_shift_can_be_printed_alone(db: Database, world: World) -> None:
    (wednesday,) = printed(db, world, on_date=MONDAY + timedelta(days=2))
    shift_id = seen(db, world, wednesday).shift_id
    assert printed(db, world, shift_id=shift_id) == (wednesday,)


def test_the_same_list_printed_again_keeps_its_number(db: Database, world: World) -> None:
    assert printed(db, world) == printed(db, world)
    assert count(db, PaperList) == 2


def test_a_list_that_changed_gets_another_number_and_the_old_one_still_means_what_it_said(
    db: Database, world: World, number: int
) -> None:
    with db.begin() as session:
        first, second = (make.assignments_of(session, house)[0] for house in world.households[:2])
        first.position, second.position = 2, 1
    again = printed(db, world)[0]
    assert again != number
    assert [row.head_name for row in seen(db, world, number).rows][:2] == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert [row.head_name for row in seen(db, world, again).rows][:2] == ["Trần Thị Bình", "Nguyễn Văn An"]


def test_a_new_need_makes_a_new_list_and_the_old_one_keeps_its_figures(db: Database, world: World, number: int) -> None:
    old = seen(db, world, number).rows[1].needs
    with db.begin() as session:
        house = world.households[1]
        make.a_resident(session, house, "Lý Thị Mơ", **make.FACTS_OF_GROUP[1])
        make.rebuild(session, house)
    again = printed(db, world)[0]
    assert again != number
    assert len(seen(db, world, again).rows[1].needs) > len(old)
    assert [need.need_id for need in seen(db, world, number).rows[1].needs] == [need.need_id for need in old]


def test_a_list_outlives_a_new_revision_of_the_week(db: Database, world: World, number: int) -> None:
    """Publishing gives the promises other shifts; the row on paper still leads to its promise, and printing keeps its number
    where nothing of the list changed."""
    uids = [row.assignment_uid for row in seen(db, world, number).rows]
    run = drafted(db, world.desk, NOW)
    published(db, world.desk, run, NOW)
    assert [row.assignment_uid for row in seen(db, world, number).rows] == uids
    result = entered(db, world, number, PaperEntry(1, Outcome.ABSENT))
    assert result.visit.assignment_uid == uids[0]


def test_a_week_that_is_not_published_has_nothing_to_print(db: Database, world: World) -> None:
    for wanted in ({"monday": MONDAY + timedelta(days=7)}, {"on_date": MONDAY + timedelta(days=3)}, {"shift_id": 987_654}):
        with db.begin() as session, pytest.raises(InvalidInput, match="paper_nothing_to_print"):
            paper.make_lists(session, world.desk, **{"monday": MONDAY, "at": NOW, **wanted})


def test_a_list_asks_about_what_the_phone_asks_about(db: Database, world: World, number: int) -> None:
    from planner.services import fields

    with db.read() as session:
        (shift,) = fields.my_week(session, world.volunteer, MONDAY, NOW).shifts
        on_phone = [[need.id for person in stop.residents for need in person.needs] for stop in shift.visits]
    assert [[need.need_id for need in row.needs] for row in seen(db, world, number).rows] == on_phone
    assert any(on_phone)


def test_printing_is_noted_without_a_name(db: Database, world: World, number: int) -> None:
    with db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "list_printed")).one()
    assert (entry.user_id, entry.after) == (world.hoa.id, {"monday": "2026-11-23", "lists": 2, "rows": 5})


def test_a_sheet_holds_the_five_clears_and_the_hints(db: Database, world: World) -> None:
    with db.begin() as session:
        house = session.merge(world.households[0])
        house.note, house.languages, house.needs_woman = "Nhà có chó", ["Thái"], True
    number = printed(db, world)[0]
    with db.read() as session:
        (sheet,) = paper.sheets(session, world.desk, [number])
    assert [member.phone for member in sheet.clear.crew] == ["0900000001", "0900000002"]
    row = sheet.rows[0]
    assert (row.number, row.note, row.languages, row.needs_woman) == (1, "Nhà có chó", ("Thái",), True)
    assert row.code == seen(db, world, number).rows[0].code


def test_only_the_desk_of_the_commune_prints_and_enters(db: Database, world: World, number: int) -> None:
    with db.begin() as session:
        with pytest.raises(NotAllowed):
            paper.make_lists(session, world.volunteer, MONDAY, NOW)
        with pytest.raises(NotFound, match="paper_list_unknown"):
            paper.view(session, world.stranger, number)
        with pytest.raises(NotFound, match="paper_list_unknown"):
            paper.sheets(session, world.stranger, [number])
        with pytest.raises(NotFound, match="paper_list_unknown"):
            paper.enter(session, world.stranger, number, PaperEntry(1, Outcome.ABSENT), NEXT_MORNING)
        with pytest.raises(NotAllowed):
            paper.enter(session, world.volunteer, number, PaperEntry(1, Outcome.ABSENT), NEXT_MORNING)


def test_two_communes_number_their_lists_apart(db: Database, world: World, number: int) -> None:
    with db.begin() as session:
        other = a_running_week(session)
    assert printed(db, other) == (1, 2)
    assert seen(db, other, 1).shift_id != seen(db, world, 1).shift_id


# ---- entering: the same rows as from a phone ----

WEDNESDAY = date(2026, 11, 25)


def needs(view: paper.RowView) -> list[int]:
    return [need.need_id for need in view.needs]


PARITY = {
    "nobody home": ({"outcome": Outcome.ABSENT}, {}),
    "refused": ({"outcome": Outcome.REFUSED}, {}),
    "moved, with a note": ({"outcome": Outcome.MOVED, "note": "Về quê từ tháng 9"}, {"note": "Về quê từ tháng 9"}),
    "wrong address": ({"outcome": Outcome.WRONG_ADDRESS}, {}),
    "unsafe": ({"outcome": Outcome.UNSAFE}, {}),
    "not reached": ({"outcome": Outcome.NOT_REACHED}, {}),
    "asked not to be visited": ({"outcome": Outcome.ABSENT, "stop_whole_household": True}, {"stop_whole_household": True}),
    "done on their own phone": (
        {"outcome": Outcome.MET, "results": lambda ids: (ResultLine(ids[0], NeedResult.DONE, "", True, True),)},
        {"results": (PaperResult(1, NeedResult.DONE, own_device=True, teach_back=True),)},
    ),
    "not done, and to come back at an hour": (
        {
            "outcome": Outcome.MET,
            "results": lambda ids: (ResultLine(ids[0], NeedResult.NOT_DONE),),
            "callback": Callback(WEDNESDAY, None, time(18, 30), time(19, 30)),
        },
        {
            "results": (PaperResult(1, NeedResult.NOT_DONE),),
            "callback": PaperPromise(WEDNESDAY, None, time(18, 30), time(19, 30)),
        },
    ),
    "come back in the evening": (
        {"outcome": Outcome.CALLBACK, "callback": Callback(WEDNESDAY, Period.EVENING)},
        {"callback": PaperPromise(WEDNESDAY, Period.EVENING)},
    ),
    "sent to the police desk": (
        {
            "outcome": Outcome.MET,
            "results": lambda ids: (ResultLine(ids[0], NeedResult.REFERRED),),
            "police_appointment": PoliceAppointment(WEDNESDAY, time(8, 0), time(9, 0)),
        },
        {"results": (PaperResult(1, NeedResult.REFERRED),), "police": PaperPromise(WEDNESDAY, starts=time(8, 0))},
    ),
}


@pytest.mark.parametrize(("phone", "on_paper"), PARITY.values(), ids=PARITY.keys())
def test_paper_and_phone_leave_identical_records(db: Database, phone: dict[str, Any], on_paper: dict[str, Any]) -> None:
    """Two communes alike to the letter: in one Minh's phone reports a visit, in the other the desk types it from paper."""
    with db.begin() as session:
        of_phone, of_paper = a_running_week(session), a_running_week(session)
    numbers = {id(world): printed(db, world)[0] for world in (of_phone, of_paper)}
    row = seen(db, of_phone, numbers[id(of_phone)]).row(2)
    results = phone.get("results")
    form = VisitForm(
        event_id=str(uuid.uuid4()), household_id=row.household_id, occurred_at=AT_THE_DOOR, assignment_uid=row.assignment_uid,
        **{**phone, "results": results(needs(row)) if results else ()},
    )  # fmt: skip
    with db.begin() as session:
        outcomes.record_visit(session, of_phone.volunteer, form, NEXT_MORNING)
    entry = PaperEntry(2, phone["outcome"], happened_at=time(19, 5), **on_paper)
    entered(db, of_paper, numbers[id(of_paper)], entry)
    with db.read() as session:
        assert records(session, of_phone) == records(session, of_paper)


def records(session: Session, world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that visits left in a commune, ids told by their place among the commune's rows."""
    house_ids = [house.id for house in world.households]
    crew = {volunteer.id: volunteer.name for volunteer in world.volunteers}
    # By whom and for what: in which order they were derived is the database's own.
    need_rows = session.scalars(
        select(Need).where(Need.household_id.in_(house_ids)).order_by(Need.household_id, Need.resident_id, Need.service_id)
    ).all()
    place = {need.id: n for n, need in enumerate(need_rows)}
    of_houses = select(Assignment).where(Assignment.household_id.in_(house_ids))
    promises = session.scalars(of_houses.order_by(Assignment.household_id, Assignment.id)).all()
    promise_place = {promise.id: n for n, promise in enumerate(promises)}
    visits = session.scalars(select(Visit).where(Visit.household_id.in_(house_ids)).order_by(Visit.id)).all()
    return {
        "visits": [
            (
                house_ids.index(v.household_id), promise_place.get(v.assignment_id), crew.get(v.volunteer_id), v.occurred_at,
                v.received_at, v.outcome, v.note, v.corrects_id,
                sorted((place[r.need_id], r.result, r.reason, r.own_device, r.teach_back) for r in v.results),
            )
            for v in visits
        ],
        "appointments": [
            (house_ids.index(a.household_id), a.at_police, a.resident_id is None, a.starts_at, a.ends_at, a.cancelled_at)
            for a in session.scalars(select(Appointment).where(Appointment.household_id.in_(house_ids)).order_by(Appointment.id))
        ],
        "needs": [(place[need.id], need.state, need.state_since_at) for need in need_rows],
        "stops": [
            (house_ids.index(s.household_id), s.reason, s.since_at, s.lifted_at)
            for s in session.scalars(select(ContactStop).where(ContactStop.household_id.in_(house_ids)).order_by(ContactStop.id))
        ],
        "promises": [(promise_place[p.id], p.withdrawn_at, p.withdrawn_reason) for p in promises],
    }  # fmt: skip


def test_what_the_desk_types_is_credited_to_the_crews_lead(db: Database, world: World, number: int) -> None:
    entered(db, world, number, PaperEntry(1, Outcome.ABSENT))
    with db.read() as session:
        visit = session.scalars(select(Visit)).one()
    assert (visit.volunteer_id, visit.recorded_by_id) == (world.volunteers[0].id, world.hoa.id)


def test_without_an_hour_it_was_at_the_end_of_the_shift(db: Database, world: World, number: int) -> None:
    entered(db, world, number, PaperEntry(1, Outcome.ABSENT))
    assert seen(db, world, number).rows[0].visit.occurred_at == instant(MONDAY, time(21, 0))


def test_typed_during_the_shift_it_was_now(db: Database, world: World, number: int) -> None:
    entered(db, world, number, PaperEntry(1, Outcome.ABSENT), AT_THE_DOOR)
    assert seen(db, world, number).rows[0].visit.occurred_at == AT_THE_DOOR


def test_an_hour_ahead_of_now_is_refused(db: Database, world: World, number: int) -> None:
    with pytest.raises(InvalidInput, match="paper_hour_ahead"):
        entered(db, world, number, PaperEntry(1, Outcome.ABSENT, happened_at=time(20, 0)), AT_THE_DOOR)


def test_a_visit_on_another_day_than_planned_is_told_so(db: Database, world: World, number: int) -> None:
    entry = PaperEntry(1, Outcome.ABSENT, happened_on=date(2026, 11, 24), happened_at=time(8, 30))
    entered(db, world, number, entry)
    assert seen(db, world, number).rows[0].visit.occurred_at == instant(date(2026, 11, 24), time(8, 30))


def test_a_day_before_the_campaign_is_refused_its_first_is_not(db: Database, world: World, number: int) -> None:
    first = world.campaign.starts_on
    with pytest.raises(InvalidInput, match="paper_day_before_campaign"):
        entered(db, world, number, PaperEntry(1, Outcome.ABSENT, happened_on=first - timedelta(days=1)))
    assert entered(db, world, number, PaperEntry(1, Outcome.ABSENT, happened_on=first)).changed


# ---- entering twice ----


def test_the_same_row_entered_twice_is_one_visit(db: Database, world: World, number: int) -> None:
    entry = PaperEntry(2, Outcome.MET, (PaperResult(1, NeedResult.NOT_DONE),), happened_at=time(19, 5))
    first = entered(db, world, number, entry)
    again = entered(db, world, number, entry, NEXT_MORNING + timedelta(hours=3))
    assert (first.changed, again.changed) == (True, False)
    assert first.visit.event_id == again.visit.event_id
    assert count(db, Visit) == 1


def test_another_hour_typed_the_second_time_is_still_the_same_visit(db: Database, world: World, number: int) -> None:
    entered(db, world, number, PaperEntry(1, Outcome.ABSENT, happened_at=time(19, 5)))
    assert not entered(db, world, number, PaperEntry(1, Outcome.ABSENT)).changed
    assert count(db, Visit) == 1


DIFFERENT = {
    "another outcome": PaperEntry(2, Outcome.ABSENT),
    "another result": PaperEntry(2, Outcome.MET, (PaperResult(1, NeedResult.DECLINED),)),
    "another note": PaperEntry(2, Outcome.MET, (PaperResult(1, NeedResult.NOT_DONE),), note="Chủ hộ đi vắng"),
    "an hour to come back": PaperEntry(
        2, Outcome.MET, (PaperResult(1, NeedResult.NOT_DONE),), PaperPromise(WEDNESDAY, Period.EVENING)
    ),
    "no more visits": PaperEntry(2, Outcome.MET, (PaperResult(1, NeedResult.NOT_DONE),), stop_whole_household=True),
}


@pytest.mark.parametrize("entry", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_a_row_entered_otherwise_asks_whether_to_correct(db: Database, world: World, number: int, entry: PaperEntry) -> None:
    first = entered(db, world, number, PaperEntry(2, Outcome.MET, (PaperResult(1, NeedResult.NOT_DONE),)))
    with pytest.raises(Conflict, match="paper_row_recorded") as told:
        entered(db, world, number, entry)
    assert told.value.facts["outcome"] == "met"
    assert count(db, Visit) == 1
    corrected = entered(db, world, number, entry, correct=True)
    assert corrected.visit.corrects_event_id == first.visit.event_id
    assert not entered(db, world, number, entry, correct=True).changed, "and typed once more it is still one correction"
    assert count(db, Visit) == 2
    assert seen(db, world, number).rows[1].visit.event_id == corrected.visit.event_id


def test_a_correction_of_something_else_than_was_seen_asks_again(db: Database, world: World, number: int) -> None:
    first = entered(db, world, number, PaperEntry(2, Outcome.ABSENT))
    entered(db, world, number, PaperEntry(2, Outcome.MOVED), correct=True)
    with db.begin() as session, pytest.raises(Conflict, match="paper_row_recorded"):
        paper.enter(session, world.desk, number, PaperEntry(2, Outcome.REFUSED), NEXT_MORNING, first.visit.event_id)
    assert count(db, Visit) == 2


def test_a_correction_can_be_corrected_back(db: Database, world: World, number: int) -> None:
    absent, refused = PaperEntry(2, Outcome.ABSENT), PaperEntry(2, Outcome.REFUSED)
    for entry in (absent, refused, absent):
        entered(db, world, number, entry, correct=True)
    assert count(db, Visit) == 3
    assert seen(db, world, number).rows[1].visit.outcome is Outcome.ABSENT
    with db.read() as session:
        assert session.scalars(select(ContactStop.lifted_at)).one() is not None, "the refusal typed by mistake is taken back"


def test_a_row_the_phone_reported_already_is_not_doubled(db: Database, world: World, number: int) -> None:
    row = seen(db, world, number).row(1)
    form = VisitForm(str(uuid.uuid4()), row.household_id, Outcome.ABSENT, AT_THE_DOOR, row.assignment_uid)
    with db.begin() as session:
        outcomes.record_visit(session, world.volunteer, form, AT_THE_DOOR)
    assert not entered(db, world, number, PaperEntry(1, Outcome.ABSENT)).changed
    with pytest.raises(Conflict, match="paper_row_recorded"):
        entered(db, world, number, PaperEntry(1, Outcome.MOVED))
    assert count(db, Visit) == 1


def test_a_promise_withdrawn_since_is_entered_all_the_same(db: Database, world: World, number: int) -> None:
    with db.begin() as session:
        households.stop_contact(session, world.desk, world.households[0].id, StopReason.DO_NOT_CONTACT, NOW)
    assert seen(db, world, number).rows[0].withdrawn
    assert entered(db, world, number, PaperEntry(1, Outcome.ABSENT)).changed


# ---- what cannot be ----


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (PaperEntry(2, Outcome.MET, (PaperResult(9, NeedResult.DONE),)), "paper_result_unknown"),
        (PaperEntry(2, Outcome.MET, (PaperResult(0, NeedResult.DONE),)), "paper_result_unknown"),
        (PaperEntry(2, Outcome.MET, (PaperResult(1, NeedResult.REJECTED),)), "paper_reason_needed"),
        (PaperEntry(2, Outcome.ABSENT, (PaperResult(1, NeedResult.DONE),)), "results_without_meeting"),
        (PaperEntry(2, Outcome.CALLBACK), "callback_without_time"),
        (PaperEntry(2, Outcome.MET, police=PaperPromise(WEDNESDAY)), "paper_police_hour"),
        (PaperEntry(2, Outcome.MET, police=PaperPromise(WEDNESDAY, starts=time(8))), "appointment_without_referral"),
    ],
)
def test_what_contradicts_itself_is_refused_and_nothing_is_recorded(
    db: Database, world: World, number: int, entry: PaperEntry, code: str
) -> None:
    with pytest.raises(InvalidInput) as told:
        entered(db, world, number, entry)
    assert told.value.code == code
    assert told.value.facts["field"]
    assert count(db, Visit) == 0


def test_a_list_or_row_that_is_not_there_names_the_cure(db: Database, world: World, number: int) -> None:
    with pytest.raises(NotFound, match="paper_list_unknown"):
        entered(db, world, 99, PaperEntry(1, Outcome.ABSENT))
    with pytest.raises(NotFound, match="paper_row_unknown") as told:
        entered(db, world, number, PaperEntry(4, Outcome.ABSENT))
    assert told.value.facts == {"number": number, "row": 4, "last": 3}


def test_a_list_tells_how_far_it_is_entered(db: Database, world: World, number: int) -> None:
    actor = Actor.of_user(world.hoa)
    entered(db, world, number, PaperEntry(1, Outcome.ABSENT))
    view = seen(db, world, number)
    assert (view.entered, view.next_open(), view.next_open(after=2)) == (1, 2, 3)
    with db.read() as session:
        lines = paper.lists_of_week(session, actor, MONDAY)
    assert [(line.number, line.rows, line.entered) for line in lines] == [(1, 3, 1), (2, 2, 0)]
    for row in (2, 3):
        entered(db, world, number, replace(PaperEntry(1, Outcome.NOT_REACHED), row=row))
    assert seen(db, world, number).next_open() is None
