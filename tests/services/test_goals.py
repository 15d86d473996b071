"""The campaign's goals as the desk changes them: what follows for needs and promises, who was faster, taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import AuditAction, NeedState
from planner.models import AuditEntry, Database, Household
from planner.services import campaigns, goals, needs, settling, targets
from tests import builders as make
from tests.builders import NOW
from tests.worlds import World, a_running_week, one_alley

NO_BHYT = {"services": {"bhyt": {"active": False}}}


def entries(session: Any) -> list[tuple[Any, Any]]:
    rows = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.CAMPAIGN_CHANGED).order_by(AuditEntry.id))
    return [(row.before, row.after) for row in rows]


def test_a_target_is_changed_and_reported_at_once(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        goals.change(session, world.desk, {"indicators": {"a1": {"target_percent": 15}}}, NOW)
        (a1,) = (t for t in targets.standing(session, world.desk, NOW).targets if t.code == "a1")
        assert (a1.target_percent, a1.measured.reached) == (15, True)
        assert entries(session) == [
            ({"goals": {"indicators.a1.target_percent": 80.0}}, {"goals": {"indicators.a1.target_percent": 15.0}})
        ]


def test_a_denominator_from_outside_stands_before_the_counted_one(db: Database) -> None:
    given = {"denominator_value": 10, "denominator_source": "Công an xã", "as_of_on": "2026-11-01"}
    with db.begin() as session:
        world = one_alley(session)
        goals.change(session, world.desk, {"indicators": {"a1": given}}, NOW)
        (a1,) = (t for t in targets.standing(session, world.desk, NOW).targets if t.code == "a1")
        assert (a1.measured.denominator, a1.denominator_source, a1.as_of_on) == (10, "Công an xã", date(2026, 11, 1))


def test_an_indicator_that_is_off_is_not_reported(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        goals.change(session, world.desk, {"indicators": {"a3_gcn": {"active": False}}}, NOW)
        assert "a3_gcn" not in {t.code for t in targets.standing(session, world.desk, NOW).targets}


def test_a_service_that_is_off_is_neither_planned_nor_asked_about(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        an = world.households[0]  # lacks his insurance card, nothing else
        assert needs.open_needs(session, world.desk, NOW.date())[an.id]
        goals.change(session, world.desk, NO_BHYT, NOW)
        assert an.id not in needs.open_needs(session, world.desk, NOW.date())
        assert session.get_one(Household, an.id).open_needs == 0
        assert session.get_one(Household, an.id).outreach_group is None
        assert "bhyt" not in {service.code for service in campaigns.active(session, world.desk).offered}


def test_promises_with_nothing_left_to_do_are_withdrawn_and_the_others_stay(db: Database) -> None:
    with db.begin() as session:
        world = a_running_week(session)
        goals.change(session, world.desk, NO_BHYT, NOW)
        reasons = [make.assignments_of(session, household)[0].withdrawn_reason for household in world.households]
        assert reasons == ["nothing_left", "", "", "", ""]
        assert entries(session)[-1][1]["withdrawn"] == 1


def test_what_was_done_for_a_service_stays_when_it_goes_and_comes_back(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        need = make.needs_of(session, world.households[0])["bhyt"]
        settling.settle(session, world.desk, need.id, NeedState.DONE, NOW)
        goals.change(session, world.desk, NO_BHYT, NOW)
        assert targets.standing(session, world.desk, NOW).needs_done == 1
        goals.change(session, world.desk, {"services": {"bhyt": {"active": True}}}, NOW)
        assert "bhyt" in make.needs_of(session, world.households[0])


def test_the_last_service_cannot_go(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        codes = [service.code for service in campaigns.active(session, world.desk).services]
        with pytest.raises(InvalidInput) as caught:
            goals.change(session, world.desk, {"services": {code: {"active": False} for code in codes}}, NOW)
        assert (caught.value.code, caught.value.facts["field"]) == ("goal_no_service", "services")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prices": {}}, "prices"),
        ({"services": []}, "services"),
        ({"services": {"swim": {"active": True}}}, "services.swim"),
        ({"services": {"bhyt": {"rule": "use"}}}, "services.bhyt.rule"),
        ({"services": {"bhyt": {"minutes": 0}}}, "services.bhyt.minutes"),
        ({"indicators": {"a1": {"target_percent": "80"}}}, "indicators.a1.target_percent"),
    ],
)
def test_a_wrong_goal_is_named_by_its_path(sqlite_db: Database, changes: dict[str, Any], field: str) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        with pytest.raises(InvalidInput) as caught:
            goals.change(session, world.desk, changes, NOW)
        assert caught.value.facts["field"] == field


def test_who_comes_second_changes_nothing(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        seen = goals.goals(session, world.desk).version
        goals.change(session, world.desk, {"indicators": {"a1": {"target_percent": 85}}}, NOW, seen)
        for attempt in (
            lambda: goals.change(session, world.desk, NO_BHYT, NOW, seen),
            lambda: goals.undo(session, world.desk, seen, NOW),
            lambda: campaigns.change(session, world.desk, "x", date(2026, 1, 1), date(2026, 2, 1), NOW, seen),
        ):
            with pytest.raises(Conflict):
                attempt()


def test_the_same_goals_again_are_no_change(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        before = goals.goals(session, world.desk)
        assert goals.change(session, world.desk, before.plain(), NOW, before.version) == before
        assert entries(session) == []


def test_a_change_is_taken_back_and_brought_back(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        before = goals.goals(session, world.desk).plain()
        changed = goals.change(session, world.desk, {**NO_BHYT, "indicators": {"a1": {"target_percent": 85}}}, NOW)
        campaigns.change_settings(session, world.desk, {"crew_size": 3}, NOW)  # kept without its values: not taken back
        undone = goals.undo(session, world.desk, changed.version + 1, NOW)
        assert undone.plain() == before
        assert session.get_one(Household, world.households[0].id).open_needs == 1
        assert goals.undo(session, world.desk, undone.version, NOW).plain() == changed.plain()


def test_dates_are_taken_back_too(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        first = campaigns.active(session, world.desk)
        moved = campaigns.change(session, world.desk, "Đợt 2", first.starts_on, date(2027, 3, 1), NOW)
        assert goals.goals(session, world.desk).last_change.after["ends_on"] == "2027-03-01"  # type: ignore[union-attr]
        goals.undo(session, world.desk, moved.version, NOW)
        assert (campaigns.active(session, world.desk).name, campaigns.active(session, world.desk).ends_on) == (
            first.name, first.ends_on,
        )  # fmt: skip


def test_without_a_change_there_is_nothing_to_take_back(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world: World = one_alley(session)
        with pytest.raises(NotFound):
            goals.undo(session, world.desk, goals.goals(session, world.desk).version, NOW)


def test_only_the_desk_changes_goals(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = one_alley(session)
        with pytest.raises(NotAllowed):
            goals.change(session, world.volunteer, NO_BHYT, NOW)
