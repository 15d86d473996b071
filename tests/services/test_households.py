"""The roster list, the household page, and who is not visited any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import (
    AssignmentState,
    AuditAction,
    Outcome,
    OutreachGroup,
    Role,
    StopReason,
    WeekState,
)
from planner.models import AuditEntry, ContactStop, Database, Resident
from planner.services import households
from planner.services.actors import Actor
from planner.services.households import HouseholdFilter, HouseholdForm
from tests import builders as make
from tests import worlds
from tests.builders import NOW
from tests.worlds import World

FORM = HouseholdForm("Chó dữ, gọi trước", ("Khmer",), True, 11.84, 106.61)


def viewer(world: World) -> Actor:
    return Actor(None, world.commune.id, Role.VIEWER, None, "Chủ tịch", "user:0")


@pytest.mark.parametrize(
    ("wanted", "heads"),
    [
        (HouseholdFilter(), ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Đỗ Văn Đức"]),
        (HouseholdFilter(q="binh"), ["Trần Thị Bình"]),
        (HouseholdFilter(q="BÌNH trần"), ["Trần Thị Bình"]),  # word by word, with or without diacritics
        (HouseholdFilter(q="duc"), ["Đỗ Văn Đức"]),
        (HouseholdFilter(q="0004"), ["Phạm Thị Dung"]),
        (HouseholdFilter(q="so 2, duong"), ["Trần Thị Bình"]),
        (HouseholdFilter(q="100%"), []),  # no wildcard
        (HouseholdFilter(q="_"), []),
        (HouseholdFilter(q="\x00"), ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Đỗ Văn Đức"]),
        (HouseholdFilter(group=OutreachGroup.DOCUMENTS), ["Nguyễn Văn An"]),
        (HouseholdFilter(group=OutreachGroup.AWAY), ["Đỗ Văn Đức"]),
        (HouseholdFilter(service_code="register"), ["Lê Văn Cường"]),
        (HouseholdFilter(service_code="activate"), ["Trần Thị Bình", "Phạm Thị Dung", "Đỗ Văn Đức"]),
        (HouseholdFilter(service_code="nothing"), []),
        (HouseholdFilter(hamlet_id=-1), []),
    ],
)
def test_the_roster_is_searched_and_filtered(db: Database, wanted: HouseholdFilter, heads: list[str]) -> None:
    with db.begin() as session:
        world = worlds.one_alley(session)
        assert [row.head_name for row in households.search(session, world.desk, wanted).rows] == heads


def test_a_row_tells_people_needs_and_stops(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        family = worlds.a_family_with_everything(session)
        households.stop_contact(session, world.desk, world.households[0].id, StopReason.DO_NOT_CONTACT, NOW)
        rows = {row.id: row for row in households.search(session, world.desk, HouseholdFilter()).rows}
        assert (rows[family.id].residents, rows[family.id].open_needs) == (5, 5)
        assert rows[family.id].hamlet == world.hamlet.name
        assert rows[world.households[0].id].stopped is StopReason.DO_NOT_CONTACT


def test_pages_hold_everyone_once_and_a_page_beyond_the_end_is_the_last(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        pages = [households.search(session, world.desk, HouseholdFilter(page=n, size=2)) for n in (1, 2, 3, 99)]
        assert [[row.id for row in page.rows] for page in pages[:3]] == [
            [h.id for h in world.households[i : i + 2]] for i in (0, 2, 4)
        ]
        assert pages[3] == pages[2]
        assert pages[0].total == households.count(session, world.desk) == 5


def test_who_left_the_roster_is_not_listed(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        world.households[0].left_at = NOW
        session.flush()
        assert households.count(session, world.desk) == 4


def test_another_commune_sees_its_own_only(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        assert [r.head_name for r in households.search(session, world.stranger, HouseholdFilter()).rows] == ["Hoàng Văn Xa"]
        assert [h.name for h in households.hamlets(session, world.stranger)] == ["Thôn Đông"]
        for ask in (
            lambda: households.view(session, world.stranger, world.households[0].id, NOW),
            lambda: households.change(session, world.stranger, world.households[0].id, FORM, NOW),
            lambda: households.stop_contact(session, world.stranger, world.households[0].id, StopReason.MOVED, NOW),
        ):
            with pytest.raises(NotFound):
                ask()


def test_the_page_of_a_household_tells_the_whole_story(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[0]
        (assignment,) = make.assignments_of(session, household)
        make.a_visit(session, household, Outcome.ABSENT, datetime(2026, 11, 23, 12, tzinfo=UTC), assignment)
        page = households.view(session, world.desk, household.id, datetime(2026, 11, 24, 1, tzinfo=UTC))
        (person,) = page.residents
        assert [need.code for need in person.needs] == ["bhyt"]
        assert [visit.outcome for visit in page.visits] == [Outcome.ABSENT]
        (line,) = page.assignments
        assert (line.state, line.crew, line.shift_number) == (AssignmentState.DONE, ("Trần Quang Minh", "Lê Thu Nga"), 1)
        assert (page.contact.attempts, page.contact.allowed) == (1, True)
        assert page.contact.not_before_at == datetime(2026, 11, 25, 12, tzinfo=UTC)
        assert not page.stopped


def test_a_promise_nobody_kept_is_missed_on_the_page(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        page = households.view(session, world.desk, world.households[0].id, datetime(2026, 11, 24, 1, tzinfo=UTC))
        assert [line.state for line in page.assignments] == [AssignmentState.MISSED]


def test_drafts_are_no_promises(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        make.a_published_week(session, [("mon_T", world.volunteers[:2], world.households[:1])], state=WeekState.DRAFT)
        assert households.view(session, world.desk, world.households[0].id, NOW).assignments == ()


def test_phones_are_masked_until_asked_for_and_asking_is_remembered(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        person = make.a_resident(session, world.households[0], "Lê Thị Hà", phone="0900012345")
        page = households.view(session, world.desk, world.households[0].id, NOW)
        shown = next(r for r in page.residents if r.id == person.id)
        assert (shown.phone, shown.masked_phone) == ("", "•••••••345")
        assert households.reveal_phone(session, world.desk, person.id, NOW) == "0900012345"
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.PHONE_REVEALED)).one()
        assert (entry.user_id, entry.after) == (world.hoa.id, {"resident": person.id})


def test_a_phone_that_is_not_there_or_not_theirs_is_not_revealed(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        person = session.scalars(select(Resident).where(Resident.household_id == world.households[0].id)).one()
        for actor, error in ((world.desk, NotFound), (world.stranger, NotFound), (viewer(world), NotAllowed)):
            with pytest.raises(error):
                households.reveal_phone(session, actor, person.id, NOW)


def test_what_crews_must_know_is_changed_and_the_trace_names_fields_only(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        page = households.change(session, world.desk, world.households[0].id, FORM, NOW)
        assert (page.note, page.languages, page.needs_woman) == ("Chó dữ, gọi trước", ("Khmer",), True)
        households.change(session, world.desk, world.households[0].id, FORM, NOW)  # the same again leaves no trace
        session.flush()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.HOUSEHOLD_CHANGED)).one()
        assert entry.after == {"changed": ["languages", "needs_woman", "note"]}
        assert [line.action for line in page.history] == [AuditAction.HOUSEHOLD_CHANGED]
        assert page.history[0].who == "Hoa"


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(106.61, 11.84), (0.0, 0.0), (11.84, None), (None, 106.61), (float("nan"), 106.61), (11.84, float("inf")), (52.5, 13.4)],
)
def test_coordinates_outside_the_country_are_refused(sqlite_db: Database, lat: float | None, lon: float | None) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(InvalidInput) as caught:
            households.change(session, world.desk, world.households[0].id, HouseholdForm("", (), False, lat, lon), NOW)
        assert caught.value.code == "coordinates_outside"


def test_coordinates_may_be_left_out(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        page = households.change(session, world.desk, world.households[0].id, HouseholdForm("", (), False, None, None), NOW)
        assert (page.lat, page.lon) == (None, None)


def test_a_stop_by_the_desk_withdraws_every_promise_ahead(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.a_running_week(session)
        household = world.households[0]
        for _ in range(2):  # said twice, it is one stop
            page = households.stop_contact(session, world.desk, household.id, StopReason.DO_NOT_CONTACT, NOW)
        assert page.stopped
        assert [line.state for line in page.assignments] == [AssignmentState.WITHDRAWN]
        assert page.assignments[0].withdrawn_reason == "do_not_contact"
        assert page.contact.reason == "do_not_contact"
        assert session.scalar(select(func.count()).select_from(ContactStop)) == 1


def test_a_stop_for_one_resident_leaves_the_others_to_be_visited(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        household = world.households[1]
        person = session.scalars(select(Resident).where(Resident.household_id == household.id)).one()
        other = make.a_resident(session, household, "Lê Thị Hà", "none")
        make.rebuild(session, household)
        page = households.stop_contact(session, world.desk, household.id, StopReason.DECEASED, NOW, person.id)
        assert not page.stopped
        assert page.open_needs == 1
        assert {r.id: r.stop for r in page.residents} == {person.id: StopReason.DECEASED, other.id: None}


def test_a_resident_of_another_household_is_not_stopped_here(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        person = session.scalars(select(Resident).where(Resident.household_id == world.households[1].id)).one()
        with pytest.raises(NotFound):
            households.stop_contact(session, world.desk, world.households[0].id, StopReason.DECEASED, NOW, person.id)


def test_visits_begin_again_only_with_a_reason_and_it_is_kept(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        page = households.stop_contact(session, world.desk, world.households[0].id, StopReason.REFUSED, NOW)
        (stop,) = page.stops
        with pytest.raises(InvalidInput) as caught:
            households.resume_contact(session, world.desk, stop.id, "  ", NOW)
        assert caught.value.code == "resume_needs_request"
        later = NOW + timedelta(days=3)
        page = households.resume_contact(session, world.desk, stop.id, "Bà gọi lên xã nhờ giúp", later)
        assert not page.stopped
        assert (page.stops[0].lifted_at, page.stops[0].lifted_because) == (later, "Bà gọi lên xã nhờ giúp")
        with pytest.raises(Conflict):
            households.resume_contact(session, world.desk, stop.id, "lại lần nữa", later)
        assert {AuditAction.CONTACT_STOPPED, AuditAction.CONTACT_RESUMED} == {line.action for line in page.history}


def test_another_communes_stop_is_not_lifted(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        (stop,) = households.stop_contact(session, world.desk, world.households[0].id, StopReason.REFUSED, NOW).stops
        with pytest.raises(NotFound):
            households.resume_contact(session, world.stranger, stop.id, "tôi muốn", NOW)
        with pytest.raises(NotAllowed):
            households.resume_contact(session, world.volunteer, stop.id, "tôi muốn", NOW)


def test_the_chairman_reads_but_changes_nothing(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        chairman = viewer(world)
        assert households.search(session, chairman, HouseholdFilter()).total == 5
        assert households.view(session, chairman, world.households[0].id, NOW).history == ()
        with pytest.raises(NotAllowed):
            households.change(session, chairman, world.households[0].id, FORM, NOW)


def test_the_roster_page_takes_the_same_few_queries_however_many_households(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        for number in range(60):
            make.a_household(session, world.hamlet, f"Lê Văn {number}")
    asked: list[str] = []
    event.listen(sqlite_db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with sqlite_db.read() as session:
        households.count(session, world.desk)
        asked.clear()
        households.search(session, world.desk, HouseholdFilter(size=5))
        few = len(asked)
        asked.clear()
        households.search(session, world.desk, HouseholdFilter(size=60))
        assert len(asked) == few <= 5
