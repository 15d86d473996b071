"""Outreach groups: the police's four classes, their overlaps, and the group to call for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.groups import (
    PRECEDENCE,
    ResidentFacts,
    account_state,
    age_bounds,
    household_group,
    is_low_tech,
    is_of_age,
    meet_kind,
    reach_group,
    resident_groups,
)
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AccountState, MeetKind, OutreachGroup, Residence, Work

ON = date(2026, 11, 23)
SETTINGS = CampaignSettings()
A, W, G = AccountState, Work, OutreachGroup


@pytest.mark.parametrize(
    ("birth", "bounds"),
    [
        ("2012-11-23", (14, 14)),  # fourteen today
        ("2012-11-24", (13, 13)),  # tomorrow
        ("2012-11", (13, 14)),
        ("2012", (13, 14)),
        ("2011", (14, 15)),
        ("1960", (65, 66)),
        ("2004-02-29", (22, 22)),
        ("2026-11-23", (0, 0)),
        ("2027", (0, 0)),  # a typing error is no negative age
        ("", None),
    ],
)
def test_an_age_is_known_as_exactly_as_the_birth(birth: str, bounds: tuple[int, int] | None) -> None:
    assert age_bounds(birth, ON) == bounds


@pytest.mark.parametrize(
    ("birth", "old_enough"), [("2012-11-24", False), ("2012-11-23", True), ("2012", True), ("2013", False), ("", True)]
)
def test_who_may_have_reached_the_age_counts_as_old_enough(birth: str, old_enough: bool) -> None:
    assert is_of_age(birth, 14, ON) is old_enough


@pytest.mark.parametrize(
    ("account", "birth", "counts_as"),
    [
        (A.ISSUED, "1990", A.ISSUED),
        (A.NONE, "2014", A.NA),  # below 14 nobody needs one
        (A.ISSUED, "2014", A.NA),
        (A.ACTIVATED, "2014", A.ACTIVATED),  # allowed from 6 on
        (A.NA, "2014", A.NA),
        (A.NA, "2012-03-01", A.UNKNOWN),  # has come of age since the roster was written
        (A.NA, "2012", A.NA),  # perhaps, perhaps not
        (A.NA, "", A.NA),
        (A.UNKNOWN, "", A.UNKNOWN),
        (A.NONE, "", A.NONE),
    ],
)
def test_the_account_as_it_counts_today(account: AccountState, birth: str, counts_as: AccountState) -> None:
    assert account_state(ResidentFacts(account, birth), ON, SETTINGS) is counts_as


@pytest.mark.parametrize(
    ("birth", "stated", "expected"),
    [
        ("1966-11-23", None, True),  # sixty today
        ("1966-11-24", None, False),
        ("1966", None, False),  # perhaps still fifty-nine
        ("1950", False, False),  # who is said to manage, manages
        ("1995", True, True),
        ("", None, False),
    ],
)
def test_who_needs_patient_help(birth: str, stated: bool | None, expected: bool) -> None:
    assert is_low_tech(ResidentFacts(birth=birth, low_tech=stated), ON, SETTINGS) is expected


CASES = [
    # account, birth, work, residence, open need → account group, reach group, group to call for
    (A.ISSUED, "1985", W.HOME, Residence.PERMANENT, True, (1, None, 1)),
    (A.NONE, "1985", W.HOME, Residence.PERMANENT, True, (2, None, 2)),
    (A.ISSUED, "1950", W.HOME, Residence.PERMANENT, True, (1, 3, 3)),
    (A.NONE, "1950", W.HOME, Residence.PERMANENT, True, (2, 3, 3)),
    (A.ISSUED, "1985", W.WORKER, Residence.PERMANENT, True, (1, 4, 4)),
    (A.NONE, "1985", W.SHIFT, Residence.PERMANENT, True, (2, 4, 4)),
    (A.NONE, "1985", W.AWAY, Residence.PERMANENT, True, (2, 4, 4)),
    (A.NONE, "1985", W.UNKNOWN, Residence.ABSENT, True, (2, 4, 4)),
    (A.NONE, "1950", W.AWAY, Residence.PERMANENT, True, (2, 4, 4)),  # elderly and away: the hour decides
    (A.ACTIVATED, "1985", W.HOME, Residence.PERMANENT, True, (0, None, 0)),
    (A.ACTIVATED, "1950", W.HOME, Residence.PERMANENT, True, (0, 3, 0)),
    (A.ACTIVATED, "1985", W.WORKER, Residence.PERMANENT, True, (0, 4, 0)),
    (A.ACTIVATED, "1985", W.HOME, Residence.PERMANENT, False, (0, None, None)),
    (A.ISSUED, "1985", W.HOME, Residence.PERMANENT, False, (1, None, None)),  # declined, say
    (A.UNKNOWN, "1985", W.HOME, Residence.PERMANENT, True, (None, None, 0)),  # to be found out
    (A.UNKNOWN, "1950", W.HOME, Residence.PERMANENT, True, (None, 3, 3)),
    (A.UNKNOWN, "", W.PUPIL, Residence.PERMANENT, True, (None, None, 0)),
    (A.NA, "2020", W.NA, Residence.PERMANENT, False, (None, None, None)),
    (A.NONE, "2014", W.PUPIL, Residence.PERMANENT, False, (None, None, None)),
]


@pytest.mark.parametrize(("account", "birth", "work", "residence", "has_open_need", "expected"), CASES)
def test_groups_overlap_and_one_is_called_for(
    account: AccountState,
    birth: str,
    work: Work,
    residence: Residence,
    has_open_need: bool,
    expected: tuple[int | None, int | None, int | None],
) -> None:
    facts = ResidentFacts(account, birth, work, residence)
    groups = resident_groups(facts, ON, SETTINGS, has_open_need=has_open_need)
    assert (groups.account, groups.reach, groups.call) == expected


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([], None),
        ([None, None], None),
        ([G.AWAY, None], G.AWAY),
        ([G.DOCUMENTS, G.DOCUMENTS, G.ISSUED], G.DOCUMENTS),  # most people decide
        ([G.DOCUMENTS, G.ISSUED], G.ISSUED),  # a tie: nearest to done
        ([G.AWAY, G.LOW_TECH], G.LOW_TECH),
        ([G.NO_ACCOUNT, G.ISSUED, G.AWAY], G.ISSUED),
    ],
)
def test_a_household_is_called_on_for_most_of_its_people(
    calls: list[OutreachGroup | None], expected: OutreachGroup | None
) -> None:
    assert household_group(calls) is expected


@given(st.lists(st.sampled_from([None, *OutreachGroup]), max_size=8))
def test_the_households_group_is_one_of_its_peoples_whatever_their_order(calls: list[OutreachGroup | None]) -> None:
    group = household_group(calls)
    assert group is household_group(list(reversed(calls)))
    assert (group in calls) if any(c is not None for c in calls) else group is None


def test_precedence_names_every_group_once() -> None:
    assert sorted(PRECEDENCE) == sorted(OutreachGroup)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (ResidentFacts(A.ISSUED, "1985", W.HOME), MeetKind.USUAL),
        (ResidentFacts(A.ACTIVATED, "1985", W.UNKNOWN), MeetKind.USUAL),
        (ResidentFacts(A.NONE, "1985", W.HOME), MeetKind.NO_ACCOUNT),
        (ResidentFacts(A.NONE, "1950", W.HOME), MeetKind.LOW_TECH),
        (ResidentFacts(A.NONE, "1950", W.WORKER), MeetKind.COMMUTER),
        (ResidentFacts(A.ISSUED, "1985", W.SHIFT), MeetKind.ROTATING_SHIFT),
        (ResidentFacts(A.ISSUED, "1985", W.AWAY), MeetKind.AWAY),
        (ResidentFacts(A.ISSUED, "1985", W.HOME, Residence.ABSENT), MeetKind.AWAY),
    ],
)
def test_which_chance_of_meeting_applies(facts: ResidentFacts, kind: MeetKind) -> None:
    assert meet_kind(facts, ON, SETTINGS) is kind


@given(st.dates(date(1900, 1, 1), ON), st.sampled_from(["day", "month", "year"]))
def test_a_vaguer_birth_never_excludes_the_true_age(born: date, precision: str) -> None:
    exact = age_bounds(born.isoformat(), ON)
    vague = age_bounds({"day": born.isoformat(), "month": born.isoformat()[:7], "year": born.isoformat()[:4]}[precision], ON)
    assert exact is not None
    assert vague is not None
    assert vague[0] <= exact[0] == exact[1] <= vague[1] <= vague[0] + 1


@given(st.dates(date(1900, 1, 1), ON - timedelta(days=1)))
def test_nobody_grows_younger(born: date) -> None:
    today, tomorrow = (age_bounds(born.isoformat(), day) for day in (ON, ON + timedelta(days=1)))
    assert today is not None
    assert tomorrow is not None
    assert today[0] <= tomorrow[0] <= today[0] + 1


def test_whoever_has_no_smartphone_needs_patient_help_unless_it_is_known_otherwise() -> None:
    adult = ResidentFacts(account=AccountState.ISSUED, birth="1985", smartphone=False)
    assert reach_group(adult, ON, SETTINGS) is OutreachGroup.LOW_TECH
    assert reach_group(replace(adult, smartphone=True), ON, SETTINGS) is None
    assert reach_group(replace(adult, low_tech=False), ON, SETTINGS) is None
    assert reach_group(replace(adult, birth="1950", smartphone=True), ON, SETTINGS) is OutreachGroup.LOW_TECH
