"""Volunteers: the list, the page, the grid of a very week, who is absent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import AssignmentState, AuditAction, Period, Role, WeekState
from planner.models import AuditEntry, Database
from planner.services import households, volunteers
from planner.services.actors import Actor
from planner.services.volunteers import VolunteerFilter, VolunteerForm
from tests import builders as make
from tests import worlds
from tests.builders import MONDAY, NOW

TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
FORM = VolunteerForm("Hội Phụ nữ", "0900000009", None, False, 2, ("Việt", "Khmer"), frozenset({"tue_T", "sun_S"}))


def test_the_list_is_by_given_name_and_tells_who_can_come_and_who_goes(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        page = volunteers.search(session, world.desk, VolunteerFilter(), NOW)
        assert [row.name for row in page.rows] == ["Phạm Văn Hải", "Trần Quang Minh", "Lê Thu Nga", "Võ Thị Yến"]
        minh = page.rows[1]
        assert (minh.slots, minh.shifts, minh.hamlet, minh.org) == (3, 1, "Ấp 1", "Đoàn Thanh niên")
        assert volunteers.count(session, world.desk) == 4


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (VolunteerFilter(q="yen"), ["Võ Thị Yến"]),
        (VolunteerFilter(q="MINH trần"), ["Trần Quang Minh"]),
        (VolunteerFilter(hamlet_id=-1), []),
        (VolunteerFilter(page=9, size=3), ["Võ Thị Yến"]),
    ],
)
def test_volunteers_are_searched(sqlite_db: Database, wanted: VolunteerFilter, names: list[str]) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        assert [row.name for row in volunteers.search(session, world.desk, wanted, NOW).rows] == names


def test_the_page_of_a_volunteer_tells_usual_slots_and_shifts(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        page = volunteers.view(session, world.desk, world.volunteers[0].id, NOW)
        assert page.usual == {"mon_T", "wed_T", "sat_S"}
        (shift,) = page.shifts
        assert (shift.on_date, shift.period, shift.visits, shift.is_lead, shift.absent) == (
            MONDAY,
            Period.EVENING,
            3,
            True,
            False,
        )
        assert page.user_id == world.minh.id


def test_drafts_and_past_weeks_are_no_shifts_ahead(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        make.a_published_week(
            session, [("tue_T", world.volunteers[:2], world.households[:1])], world.campaign, state=WeekState.DRAFT
        )
        assert len(volunteers.view(session, world.desk, world.volunteers[0].id, NOW).shifts) == 1
        assert volunteers.view(session, world.desk, world.volunteers[0].id, NOW + timedelta(days=8)).shifts == ()


def test_the_desk_changes_a_volunteer(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        page = volunteers.change(session, world.desk, world.volunteers[0].id, FORM, NOW)
        assert (page.org, page.phone, page.can_lead, page.max_shifts) == ("Hội Phụ nữ", "0900000009", False, 2)
        assert page.usual == {"tue_T", "sun_S"}
        assert page.languages == ("Việt", "Khmer")
        volunteers.change(session, world.desk, world.volunteers[0].id, FORM, NOW)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.VOLUNTEER_CHANGED)).one()
        assert entry.after == {"changed": ["can_lead", "hamlet_id", "languages", "max_shifts", "org", "phone", "usual"]}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(FORM, org="x" * 121), "org"),
        (replace(FORM, phone="0" * 21), "phone"),
        (replace(FORM, max_shifts=-1), "max_shifts"),
        (replace(FORM, max_shifts=22), "max_shifts"),
        (replace(FORM, usual=frozenset({"mon_X"})), "usual"),
        (replace(FORM, usual=frozenset({"someday"})), "usual"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(sqlite_db: Database, form: VolunteerForm, field: str) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(InvalidInput) as caught:
            volunteers.change(session, world.desk, world.volunteers[0].id, form, NOW)
        assert caught.value.facts["field"] == field


def test_another_communes_hamlet_is_not_taken(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        far = households.hamlets(session, world.stranger)[0]
        with pytest.raises(NotFound):
            volunteers.change(session, world.desk, world.volunteers[0].id, replace(FORM, hamlet_id=far.id), NOW)


def cells(session: object, actor: Actor, volunteer_id: int, monday: date = MONDAY) -> dict[str, tuple[bool, bool]]:
    (row,) = volunteers.availability_grid(session, actor, monday, volunteer_ids=[volunteer_id]).page.rows  # type: ignore[arg-type]
    return {f"{c.on_date:%a}{c.period.value}": (c.available, c.changed) for c in row.cells}


def test_the_grid_of_a_week_shows_usual_slots(db: Database) -> None:
    with db.begin() as session:
        world = worlds.one_alley(session)
        grid = volunteers.availability_grid(session, world.desk, MONDAY)
        assert [row.name for row in grid.page.rows][1] == "Trần Quang Minh"
        assert all(len(row.cells) == 21 for row in grid.page.rows)
        mine = cells(session, world.desk, world.volunteers[0].id)
        assert [key for key, (available, _) in mine.items() if available] == ["MonT", "WedT", "SatS"]
        assert not any(changed for _, changed in mine.values())


def test_what_is_said_for_one_week_leaves_the_others_as_usual(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        minh = world.volunteers[0].id
        free = {minh: [(TUESDAY, Period.EVENING), (SATURDAY, Period.MORNING)]}
        assert volunteers.set_availability(session, world.desk, MONDAY, free, NOW) == 3
        this_week = cells(session, world.desk, minh)
        assert this_week["MonT"] == (False, True)
        assert this_week["TueT"] == (True, True)
        assert this_week["SatS"] == (True, False)
        assert cells(session, world.desk, minh, MONDAY + timedelta(days=7))["MonT"] == (True, False)
        assert volunteers.set_availability(session, world.desk, MONDAY, free, NOW) == 0
        usual = {minh: [(MONDAY, Period.EVENING), (MONDAY + timedelta(days=2), Period.EVENING), (SATURDAY, Period.MORNING)]}
        assert volunteers.set_availability(session, world.desk, MONDAY, usual, NOW + timedelta(minutes=1)) == 3
        assert not any(changed for _, changed in cells(session, world.desk, minh).values())


def test_a_volunteer_says_it_for_themselves_only(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        minh, nga = (v.id for v in world.volunteers[:2])
        assert volunteers.set_availability(session, world.volunteer, MONDAY, {minh: []}, NOW) == 3
        with pytest.raises(NotFound):
            volunteers.set_availability(session, world.volunteer, MONDAY, {nga: []}, NOW)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.AVAILABILITY_CHANGED)).one()
        assert entry.user_id == world.minh.id
        assert entry.before == {"2026-11-23_T": True, "2026-11-25_T": True, "2026-11-28_S": True}


def test_a_date_of_another_week_is_refused(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(InvalidInput) as caught:
            volunteers.set_availability(
                session, world.desk, MONDAY, {world.volunteers[0].id: [(date(2026, 12, 1), Period.MORNING)]}, NOW
            )
        assert caught.value.code == "not_in_that_week"


def test_absence_of_one_breaks_the_pair_and_its_visits_are_missed_at_once(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        absence = volunteers.mark_absent(session, world.desk, world.volunteers[1].id, MONDAY, Period.EVENING, "ốm", NOW)
        assert absence.visits_at_risk == 3
        page = households.view(session, world.desk, world.households[0].id, NOW)
        assert [line.state for line in page.assignments] == [AssignmentState.MISSED]
        other = households.view(session, world.desk, world.households[4].id, NOW)
        assert [line.state for line in other.assignments] == [AssignmentState.PLANNED]
        assert volunteers.view(session, world.desk, world.volunteers[1].id, NOW).shifts[0].absent


def test_an_absence_taken_back_makes_the_promise_good_again(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        nga = world.volunteers[1].id
        volunteers.mark_absent(session, world.desk, nga, MONDAY, None, "ốm", NOW)
        back = volunteers.mark_present(session, world.desk, nga, MONDAY, None, NOW + timedelta(minutes=5))
        assert len(back.moments) == 3
        page = households.view(session, world.desk, world.households[0].id, NOW + timedelta(minutes=6))
        assert [line.state for line in page.assignments] == [AssignmentState.PLANNED]


def test_an_absence_leaves_its_trace_without_the_illness(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        volunteers.mark_absent(session, world.desk, world.volunteers[0].id, MONDAY, None, "sốt xuất huyết", NOW)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.VOLUNTEER_ABSENT)).one()
        assert entry.after == {"on_date": "2026-11-23", "periods": ["S", "C", "T"]}


def test_who_falls_ill_says_so_themselves_and_speaks_for_nobody_else(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        minh, nga = (v.id for v in world.volunteers[:2])
        assert volunteers.mark_absent(session, world.volunteer, minh, MONDAY, Period.EVENING, "ốm", NOW).visits_at_risk == 3
        chairman = Actor(None, world.commune.id, Role.VIEWER, None, "Chủ tịch", "user:0")
        for actor, error in ((world.volunteer, NotFound), (world.stranger, NotFound), (chairman, NotAllowed)):
            with pytest.raises(error):
                volunteers.mark_absent(session, actor, nga, MONDAY, None, "", NOW)


def test_the_chairman_sees_no_phone_numbers(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        chairman = Actor(None, world.commune.id, Role.VIEWER, None, "Chủ tịch", "user:0")
        assert {row.phone for row in volunteers.search(session, chairman, VolunteerFilter(), NOW).rows} == {""}
        assert volunteers.view(session, chairman, world.volunteers[0].id, NOW).phone == ""


def test_who_left_is_neither_listed_nor_planned_with(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        world.volunteers[0].left_at = NOW
        session.flush()
        assert volunteers.count(session, world.desk) == 3
        page = households.view(session, world.desk, world.households[0].id, datetime(2026, 11, 22, 6, tzinfo=UTC))
        assert [line.state for line in page.assignments] == [AssignmentState.MISSED]


def test_names_sort_the_vietnamese_way_on_either_database(db: Database) -> None:
    with db.begin() as session:
        commune = make.a_commune(session)
        desk = Actor.cli(commune.id)
        ordered = ["Lê An", "Trần Văn An", "Bùi Ân", "Lê Thị Dung", "Lê Thị Dũng", "Phạm Đào", "Vũ Ôn", "Vũ Ơn"]
        for i in (4, 0, 7, 2, 6, 1, 3, 5):
            make.a_volunteer(session, commune, ordered[i], ())
        assert [row.name for row in volunteers.search(session, desk, VolunteerFilter(), NOW).rows] == ordered


def test_choices_are_all_of_the_commune_and_no_two_read_alike(db: Database) -> None:
    with db.begin() as session:
        world = worlds.one_alley(session)
        twins = [make.a_volunteer(session, world.commune, "Lê Thu Nga", (), world.hamlet) for _ in range(2)]
        labels = [one.label for one in volunteers.choices(session, world.desk)]
        assert len(labels) == len(set(labels)) == 6
        assert f"Lê Thu Nga (Ấp 1) #{twins[0].id}" in labels
        assert volunteers.choices(session, world.stranger) == ()


@pytest.mark.parametrize(
    ("typed", "name"),
    [("", None), ("   ", None), ("tran minh", "Trần Quang Minh"), ("YEN", "Võ Thị Yến"), ("hải", "Phạm Văn Hải")],
)
def test_a_volunteer_is_chosen_by_part_of_the_label(sqlite_db: Database, typed: str, name: str | None) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        wanted = next((v.id for v in world.volunteers if v.name == name), None)
        assert volunteers.chosen(session, world.desk, typed) == wanted


@pytest.mark.parametrize(
    ("typed", "code"), [("zorro", "volunteer_unknown"), ("ap 1", "volunteer_several"), ("%", "volunteer_unknown")]
)
def test_who_is_not_meant_surely_is_not_chosen(sqlite_db: Database, typed: str, code: str) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(InvalidInput) as caught:
            volunteers.chosen(session, world.desk, typed)
        assert caught.value.code == code
