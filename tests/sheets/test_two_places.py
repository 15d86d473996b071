"""A person whom the file has in two households: the reader asks where to keep them, and does not choose by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner.sheets.reading import RosterReading
from tests.sheets.files import codes, read, workbook

HEAD = ["Ấp", "Số hộ", "Họ và tên", "Ngày sinh", "Số CCCD", "Quan hệ"]
ID = "079080012345"
KEY = "person_place:DS!C3"


def reads(tmp_path: Path, *more: list[Any], **answers: str) -> RosterReading:
    rows = [
        ["Ấp 1", 1, "Lê Văn Cha", "01/02/1950", None, "Chủ hộ"],
        ["Ấp 1", 1, "Lê Văn Con", "05/06/1980", ID, "Con"],
        ["Ấp 2", 7, "Trần Thị Vợ", "05/06/1982", None, "Chủ hộ"],
        ["Ấp 2", 7, "Lê Văn Con", "05/06/1980", ID, "Chồng"],
        *more,
    ]
    return read(workbook(tmp_path / "twice.xlsx", {"DS": [HEAD, *rows]}), answers=answers)


def kept_at(reading: RosterReading) -> list[int]:
    return [person.row for person in reading.people if person.name == "Lê Văn Con"]


def test_unanswered_the_first_row_stays_and_the_other_is_an_error(tmp_path: Path) -> None:
    reading = reads(tmp_path)
    assert kept_at(reading) == [3]
    assert codes(reading, "error") == ["person_twice"]
    assert reading.refused == 1


def test_the_question_names_both_households_and_the_person_only_by_initials(tmp_path: Path) -> None:
    question = reads(tmp_path).questions[0]
    assert question.key == KEY
    assert question.choices == (("DS!C3", "Ấp 1, hộ 1, Con (DS, dòng 3)"), ("DS!C5", "Ấp 2, hộ 7, Chồng (DS, dòng 5)"))
    assert "L. V. Con" in question.message()
    assert question.message() != question.message("en")


def test_the_person_is_kept_where_the_answer_says_and_nothing_is_wrong_any_more(tmp_path: Path) -> None:
    for place, row, left in (("DS!C3", 3, 5), ("DS!C5", 5, 3)):
        reading = reads(tmp_path, **{KEY: place})
        assert kept_at(reading) == [row]
        assert not reading.has_errors
        assert reading.refused == 0
        assert not reading.questions
        assert [(i.row, i.facts["row"]) for i in reading.issues if i.code == "person_kept_elsewhere"] == [(left, row)]


def test_an_answer_that_names_no_place_of_the_person_settles_nothing(tmp_path: Path) -> None:
    assert codes(reads(tmp_path, **{KEY: "DS!C2"}), "error") == ["person_twice"]


def test_a_person_in_three_households_is_one_question(tmp_path: Path) -> None:
    third = ["Ấp 3", 9, "Lê Văn Con", "05/06/1980", ID, "Chủ hộ"]
    reading = reads(tmp_path, third)
    assert [len(question.choices) for question in reading.questions] == [3]
    answered = reads(tmp_path, third, **{KEY: "DS!C6"})
    assert kept_at(answered) == [6]
    assert codes(answered).count("person_kept_elsewhere") == 2


def test_the_household_that_loses_its_only_member_is_none(tmp_path: Path) -> None:
    alone = ["Ấp 4", 3, "Lê Văn Con", "05/06/1980", ID, "Chủ hộ"]
    assert len(reads(tmp_path, alone, **{KEY: "DS!C3"}).households) == 2
    assert len(reads(tmp_path, alone, **{KEY: "DS!C6"}).households) == 3


def test_the_same_row_twice_in_one_household_is_still_counted_once_without_a_question(tmp_path: Path) -> None:
    again = ["Ấp 2", 7, "Trần Thị Vợ", "05/06/1982", None, "Chủ hộ"]
    assert "duplicate_row" in codes(reads(tmp_path, again, **{KEY: "DS!C3"}))
