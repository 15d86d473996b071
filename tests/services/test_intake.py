"""A roster comes in, comes in corrected, and goes out again as a whole; nobody is lost, nobody called against their will."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, NotAllowed, NotFound
from planner.domain.text import match_key
from planner.domain.vocabulary import (
    AccountState,
    AuditAction,
    FieldKind,
    FieldVerdict,
    ImportKind,
    ImportState,
    NeedResult,
    NeedState,
    Outcome,
    Role,
    StopReason,
)
from planner.models import (
    Assignment,
    AuditEntry,
    Base,
    ContactStop,
    Database,
    FieldEvent,
    Hamlet,
    Household,
    ImportBatch,
    Need,
    Resident,
    VisitResult,
)
from planner.models.statistics import MANY
from planner.services import campaigns, intake, roster_export
from planner.services.actors import Actor
from planner.services.intake import Imported
from planner.sheets.reading import ReadOptions
from planner.sheets.roster import read_roster
from tests import builders as make
from tests.builders import NOW
from tests.sheets.files import ROSTERS, workbook

HEAD = [
    "STT",
    "Thôn",
    "Số hộ",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Quan hệ",
    "SĐT",
    "Số CCCD",
    "Tài khoản mức 2",
    "BHYT",
    "Ghi chú",
]
Row = list[Any]
LATER = NOW + timedelta(hours=1)


def an(name: str = "Trần An", **cells: Any) -> Row:
    """Return a row of HEAD's columns: a head of household 1 in Thôn Đông unless told otherwise."""
    given = {
        "thon": "Thôn Đông", "ho": 1, "sinh": "01/02/1980", "gt": "Nam", "qh": "Chủ hộ", "sdt": "0900000001", "cccd": None,
        "tk": "Chưa kích hoạt", "bhyt": "Chưa", "note": None,
    } | cells  # fmt: skip
    return [
        None,
        given["thon"],
        given["ho"],
        name,
        *(given[k] for k in ("sinh", "gt", "qh", "sdt", "cccd", "tk", "bhyt", "note")),
    ]


def binh(**cells: Any) -> Row:
    return an("Lê Thị Bình", **({"sinh": "05/06/1985", "gt": "Nữ", "qh": "Vợ", "sdt": None, "tk": "Đã kích hoạt"} | cells))


def cuc(**cells: Any) -> Row:
    return an("Ngô Thị Cúc", **({"ho": 2, "sinh": "1950", "gt": "Nữ", "sdt": "0900000003", "tk": "Chưa có"} | cells))


@pytest.fixture
def desk(db: Database) -> Actor:
    with db.begin() as session:
        commune = make.a_commune(session)
        make.a_campaign(session, commune)
        return Actor.cli(commune.id)


def file_of(tmp_path: Path, rows: Sequence[Row], name: str = "roster.xlsx", sheet: str = "DS") -> Path:
    return workbook(tmp_path / name, {sheet: [HEAD, *rows]})


def come_in(db: Database, desk: Actor, tmp_path: Path, rows: Sequence[Row], **options: Any) -> Imported:
    return intake.import_file(
        db, desk, ImportKind.ROSTER, file_of(tmp_path, rows), ReadOptions(), options.pop("at", NOW), **options
    )


def changes(done: Imported) -> tuple[int, int, int]:
    return done.report["created"], done.report["updated"], done.report["unchanged"]


def resident(session: Session, name: str) -> Resident:
    return session.scalars(select(Resident).where(Resident.name == name)).one()


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_former_commune_is_led_to_todays_hamlet_by_the_campaigns_list(db: Database, desk: Actor, tmp_path: Path) -> None:
    with db.begin() as session:
        campaigns.change_settings(session, desk, {"former_places": {"Ấp 1, xã Tân Lập": "Ấp 1A"}}, NOW)
    rows = [an(thon="Ấp 1, xã Tân Lập cũ"), cuc(thon="Ấp 1, xã Lộc An cũ", sinh="03/04/1950")]
    done = come_in(db, desk, tmp_path, rows)
    assert done.report["hamlets"] == {"Ấp 1A": 1, "Ấp 1 (xã Lộc An cũ)": 1}
    assert changes(come_in(db, desk, tmp_path, rows, at=LATER)) == (0, 0, 2)
    told = ReadOptions(former_places={"Ấp 1, xã Lộc An": "Ấp 1B"})
    moved = intake.import_file(db, desk, ImportKind.ROSTER, file_of(tmp_path, rows), told, LATER)
    assert moved.report["hamlets"] == {"Ấp 1A": 1, "Ấp 1B": 1}
    assert moved.report["created"] == 0, "the hamlet has its name of today, the people are the same"


def test_the_messy_sample_comes_in_with_the_counts_of_its_manifest(db: Database, desk: Actor) -> None:
    path = ROSTERS / "lon-xon-mau.xlsx"
    expected = json.loads((ROSTERS / "lon-xon-mau.xlsx.manifest.json").read_text("utf-8"))["counts"]
    refused = intake.import_file(db, desk, ImportKind.ROSTER, path, ReadOptions(), NOW)
    assert not refused.applied
    with db.read() as session:
        assert (count(session, Resident), count(session, Hamlet), count(session, ImportBatch)) == (0, 0, 0)
    done = intake.import_file(db, desk, ImportKind.ROSTER, path, ReadOptions(), NOW, skip_faulty=True)
    assert done.applied
    for name in ("households", "residents", "hamlets", "state", "refused"):
        assert done.report[name] == refused.report[name], "a dry run counts what --skip-faulty brings in"
    assert (done.report["households"], done.report["residents"]) == (expected["households"], expected["residents"])
    with db.read() as session:
        assert (count(session, Household), count(session, Resident)) == (expected["households"], expected["residents"])
        states = dict(session.execute(select(Resident.account, func.count()).group_by(Resident.account)).all())
        assert {state.value: n for state, n in states.items()} == {k: v for k, v in expected["state"].items() if v}
        assert count(session, Need) > 0
        assert {s.reason for s in session.scalars(select(ContactStop))} == {StopReason.MOVED, StopReason.DECEASED}
        kept = json.dumps([[str(v) for v in row] for row in session.execute(select(Resident.__table__))], ensure_ascii=False)
        assert "036195980240" not in kept, "no ID number is stored"
    again = intake.import_file(db, desk, ImportKind.ROSTER, path, ReadOptions(), LATER, skip_faulty=True)
    assert changes(again) == (0, 0, expected["residents"])
    assert not any(v for k, v in again.report["diff"]["counts"].items() if k != "unchanged")


def test_a_dry_run_and_a_preview_change_nothing(db: Database, desk: Actor, tmp_path: Path) -> None:
    dry = come_in(db, desk, tmp_path, [an(), binh(), cuc()], dry_run=True)
    assert (dry.applied, changes(dry)) == (False, (3, 0, 0))
    shown = intake.preview(
        db, desk, ImportKind.ROSTER, tmp_path / "roster.xlsx", "Danh sách.xlsx", ReadOptions(), tmp_path / "kept", NOW
    )
    with db.read() as session:
        assert (count(session, Resident), count(session, Household)) == (0, 0)
        assert [b.state for b in intake.batches(session, desk)] == [ImportState.PREVIEWED]
    done = intake.apply(db, desk, shown.batch_id, tmp_path / "kept", NOW)
    assert done.report["created"] == shown.report["created"] == 3
    with pytest.raises(Conflict, match="import_not_waiting"):
        intake.apply(db, desk, shown.batch_id, tmp_path / "kept", NOW)


class Told:
    """What a service tells of its progress; never less than before."""

    def __init__(self) -> None:
        self.fractions: list[float] = []
        self.stages: list[str] = []

    def __call__(self, fraction: float, stage: str) -> None:
        assert 0 <= fraction <= 1
        assert not self.fractions or fraction >= self.fractions[-1], f"{stage} falls back to {fraction}"
        self.fractions.append(fraction)
        self.stages.append(stage)

    @property
    def course(self) -> list[str]:
        """The stages in their order, each once."""
        return list(dict.fromkeys(self.stages))

    def end_of(self, stage: str) -> float:
        return max(f for f, s in zip(self.fractions, self.stages, strict=True) if s == stage)


def test_the_bar_only_grows_and_reaches_its_end_in_every_step(db: Database, desk: Actor, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    previewing, answering, applying, undoing = Told(), Told(), Told(), Told()
    shown = intake.preview(
        db, desk, ImportKind.ROSTER, ROSTERS / "lon-xon-mau.xlsx", "x.xlsx", ReadOptions(), kept, NOW, progress=previewing
    )
    again = intake.answer(db, desk, shown.batch_id, {}, kept, NOW, progress=answering)
    done = intake.apply(db, desk, again.batch_id, kept, NOW, skip_faulty=True, progress=applying)
    intake.undo(db, desk, done.batch_id, LATER, progress=undoing)
    reading = ["reading", "checking", "read", "comparing"]
    assert previewing.course == answering.course == [*reading, "done"]
    assert applying.course == [*reading, "writing", "needs", "done"]
    assert undoing.course == ["undo", "needs", "done"]
    assert {told.fractions[-1] for told in (previewing, answering, applying, undoing)} == {1.0}
    assert applying.stages.count("writing") > 3, "1,400 rows are not written in silence"
    assert previewing.end_of("read") > 0.8, "a preview has hardly anything left to do after reading"
    assert applying.end_of("read") < 0.7


def test_the_bar_of_a_volunteers_import_only_grows_too(db: Database, desk: Actor, tmp_path: Path) -> None:
    path, kept = ROSTERS / "loc-hoa-mau.tinh-nguyen-vien.xlsx", tmp_path / "kept"
    previewing, applying, undoing = Told(), Told(), Told()
    shown = intake.preview(db, desk, ImportKind.VOLUNTEERS, path, "x.xlsx", ReadOptions(), kept, NOW, progress=previewing)
    intake.apply(db, desk, shown.batch_id, kept, NOW, progress=applying)
    intake.undo(db, desk, shown.batch_id, NOW, progress=undoing)
    assert previewing.course == ["reading", "comparing", "done"]
    assert applying.course == ["reading", "comparing", "writing", "done"]
    assert undoing.course == ["undo", "done"]
    assert {told.fractions[-1] for told in (previewing, applying, undoing)} == {1.0}


def test_a_corrected_file_changes_only_what_it_corrects(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an(), binh(ho=None), cuc()])
    done = come_in(
        db, desk, tmp_path, [an(tk="Đã kích hoạt"), binh(ho=None, sinh="05/06/1986"), cuc(), an("Ngô Mới", ho=3)], at=LATER
    )
    assert changes(done) == (1, 2, 1)
    fields = {row["name"]: row["fields"] for row in done.report["diff"]["updated"]}
    assert fields == {"Trần An": {"account": ["issued", "activated"]}, "Lê Thị Bình": {"birth": ["1985-06-05", "1986-06-05"]}}
    with db.read() as session:
        needs = {
            n.service_id: n.state
            for n in session.scalars(select(Need).where(Need.resident_id == resident(session, "Trần An").id))
        }
        assert NeedState.DONE in needs.values(), "needs follow the new facts"


def test_a_blank_cell_keeps_what_is_known(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an()])
    assert changes(come_in(db, desk, tmp_path, [an(sdt=None, gt=None)], at=LATER)) == (0, 0, 1)
    with db.read() as session:
        assert resident(session, "Trần An").phone == "0900000001"


def test_what_a_visit_settled_is_not_taken_back_by_an_older_roster(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an()])
    with db.begin() as session:
        row = resident(session, "Trần An")
        row.account = AccountState.ACTIVATED
        need = next(n for n in session.scalars(select(Need)) if n.resident_id == row.id and n.state is NeedState.OPEN)
        service = {s.id: s.code for s in campaigns.active(session, desk).services}
        need = next(n for n in session.scalars(select(Need)) if service[n.service_id] == "activate")
        need.state = NeedState.DONE
        visit = make.a_visit(session, session.get_one(Household, row.household_id))
        session.add(VisitResult(visit_id=visit.id, need_id=need.id, result="done"))
    assert changes(come_in(db, desk, tmp_path, [an()], at=LATER)) == (0, 0, 1)
    with db.read() as session:
        assert resident(session, "Trần An").account is AccountState.ACTIVATED


def test_a_person_who_moves_stays_the_same_person(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an(), binh(ho=None), cuc(sinh="01/01/1950")])
    with db.read() as session:
        before = {r.name: r.id for r in session.scalars(select(Resident))}
    done = come_in(db, desk, tmp_path, [an(), cuc(sinh="01/01/1950"), binh(ho=None, qh="Con")], at=LATER)
    assert done.report["diff"]["counts"]["moved"] == 1
    with db.read() as session:
        assert {r.name: r.id for r in session.scalars(select(Resident))} == before
        assert resident(session, "Lê Thị Bình").household_id == resident(session, "Ngô Thị Cúc").household_id
        assert {n.household_id for n in session.scalars(select(Need).where(Need.resident_id == before["Lê Thị Bình"]))} <= {
            resident(session, "Ngô Thị Cúc").household_id
        }


def test_renumbered_households_keep_their_rows_even_when_they_swap_numbers(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an(), binh(ho=None), cuc(sinh="01/01/1950")])
    with db.read() as session:
        homes = {r.name: r.household_id for r in session.scalars(select(Resident))}
    done = come_in(db, desk, tmp_path, [cuc(ho=1, sinh="01/01/1950"), an(ho=2), binh(ho=None)], at=LATER)
    assert done.report["diff"]["counts"]["moved"] == done.report["created"] == 0
    with db.read() as session:
        assert {r.name: r.household_id for r in session.scalars(select(Resident))} == homes
        assert session.get_one(Household, homes["Ngô Thị Cúc"]).code == "1"
    assert changes(come_in(db, desk, tmp_path, [cuc(ho=1, sinh="01/01/1950"), an(ho=2), binh(ho=None)], at=LATER)) == (0, 0, 3)


def test_a_renamed_hamlet_keeps_its_row_and_is_known_by_both_names(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an(), binh(ho=None), cuc()])
    done = come_in(
        db, desk, tmp_path, [an(thon="Thôn Mặt Trời"), binh(thon="Thôn Mặt Trời", ho=None), cuc(thon="Thôn Mặt Trời")], at=LATER
    )
    assert done.report["diff"]["hamlets_renamed"] == [["Thôn Đông", "Thôn Mặt Trời"]]
    with db.read() as session:
        hamlet = session.scalars(select(Hamlet)).one()
        assert (hamlet.name, hamlet.aliases) == ("Thôn Mặt Trời", [match_key("Thôn Đông")])
    old_names = come_in(db, desk, tmp_path, [an(), binh(ho=None), cuc()], at=LATER)
    assert old_names.report["diff"]["counts"]["hamlets_created"] == 0


def test_people_not_in_the_new_file_are_told_not_deleted(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an(), binh(ho=None), cuc(), cuc(thon="Thôn Tây", ho=9, sdt=None)])
    done = come_in(db, desk, tmp_path, [an()], at=LATER)
    assert sorted(row["name"] for row in done.report["diff"]["missing"]) == ["Lê Thị Bình", "Ngô Thị Cúc"], (
        "Thôn Tây is not in this file"
    )
    with db.read() as session:
        assert session.scalars(select(Resident.left_at)).all() == [None] * 4
    come_in(db, desk, tmp_path, [an()], at=LATER, mark_missing=True)
    with db.read() as session:
        assert {r.name for r in session.scalars(select(Resident)) if r.left_at} == {"Lê Thị Bình", "Ngô Thị Cúc"}
        assert [h.code for h in session.scalars(select(Household)) if h.left_at] == ["2"], (
            "a household leaves with its last resident"
        )
    back = come_in(db, desk, tmp_path, [an(), binh(ho=None), cuc()], at=LATER + timedelta(days=1))
    assert changes(back) == (0, 2, 1)
    with db.read() as session:
        assert not [row for model in (Resident, Household) for row in session.scalars(select(model)) if row.left_at]


def test_someone_entered_twice_becomes_one_and_keeps_the_refusal(db: Database, desk: Actor, tmp_path: Path) -> None:
    with db.begin() as session:
        commune = session.get_one(Hamlet, make.a_hamlet(session, name="Thôn Đông").id).commune_id
        assert commune == desk.commune_id
        for code in ("1", "2"):
            home = make.a_household(session, head_name="Trần An", code=code)
            row = make.a_resident(session, home, "Trần An", birth="1980-02-01")
            session.add(
                ContactStop(household_id=home.id, resident_id=row.id, reason=StopReason.REFUSED, since_at=NOW)
                if code == "2"
                else home
            )
    done = come_in(db, desk, tmp_path, [an()], at=LATER)
    assert done.report["diff"]["counts"]["merged"] == 1
    with db.read() as session:
        assert sorted(r.left_at is None for r in session.scalars(select(Resident))) == [False, True]
        stays = session.scalars(select(Resident).where(Resident.left_at.is_(None))).one()
        assert [s.reason for s in session.scalars(select(ContactStop).where(ContactStop.resident_id == stays.id))] == [
            StopReason.REFUSED
        ]


def test_a_refusal_survives_every_import_and_its_undo(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an(), cuc()])
    with db.begin() as session:
        home = resident(session, "Trần An").household_id
        session.add(ContactStop(household_id=home, reason=StopReason.REFUSED, since_at=NOW))
    second = come_in(db, desk, tmp_path, [an(tk="Đã kích hoạt", ho=7), cuc()], at=LATER)
    intake.undo(db, desk, second.batch_id, LATER)
    with db.read() as session:
        stop = session.scalars(select(ContactStop)).one()
        assert (stop.household_id, stop.lifted_at) == (resident(session, "Trần An").household_id, None)


def test_a_note_that_someone_died_stops_calls_and_withdraws_the_promise(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an()])
    with db.begin() as session:
        home = session.scalars(select(Household)).one()
        make.a_published_week(session, [("mon_T", [make.a_volunteer(session)], [home])])
    come_in(db, desk, tmp_path, [an(note="Đã chết 12/2025")], at=LATER)
    with db.begin() as session:
        stop = session.scalars(select(ContactStop)).one()
        assert (stop.reason, stop.resident_id) == (StopReason.DECEASED, resident(session, "Trần An").id)
        assert session.scalars(select(Assignment)).one().withdrawn_at == LATER
        assert session.scalars(select(Household.open_needs)).one() == 0
        stop.lifted_at = LATER  # the desk found it was a mistake
    assert changes(come_in(db, desk, tmp_path, [an(note="Đã chết 12/2025")], at=LATER)) == (0, 0, 1)
    with db.read() as session:
        assert session.scalars(select(ContactStop)).one().lifted_at == LATER, "a stop lifted by hand is not made again"


def test_the_last_import_is_undone_as_a_whole(db: Database, desk: Actor, tmp_path: Path) -> None:
    first = come_in(db, desk, tmp_path, [an(), binh(ho=None), cuc()])
    with db.read() as session:
        before = rows_of(session)
    second = come_in(
        db, desk, tmp_path,
        [an(ho=2, tk="Đã kích hoạt", bhyt="Có"), an("Mới", ho=8, thon="Thôn Tây", note="đã chuyển đi"),
         cuc(ho=1, sdt="0900000009")],
        at=LATER, mark_missing=True,
    )  # fmt: skip
    with pytest.raises(Conflict, match="import_not_last"):
        intake.undo(db, desk, first.batch_id, LATER)
    same = come_in(db, desk, tmp_path, [an(ho=2, tk="Đã kích hoạt", bhyt="Có")], at=LATER)
    assert same.report["updated"] == 0
    intake.undo(db, desk, second.batch_id, LATER)
    with db.read() as session:
        assert rows_of(session) == before
    intake.undo(db, desk, first.batch_id, LATER)
    with db.read() as session:
        assert [count(session, model) for model in (Resident, Household, Hamlet, Need, ContactStop)] == [0] * 5
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [a for a in actions if a is AuditAction.IMPORT_UNDONE] == [AuditAction.IMPORT_UNDONE] * 2
    with pytest.raises(Conflict, match="import_not_applied"):
        intake.undo(db, desk, first.batch_id, LATER)


def rows_of(session: Session) -> list[Any]:
    """Return all that an import writes, but for when it was."""
    found: list[Any] = []
    for model in (Hamlet, Household, Resident, ContactStop):
        found += [tuple(row) for row in session.execute(select(model.__table__).order_by(model.__table__.c.id))]
    return found + [
        (n.resident_id, n.service_id, n.household_id, n.state)
        for n in session.scalars(select(Need).order_by(Need.resident_id, Need.service_id))
    ]


def test_undo_is_refused_while_visits_stand_on_what_was_made(db: Database, desk: Actor, tmp_path: Path) -> None:
    done = come_in(db, desk, tmp_path, [an(), cuc()])
    with db.begin() as session:
        make.a_visit(session, session.scalars(select(Household)).first())
    with pytest.raises(Conflict, match="import_in_use"):
        intake.undo(db, desk, done.batch_id, LATER)
    with db.read() as session:
        assert count(session, Resident) == 2


def test_undo_is_refused_while_a_visits_results_stand_on_a_resident_it_brought_into_a_home(
    db: Database, desk: Actor, tmp_path: Path
) -> None:
    come_in(db, desk, tmp_path, [an()])
    second = come_in(db, desk, tmp_path, [an(), binh(ho=1)], at=LATER)
    with db.begin() as session:
        need = session.scalars(select(Need).where(Need.resident_id == resident(session, "Lê Thị Bình").id)).first()
        home = session.scalars(select(Household)).one()
        make.a_visit(session, home, Outcome.MET, results=[VisitResult(need_id=need.id, result=NeedResult.DONE)])
    with pytest.raises(Conflict, match="import_in_use") as refused:
        intake.undo(db, desk, second.batch_id, LATER)
    assert refused.value.facts["count"] == 1
    with db.read() as session:
        assert (count(session, Resident), count(session, VisitResult)) == (2, 1)


def test_undo_is_refused_while_somebody_added_since_lives_in_a_home_it_made(db: Database, desk: Actor, tmp_path: Path) -> None:
    done = come_in(db, desk, tmp_path, [an()])
    with db.begin() as session:
        make.a_resident(session, session.scalars(select(Household)).one(), "Lê Thị Bình")
    with pytest.raises(Conflict, match="import_in_use"):
        intake.undo(db, desk, done.batch_id, LATER)


def test_undo_is_refused_while_a_phones_visit_waits_for_a_look(db: Database, desk: Actor, tmp_path: Path) -> None:
    done = come_in(db, desk, tmp_path, [an()])
    with db.begin() as session:
        minh = make.a_user(session)
        sent = "00000000-0000-4000-8000-000000000002"
        session.add(
            FieldEvent(
                event_id=sent, sent_id=sent, body_hash="4" * 64, kind=FieldKind.VISIT, sent={}, commune_id=desk.commune_id,
                user_id=minh.id, client=1, counter=1, occurred_at=NOW, offset_minutes=420, received_at=NOW,
                verdict=FieldVerdict.QUARANTINED, needs_look=True, household_id=session.scalars(select(Household.id)).one(),
            )
        )  # fmt: skip
    with pytest.raises(Conflict, match="import_in_use"):
        intake.undo(db, desk, done.batch_id, LATER)


def test_undo_keeps_what_a_person_changed_since(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an()])
    second = come_in(db, desk, tmp_path, [an(sdt="0900000002", tk="Đã kích hoạt")], at=LATER)
    with db.begin() as session:
        resident(session, "Trần An").phone = "0900000077"
    intake.undo(db, desk, second.batch_id, LATER)
    with db.read() as session:
        row = resident(session, "Trần An")
        assert (row.phone, row.account) == ("0900000077", AccountState.ISSUED)


def test_undo_takes_back_a_draft_that_was_not_published(db: Database, desk: Actor, tmp_path: Path) -> None:
    from planner.domain.vocabulary import WeekState

    done = come_in(db, desk, tmp_path, [an()])
    with db.begin() as session:
        home = session.scalars(select(Household)).one()
        week = make.a_published_week(session, [("mon_T", [make.a_volunteer(session)], [home])], state=WeekState.DRAFT)
        week_id = week.id
    intake.undo(db, desk, done.batch_id, LATER)
    with db.read() as session:
        from planner.models import WeekPlan

        assert session.get_one(WeekPlan, week_id).state is WeekState.DISCARDED
        assert count(session, Assignment) == 0


def test_id_numbers_leave_a_keyed_hash_and_three_digits_only_where_the_campaign_says_so(db: Database, tmp_path: Path) -> None:
    with db.begin() as session:
        commune = make.a_commune(session)
        make.a_campaign(session, commune, store_id_numbers=True)
        desk = Actor.cli(commune.id)
    come_in(db, desk, tmp_path, [an(cccd="036080001234"), cuc()], id_key=b"key")
    with db.read() as session:
        row = resident(session, "Trần An")
        assert (row.id_last3, len(row.id_hash or "")) == ("234", 64)
        first = row.id_hash
    done = come_in(
        db, desk, tmp_path, [an("Trần Văn An", ho=5, sinh="01/02/1981", cccd="036080001234"), cuc()], at=LATER, id_key=b"key"
    )
    assert changes(done) == (0, 1, 1), "a person renamed, moved and with another birth is found by the hash"
    assert "036080001234" not in json.dumps(done.report)
    with db.read() as session:
        assert resident(session, "Trần Văn An").id_hash == first


def test_two_of_the_same_name_and_birth_in_one_household_stay_two(db: Database, desk: Actor, tmp_path: Path) -> None:
    rows = [an(), an("Trần Tí", ho=None, qh="Con", sinh="2010"), an("Trần Tí", ho=None, qh="Con", sinh="2010")]
    come_in(db, desk, tmp_path, rows)
    assert changes(come_in(db, desk, tmp_path, rows, at=LATER)) == (0, 0, 3)


def test_another_communes_import_is_not_there(db: Database, desk: Actor, tmp_path: Path) -> None:
    done = come_in(db, desk, tmp_path, [an()])
    with db.begin() as session:
        lan = Actor.cli(make.a_commune(session, name="Bình Lương").id)
    with pytest.raises(NotFound):
        intake.undo(db, lan, done.batch_id, LATER)
    with db.read() as session:
        assert intake.batches(session, lan) == ()
        assert len(intake.batches(session, desk)) == 1


def test_only_the_desk_imports(db: Database, desk: Actor, tmp_path: Path) -> None:
    minh = Actor(1, desk.commune_id, Role.VOLUNTEER, 1, "Minh", "user:1")
    with pytest.raises(NotAllowed):
        come_in(db, minh, tmp_path, [an()])


def test_an_import_is_audited_without_names(db: Database, desk: Actor, tmp_path: Path) -> None:
    come_in(db, desk, tmp_path, [an(), cuc()])
    with db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.ROSTER_IMPORTED)).one()
        assert entry.after == {"households": 2, "residents": 2, "created": 2, "updated": 0, "unchanged": 0, "refused": 0}


def test_a_failure_midway_leaves_nothing_behind(
    db: Database, desk: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("planner.services.needs.rebuild", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        come_in(db, desk, tmp_path, [an(), cuc()])
    with db.read() as session:
        assert [count(session, model) for model in (Resident, Household, Hamlet, ImportBatch)] == [0] * 4


def test_uploaded_files_go_after_two_weeks(db: Database, desk: Actor, tmp_path: Path) -> None:
    import os

    folder = tmp_path / "kept"
    shown = intake.preview(db, desk, ImportKind.ROSTER, file_of(tmp_path, [an()]), "x.xlsx", ReadOptions(), folder, NOW)
    (kept,) = folder.iterdir()
    old = (NOW - timedelta(days=15)).timestamp()
    os.utime(kept, (old, old))
    intake.preview(db, desk, ImportKind.ROSTER, file_of(tmp_path, [an()]), "x.xlsx", ReadOptions(), folder, NOW)
    assert not kept.exists()
    with pytest.raises(NotFound, match="import_file_gone"):
        intake.apply(db, desk, shown.batch_id, folder, NOW)


@pytest.mark.postgresql
def test_a_large_import_is_not_misled_by_whoever_looks_at_its_tables_in_the_midst_of_it(
    postgresql_db: Database, tmp_path: Path
) -> None:
    """As autovacuum does: it sees pages full of rows that do not count yet, and the tables seem empty."""
    tables = ("household", "household_tally", "resident", "need")
    with postgresql_db.begin() as session:
        desk = Actor.cli(make.a_campaign(session).commune_id)

    def look(_fraction: float, _code: str) -> None:
        with postgresql_db.begin() as session:
            session.execute(text(f"ANALYZE (SKIP_LOCKED) {', '.join(tables)}"))

    rows = [an(f"Trần Văn {n}", ho=n, cccd=None) for n in range(MANY)]
    come_in(postgresql_db, desk, tmp_path, rows, progress=look)
    with postgresql_db.read() as session:
        known = dict(session.execute(text("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")).all())
        needs = count(session, Need)
    assert needs
    assert {name: known[name] for name in tables} == {"household": MANY, "household_tally": MANY, "resident": MANY, "need": needs}


def test_progress_rises_to_one(db: Database, desk: Actor, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    come_in(db, desk, tmp_path, [an(), cuc()], progress=lambda fraction, code: told.append((fraction, code)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert told[-1] == (1.0, "done")


def test_the_exported_roster_reads_back_to_the_same_people(db: Database, desk: Actor, tmp_path: Path) -> None:
    intake.import_file(db, desk, ImportKind.ROSTER, ROSTERS / "lon-xon-mau.xlsx", ReadOptions(), NOW, skip_faulty=True)
    with db.begin() as session:
        written = roster_export.export(session, desk, tmp_path / "out.xlsx", LATER)
        names = session.scalars(select(Hamlet.name)).all()
    reading = read_roster(tmp_path / "out.xlsx", as_of=date(2026, 11, 22), known_hamlets=names)
    assert written == 1107
    nameless = sum(1 for issue in reading.issues if issue.code == "name_missing")
    assert (len(reading.people), len(reading.households), nameless) == (1107, 300, 2)
    again = intake.import_file(db, desk, ImportKind.ROSTER, tmp_path / "out.xlsx", ReadOptions(), LATER, skip_faulty=True)
    assert again.report["created"] == again.report["diff"]["counts"]["missing"] == again.report["diff"]["counts"]["moved"] == 0
    changed = {field for row in again.report["diff"]["updated"] for field in row["fields"]}
    assert changed == set()
    hostile = next(p for p in reading.people if p.name.startswith("=cmd"))
    assert hostile.name == '=cmd|"/C calc"!A0'
