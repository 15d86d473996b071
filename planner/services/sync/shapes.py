"""The shapes of what phones send, as JSON Schema: what is checked here is what the app's OpenAPI page says."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import NeedResult, Outcome, Period, Work

Shape = dict[str, Any]
UUID = "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"
DATE = "^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"  # \d is any script's digit
HOUR = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
LARGEST_ID = 2**31 - 1
LARGEST_COUNTER = 2**53 - 1  # the largest whole number a phone can count to
# A phone says the words; the letters of the commune's own sheets are understood too.
PERIODS: Mapping[str, Period] = {
    "morning": Period.MORNING,
    "afternoon": Period.AFTERNOON,
    "evening": Period.EVENING,
    **{period.value: period for period in Period},
}
PERIOD_WORDS = {period: word for word, period in PERIODS.items() if len(word) > 1}


def text(longest: int) -> Shape:
    return {"type": "string", "maxLength": longest}


def matching(pattern: str) -> Shape:
    return {"type": "string", "pattern": pattern}


def a_date() -> Shape:
    return {"type": "string", "format": "date", "pattern": DATE}


def one_of(*words: str) -> Shape:
    return {"type": "string", "enum": list(words)}


def whole(low: int, high: int) -> Shape:
    return {"type": "integer", "minimum": low, "maximum": high}


def number(low: float, high: float) -> Shape:
    return {"type": "number", "minimum": low, "maximum": high}


def or_null(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "null"}]}


def many(shape: Shape, most: int) -> Shape:
    return {"type": "array", "items": shape, "maxItems": most}


def thing(required: str = "", **properties: Shape) -> Shape:
    """Return the shape of an object; `required` names its indispensable fields, and others than these there are none."""
    return {"type": "object", "required": required.split(), "properties": properties, "additionalProperties": False}


ID = whole(1, LARGEST_ID)
YES_NO = {"type": "boolean"}
RESULT = thing(
    "need_id result",
    need_id=ID, result=one_of(*(r.value for r in NeedResult)), reason=or_null(text(200)), own_device=or_null(YES_NO),
    teach_back=or_null(YES_NO),
)  # fmt: skip
CALLBACK = thing(
    "on_date",
    on_date=a_date(), period=or_null(one_of(*PERIODS)), starts=or_null(matching(HOUR)), ends=or_null(matching(HOUR)),
)  # fmt: skip
POLICE = thing("on_date starts", on_date=a_date(), starts=matching(HOUR), resident_id=or_null(ID))
PLACE = {"lat": or_null(number(-90, 90)), "lon": or_null(number(-180, 180))}


def _change(value: Shape) -> Shape:
    return {
        "type": "object",
        "required": ["to"],
        "properties": {"from": or_null(value), "to": value},
        "additionalProperties": False,
    }


BODIES: dict[str, Shape] = {
    "visit": thing(
        "household_id outcome",
        household_id=ID, assignment_uid=or_null(matching(UUID)), outcome=one_of(*(o.value for o in Outcome)),
        results=many(RESULT, 200), note=or_null(text(1000)), callback=or_null(CALLBACK), police_appointment=or_null(POLICE),
        corrects_event_id=or_null(matching(UUID)), stop_whole_household=or_null(YES_NO),
    ),
    "found_resident": thing(
        "resident_uid",
        household_id=or_null(ID), household_uid=or_null(matching(UUID)), resident_uid=matching(UUID), name=text(120),
        birth_year=or_null(whole(1900, 2100)), phone=or_null(text(20)), note=or_null(text(1000)),
    ),
    "found_household": thing(
        "household_uid",
        household_uid=matching(UUID), near_household_id=or_null(ID), head_name=text(120), address=or_null(text(300)),
        phone=or_null(text(20)), note=or_null(text(1000)), **PLACE,
    ),
    "facts": thing(
        "resident_id changes",
        resident_id=ID,
        changes=thing(
            phone=_change(text(20)), smartphone=_change(or_null(YES_NO)),
            working_pattern=_change(one_of(*(w.value for w in Work))),
        ),
    ),
    "availability": thing("monday free", monday=a_date(), free=many(matching(rf"{DATE[:-1]}_({'|'.join(PERIODS)})$"), 21)),
    "decline": thing("shift_id", shift_id=ID, reason=or_null(text(200))),
    "undecline": thing("shift_id", shift_id=ID),
}  # fmt: skip
ENVELOPE = thing(
    "event_id counter kind occurred_at body",
    event_id=matching(UUID), counter=whole(0, LARGEST_COUNTER), kind=one_of(*BODIES), occurred_at=text(40),
    plan_version=or_null(whole(0, LARGEST_COUNTER)), body={"type": "object"}, receipt=or_null(matching("^[0-9a-f]{64}$")),
)  # fmt: skip


def check(shape: Shape, value: Any, path: str = "") -> None:
    """Refuse a value that has not this shape.

    Raises
    ------
    InvalidInput
        ``unknown_field``, ``field_missing`` or ``value_of_wrong_kind``; `facts["field"]` is the path, e.g. ``body.results.3``.
    """
    if "anyOf" in shape:
        if value is not None:
            check(shape["anyOf"][0], value, path)
        return
    if not _KINDS[shape["type"]](value) or not _fits(shape, value):
        raise InvalidInput("value_of_wrong_kind", field=path)
    if shape["type"] == "array":
        for position, item in enumerate(value):
            check(shape["items"], item, f"{path}.{position}")
    if shape["type"] == "object" and "properties" in shape:
        _check_fields(shape, value, path)


_KINDS = {
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v),
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
}


def _fits(shape: Shape, value: Any) -> bool:
    if isinstance(value, str):
        short = len(value) <= shape.get("maxLength", len(value))
        if shape.get("format") == "date" and not _is_date(value):
            return False
        spelt = "pattern" not in shape or re.fullmatch(shape["pattern"], value)  # `$` alone lets a line break follow
        return bool(short and value in shape.get("enum", [value]) and spelt)
    if isinstance(value, list):
        return bool(len(value) <= shape.get("maxItems", len(value)))
    if isinstance(value, dict):
        return True
    low, high = shape.get("minimum", value), shape.get("maximum", value)
    return bool(low <= value <= high)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_fields(shape: Shape, value: dict[str, Any], path: str) -> None:
    def place(name: str) -> str:
        return f"{path}.{name[:60]}" if path else name[:60]

    for name in value:
        if name not in shape["properties"]:
            raise InvalidInput("unknown_field", field=place(name))
    for name in shape["required"]:
        if name not in value:
            raise InvalidInput("field_missing", field=place(name))
    for name, item in value.items():
        check(shape["properties"][name], item, place(name))
