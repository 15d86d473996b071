"""Communes and campaigns: dates, services and settings are data."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import AuditAction, CommuneKind, ServiceRule
from planner.models import AuditEntry, Campaign, Database
from planner.services import audit, campaigns
from planner.services.actors import Actor
from tests import builders as make
from tests import worlds
from tests.builders import NOW

FIRST, LAST = date(2026, 11, 2), date(2027, 1, 31)
OF_PLAN_A = {"monthly_report_day": 2, "final_report_on": "2027-02-05"}


def test_a_commune_is_known_by_its_code(db: Database) -> None:
    with db.begin() as session:
        made = campaigns.create_commune(session, " 25300 ", CommuneKind.XA, "Lộc  Hòa", "Đồng Nai", NOW)
        assert (made.code, made.name) == ("25300", "Lộc Hòa")
        with pytest.raises(InvalidInput) as caught:
            campaigns.create_commune(session, "25300", CommuneKind.PHUONG, "Khác", "", NOW)
        assert caught.value.code == "commune_exists"
        assert campaigns.sole_commune(session) == campaigns.sole_commune(session, "25300") == made


@pytest.mark.parametrize(("code", "name"), [("", "Lộc Hòa"), ("25300", "  ")])
def test_a_commune_needs_code_and_name(sqlite_db: Database, code: str, name: str) -> None:
    with sqlite_db.begin() as session, pytest.raises(InvalidInput):
        campaigns.create_commune(session, code, CommuneKind.XA, name, "", NOW)


def test_the_command_line_asks_which_commune_only_where_there_are_several(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        with pytest.raises(NotFound) as none:
            campaigns.sole_commune(session)
        assert none.value.code == "no_commune"
        make.a_commune(session, "1")
        make.a_commune(session, "2")
        with pytest.raises(InvalidInput) as several:
            campaigns.sole_commune(session)
        assert several.value.facts["codes"] == "1, 2"
        with pytest.raises(NotFound):
            campaigns.sole_commune(session, "3")
        assert campaigns.sole_commune(session, "2").code == "2"


@pytest.mark.parametrize(("template", "services"), [("plan_a", 8), ("plan_b", 3)])
def test_a_campaign_takes_services_and_indicators_from_its_template(db: Database, template: str, services: int) -> None:
    with db.begin() as session:
        desk = Actor.cli(make.a_commune(session).id)
        made = campaigns.create_campaign(session, desk, template, "Đợt cao điểm", FIRST, LAST, NOW)
        assert (made.name, made.starts_on, made.ends_on) == ("Đợt cao điểm", FIRST, LAST)
        assert len(made.services) == services
        assert [s.position for s in made.services] == list(range(services))
        row = session.get_one(Campaign, made.id)
        assert len(row.indicators) >= 3
        assert campaigns.active(session, desk) == made


def test_the_portal_is_another_rule_in_each_plan(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        desk = Actor.cli(make.a_commune(session).id)
        rules = []
        for template in ("plan_a", "plan_b"):
            view = campaigns.create_campaign(session, desk, template, "", FIRST, LAST, NOW)
            rules.append(next(s.facts.rule for s in view.services if s.code == "portal"))
        assert rules == [ServiceRule.DOCUMENT, ServiceRule.USE]


def test_one_campaign_is_active_at_a_time_and_codes_differ(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        desk = Actor.cli(make.a_commune(session).id)
        made = [campaigns.create_campaign(session, desk, "plan_a", "", FIRST, LAST, NOW) for _ in range(3)]
        assert [c.code for c in made] == ["plan_a-202611", "plan_a-202611-2", "plan_a-202611-3"]
        assert campaigns.active(session, desk).id == made[-1].id
        assert session.scalars(select(Campaign.active).order_by(Campaign.id)).all() == [False, False, True]


def test_dates_and_templates_are_checked(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        desk = Actor.cli(make.a_commune(session).id)
        with pytest.raises(InvalidInput) as reversed_dates:
            campaigns.create_campaign(session, desk, "plan_a", "", LAST, FIRST, NOW)
        assert reversed_dates.value.code == "campaign_dates_reversed"
        with pytest.raises(InvalidInput):
            campaigns.create_campaign(session, desk, "plan_z", "", FIRST, LAST, NOW)
        with pytest.raises(NotFound) as none:
            campaigns.active(session, desk)
        assert none.value.code == "no_active_campaign"
        assert campaigns.find_active(session, desk.commune_id) is None


@pytest.mark.parametrize(
    ("first", "last", "code", "field"),
    [
        (date.min, LAST, "campaign_day_far", "starts_on"),
        (FIRST, date.max, "campaign_day_far", "ends_on"),
        (FIRST, date(2030, 11, 2), "campaign_too_long", "ends_on"),
    ],
)
def test_a_campaign_far_away_or_without_end_is_refused(
    sqlite_db: Database, first: date, last: date, code: str, field: str
) -> None:
    with sqlite_db.begin() as session:
        desk = Actor.cli(make.a_commune(session).id)
        campaigns.create_campaign(session, desk, "plan_a", "", FIRST, LAST, NOW)
        for attempt in (
            lambda: campaigns.create_campaign(session, desk, "plan_a", "", first, last, NOW),
            lambda: campaigns.change(session, desk, "x", first, last, NOW),
        ):
            with pytest.raises(InvalidInput) as caught:
                attempt()
            assert (caught.value.code, caught.value.facts["field"]) == (code, field)


def test_settings_change_one_by_one_and_go_back_to_their_default(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        campaigns.change_settings(session, world.desk, {"max_attempts": 2}, NOW)
        changed = campaigns.change_settings(session, world.desk, {"grace_minutes": 30}, NOW)
        assert (changed.settings.max_attempts, changed.settings.grace_minutes) == (2, 30)
        back = campaigns.change_settings(session, world.desk, {"max_attempts": None}, NOW)
        assert back.settings.max_attempts == 3
        assert session.get_one(Campaign, world.campaign.id).settings == {**OF_PLAN_A, "grace_minutes": 30}
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.CAMPAIGN_CHANGED)).all()
        assert [e.after for e in entries] == [
            {"settings": ["max_attempts"]},
            {"settings": ["grace_minutes"]},
            {"settings": ["max_attempts"]},
        ]


def test_a_wrong_setting_changes_nothing(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(InvalidInput):
            campaigns.change_settings(session, world.desk, {"max_attempts": 2, "crew_size": "two"}, NOW)
        assert session.get_one(Campaign, world.campaign.id).settings == OF_PLAN_A


def test_name_and_dates_are_changed(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        changed = campaigns.change(session, world.desk, " Đợt 2 ", FIRST, date(2027, 2, 28), NOW)
        assert (changed.name, changed.ends_on) == ("Đợt 2", date(2027, 2, 28))
        for name, last, code in (
            ("", LAST, "value_empty"),
            ("x" * 201, LAST, "value_too_long"),
            ("x", date(2026, 1, 1), "campaign_dates_reversed"),
        ):
            with pytest.raises(InvalidInput) as caught:
                campaigns.change(session, world.desk, name, FIRST, last, NOW)
            assert caught.value.code == code


def test_only_the_desk_changes_a_campaign(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        for attempt in (
            lambda: campaigns.change_settings(session, world.volunteer, {}, NOW),
            lambda: campaigns.change(session, world.volunteer, "x", FIRST, LAST, NOW),
            lambda: campaigns.create_campaign(session, world.volunteer, "plan_a", "", FIRST, LAST, NOW),
        ):
            with pytest.raises(NotAllowed):
                attempt()


def test_the_history_of_a_row_is_its_communes_own(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        for actor in (world.desk, Actor.for_job(world.commune.id, "missed"), world.stranger):
            audit.record(session, actor, AuditAction.MISSED_FOUND, "household", 1, NOW, after={"missed": 3})
        session.flush()
        assert [line.who for line in audit.history(session, world.desk, "household", 1)] == ["job:missed", "Hoa"]
