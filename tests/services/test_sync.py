"""Reading what phones send, and their clocks: nothing that comes makes reading fail."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput
from planner.domain.messages import MESSAGES
from planner.services.sync import shapes
from planner.services.sync.clocks import reading
from planner.services.sync.events import conflicting_id, read
from planner.services.sync.waves import waves

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*shapes.ENVELOPE["properties"], "x"]), inner),
    max_leaves=12,
)


@given(ANY_JSON)
@hypothesis_settings(max_examples=300, deadline=None)
def test_whatever_a_phone_sends_can_be_kept(sent: Any) -> None:
    event = read(sent, 1)
    assert len(event.event_id) == 36
    assert event.code in MESSAGES, "nothing random is a report that can be read"
    assert read(json.loads(json.dumps(sent)), 1).hash == event.hash
    assert conflicting_id(event) != event.event_id


@pytest.mark.parametrize(
    ("skew", "said", "flags", "off"),
    [
        (timedelta(), False, (), timedelta()),
        (timedelta(minutes=4), True, (), timedelta(minutes=4)),
        (timedelta(days=3), True, ("clock_ahead",), timedelta()),
        (timedelta(days=-3), True, ("clock_behind",), timedelta()),
        (timedelta(days=3650), False, ("clock_ahead",), timedelta(hours=2)),
        (timedelta(days=-3650), False, ("clock_behind",), timedelta(hours=2)),
        # Three days behind, and the phone does not say: nothing tells it from a report sent late.
        (timedelta(days=-3), False, (), timedelta(days=-3)),
    ],
)
def test_the_best_that_is_known_of_when_it_was(skew: timedelta, said: bool, flags: tuple[str, ...], off: timedelta) -> None:
    happened = NOW - timedelta(hours=2)
    read_clock = reading(
        happened + skew, NOW, not_before=NOW - timedelta(days=30), sent_at=NOW + skew if said else None
    )  # fmt: skip
    assert read_clock.flags == flags
    assert read_clock.at == happened + off


def test_a_clock_put_right_before_sending_is_still_found_out() -> None:
    found = reading(NOW + timedelta(days=3650), NOW, sent_at=NOW)
    assert (found.at, found.flags) == (NOW, ("clock_ahead",))


@pytest.mark.parametrize(
    ("shape", "value", "field"),
    [
        (
            shapes.BODIES["visit"],
            {"household_id": 1, "outcome": "met", "results": [{"need_id": 1, "result": "x"}]},
            "results.0.result",
        ),
        (shapes.BODIES["visit"], {"household_id": True, "outcome": "met"}, "household_id"),
        (shapes.BODIES["visit"], {"outcome": "met"}, "household_id"),
        (shapes.BODIES["found_household"], {"household_uid": "x"}, "household_uid"),
        (shapes.BODIES["availability"], {"monday": "2026-02-30", "free": []}, "monday"),
        (shapes.PLACE["lat"], float("inf"), ""),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(shape: dict[str, Any], value: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        shapes.check(shape, value)
    assert refused.value.facts["field"] == field


def visit(number: int, house: int, **more: Any) -> dict[str, Any]:
    uid = f"00000000-0000-4000-8000-{house:012}"
    return {
        "event_id": f"00000000-0000-4000-8000-{number:012}", "counter": number, "kind": "visit", "plan_version": 1,
        "occurred_at": NOW.isoformat(), "body": {"household_id": house, "assignment_uid": uid, "outcome": "absent", **more},
    }  # fmt: skip


def test_plain_visits_go_together_as_long_as_each_is_at_another_household() -> None:
    sent = [
        visit(1, 10), visit(2, 11), visit(3, 10), visit(4, 12, outcome="refused"), visit(5, 13), visit(5, 14),
        visit(6, 15, corrects_event_id=f"00000000-0000-4000-8000-{1:012}"), visit(7, 16, assignment_uid=None),
    ]  # fmt: skip
    events = [read(raw, 1) for raw in sent]
    assert waves(events, range(len(events))) == [[0, 1], [2], [3], [4], [5], [6], [7]]
