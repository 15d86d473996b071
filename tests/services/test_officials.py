"""Officials: marked residents, counted from rows; Plan A, A4 and Plan B, B1 and B2 stand on them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import AccountState, AuditAction
from planner.models import AuditEntry, Database, Resident
from planner.services import officials, targets
from planner.services.actors import Actor
from planner.services.officials import MOST_LINES, OfficialFilter
from tests import builders as make
from tests.builders import NOW
from tests.worlds import World, one_alley


def head(session: object, world: World, number: int) -> Resident:
    """Return the only resident of a household."""
    return session.scalars(select(Resident).where(Resident.household_id == world.households[number].id)).one()  # type: ignore[attr-defined, no-any-return]


def standing(session: object, world: World) -> dict[str, targets.Target]:
    return {t.code: t for t in targets.standing(session, world.desk, NOW).targets}  # type: ignore[arg-type]


def test_without_a_list_nothing_is_said_of_officials(db: Database) -> None:
    with db.begin() as session:
        a4 = standing(session, one_alley(session))["a4"]
        assert a4.needs_officials
        assert a4.measured.percent is None


def test_officials_are_counted_from_their_rows(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        for number in (0, 1):  # An is activated with his insurance card still to integrate, Bình is not activated
            officials.mark(session, world.desk, head(session, world, number).id, "UBND xã", NOW)
        assert (standing(session, world)["a4"].measured.numerator, standing(session, world)["a4"].measured.denominator) == (0, 2)
        assert standing(session, world)["a4_family"].measured.numerator == 1
        an = head(session, world, 0)
        an.documents = {"bhyt": "integrated"}
        officials.mark(session, world.desk, an.id, "Công an xã", NOW)
        measured = standing(session, world)["a4"].measured
        assert (measured.numerator, measured.percent, measured.reached) == (1, 50.0, False)


def test_plan_b_counts_its_three_steps_and_ten_residents_for_each_official(db: Database) -> None:
    with db.begin() as session:
        commune = make.a_commune(session)
        make.a_campaign(session, commune, "plan_b")
        desk = make.a_user(session, commune)
        home = make.a_household(session, make.a_hamlet(session, commune))
        states = {"Ba Bước": AccountState.ACTIVATED, "Hai Bước": AccountState.ACTIVATED, "Một Bước": AccountState.ISSUED}
        people = [make.a_resident(session, home, name, state) for name, state in states.items()]
        people.append(make.a_resident(session, home, "Chưa Bước", AccountState.NONE))
        people[0].documents = {"portal": "integrated"}
        actor = Actor.of_user(desk)
        for person in people:
            officials.mark(session, actor, person.id, "Trường THCS", NOW)
        found = {t.code: t.measured for t in targets.standing(session, actor, NOW).targets}
        assert [found[f"b1_{step}"].numerator for step in ("account", "activated", "portal")] == [3, 2, 1]
        assert found["b1_portal"].denominator == 4
        assert found["b2"].denominator == 40


def test_a_mark_is_made_changed_and_taken_away_and_each_leaves_its_trace(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        an = head(session, world, 0)
        assert officials.mark(session, world.desk, an.id, "  UBND  xã ", NOW)
        assert not officials.mark(session, world.desk, an.id, "UBND xã", NOW)
        assert officials.organisations(session, world.desk) == (("UBND xã", 1),)
        assert officials.mark(session, world.desk, an.id, "", NOW)
        assert officials.organisations(session, world.desk) == ()
        told = session.scalars(select(AuditEntry.after).where(AuditEntry.action == AuditAction.HOUSEHOLD_CHANGED)).all()
        assert told == [{"changed": ["official"], "resident": an.id}] * 2


def test_only_the_desk_marks_and_only_its_own_people(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        an = head(session, world, 0)
        with pytest.raises(NotAllowed):
            officials.mark(session, world.volunteer, an.id, "UBND xã", NOW)
        with pytest.raises(NotAllowed):
            officials.search(session, world.volunteer, OfficialFilter(), NOW)
        with pytest.raises(NotFound):
            officials.mark(session, world.stranger, an.id, "UBND xã", NOW)
        with pytest.raises(InvalidInput):
            officials.mark(session, world.desk, an.id, "x" * 121, NOW)
        assert officials.mark_listed(session, world.stranger, "Nguyễn Văn An", "UBND", NOW).left[0].candidates == ()


def test_a_list_marks_those_it_surely_means_and_gives_the_others_back(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        twin = make.a_household(session, world.hamlet, "Trần Thị Bình", 1)
        text = "1\tNguyen Van An\nTrần Thị Bình; Trường\nLê Văn Cường;1985;Trạm y tế\nNgười Lạ"
        marked = officials.mark_listed(session, world.desk, text, "UBND xã", NOW)
        assert (marked.marked, marked.already) == (2, 0)
        assert [(one.line, len(one.candidates)) for one in marked.left] == [("Trần Thị Bình; Trường", 2), ("Người Lạ", 0)]
        assert {c[0] for c in marked.left[0].candidates} == {world.households[1].id, twin.id}
        assert officials.organisations(session, world.desk) == (("Trạm y tế", 1), ("UBND xã", 1))
        again = officials.mark_listed(session, world.desk, "Nguyễn Văn An", "UBND xã", NOW)
        assert (again.marked, again.already) == (0, 1)


def test_a_birth_tells_two_of_one_name_apart(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        home = make.a_household(session, world.hamlet)
        older = make.a_resident(session, home, "Trần Thị Bình", birth="1960")
        assert officials.mark_listed(session, world.desk, "Trần Thị Bình; 12/5/1960", "Hội Phụ nữ", NOW).marked == 1
        assert older.official_of == "Hội Phụ nữ"


@pytest.mark.parametrize(
    ("text", "organisation", "code"),
    [
        (" \n", "UBND", "officials_no_lines"),
        ("An\n" * (MOST_LINES + 1), "UBND", "officials_too_many_lines"),
        ("An; 1980", " ", "officials_no_organisation"),
    ],
)
def test_a_list_that_cannot_be_taken_changes_nothing(sqlite_db: Database, text: str, organisation: str, code: str) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        with pytest.raises(InvalidInput) as caught:
            officials.mark_listed(session, world.desk, text, organisation, NOW)
        assert caught.value.code == code


def test_the_list_is_searched_without_diacritics_and_filtered(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        officials.mark_listed(session, world.desk, "Nguyễn Văn An\nTrần Thị Bình\nLê Văn Cường; Trạm y tế", "UBND xã", NOW)
        head(session, world, 0).documents = {"bhyt": "integrated", "portal": "integrated"}
        session.flush()

        def names(**wanted: object) -> list[str]:
            return [row.name for row in officials.search(session, world.desk, OfficialFilter(**wanted), NOW).rows]  # type: ignore[arg-type]

        assert names() == ["Lê Văn Cường", "Nguyễn Văn An", "Trần Thị Bình"]
        assert names(q="binh ubnd") == ["Trần Thị Bình"]
        assert names(organisation="Trạm y tế") == ["Lê Văn Cường"]
        assert names(unfinished=True) == ["Lê Văn Cường", "Trần Thị Bình"]
        assert names(size=2, page=9) == ["Trần Thị Bình"]
