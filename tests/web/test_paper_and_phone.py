"""What a phone sends over its API and what the desk types from paper leave the same records."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, time
from enum import Enum
from typing import Any

import pytest
from flask import Flask

from planner.domain.paper import PaperEntry
from planner.models import Database
from planner.services import paper
from tests.builders import MONDAY, NOW
from tests.services.test_paper import AT_THE_DOOR, NEXT_MORNING, PARITY, needs, records
from tests.web.conftest import Clock
from tests.web.phone import Phone
from tests.worlds import World, a_running_week


def plain(value: Any) -> Any:
    """Return a part of a report as a phone writes it."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def body_of(row: paper.RowView, phone: dict[str, Any]) -> dict[str, Any]:
    results = phone["results"](needs(row)) if "results" in phone else ()
    body: dict[str, Any] = {
        "household_id": row.household_id, "assignment_uid": row.assignment_uid, "outcome": phone["outcome"].value,
        "results": [plain(line._asdict()) for line in results], "note": phone.get("note", ""),
        "stop_whole_household": phone.get("stop_whole_household", False),
    }  # fmt: skip
    if "callback" in phone:
        body["callback"] = plain(asdict(phone["callback"]))
    if "police_appointment" in phone:
        said = phone["police_appointment"]
        resident_id = next(need.resident_id for need in row.needs if need.need_id == results[0].need_id)
        body["police_appointment"] = {"on_date": plain(said.on_date), "starts": plain(said.starts), "resident_id": resident_id}
    return body


@pytest.mark.parametrize(("phone", "on_paper"), PARITY.values(), ids=PARITY.keys())
def test_the_phones_api_and_paper_leave_identical_records(
    app: Flask, db: Database, clock: Clock, phone: dict[str, Any], on_paper: dict[str, Any]
) -> None:
    with db.begin() as session:
        of_phone, of_paper = a_running_week(session), a_running_week(session)
        rows: dict[int, tuple[World, int]] = {}
        for world in (of_phone, of_paper):
            rows[id(world)] = (world, paper.make_lists(session, world.desk, MONDAY, NOW)[0])
    with db.read() as session:
        row = paper.view(session, of_phone.desk, rows[id(of_phone)][1]).row(2)
    device = Phone(app, db, clock)
    device.enrol(of_phone.minh)
    clock.at = NEXT_MORNING
    event = device.event(of_phone.minh, "visit", AT_THE_DOOR, **body_of(row, phone))
    (verdict,) = device.send(of_phone.minh, [event])
    assert verdict["verdict"] == "accepted", verdict
    with db.begin() as session:
        entry = PaperEntry(2, phone["outcome"], happened_at=time(19, 5), **on_paper)
        paper.enter(session, of_paper.desk, rows[id(of_paper)][1], entry, NEXT_MORNING)
    with db.read() as session:
        assert records(session, of_phone) == records(session, of_paper)
