"""The sample workbooks are read exactly as their manifests and truth files say, trap by trap."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from planner.sheets.issues import Issue
from planner.sheets.reading import PersonRow, RosterReading
from planner.sheets.roster import read_roster
from planner.sheets.volunteer_rows import VolunteersReading, volunteers_report
from planner.sheets.volunteers import read_volunteers
from tests.sheets.files import ROSTERS

BIG = os.environ.get("NAMRO_BIG_ROSTER", "")  # path of the 8,500-household workbook; too big to keep beside the code
NAMES = [str(ROSTERS / "loc-hoa-mau.xlsx"), str(ROSTERS / "lon-xon-mau.xlsx"), *([BIG] if BIG else [])]
VOLUNTEERS = sorted(ROSTERS.glob("*.tinh-nguyen-vien.xlsx"))
ALLOWED = {"accept": set(), "warning": {"warning"}, "error": {"error"}}


def manifest(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_name(f"{path.name}.manifest.json").read_text("utf-8"))
    return found


@cache
def roster(name: str, with_known_hamlets: bool = True) -> RosterReading:
    path = Path(name)
    known = manifest(path)["known_hamlets"] if with_known_hamlets else ()
    return read_roster(path, as_of=date.fromisoformat(manifest(path)["as_of"]), known_hamlets=known)


def read_as(person: PersonRow) -> dict[str, str]:
    """Return a person in the words of a truth file."""
    lat, lon = ("", "") if person.lat is None else (str(person.lat), str(person.lon))
    return {
        "hamlet": person.hamlet,
        "address": person.address,
        "birth": str(person.birth or ""),
        "cid": person.citizen_id,
        "head_name": person.head_name,
        "name": person.name,
        "note": person.note,
        "phone": person.phone,
        "relation": person.relation,
        "residence": person.residence.value,
        "sex": person.sex.value if person.sex else "",
        "smartphone": person.smartphone,
        "state": person.account.value.replace("unknown", ""),
        "work": person.work.value,
        "lat": lat,
        "lon": lon,
        "geo": f"{lat}, {lon}" if lat else "",
        **{name: state.value for name, state in person.documents.items()},
    }


@pytest.mark.parametrize("known", [True, False], ids=["hamlets known", "hamlets unknown"])
@pytest.mark.parametrize("name", NAMES)
def test_every_person_is_read_as_the_truth_file_says(name: str, known: bool) -> None:
    with gzip.open(f"{name}.truth.csv.gz", "rt", encoding="utf-8") as file:
        truth = {(row["sheet"], int(row["row"])): row for row in csv.DictReader(file) if row["drop"] == "0"}
    people = {(p.sheet, p.row): p for p in roster(name, known).people}
    assert people.keys() == truth.keys()
    homes: dict[str, set[int]] = {}
    for place, expected in truth.items():
        got = read_as(people[place])
        told = [field for field in expected if field in got]
        assert {f: got[f] for f in told} == {f: expected[f] for f in told}, place
        homes.setdefault(expected["hh"], set()).add(people[place].household)
    assert all(len(found) == 1 for found in homes.values())
    assert len(set.union(*homes.values())) == len(homes)


@pytest.mark.parametrize("name", NAMES)
def test_the_counts_are_those_of_the_manifest(name: str) -> None:
    expected = manifest(Path(name))["counts"]
    counts = roster(name).counts()
    for key in expected.keys() & counts.keys():
        got = counts[key]
        assert ({k: v for k, v in got.items() if v} if isinstance(got, dict) else got) == expected[key], key
    assert counts["hamlets"] == {hamlet: found["households"] for hamlet, found in expected["per_hamlet"].items()}


def issues_at(issues: Iterable[Issue], trap: dict[str, Any]) -> list[Issue]:
    wide = trap["column"] is None or trap["scope"] in ("row", "sheet")
    return [i for i in issues if i.sheet == trap["sheet"] and i.row == trap["row"] and (wide or i.column == trap["column"])]


def check_traps(path: Path, reading: RosterReading | VolunteersReading) -> None:
    traps = manifest(path)["traps"]
    claimed: set[tuple[str, int | None]] = set()
    for trap in traps:
        found = issues_at(reading.issues, trap)
        severities = {issue.severity for issue in found} - {"notice"}
        assert severities == ALLOWED[trap["reaction"]], (trap, found)
        if trap["suggestion"]:
            assert any(i.suggestion.casefold() == trap["suggestion"].casefold() for i in found), trap
        claimed.add((trap["sheet"], trap["row"]))
    told = {(i.sheet, i.row) for i in reading.issues if i.severity != "notice"}
    partners = {(i.facts.get("sheet", i.sheet), i.facts.get("row")) for i in reading.issues}  # the other side of a shared phone
    assert told <= claimed | partners, "warnings and errors only where a trap is"


@pytest.mark.parametrize("name", NAMES)
def test_each_trap_of_a_roster_gets_its_reaction_and_nothing_else_is_told(name: str) -> None:
    check_traps(Path(name), roster(name))


@pytest.mark.parametrize("path", VOLUNTEERS, ids=[p.name for p in VOLUNTEERS])
def test_volunteers_are_read_as_their_manifest_says(path: Path) -> None:
    expected = manifest(path)
    reading = read_volunteers(path, known_hamlets=expected["known_hamlets"])
    report = volunteers_report(reading)
    assert (report["volunteers"], report["slots"]) == (expected["volunteers"]["count"], expected["volunteers"]["slots"])
    assert report["by_slot"] == expected["volunteers"]["by_slot"]
    people = [
        {
            "sheet": p.sheet, "row": p.row, "name": p.name, "phone": p.phone, "sex": p.sex.value if p.sex else "", "org": p.org,
            "hamlet": p.hamlet, "skills": ", ".join(p.skills), "languages": ", ".join(p.languages), "slots": list(p.slots),
        }
        for p in reading.people
    ]  # fmt: skip
    assert people == expected["volunteers"]["people"]
    check_traps(path, reading)


def test_the_report_has_the_agreed_shape() -> None:
    from planner.sheets.reading import report_dict

    report = report_dict(roster(NAMES[1]))
    agreed = {"households", "residents", "created", "updated", "unchanged", "refused", "hamlets", "state", "issues"}
    assert agreed <= report.keys()
    assert set(report["state"]) == {"activated", "issued", "none", "na", "unknown"}  # type: ignore[call-overload]
    issues: Any = report["issues"]
    assert {"severity", "code", "sheet", "row", "column", "field", "message"} <= issues[0].keys()
    assert json.loads(json.dumps(report)) == report


def test_a_report_shows_no_whole_phone_or_id_number() -> None:
    digits = {p.phone for p in roster(NAMES[1]).people if p.phone} | {
        p.citizen_id for p in roster(NAMES[1]).people if p.citizen_id
    }
    text = json.dumps([issue.as_dict() for issue in roster(NAMES[1]).issues])
    assert not [number for number in digits if number in text]


def test_every_issue_and_question_speaks_both_languages() -> None:
    from planner.domain.messages import MESSAGES
    from planner.sheets.issues import SEVERITY

    assert [code for code in SEVERITY if f"sheet_{code}" not in MESSAGES] == []
    for name in NAMES:
        for issue in roster(name).issues:
            assert issue.message("vi") != issue.message("en")
            assert "…" not in issue.message("vi")
