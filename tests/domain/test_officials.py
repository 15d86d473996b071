"""Lists of officials as organisations send them: pasted from a sheet, or typed."""

from __future__ import annotations

import pytest

from planner.domain.officials import ListedOfficial, may_be, read_list


@pytest.mark.parametrize(
    ("line", "name", "birth", "organisation"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", "", ""),
        ("1\tNguyễn Văn An\t05/03/1980\tUBND xã", "Nguyễn Văn An", "1980-03-05", "UBND xã"),
        ("12. Nguyễn  Văn An; 1980", "Nguyễn Văn An", "1980", ""),
        ("Nguyễn Văn An; UBND xã; 3/1980", "Nguyễn Văn An", "1980-03", "UBND xã"),
        ("Nguyễn Văn An;;Trường THCS 19/5", "Nguyễn Văn An", "", "Trường THCS 19/5"),
        ("Nguyễn Văn An; 1980-03-05", "Nguyễn Văn An", "1980-03-05", ""),
        ("Nguyễn Văn An | 5-3-1980 |", "Nguyễn Văn An", "1980-03-05", ""),
    ],
)
def test_a_line_is_read_as_it_is_meant(line: str, name: str, birth: str, organisation: str) -> None:
    (one,) = read_list(line)
    assert (one.name, one.birth, one.organisation) == (name, birth, organisation)


def test_empty_lines_are_nobody() -> None:
    assert [one.name for one in read_list("\r\n A \n\n;;\n\t\n B\r\n")] == ["A", "B"]
    assert list(read_list(" \n")) == []


def test_a_line_is_kept_to_be_shown_again() -> None:
    (one,) = read_list("1\tAn\t1980")
    assert one == ListedOfficial("1;An;1980", "An", "1980", "")


@pytest.mark.parametrize(
    ("known", "given", "same"),
    [
        ("1980-03-05", "1980", True),
        ("1980", "1980-03-05", True),
        ("", "1980", True),
        ("1980", "", True),
        ("1980-03-05", "1980-03-06", False),
        ("1981", "1980", False),
    ],
)
def test_the_vaguer_birth_may_be_the_other(known: str, given: str, same: bool) -> None:
    assert may_be(known, given) is same
