"""Days kept, first days, quotas and capacity: small worlds of their own, beside the three weeks of `test_progress`."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from planner.domain.vocabulary import NeedResult, Outcome
from planner.models import Database, IndicatorDay
from planner.services import campaigns, outcomes, progress, targets
from planner.services.progress import Course
from planner.services.progress.capacity import possible_a_week, shifts_ahead
from planner.services.visit_forms import ResultLine, VisitForm
from tests import builders as make
from tests.services.test_progress import MONDAYS, NOW, a1, a_street, helped, instant
from tests.worlds import one_alley


def test_the_day_is_kept_once_and_before_the_first_visit_the_latest_counts(db: Database) -> None:
    with db.begin() as session:
        world = a_street(session)
        campaign = campaigns.active(session, world.desk)
        make.a_household(session, world.hamlet, group=1)
        assert progress.keep(session, campaign, instant(MONDAYS[0], 3))
        helped(session, world, world.households[6], instant(MONDAYS[0], 12))
        assert not progress.keep(session, campaign, instant(MONDAYS[0], 15))
        (row,) = session.scalars(select(IndicatorDay))
        assert sum(h["residents"] for h in row.figures["hamlets"].values()) == 46
        assert not any("attempts" in h for h in row.figures["hamlets"].values())


def test_on_the_first_day_there_is_a_figure_and_no_forecast(db: Database) -> None:
    with db.begin() as session:
        world = a_street(session)
        found = progress.overview(session, world.desk, instant(MONDAYS[0], 3))
        line = a1(found)
        assert (line.target.measured.numerator, line.results, line.forecast, line.course) == (1, 0, None, Course.UNKNOWN)
        assert found.still == ()


def test_a_quota_counts_who_is_activated_and_logged_in_for_the_organisation_that_helped(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        campaigns.create_campaign(session, world.desk, "plan_b", "", date(2026, 11, 2), date(2027, 1, 31), NOW)
        official = make.a_resident(session, world.households[0], "Đỗ Thị Cán", official_of="đoàn thanh niên")
        make.rebuild(session)
        world.campaign = session.get_one(type(world.campaign), campaigns.active(session, world.desk).id)
        helped(session, world, world.households[1], instant(MONDAYS[1]))
        only_activated = make.a_household(session, world.hamlet, "Hồ Văn Nửa", 1)
        session.flush()
        half = make.needs_of(session, only_activated)["activate"]
        form = VisitForm(
            event_id="00000000-0000-4000-8000-0000000000ab", household_id=only_activated.id, assignment_uid=None,
            outcome=Outcome.MET, occurred_at=instant(MONDAYS[1]),
            results=(ResultLine(half.id, NeedResult.DONE, own_device=True),),
        )  # fmt: skip
        outcomes.record_visit(session, world.desk, form, instant(MONDAYS[1]))
        (row,) = progress.quotas(session, world.desk, NOW).offices
        assert (row.organisation, row.officials, row.pace.quota, row.pace.done) == (official.official_of, 1, 10, 1)
        assert (row.pace.due, row.pace.behind, row.pace.by_end) == (10 * 20 // 91, 10 * 20 // 91 - 1, 1 * 91 // 20)
        b2 = next(t for t in targets.standing(session, world.desk, NOW).targets if t.code == "b2")
        assert (b2.measured.numerator, b2.measured.denominator) == (1, 10)


def test_capacity_is_what_is_planned_else_what_is_usual_as_far_as_people_and_days_allow(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)  # four volunteers, three slots each: six pairs a week
        campaign = campaigns.active(session, world.desk)
        assert possible_a_week(session, campaign) == 6
        ahead = shifts_ahead(session, campaign, (3, 3, 3), instant(date(2026, 11, 23), 0))
        assert len(ahead) == 10  # to 31/1
        assert ahead[0] == pytest.approx(3 * 6 / 7)  # the 24th is a public holiday
        assert ahead[1] == pytest.approx(3)
        assert shifts_ahead(session, campaign, (30, 30), instant(date(2026, 11, 23), 0))[1] == pytest.approx(6)
        make.a_published_week(session, [("mon_T", world.volunteers[:2], world.households[:2])], world.campaign)
        assert shifts_ahead(session, campaign, (3, 3, 3), instant(date(2026, 11, 23), 0))[0] == 1
