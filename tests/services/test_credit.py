"""What the campaign is credited with, on every page alike: what a visit that stands led to, or the desk noted; nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from planner.domain import tally
from planner.domain.calendar import local_date
from planner.domain.vocabulary import AccountState, NeedResult, NeedState, Outcome, StopReason
from planner.models import ContactStop, Database, Household, Resident, VisitResult
from planner.services import campaigns, households, outcomes, progress, settling, tallies
from planner.services.progress import RowFilter
from planner.services.visit_forms import ResultLine, VisitForm
from tests import builders as make
from tests.worlds import World, one_alley

NOW = make.NOW
EARLIER = NOW - timedelta(days=4)


@pytest.fixture
def world(db: Database) -> World:
    with db.begin() as session:
        return one_alley(session)


def counted(session: Session, world: World) -> dict[str, int]:
    campaign = campaigns.active(session, world.desk)
    return tallies.total(tallies.sums(session, campaign, tally.SUMMED, local_date(NOW)), tally.SUMMED)


def roster_says_insured(session: Session, world: World, home: Household) -> None:
    """A newer roster has the insurance card in the account, whoever brought that about."""
    person = make.needs_of(session, home)["bhyt"].resident
    person.documents = {**person.documents, "bhyt": "integrated"}
    make.rebuild(session, home)


def reported(session: Session, home: Household, result: NeedResult, **visit: object) -> int:
    row = make.a_visit(session, home, Outcome.MET, EARLIER, **visit)
    session.add(VisitResult(visit_id=row.id, need_id=make.needs_of(session, home)["bhyt"].id, result=result))
    session.flush()
    return row.id


@pytest.mark.parametrize(
    ("results", "credited"),
    [
        ([], 0),
        ([NeedResult.NOT_DONE], 0),
        ([NeedResult.DECLINED], 0),
        ([NeedResult.SUBMITTED], 1),
        ([NeedResult.DONE, NeedResult.DONE], 1),
    ],
    ids=["nobody called", "tried in vain", "declined", "sent in", "told twice"],
)
def test_a_need_that_a_newer_roster_ends_is_credited_where_a_visit_led_to_it(
    db: Database, world: World, results: list[NeedResult], credited: int
) -> None:
    home = world.households[0]
    with db.begin() as session:
        for result in results:
            reported(session, home, result)
        roster_says_insured(session, world, home)
        found = counted(session, world)
        assert make.needs_of(session, home)["bhyt"].state is NeedState.DONE
        assert [found[name] for name in ("people_helped", "needs_done", "papers_done", "bhyt_by_visit", "bhyt_guided")] == [
            credited
        ] * 5
        assert found["bhyt_integrated"] == 1, "the fact counts whoever brought it about"
        (outside,) = progress.crews(session, world.desk).rows or [None]
        assert (outside.needs_done if outside else 0) == credited


def test_a_report_that_was_corrected_is_credited_with_nothing(db: Database, world: World) -> None:
    home = world.households[0]
    with db.begin() as session:
        first = reported(session, home, NeedResult.SUBMITTED)
        make.a_visit(session, home, Outcome.ABSENT, EARLIER, corrects_id=first)
        roster_says_insured(session, world, home)
        assert counted(session, world)["people_helped"] == 0


def test_what_the_desk_noted_as_done_is_the_campaigns_work_and_no_crews(db: Database, world: World) -> None:
    with db.begin() as session:
        need = make.needs_of(session, world.households[0])["bhyt"]
        settling.settle(session, world.desk, need.id, NeedState.DONE, NOW)
        assert counted(session, world)["people_helped"] == 1
        assert progress.crews(session, world.desk).rows == []


def test_visits_of_the_campaign_before_are_no_attempts_of_this_one(db: Database, world: World) -> None:
    with db.begin() as session:
        reported(session, world.households[0], NeedResult.SUBMITTED)
        assert counted(session, world)["attempts"] == 1
        campaigns.create_campaign(session, world.desk, "plan_b", "", local_date(NOW), date(2027, 2, 28), NOW)
        assert counted(session, world)["attempts"] == counted(session, world)["households_visited"] == 0
        assert progress.crews(session, world.desk).rows == []
        assert [row.attempts for row in progress.teams(session, world.desk)] == [0]


@pytest.mark.parametrize("whole", [True, False], ids=["the household", "one resident"])
def test_who_wants_no_more_calls_has_nothing_left_to_do_at_once(db: Database, world: World, whole: bool) -> None:
    home = world.households[0]
    with db.begin() as session:
        before = counted(session, world)["needs_open"]
        mine = [need for need in make.needs_of(session, home).values() if need.state is NeedState.OPEN]
        assert mine
        resident_id = None if whole else mine[0].resident_id
        stop = ContactStop(household_id=home.id, resident_id=resident_id, reason=StopReason.REFUSED, since_at=NOW)
        session.add(stop)
        session.flush()  # past every service: the database itself notes the change
        assert counted(session, world)["needs_open"] == before - len(mine)
        stop.lifted_at = NOW
        session.flush()
        assert counted(session, world)["needs_open"] == before


def test_a_hamlet_where_only_refusals_are_left_does_not_stand_still(db: Database, world: World) -> None:
    with db.begin() as session:
        for home in world.households:
            households.stop_contact(session, world.desk, home.id, StopReason.REFUSED, NOW)
        assert counted(session, world)["needs_open"] == 0
        rows = progress.rows(session, world.desk, RowFilter("needs_open"), NOW)
        assert (rows.value, rows.page.rows) == (0, ())


def test_the_phone_tells_what_the_desk_counts(db: Database, world: World) -> None:
    """Sent in and approved since is done; a crew that never got to the door made no call; a need told twice is one."""
    home = world.households[0]
    with db.begin() as session:
        need = make.needs_of(session, home)["bhyt"]
        for number, (outcome, result) in enumerate(
            [(Outcome.MET, NeedResult.SUBMITTED), (Outcome.MET, NeedResult.DONE), (Outcome.NOT_REACHED, None)]
        ):
            lines = (ResultLine(need.id, result, own_device=True),) if result else ()
            form = VisitForm(
                event_id=f"00000000-0000-4000-8000-0000000000b{number}", household_id=home.id, assignment_uid=None,
                outcome=outcome, occurred_at=NOW + timedelta(minutes=number), results=lines,
            )  # fmt: skip
            outcomes.record_visit(session, world.desk, form, NOW + timedelta(hours=1))
        mine = progress.of_person(session, world.desk, datetime(2026, 11, 2, tzinfo=NOW.tzinfo))
        (outside,) = progress.crews(session, world.desk).rows
        assert (mine.visits, mine.met, mine.needs_done) == (2, 2, 1)
        assert (outside.attempts, outside.met, outside.needs_done) == (2, 2, 1)


def test_behind_officials_families_stand_the_officials_and_who_is_still_lacking(db: Database, world: World) -> None:
    home = world.households[1]
    with db.begin() as session:
        session.execute(
            update(Resident).where(Resident.household_id == home.id).values(official_of="Trạm Y tế", account="activated")
        )
        make.a_resident(session, home, "Lê Thị Hai", AccountState.ISSUED, "1985")
        make.rebuild(session, home)
        rows = progress.rows(session, world.desk, RowFilter("a4_family", progress.Part.LACKING), NOW)
        ((row,), people) = rows.page.rows, {p.name: (p.value, p.of) for p in rows.page.rows[0].people}
        assert (row.value, row.of) == (0, 1)
        assert people == {home.head_name: (0, 1), "Lê Thị Hai": (0, 1)}


def test_an_organisation_spelled_two_ways_is_one_with_one_quota(db: Database, world: World) -> None:
    with db.begin() as session:
        for home, name in zip(world.households, ("Công an xã", "công  an xã"), strict=False):
            session.execute(update(Resident).where(Resident.household_id == home.id).values(official_of=name))
        (office,) = progress.quotas(session, world.desk, NOW).offices
        assert office.officials == 2
