"""The figures everybody reads: baseline and results, one number on every page, the rows behind it for who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain import tally
from planner.domain.errors import NotAllowed, NotFound
from planner.domain.vocabulary import AccountState, NeedResult, Outcome, OutreachGroup, Role, WeekState
from planner.jobs import count
from planner.models import Campaign, Database, Household, Indicator, IndicatorDay, Resident, Volunteer
from planner.services import campaigns, outcomes, progress, targets
from planner.services.actors import Actor
from planner.services.progress import By, Course, Part, RowFilter
from planner.services.visit_forms import ResultLine, VisitForm
from tests import builders as make
from tests.conftest import empty
from tests.worlds import World, one_alley

NOW = make.NOW
# The campaign began on Monday 2/11; three weeks of it are complete on Monday 23/11, 00:30.
MONDAYS = [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
TODAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def instant(day: date, hour: int = 11) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def night(session: Session, world: World, day: date) -> None:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6, minutes=30)  # 00:30 in Việt Nam
    count.act(session, Actor.for_job(world.commune.id, "count"), campaigns.active(session, world.desk), at, at)


def helped(session: Session, world: World, household: Household, at: datetime, *crew: Volunteer) -> None:
    """Record a visit, of a shift of its own, that did all that could be done."""
    monday = at.date() - timedelta(days=at.date().weekday())
    shift = ("mon_T", crew or world.volunteers[:1], [household])
    week = make.a_published_week(session, [shift], world.campaign, monday, WeekState.CLOSED)
    session.flush()
    assignment = make.assignments_of(session, household)[-1]
    assert assignment.week_plan_id == week.id
    lines = tuple(
        ResultLine(need.id, NeedResult.DONE, own_device=True)
        for code, need in make.needs_of(session, household).items()
        if code != "register" and need.state == "open"
    )
    form = VisitForm(
        event_id=assignment.uid, household_id=household.id, assignment_uid=assignment.uid, outcome=Outcome.MET, occurred_at=at,
        results=lines,
    )  # fmt: skip
    outcomes.record_visit(session, world.desk, form, at)


def a_street(session: Session) -> World:
    """`one_alley` with two more hamlets of twenty households of group 1 each, kept on the first night."""
    world = one_alley(session)
    for name in ("Ấp Bàu", "Ấp Sậy"):
        hamlet = make.a_hamlet(session, world.commune, name)
        homes = [make.a_household(session, hamlet, f"Trần Văn {n}") for n in range(20)]
        for home in homes:
            make.a_resident(session, home, home.head_name, **make.FACTS_OF_GROUP[1])
        world.households += homes
    make.rebuild(session)
    night(session, world, MONDAYS[0])
    return world


def three_weeks(session: Session) -> World:
    """`a_street` after three weeks: two, three and four households of Ấp Bàu activated; nothing in Ấp Sậy."""
    world = a_street(session)
    doors = iter(world.households[5:])
    for monday, number in zip(MONDAYS, (2, 3, 4), strict=True):
        for _ in range(number):
            helped(session, world, next(doors), instant(monday + timedelta(days=1)))
        night(session, world, monday + timedelta(days=7))
    return world


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, World]]:
    """Return the world of three weeks, made once: each test reads it in a session whose changes are not kept."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("told") / "told.sqlite3"
        path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        database = Database(f"sqlite:///{path}", durable=False)
    else:
        database = Database(request.getfixturevalue("postgresql_url"))
    with database.begin() as session:
        world = three_weeks(session)
    yield database, world
    if not database.is_sqlite:
        empty(database)
    database.dispose()


@pytest.fixture
def street(told: tuple[Database, World]) -> Iterator[tuple[Session, World]]:
    """Return a session on the world of three weeks, and the world with its rows in that session."""
    database, world = told
    with database.read() as session:
        households = list(
            session.scalars(select(Household).where(Household.commune_id == world.commune.id).order_by(Household.id))
        )
        yield session, replace(world, households=households, campaign=session.get_one(Campaign, world.campaign.id))


def viewer(world: World) -> Actor:
    return Actor(999, world.commune.id, Role.VIEWER, None, "Chủ tịch", "user:999")


def a1(found: progress.Overview) -> progress.IndicatorLine:
    return next(line for line in found.lines if line.target.code == "a1")


def test_an_indicator_is_its_baseline_and_what_the_campaign_added(street: tuple[Session, World]) -> None:
    session, world = street
    line = a1(progress.overview(session, world.desk, TODAY))
    assert (line.target.measured.numerator, line.baseline, line.results, line.other) == (10, 1, 9, 0)
    assert [round(percent * 45 / 100) for _, percent in line.points] == [1, 3, 6, 10, 10]


def test_what_a_newer_roster_changed_is_no_result_of_the_campaign(street: tuple[Session, World]) -> None:
    session, world = street
    for household in world.households[20:23]:
        (person,) = household_people(session, household)
        person.account = AccountState.ACTIVATED
    make.rebuild(session)
    line = a1(progress.overview(session, world.desk, TODAY))
    assert (line.target.measured.numerator, line.results, line.other) == (13, 9, 3)


def household_people(session: Session, household: Household) -> list[Resident]:
    return list(session.scalars(select(Resident).where(Resident.household_id == household.id)))


def test_weeks_nobody_kept_are_worked_out_from_the_results(street: tuple[Session, World]) -> None:
    session, world = street
    kept = a1(progress.overview(session, world.desk, TODAY))
    for row in session.scalars(select(IndicatorDay)):
        session.delete(row)
    session.flush()
    worked_out = a1(progress.overview(session, world.desk, TODAY))
    assert [round(p, 6) for _, p in worked_out.points] == [round(p, 6) for _, p in kept.points]
    assert worked_out.baseline == kept.baseline


def test_the_forecast_follows_the_pace_and_says_what_it_takes_and_where(street: tuple[Session, World]) -> None:
    session, world = street
    found = progress.overview(session, viewer(world), TODAY)
    line = a1(found)
    assert line.forecast is not None
    assert line.forecast.target == 36
    assert line.forecast.low <= line.forecast.expected <= line.forecast.high <= 45
    assert line.course in (Course.ON_COURSE, Course.AT_RISK, Course.OFF_COURSE)
    assert {gap.name for gap in line.gaps} >= {"Ấp Sậy"}
    assert line.gaps[0].name == "Ấp Sậy"
    assert progress.forecast(session, Actor.for_job(world.commune.id, "count"), TODAY)


def test_a_place_without_progress_for_two_weeks_is_named(street: tuple[Session, World]) -> None:
    session, world = street
    still = progress.overview(session, world.desk, TODAY).still
    assert [place.name for place in still if place.hamlet_id] == ["Ấp 1", "Ấp Sậy"]
    assert OutreachGroup.NO_ACCOUNT in {place.group for place in still}
    assert OutreachGroup.ISSUED not in {place.group for place in still}


def test_every_page_shows_the_same_number(street: tuple[Session, World]) -> None:
    session, world = street
    whole = progress.overview(session, world.desk, TODAY)
    counts = targets.counts(session, world.desk, TODAY)
    for by in By:
        parts = progress.breakdown(session, world.desk, by, TODAY)
        for name in ("people_helped", "needs_done", "attempts", "households_visited"):
            assert sum(row.counts[name] for row in parts.rows) == parts.whole.counts[name] == whole.counted[name]
        for number, line in enumerate(whole.lines):
            assert parts.whole.measured[number] == line.target.measured
            assert sum(row.measured[number].numerator or 0 for row in parts.rows) == line.target.measured.numerator
    assert {name: counts[name] for name in whole.counted} == dict(whole.counted)
    (team,) = progress.teams(session, world.desk)
    (crew,) = progress.crews(session, world.desk).rows
    for row in (team, crew):
        assert (row.attempts, row.needs_done, row.people_helped) == (
            whole.counted["attempts"], whole.counted["needs_done"], whole.counted["people_helped"]
        )  # fmt: skip
    assert (crew.names, crew.shifts, crew.met) == (("Trần Quang Minh",), 3, 9)


@pytest.mark.parametrize("figure", ["a1", "a2", "needs_done", "needs_open", "attempts", "households", "people_helped"])
def test_the_rows_behind_a_figure_add_up_to_it(street: tuple[Session, World], figure: str) -> None:
    session, world = street
    counts = targets.counts(session, world.desk, TODAY)
    name = {"a1": "activated_14", "a2": "bhyt_integrated"}.get(figure, figure)
    found = progress.rows(session, world.desk, RowFilter(figure, size=3), TODAY)
    pages = [
        row
        for page in range(1, found.page.pages + 1)
        for row in progress.rows(session, world.desk, RowFilter(figure, page=page, size=3), TODAY).page.rows
    ]
    assert sum(row.value for row in pages) == found.value == counts[name]
    if name not in tally.OF_HOUSEHOLDS:
        assert sum(person.value for row in pages for person in row.people) == counts[name]


def test_rows_that_changed_by_hand_a_moment_ago_are_among_them(street: tuple[Session, World]) -> None:
    session, world = street
    (person,) = household_people(session, world.households[30])
    person.account = AccountState.ACTIVATED
    session.flush()
    found = progress.rows(session, world.desk, RowFilter("a1"), TODAY)
    assert world.households[30].id in {row.household_id for row in found.page.rows}


def test_lacking_rows_of_a_hamlet_are_those_still_to_do(street: tuple[Session, World]) -> None:
    session, world = street
    hamlet = world.households[5].hamlet_id
    found = progress.rows(session, world.desk, RowFilter("a1", Part.LACKING, hamlet_id=hamlet), TODAY)
    assert (found.page.total, found.value, found.of) == (11, 0, 11)


def test_the_chairman_sees_codes_the_desk_names_and_nobody_another_commune(street: tuple[Session, World]) -> None:
    session, world = street
    seen = progress.rows(session, viewer(world), RowFilter("a1"), TODAY)
    assert seen.value == 10
    assert all(not row.head_name and not row.people and row.code for row in seen.page.rows)
    named = progress.rows(session, world.desk, RowFilter("a1"), TODAY)
    assert all(row.head_name and row.people for row in named.page.rows)
    for act in (progress.overview, progress.forecast):
        with pytest.raises(NotAllowed):
            act(session, world.volunteer, TODAY)
    with pytest.raises(NotAllowed):
        progress.rows(session, world.volunteer, RowFilter("a1"), TODAY)
    with pytest.raises(NotFound):
        progress.rows(session, world.stranger, RowFilter("a1", hamlet_id=world.hamlet.id), TODAY)
    assert progress.rows(session, world.stranger, RowFilter("needs_done"), TODAY).value == 0
    with pytest.raises(NotFound):
        progress.rows(session, world.desk, RowFilter("a9"), TODAY)


def test_a_denominator_from_outside_keeps_its_source_and_the_parts_are_counted(street: tuple[Session, World]) -> None:
    session, world = street
    row = session.scalars(select(Indicator).where(Indicator.code == "a1", Indicator.campaign_id == world.campaign.id)).one()
    row.denominator_value, row.denominator_source, row.as_of_on = 60, "Công an xã", date(2026, 11, 1)
    session.flush()
    line = a1(progress.overview(session, world.desk, TODAY))
    assert (line.whole, line.target.denominator_source) == (60, "Công an xã")
    parts = progress.breakdown(session, world.desk, By.HAMLET, TODAY)
    assert sum(r.measured[0].denominator or 0 for r in parts.rows) == 45
