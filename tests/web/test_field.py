"""The phone at the door: my week, the visit card, the outcome in two taps."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from planner.domain.vocabulary import NeedResult, NeedState, Outcome, Role
from planner.models import Appointment, Assignment, ContactStop, Database, Need, VisitResult
from tests import builders as make
from tests.web.at_the_door import form_of, need_of, record, text_of, visits
from tests.web.conftest import MONDAY_EVENING, Browser, Clock, SignIn
from tests.worlds import World

Hour = tuple[int, int]


def test_my_week_lists_my_visits_in_order_with_day_hours_and_companions(minh: Browser) -> None:
    page = text_of(minh.get("/my/week"))
    assert "Thứ Hai 23/11, tối 18:30–21:00" in page
    assert "Lê Thu Nga" in page
    assert page.index("Nguyễn Văn An") < page.index("Trần Thị Bình") < page.index("Lê Văn Cường")
    assert "Phạm Thị Dung" not in page, "that household is another crew's"


def test_the_next_visit_stays_in_reach_and_moves_on_when_one_is_recorded(minh: Browser, promised: list[Assignment]) -> None:
    def next_visit() -> str:
        return minh.get("/my/week").get_data(as_text=True).split('class="next-visit"')[1].split("</a>")[0]

    assert promised[0].uid in next_visit()
    record(minh, promised[0], "absent")
    assert promised[1].uid in next_visit()


@pytest.fixture
def spare(db: Database, promised: list[Assignment]) -> Assignment:
    """Make the second of the evening's doors one of reserve: until 19:00."""
    with db.begin() as session:
        row = session.get_one(Assignment, promised[1].id)
        row.reserve, row.starts_at = True, MONDAY_EVENING + timedelta(minutes=15)
        return row


def test_the_hour_of_a_reserve_door_is_told_as_until_when_to_go_there(
    minh: Browser, promised: list[Assignment], spare: Assignment
) -> None:
    page = text_of(minh.get("/my/week"))
    assert "Danh sách 3 hộ (1 dự phòng)" in page
    assert "trước 19:00" in page
    assert "Hộ dự phòng: quá 19:00 thì bỏ qua, không tính bỏ lỡ" in page
    record(minh, promised[0], "absent")
    assert "Hộ dự phòng, trước 19:00" in text_of(minh.get("/my/week"))
    card = text_of(minh.get(f"/my/visits/{spare.uid}"))
    assert "Hộ thứ 2, dự phòng, trước 19:00 thứ Hai 23/11" in card
    assert "lượt 2, dự phòng, trước 19:00" in card


def test_past_its_hour_a_reserve_door_is_no_longer_the_next(
    minh: Browser, promised: list[Assignment], spare: Assignment, clock: Clock
) -> None:
    record(minh, promised[0], "absent")
    clock.go(minutes=16)
    page = minh.get("/my/week").get_data(as_text=True)
    assert promised[2].uid in page.split('class="next-visit"')[1].split("</a>")[0]
    assert spare.uid in page, "who is there all the same finds it in the list"


def test_a_week_without_shifts_says_what_to_do_next(minh: Browser) -> None:
    page = minh.get("/my/week?monday=2026-12-07").get_data(as_text=True)
    assert "chưa có ca nào" in page
    assert 'href="/my/availability"' in page


def test_the_card_shows_who_lives_there_what_to_do_and_the_five_clears(minh: Browser, promised: list[Assignment]) -> None:
    page = text_of(minh.get(f"/my/visits/{promised[1].uid}"))
    assert "Trần Thị Bình" in page
    assert "Số 2, đường số 1" in page
    for clear in ("Rõ người", "Rõ việc", "Rõ tiến độ", "Rõ kết quả", "Rõ trách nhiệm"):
        assert clear in page


@pytest.mark.parametrize("outcome", ["absent", "refused", "moved", "wrong_address", "unsafe", "not_reached"])
def test_an_outcome_without_details_is_two_taps(minh: Browser, promised: list[Assignment], db: Database, outcome: str) -> None:
    card = minh.get(f"/my/visits/{promised[0].uid}").get_data(as_text=True)
    assert f"/my/visits/{promised[0].uid}/record/{outcome}" in card
    answer = record(minh, promised[0], outcome)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my/week")
    (visit,) = visits(db)
    assert (visit.outcome, visit.assignment_id, visit.occurred_at) == (Outcome(outcome), promised[0].id, MONDAY_EVENING)


def test_pressing_save_twice_is_one_visit(minh: Browser, promised: list[Assignment], db: Database, clock: Clock) -> None:
    address = f"/my/visits/{promised[0].uid}/record/absent"
    form = form_of(minh, address)
    assert minh.post(address, form).status_code == 302
    clock.go(minutes=3)  # the answer got lost on the way; the phone sends again
    assert minh.post(address, form).status_code == 302
    assert len(visits(db)) == 1


def test_the_same_form_with_another_note_is_a_conflict_and_changes_nothing(
    minh: Browser, promised: list[Assignment], db: Database
) -> None:
    address = f"/my/visits/{promised[0].uid}/record/absent"
    form = form_of(minh, address)
    minh.post(address, form)
    answer = minh.post(address, {**form, "note": "có chó"})
    assert answer.status_code == 409
    assert [v.note for v in visits(db)] == [""]


def test_met_records_a_result_for_each_need_and_on_whose_phone(
    minh: Browser, promised: list[Assignment], world: World, db: Database
) -> None:
    need = need_of(db, world.households[1].id)
    fields = {f"result-{need.id}": "done", f"device-{need.resident_id}": "own", "note": "Bác rất vui."}
    assert record(minh, promised[1], "met", **fields).status_code == 302
    with db.read() as session:
        line = session.scalars(select(VisitResult)).one()
        assert (line.need_id, line.result, line.own_device) == (need.id, NeedResult.DONE, True)
        assert session.get_one(Need, need.id).state is NeedState.DONE


def test_a_referral_makes_an_appointment_with_the_police(
    minh: Browser, promised: list[Assignment], world: World, db: Database
) -> None:
    need = need_of(db, world.households[2].id)
    fields = {f"result-{need.id}": "referred", "police_on": "2026-11-26", "police_at": "08:30"}
    assert record(minh, promised[2], "met", **fields).status_code == 302
    with db.read() as session:
        row = session.scalars(select(Appointment)).one()
    assert row.at_police
    assert row.starts_at == datetime(2026, 11, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "starts", "ends"),
    [
        ({"callback_on": "2026-11-25", "callback_period": "T"}, (11, 30), (14, 0)),
        ({"callback_on": "2026-11-25", "callback_from": "19:00", "callback_to": "20:00"}, (12, 0), (13, 0)),
    ],
)
def test_a_callback_promises_the_hours_asked_for(
    minh: Browser,
    promised: list[Assignment],
    db: Database,
    fields: dict[str, str],
    starts: tuple[int, int],
    ends: tuple[int, int],
) -> None:
    assert record(minh, promised[0], "callback", **fields).status_code == 302
    with db.read() as session:
        row = session.scalars(select(Appointment)).one()
    assert row.starts_at == datetime(2026, 11, 25, *starts, tzinfo=UTC)
    assert row.ends_at == datetime(2026, 11, 25, *ends, tzinfo=UTC)


def test_a_refusal_says_that_it_is_final_and_stops_all_visits(
    minh: Browser, promised: list[Assignment], world: World, db: Database
) -> None:
    page = text_of(minh.get(f"/my/visits/{promised[0].uid}/record/refused"))
    assert "câu trả lời cuối cùng" in page
    record(minh, promised[0], "refused")
    with db.read() as session:
        assert session.scalars(select(ContactStop.household_id)).all() == [world.households[0].id]


def test_a_mistake_is_corrected_and_the_card_shows_what_counts(
    minh: Browser, promised: list[Assignment], world: World, db: Database, clock: Clock
) -> None:
    record(minh, promised[1], "absent")
    card = minh.get(f"/my/visits/{promised[1].uid}").get_data(as_text=True)
    assert "Đã ghi: Vắng nhà" in card
    event = visits(db)[0].event_id
    assert f"corrects={event}" in card
    clock.go(minutes=20)
    need = need_of(db, world.households[1].id)
    answer = record(minh, promised[1], "met", f"?corrects={event}", **{f"result-{need.id}": "done"})
    assert answer.status_code == 302
    assert [v.outcome for v in visits(db)] == [Outcome.ABSENT, Outcome.MET]
    assert visits(db)[1].occurred_at == MONDAY_EVENING, "what was at the door was then, not when it was put right"
    assert "Đã ghi: Gặp được" in minh.get(f"/my/visits/{promised[1].uid}").get_data(as_text=True)


def test_a_paper_list_is_typed_in_with_the_hour_of_the_visit(
    world: World, signed_in: SignIn, promised: list[Assignment], db: Database, clock: Clock
) -> None:
    clock.at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    hoa = signed_in(world.hoa)
    answer = record(hoa, promised[0], "absent", happened_on="2026-11-23", happened_at="19:05")
    assert answer.status_code == 302
    assert visits(db)[0].occurred_at == datetime(2026, 11, 23, 12, 5, tzinfo=UTC)
    assert visits(db)[0].volunteer_id == world.volunteers[0].id


def test_names_are_shown_as_names_whatever_is_in_them(
    minh: Browser, promised: list[Assignment], world: World, db: Database
) -> None:
    with db.begin() as session:
        household = session.merge(world.households[0])
        household.head_name, household.note = "<script>alert(1)</script>", "<img src=x onerror=alert(2)>"
    for address in ("/my/week", f"/my/visits/{promised[0].uid}", f"/my/visits/{promised[0].uid}/record/met"):
        page = minh.get(address).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page


def test_a_leader_opens_the_visits_of_the_hamlet_and_types_in_their_paper(
    db: Database, world: World, signed_in: SignIn, promised: list[Assignment], clock: Clock
) -> None:
    clock.at = MONDAY_EVENING
    with db.begin() as session:
        head = make.a_volunteer(session, world.commune, "Nguyễn Văn Trưởng", hamlet=session.merge(world.hamlet))
        leader = make.a_user(session, world.commune, Role.LEADER, "Trưởng", head)
    browser = signed_in(leader)
    assert browser.get(f"/my/visits/{promised[0].uid}").status_code == 200
    assert record(browser, promised[0], "absent").status_code == 302
    assert len(visits(db)) == 1


def test_a_correction_begins_with_what_was_said(minh: Browser, promised: list[Assignment], world: World, db: Database) -> None:
    need = need_of(db, world.households[1].id)
    record(minh, promised[1], "met", **{f"result-{need.id}": "not_done", "note": "Chưa có mạng."})
    event = visits(db)[0].event_id
    page = minh.get(f"/my/visits/{promised[1].uid}/record/met?corrects={event}").get_data(as_text=True)
    assert re.search(rf'name="result-{need.id}" value="not_done"[^>]* checked', page)
    assert "Chưa có mạng." in page


def test_a_correction_begins_with_the_stop_and_whose_phone_it_was(
    signed_in: SignIn, minh: Browser, promised: list[Assignment], world: World, db: Database
) -> None:
    need = need_of(db, world.households[1].id)
    said = {f"result-{need.id}": "done", f"device-{need.resident_id}": "other", "stop": "1"}
    record(minh, promised[1], "met", **said)
    event = visits(db)[0].event_id
    for outcome in ("met", "unsafe"):
        address = f"/my/visits/{promised[1].uid}/record/{outcome}?corrects={event}"
        page = signed_in(world.hoa).get(address).get_data(as_text=True)
        assert re.search(r'name="stop"[^>]* checked', page), "what the desk does not untick it does not lift"
        assert outcome == "unsafe" or re.search(rf'name="device-{need.resident_id}" value="other"[^>]* checked', page)
