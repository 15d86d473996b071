"""Volunteers and their free time come in, come in again, and can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from planner.domain.errors import Conflict
from planner.domain.vocabulary import ImportKind, Period, Sex
from planner.models import Availability, Database, Hamlet, Volunteer
from planner.services import intake
from planner.services.actors import Actor
from planner.sheets.reading import ReadOptions
from tests import builders as make
from tests.builders import NOW
from tests.sheets.files import ROSTERS, workbook

HEAD = ["TT", "Họ và tên", "Điện thoại", "Nam/Nữ", "Tổ chức", "Ấp", "Kỹ năng", "Tiếng", "Thời gian rảnh"]


@pytest.fixture
def desk(db: Database) -> Actor:
    with db.begin() as session:
        commune = make.a_commune(session)
        make.a_hamlet(session, commune, "Ấp 1")
        return Actor.cli(commune.id)


def come_in(db: Database, desk: Actor, tmp_path: Path, *rows: list[Any], **options: Any) -> Any:
    path = workbook(tmp_path / "v.xlsx", {"TNV": [HEAD, *([i, *row] for i, row in enumerate(rows, 1))]})
    return intake.import_file(db, desk, ImportKind.VOLUNTEERS, path, ReadOptions(), NOW, **options)


MINH = [
    "Trần Quang Minh",
    "0900000001",
    "Nam",
    "Đoàn Thanh niên",
    "Ấp 1",
    "Cài đặt VNeID, Đi xe máy",
    "Việt, Xtiêng",
    "Tối: T2, T4; cả ngày CN",
]
HOA = ["Lê Thị Hoa", "0900000002", "Nữ", "Hội Phụ nữ", "Ấp 1", "Tuyên truyền", "Việt", "Sáng: T7"]


def test_the_samples_volunteers_come_in_once(db: Database, desk: Actor) -> None:
    path = ROSTERS / "loc-hoa-mau.tinh-nguyen-vien.xlsx"
    done = intake.import_file(db, desk, ImportKind.VOLUNTEERS, path, ReadOptions(), NOW)
    assert {k: done.report[k] for k in ("volunteers", "slots", "created")} == {"volunteers": 45, "slots": 331, "created": 45}
    again = intake.import_file(db, desk, ImportKind.VOLUNTEERS, path, ReadOptions(), NOW)
    assert {k: again.report[k] for k in ("created", "updated", "unchanged")} == {"created": 0, "updated": 0, "unchanged": 45}
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Availability)) == 331


def test_what_is_known_of_a_volunteer_is_kept_as_written(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, MINH)
    with db.read() as session:
        minh = session.scalars(select(Volunteer)).one()
        assert (minh.phone, minh.sex, minh.org, minh.skills) == (
            "0900000001",
            Sex.MALE,
            "Đoàn Thanh niên",
            ["Cài đặt VNeID", "Đi xe máy"],
        )
        assert minh.languages == ["Việt", "Xtiêng"]
        assert minh.hamlet_id == session.scalars(select(Hamlet.id)).one()
        slots = {(a.weekday, a.period.value) for a in session.scalars(select(Availability))}
        assert slots == {(0, "T"), (2, "T"), (6, "S"), (6, "C"), (6, "T")}


def test_a_new_phone_and_other_free_time_change_the_same_volunteer(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, MINH, HOA)
    done = come_in(db, desk, tmp_path, [MINH[0], "0900000009", *MINH[2:7], "Tối: T3"], HOA)
    assert (done.report["created"], done.report["updated"], done.report["unchanged"]) == (0, 1, 1)
    with db.read() as session:
        minh = session.scalars(select(Volunteer).where(Volunteer.name == MINH[0])).one()
        assert minh.phone == "0900000009"
        assert [(a.weekday, a.period.value) for a in minh.availability] == [(1, "T")]
    intake.undo(db, desk, done.batch_id, NOW)
    with db.read() as session:
        minh = session.scalars(select(Volunteer).where(Volunteer.name == MINH[0])).one()
        assert (minh.phone, len(minh.availability)) == ("0900000001", 5)


def test_undo_keeps_what_the_desk_changed_since(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, MINH)
    done = come_in(db, desk, tmp_path, [MINH[0], "0900000009", *MINH[2:7], "Tối: T3"])
    with db.begin() as session:
        minh = session.scalars(select(Volunteer)).one()
        minh.availability = [Availability(weekday=4, period=Period.EVENING)]
    intake.undo(db, desk, done.batch_id, NOW)
    with db.read() as session:
        minh = session.scalars(select(Volunteer)).one()
        assert [(a.weekday, a.period) for a in minh.availability] == [(4, Period.EVENING)]
        assert minh.phone == "0900000001"


def test_undo_has_them_found_and_sorted_as_before(db: Database, desk: Actor, tmp_path: Path) -> None:
    def keys() -> list[tuple[str, str]]:
        with db.read() as session:
            return [tuple(row) for row in session.execute(select(Volunteer.search, Volunteer.sort))]

    come_in(db, desk, tmp_path, MINH)
    before = keys()
    done = come_in(db, desk, tmp_path, [MINH[0], "0900000009", *MINH[2:]])
    assert keys() != before
    intake.undo(db, desk, done.batch_id, NOW)
    assert keys() == before


def test_volunteers_no_longer_listed_are_told_and_leave_only_when_said(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, MINH, HOA)
    assert [v["name"] for v in come_in(db, desk, tmp_path, MINH).report["diff"]["missing"]] == ["Lê Thị Hoa"]
    done = come_in(db, desk, tmp_path, MINH, mark_missing=True)
    with db.read() as session:
        assert session.scalars(select(Volunteer.name).where(Volunteer.left_at.is_not(None))).all() == ["Lê Thị Hoa"]
    intake.undo(db, desk, done.batch_id, NOW)
    with db.read() as session:
        assert session.scalars(select(Volunteer.name).where(Volunteer.left_at.is_not(None))).all() == []


def test_a_preview_waits_until_it_is_applied(db: Database, desk: Actor, tmp_path: Path) -> None:
    path = workbook(tmp_path / "v.xlsx", {"TNV": [HEAD, [1, *MINH]]})
    shown = intake.preview(db, desk, ImportKind.VOLUNTEERS, path, "v.xlsx", ReadOptions(), tmp_path / "kept", NOW)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Volunteer)) == 0
    assert intake.apply(db, desk, shown.batch_id, tmp_path / "kept", NOW).applied


def test_undo_is_refused_while_a_crew_needs_them(db: Database, desk: Actor, tmp_path: Path) -> None:
    done = come_in(db, desk, tmp_path, MINH)
    with db.begin() as session:
        make.a_campaign(session)
        volunteer = session.scalars(select(Volunteer)).one()
        make.a_published_week(session, [("mon_T", [volunteer], [make.a_household(session)])])
    with pytest.raises(Conflict, match="import_in_use"):
        intake.undo(db, desk, done.batch_id, NOW)


def test_a_row_without_name_stops_the_import_unless_left_out(db: Database, desk: Actor, tmp_path: Path) -> None:
    assert not come_in(db, desk, tmp_path, MINH, [None, *HOA[1:]]).applied
    done = come_in(db, desk, tmp_path, MINH, [None, *HOA[1:]], skip_faulty=True)
    assert (done.report["volunteers"], done.report["refused"]) == (1, 1)
