"""What crews and organisations did, quotas of teams with their pace, and the rows behind each of these figures."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from planner.domain.text import match_key
from planner.domain.vocabulary import NeedResult, Outcome, Role, WeekState
from planner.models import Campaign, Database
from planner.services import campaigns, outcomes, progress, team_quotas
from planner.services.actors import Actor
from planner.services.progress import NO_CREW, Doer, WorkFilter
from planner.services.progress.work_rows import FIGURES
from planner.services.team_quotas import TeamKind
from planner.services.visit_forms import ResultLine, VisitForm
from tests import builders as make
from tests.services.test_progress import MONDAYS, NOW, helped, instant, viewer
from tests.worlds import World, one_alley


def two_crews(session: Session) -> World:
    """`one_alley` with three more households: Minh and Nga helped at two doors in two weeks, Hải and Yến at one and were at
    another in vain; a visit nobody planned helped as well."""
    world = one_alley(session)
    minh, nga, hai, yen = world.volunteers
    homes = world.households
    homes += [make.a_household(session, world.hamlet, name, 1) for name in ("Hồ Văn Sáu", "Ngô Thị Bảy", "Vũ Văn Tám")]
    helped(session, world, homes[1], instant(MONDAYS[0]), minh, nga)
    helped(session, world, homes[5], instant(MONDAYS[1]), nga, minh)  # who leads does not matter
    helped(session, world, homes[6], instant(MONDAYS[1]), hai, yen)
    week = make.a_published_week(session, [("wed_T", [hai, yen], [homes[2]])], world.campaign, MONDAYS[1])
    make.a_visit(session, homes[2], Outcome.ABSENT, instant(MONDAYS[1]), make.assignments_of(session, homes[2])[-1])
    assert week.revision == 3
    need = make.needs_of(session, homes[7])["activate"]
    form = VisitForm(
        event_id="00000000-0000-4000-8000-0000000000ab", household_id=homes[7].id, assignment_uid=None, outcome=Outcome.MET,
        occurred_at=instant(MONDAYS[1]), results=(ResultLine(need.id, NeedResult.DONE, own_device=True),),
    )  # fmt: skip
    outcomes.record_visit(session, world.desk, form, instant(MONDAYS[1]))
    return world


def test_a_crew_is_the_same_people_whenever_they_go_out_and_no_attempt_is_in_none_of_the_rows(db: Database) -> None:
    with db.begin() as session:
        world = two_crews(session)
        rows = progress.crews(session, world.desk).rows
        assert [row.names for row in rows] == [
            ("Phạm Văn Hải", "Võ Thị Yến"), ("Trần Quang Minh", "Lê Thu Nga"), (),
        ]  # fmt: skip
        hai, minh, nobody = rows
        assert (minh.shifts, minh.attempts, minh.met, minh.people_helped) == (2, 2, 2, 2)
        assert (hai.shifts, hai.attempts, hai.met, hai.people_helped) == (2, 2, 1, 1)
        assert (nobody.key, nobody.attempts, nobody.needs_done) == (NO_CREW, 1, 1)
        whole = progress.overview(session, world.desk, NOW).counted
        assert sum(row.attempts for row in rows) == whole["attempts"]
        assert sum(row.needs_done for row in rows) == whole["needs_done"]


def test_crews_come_a_page_at_a_time_in_the_order_of_their_names_and_what_nobody_planned_comes_last(db: Database) -> None:
    with db.begin() as session:
        world = two_crews(session)
        whole = progress.crews(session, world.desk).rows
        pages = [progress.crews(session, world.desk, number, 1) for number in (1, 2, 3)]
        assert [row for page in pages for row in page.rows] == whole
        assert [(page.page, page.pages, page.total) for page in pages] == [(1, 3, 3), (2, 3, 3), (3, 3, 3)]
        assert progress.crews(session, world.desk, 99, 2).rows == whole[2:]


def test_visits_of_a_plan_of_an_earlier_campaign_are_outside_this_ones_plans(db: Database) -> None:
    with db.begin() as session:
        world = two_crews(session)
        before = progress.crews(session, world.desk).rows
        campaigns.create_campaign(session, world.desk, "plan_b", "", date(2026, 11, 2), date(2027, 1, 31), NOW)
        (row,) = progress.crews(session, world.desk).rows
        assert row.key == NO_CREW
        assert (row.attempts, row.met, row.shifts) == (sum(r.attempts for r in before), sum(r.met for r in before), 0)
        found = progress.work_rows(session, world.desk, WorkFilter(Doer.CREW, NO_CREW, "attempts"), NOW).rows
        assert found.value == row.attempts


def test_a_week_published_anew_has_its_shifts_once_and_a_corrected_report_counts_no_more(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        crew, homes = world.volunteers[:2], world.households
        first = make.a_published_week(session, [("mon_T", crew, homes[:2])], world.campaign, MONDAYS[0])
        wrong = make.a_visit(session, homes[0], Outcome.MET, instant(MONDAYS[0]), make.assignments_of(session, homes[0])[-1])
        first.state = WeekState.SUPERSEDED
        session.flush()
        make.a_published_week(session, [("mon_T", crew, homes[:2])], world.campaign, MONDAYS[0])
        make.a_visit(
            session, homes[0], Outcome.ABSENT, instant(MONDAYS[0]), make.assignments_of(session, homes[0])[-1],
            corrects_id=wrong.id,
        )  # fmt: skip
        make.a_visit(session, homes[1], Outcome.MET, instant(MONDAYS[0]), make.assignments_of(session, homes[1])[0])
        (row,) = progress.crews(session, world.desk).rows
        assert (row.shifts, row.attempts, row.met) == (1, 2, 1)


def test_the_rows_behind_each_figure_add_up_to_it_with_names_for_the_desk_alone(db: Database) -> None:
    with db.begin() as session:
        world = two_crews(session)
        whose = [
            *((Doer.CREW, row.key, row) for row in progress.crews(session, world.desk).rows),
            *((Doer.TEAM, row.name, row) for row in progress.teams(session, world.desk)),
        ]
        assert len(whose) == 3 + 1
        for doer, who, figure, value in [(d, who, name, getattr(row, name)) for d, who, row in whose for name in FIGURES[d]]:
            found = progress.work_rows(session, world.desk, WorkFilter(doer, who, figure), NOW).rows
            assert sum(row.value for row in found.page.rows) == found.value == value, (doer, who, figure)
            assert all(row.head_name for row in found.page.rows)
            if figure in ("people_helped", "needs_done"):
                assert sum(person.value for row in found.page.rows for person in row.people) == value
            seen = progress.work_rows(session, viewer(world), WorkFilter(doer, who, figure), NOW).rows
            assert seen.value == value
            assert not any(row.head_name or row.people for row in seen.page.rows)


@pytest.mark.parametrize(
    ("doer", "who", "figure"),
    [
        (Doer.CREW, "1-2", "households"), (Doer.CREW, "1-x", "met"), (Doer.CREW, "", "met"), (Doer.CREW, "1-99999", "met"),
        (Doer.TEAM, "Đoàn khác", "attempts"), (Doer.TEAM, "Đoàn Thanh niên", "guided"), (Doer.OFFICE, "Ủy ban", "officials"),
        (Doer.HAMLET_QUOTA, "thôn đông", "guided"),
    ],
)  # fmt: skip
def test_a_figure_or_a_crew_that_is_not_there_is_not_found(db: Database, doer: Doer, who: str, figure: str) -> None:
    with db.begin() as session:
        world = one_alley(session)
        with pytest.raises(NotFound):
            progress.work_rows(session, world.desk, WorkFilter(doer, who, figure), NOW)


def test_another_communes_crew_is_not_there_and_the_field_sees_none(db: Database) -> None:
    with db.begin() as session:
        world = two_crews(session)
        key = progress.crews(session, world.desk).rows[0].key
        assert progress.crews(session, world.stranger).rows == []
        with pytest.raises(NotFound):
            progress.work_rows(session, world.stranger, WorkFilter(Doer.CREW, key, "met"), NOW)
        for act in (lambda: progress.crews(session, world.volunteer), lambda: progress.quotas(session, world.volunteer, NOW)):
            with pytest.raises(NotAllowed):
                act()


# Quotas

ORGANISATION, HAMLET = (f"{kind}:{match_key(name)}" for kind, name in (("organisation", "Đoàn Thanh niên"), ("hamlet", "Ấp 1")))


@pytest.fixture
def plan_b(db: Database) -> World:
    """Return a world of plan B: Minh guided two residents to the portal, a third only to the account; one official is listed."""
    with db.begin() as session:
        world = one_alley(session)
        campaigns.create_campaign(session, world.desk, "plan_b", "", date(2026, 11, 2), date(2027, 1, 31), NOW)
        world.campaign = session.get_one(Campaign, campaigns.active(session, world.desk).id)
        world.households += [make.a_household(session, world.hamlet, name, 1) for name in ("Hồ Văn Sáu", "Ngô Thị Bảy")]
        make.a_resident(session, world.households[0], "Đỗ Thị Cán", official_of="đoàn thanh niên")
        make.rebuild(session)
        for home in (world.households[1], world.households[5]):
            helped(session, world, home, instant(MONDAYS[1]))
        half = make.needs_of(session, world.households[6])["activate"]
        form = VisitForm(
            event_id="00000000-0000-4000-8000-0000000000ac", household_id=world.households[6].id, assignment_uid=None,
            outcome=Outcome.MET, occurred_at=instant(MONDAYS[1]),
            results=(ResultLine(half.id, NeedResult.DONE, own_device=True),),
        )  # fmt: skip
        outcomes.record_visit(session, world.desk, form, instant(MONDAYS[1]))
    return world


def test_teams_have_quotas_with_a_pace_counted_by_the_rule_of_the_officials(db: Database, plan_b: World) -> None:
    with db.begin() as session:
        team_quotas.change(session, plan_b.desk, {ORGANISATION: 40, HAMLET: 5}, NOW)
        found = progress.quotas(session, viewer(plan_b), NOW)
        assert [(row.team.name, row.team.kind, row.team.volunteers, row.pace.quota, row.pace.done) for row in found.teams] == [
            ("Đoàn Thanh niên", TeamKind.ORGANISATION, 4, 40, 2), ("Ấp 1", TeamKind.HAMLET, 4, 5, 2),
        ]  # fmt: skip
        org, hamlet = (row.pace for row in found.teams)
        assert (org.due, org.behind, org.by_end) == (40 * 20 // 91, 40 * 20 // 91 - 2, 2 * 91 // 20)
        assert (hamlet.due, hamlet.behind) == (1, 0)
        (office,) = found.offices
        assert (office.pace.quota, office.pace.done) == (10, 2)


def test_each_figure_of_a_quota_opens_its_rows(db: Database, plan_b: World) -> None:
    with db.begin() as session:
        team_quotas.change(session, plan_b.desk, {ORGANISATION: 40, HAMLET: 5}, NOW)
        for doer, who in (
            (Doer.ORGANISATION_QUOTA, "đoàn thanh niên"), (Doer.HAMLET_QUOTA, "ấp 1"), (Doer.OFFICE, "đoàn thanh niên"),
        ):  # fmt: skip
            found = progress.work_rows(session, plan_b.desk, WorkFilter(doer, who, "guided"), NOW)
            assert [p.name for row in found.rows.page.rows for p in row.people] == ["Trần Thị Bình", "Hồ Văn Sáu"]
        (office,) = progress.quotas(session, plan_b.desk, NOW).offices
        for figure, value in (("officials", office.officials), ("officials_activated", office.activated)):
            found = progress.work_rows(session, plan_b.desk, WorkFilter(Doer.OFFICE, "đoàn thanh niên", figure), NOW)
            assert found.rows.value == value == 1


def test_a_team_that_nobody_goes_by_any_more_keeps_its_quota_and_is_seen(db: Database, plan_b: World) -> None:
    with db.begin() as session:
        campaigns.change_settings(session, plan_b.desk, {"organisation_quotas": {"Hội Phụ nữ": 30}}, NOW)
        (row,) = progress.quotas(session, plan_b.desk, NOW).teams
        assert (row.team.name, row.team.volunteers, row.pace.done) == ("Hội Phụ nữ", 0, 0)


def test_quotas_are_changed_by_the_desk_one_by_one_and_never_over_anothers_change(db: Database, plan_b: World) -> None:
    with db.begin() as session:
        before = team_quotas.quotas(session, plan_b.desk)
        team_quotas.change(session, plan_b.desk, {HAMLET: 5, ORGANISATION: 7}, NOW, before.version)
        team_quotas.change(session, plan_b.desk, {HAMLET: None}, NOW)
        assert [team.quota for team in team_quotas.quotas(session, plan_b.desk).teams] == [7, None]
        with pytest.raises(Conflict, match="campaign_changed_meanwhile"):
            team_quotas.change(session, plan_b.desk, {HAMLET: 6}, NOW, before.version)
        for wrong in ({"hamlet:ấp 9": 1}, {HAMLET: 0}, {HAMLET: 10**7}):
            with pytest.raises(InvalidInput):
                team_quotas.change(session, plan_b.desk, wrong, NOW)
        looks_on = Actor(9, plan_b.commune.id, Role.VIEWER, None, "Sơn", "user:9")
        with pytest.raises(NotAllowed):
            team_quotas.change(session, looks_on, {HAMLET: 6}, NOW)
