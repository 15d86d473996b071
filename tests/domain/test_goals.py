"""Goals: what may be changed of a service and an indicator, and that a figure from outside says where it comes from."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.errors import InvalidInput
from planner.domain.goals import IndicatorGoal, ServiceGoal, changed

ON = date(2026, 11, 23)
SERVICE = ServiceGoal(active=True, minutes=10, weight=40)
INDICATOR = IndicatorGoal(True, 80.0, None, "", None)
SOURCED = {"denominator_value": 900, "denominator_source": "BHXH", "as_of_on": "2026-11-01"}


def test_what_is_not_given_stays() -> None:
    assert changed(SERVICE, "services.mst", {"minutes": 5}, ON) == ServiceGoal(True, 5, 40)
    assert changed(INDICATOR, "indicators.a1", {}, ON) == INDICATOR


def test_a_denominator_from_outside_comes_with_source_and_date() -> None:
    goal = changed(INDICATOR, "indicators.a2", SOURCED, ON)
    assert (goal.denominator_value, goal.denominator_source, goal.as_of_on) == (900, "BHXH", date(2026, 11, 1))


def test_without_a_figure_there_is_no_source_of_it() -> None:
    goal = changed(INDICATOR, "indicators.a2", {**SOURCED, "denominator_value": None}, ON)
    assert (goal.denominator_source, goal.as_of_on) == ("", None)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"target_percent": 0}, "setting_out_of_range", "target_percent"),
        ({"target_percent": 101}, "setting_out_of_range", "target_percent"),
        ({"target_percent": float("nan")}, "setting_not_a_number", "target_percent"),
        ({"active": "yes"}, "setting_not_yes_no", "active"),
        ({"denominator_value": 0}, "setting_out_of_range", "denominator_value"),
        ({"denominator_value": 1.5}, "setting_not_a_whole_number", "denominator_value"),
        ({**SOURCED, "denominator_source": ""}, "goal_without_source", "denominator_source"),
        ({**SOURCED, "as_of_on": None}, "goal_without_date", "as_of_on"),
        ({**SOURCED, "as_of_on": "2026-11-24"}, "goal_date_ahead", "as_of_on"),
        ({**SOURCED, "as_of_on": "24/11/2026"}, "setting_not_a_date", "as_of_on"),
        ({"denominator_source": "x" * 301}, "setting_too_long", "denominator_source"),
        ({"numerator": "officials"}, "setting_unknown", "numerator"),
    ],
)
def test_a_wrong_value_is_told_by_its_path(given: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        changed(INDICATOR, "indicators.a1", given, ON)
    assert (caught.value.code, caught.value.facts["field"]) == (code, f"indicators.a1.{field}")


def test_a_goal_is_an_object() -> None:
    with pytest.raises(InvalidInput) as caught:
        changed(SERVICE, "services.mst", False, ON)
    assert caught.value.facts["field"] == "services.mst"
