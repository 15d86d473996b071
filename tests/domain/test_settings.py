"""A campaign's settings are data: checked on every reading, a fault names its place."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any

import pytest

from planner.domain.errors import InvalidInput
from planner.domain.settings import SIX_CLEARS, CampaignSettings
from planner.domain.vocabulary import Clear, MeetKind, OutreachGroup, Period, SlotClass


def test_the_defaults_are_what_the_requirements_say() -> None:
    settings = CampaignSettings()
    assert settings.max_attempts == 3
    assert settings.hours_between_attempts == 48
    assert (settings.quiet_from, settings.quiet_until) == (time(21), time(7))
    assert settings.periods[Period.EVENING] == (time(18, 30), time(21))
    assert settings.evening_stop == time(21, 30)
    assert (settings.crew_size, settings.crew_needs_lead) == (2, True)
    assert settings.store_id_numbers is False
    assert settings.meet_chance[MeetKind.COMMUTER][SlotClass.WEEKDAY_DAY] == 0.08


def test_no_differences_are_the_defaults() -> None:
    assert CampaignSettings.from_dict({}) == CampaignSettings()
    assert CampaignSettings().to_dict() == {}


CHANGED = {
    "periods": {"S": ["07:30", "10:30"], "C": ["14:00", "17:00"], "T": ["18:00", "20:30"]},
    "max_attempts": 2,
    "grace_minutes": 30,
    "weights": {"travel_per_hour": 40, "extra_shift": 15, "new_face": 3, "change": 6},
    "closed_dates": ["2026-11-20", "2026-12-01"],
    "clears": ["person", "task", "schedule", "accountability", "result", "authority"],
    "group_weight": {"0": 1.0, "1": 1.2, "2": 1.2, "3": 2.5, "4": 1.3},
    "draft_at": "06:00",
    "desk_name": "Trực ban Công an xã",
}


def test_settings_survive_being_stored() -> None:
    settings = CampaignSettings.from_dict(CHANGED)
    stored = json.loads(json.dumps(settings.to_dict()))
    assert stored == CHANGED
    assert CampaignSettings.from_dict(stored) == settings
    assert settings.clears == SIX_CLEARS
    assert settings.group_weight[OutreachGroup.LOW_TECH] == 2.5


def test_what_a_table_leaves_out_stays_as_it_is() -> None:
    settings = CampaignSettings.from_dict({"meet_chance": {"usual": {"weekday_day": 0.4}}, "success_chance": {"bhyt": 0.9}})
    assert settings.meet_chance[MeetKind.USUAL][SlotClass.WEEKDAY_DAY] == 0.4
    assert settings.meet_chance[MeetKind.USUAL][SlotClass.WEEKDAY_EVENING] == 0.65
    assert settings.meet_chance[MeetKind.AWAY] == CampaignSettings().meet_chance[MeetKind.AWAY]
    assert settings.success_chance["gplx"] == 0.6


def test_dates_are_sorted_and_each_there_once() -> None:
    settings = CampaignSettings.from_dict({"closed_dates": ["2026-12-01", "2026-11-20", "2026-12-01"]})
    assert settings.closed_dates == (date(2026, 11, 20), date(2026, 12, 1))


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"max_atempts": 3}, "max_atempts", "setting_unknown"),
    ({"travel": {"speed": 3}}, "travel.speed", "setting_unknown"),
    ({"max_attempts": "3"}, "max_attempts", "setting_not_a_whole_number"),
    ({"max_attempts": True}, "max_attempts", "setting_not_a_whole_number"),
    ({"max_attempts": 2.5}, "max_attempts", "setting_not_a_whole_number"),
    ({"max_attempts": 0}, "max_attempts", "setting_out_of_range"),
    ({"repeat_factor": float("nan")}, "repeat_factor", "setting_not_a_number"),
    ({"repeat_factor": float("inf")}, "repeat_factor", "setting_not_a_number"),
    ({"count_at": "00:00"}, "count_at", "setting_out_of_range"),
    ({"tidy_at": "05:01"}, "tidy_at", "setting_out_of_range"),
    ({"photos_at": "12:00"}, "photos_at", "setting_out_of_range"),
    ({"repeat_factor": 1.2}, "repeat_factor", "setting_out_of_range"),
    ({"travel": {"metres_per_second": 0}}, "travel.metres_per_second", "setting_out_of_range"),
    ({"weights": {"change": -1}}, "weights.change", "setting_out_of_range"),
    ({"weights": {"change": 10**12}}, "weights.change", "setting_out_of_range"),
    ({"meet_chance": {"usual": {"weekday_day": 1.5}}}, "meet_chance.usual.weekday_day", "setting_out_of_range"),
    ({"meet_chance": {"usual": {"monday": 0.5}}}, "meet_chance.usual.monday", "setting_unknown_word"),
    ({"meet_chance": {"nobody": {}}}, "meet_chance.nobody", "setting_unknown_word"),
    ({"meet_chance": []}, "meet_chance", "setting_not_an_object"),
    ({"group_weight": {"5": 1}}, "group_weight.5", "setting_unknown_word"),
    ({"crew_needs_lead": "yes"}, "crew_needs_lead", "setting_not_yes_no"),
    ({"draft_at": "25:00"}, "draft_at", "setting_not_a_time"),
    ({"draft_at": 7}, "draft_at", "setting_not_a_time"),
    ({"draft_at": "7 giờ"}, "draft_at", "setting_not_a_time"),
    ({"closed_dates": "2026-11-24"}, "closed_dates", "setting_not_a_list"),
    ({"closed_dates": ["24/11/2026"]}, "closed_dates.0", "setting_not_a_date"),
    ({"closed_dates": ["2026-02-31"]}, "closed_dates.0", "setting_not_a_date"),
    ({"closed_dates": ["9999-12-31"]}, "closed_dates.0", "setting_out_of_range"),
    ({"final_report_on": "0001-01-01"}, "final_report_on", "setting_out_of_range"),
    ({"clears": []}, "clears", "setting_not_a_list"),
    ({"clears": ["person", "person"]}, "clears", "setting_twice"),
    ({"clears": ["person", "weather"]}, "clears.1", "setting_unknown_word"),
    ({"desk_phone": "0" * 41}, "desk_phone", "setting_too_long"),
    ({"desk_name": "a\nb"}, "desk_name", "setting_not_a_text"),
    ({"periods": {"S": ["08:00"]}}, "periods.S", "setting_not_a_span"),
    ({"periods": {"S": ["11:00", "08:00"]}}, "periods.S", "setting_span_reversed"),
    ({"periods": {"T": ["19:00", "19:00"]}}, "periods.T", "setting_span_reversed"),
    ({"periods": {"T": ["21:00", "21:20"]}}, "periods.T", "setting_quiet_hours"),
    ({"periods": {"S": ["06:00", "10:00"]}}, "periods.S", "setting_quiet_hours"),
    ({"periods": {"T": ["18:30", "22:00"]}}, "periods.T", "setting_after_evening_stop"),
    ({"periods": {"S": ["08:00", "12:00"]}}, "periods.S", "setting_midday_rest"),
    ({"periods": {"C": ["14:00", "19:00"]}}, "periods", "setting_periods_overlap"),
]


@pytest.mark.parametrize(("given", "path", "code"), FAULTS, ids=[f"{path}-{code}" for _, path, code in FAULTS])
def test_a_wrong_value_is_refused_by_its_path(given: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        CampaignSettings.from_dict(given)
    assert (caught.value.code, caught.value.facts["field"]) == (code, path)


def test_quiet_hours_may_lie_within_a_day() -> None:
    settings = CampaignSettings.from_dict({"quiet_from": "12:00", "quiet_until": "13:00"})
    assert settings.is_quiet(time(12, 30))
    assert not settings.is_quiet(time(23))


@pytest.mark.parametrize(
    ("at", "quiet"), [(time(20, 59), False), (time(21), True), (time(0), True), (time(6, 59), True), (time(7), False)]
)
def test_quiet_hours_run_over_midnight(at: time, quiet: bool) -> None:
    assert CampaignSettings().is_quiet(at) is quiet


def test_five_clears_are_the_default() -> None:
    assert len(CampaignSettings().clears) == 5
    assert Clear.AUTHORITY not in CampaignSettings().clears
