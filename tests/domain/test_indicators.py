"""Indicators: sums over rows, and what rows cannot tell is not guessed."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.errors import InvalidInput
from planner.domain.groups import ResidentFacts
from planner.domain.indicators import GUIDED, Counted, count, count_names, measure
from planner.domain.needs import ServiceFacts
from planner.domain.settings import CampaignSettings
from planner.domain.templates import TEMPLATES, template
from planner.domain.vocabulary import AccountState, NeedState, ServiceRule

ON = date(2026, 11, 23)
A = AccountState
PEOPLE = [
    Counted(ResidentFacts(A.ACTIVATED, "1980", documents={"bhyt": "integrated", "gplx": "owned", "portal": "integrated"}),
            {"activate": NeedState.DONE, "portal": NeedState.DONE}, 1, True, frozenset({"activate", "portal"})),
    Counted(ResidentFacts(A.ISSUED, "1985", documents={"bhyt": "owned", "gplx": "integrated"}), household_id=2, official=True),
    Counted(ResidentFacts(A.NONE, "1950", documents={"bhyt": "owned", "gplx": "owned"}), {"register": NeedState.REFERRED}),
    Counted(ResidentFacts(A.NA, "2018", documents={"bhyt": "integrated"}), household_id=3),
    Counted(ResidentFacts(A.ACTIVATED, "2016", documents={"bhyt": "owned"})),  # activated early: not among those of 14
    Counted(ResidentFacts(A.UNKNOWN, "")),
    Counted(ResidentFacts(A.ACTIVATED, "1970", documents={"portal": "owned", "bhyt": "integrated"}),
            {"activate": NeedState.DONE}, 3, True, frozenset({"activate"})),
]  # fmt: skip
COUNTS = count(PEOPLE, ON, CampaignSettings())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("residents", 7),
        ("residents_14", 5),
        ("activated_14", 2),
        ("issued_14", 1),
        ("none_14", 1),
        ("unknown_14", 1),
        ("level2", 4),
        ("bhyt_owned", 6),  # of any age (Plan A, A2)
        ("bhyt_integrated", 3),
        ("gplx_owned", 3),
        ("gplx_owned_level2", 2),  # documents of account holders, not people (Plan A, A3)
        ("gplx_integrated_level2", 1),
        ("activated_portal_14", 1),
        ("guided_activated", 2),
        ("guided_activated_portal", 1),  # activated and logged in (Plan B, B2)
        ("register_needs", 1),
        ("guided_registered", 0),  # referred is not registered
        ("officials", 3),
        ("officials_account", 3),  # Plan B, B1: first the account,
        ("officials_activated", 2),  # then activated,
        ("officials_activated_portal", 1),  # then used on the portal
        ("officials_papers", 1),  # Plan A, A4: one has a licence left to integrate, one is not activated
        ("officials_family", 2),  # a child below the age holds no household back
        ("quota", 30),
    ],
)
def test_each_count_is_a_sum_over_residents(name: str, expected: int) -> None:
    assert COUNTS[name] == expected


def test_what_a_newer_roster_tells_of_people_nobody_helped_is_guided_by_nobody() -> None:
    by_themselves = Counted(
        ResidentFacts(A.ACTIVATED, "1980", documents=dict.fromkeys(("bhyt", "portal"), "integrated")),
        dict.fromkeys(("activate", "register", "bhyt", "portal"), NeedState.DONE),
    )
    counts = count([by_themselves], ON, CampaignSettings())
    assert {name: counts[name] for name in GUIDED if counts[name]} == {"register_needs": 1}
    assert counts["activated_portal_14"] == 1


def test_every_name_is_counted_even_of_nobody() -> None:
    assert set(count([], ON, CampaignSettings())) == set(count_names()) == set(COUNTS)


@pytest.mark.parametrize(
    ("numerator", "denominator", "value", "expected"),
    [
        ("activated_14", "residents_14", None, (2, 5, 40.0, False)),
        ("gplx_integrated_level2", "gplx_owned_level2", None, (1, 2, 50.0, False)),
        ("bhyt_integrated", "bhyt_owned", 3, (3, 3, 100.0, True)),  # an external figure stands before the counted one
        ("unheard", "of", None, (None, None, None, None)),  # nothing is made up
        ("officials_papers", "officials", None, (1, 3, 100 / 3, False)),
        ("officials_papers", "officials", 4, (1, 4, 25.0, False)),  # one of the four lives in another commune
        ("guided_activated_portal", "quota", None, (1, 30, 100 / 30, False)),  # ten for each official
        ("guided_activated_portal", "quota", 10, (1, 10, 10.0, False)),
        ("activated_14", "residents_14", 0, (2, 0, None, None)),
    ],
)
def test_an_indicator_is_measured_or_said_to_be_unknown(
    numerator: str, denominator: str, value: int | None, expected: tuple[object, ...]
) -> None:
    measured = measure(numerator, denominator, 80, COUNTS, value)
    assert (measured.numerator, measured.denominator, measured.percent, measured.reached) == expected


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_templates_indicators_name_counts_or_external_figures(code: str) -> None:
    for indicator in TEMPLATES[code].indicators:
        assert {indicator.numerator, indicator.denominator} <= set(count_names())


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_templates_services_are_complete(code: str) -> None:
    services = TEMPLATES[code].services
    assert len({s.facts.code for s in services}) == len(services)
    for service in services:
        facts: ServiceFacts = service.facts
        assert facts.minutes > 0
        assert facts.weight > 0
        assert bool(facts.document) == (facts.rule in (ServiceRule.DOCUMENT, ServiceRule.USE))
        assert all((service.name_vi, service.name_en, service.result_vi, service.result_en))


def test_plan_a_counts_documents_apart_and_plan_b_has_its_quota() -> None:
    assert [i.code for i in template("plan_a").indicators] == ["a1", "a2", "a3_gplx", "a3_gcn", "a4", "a4_family"]
    assert [i.code for i in template("plan_b").indicators] == ["b1_account", "b1_activated", "b1_portal", "b2", "b3"]


def test_an_unknown_template_is_named_with_those_there_are() -> None:
    with pytest.raises(InvalidInput) as caught:
        template("plan_c")
    assert caught.value.facts["known"] == "plan_a, plan_b"
