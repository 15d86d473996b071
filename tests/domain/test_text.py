"""Keys to search, match and sort Vietnamese text by."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.text import fold, match_key, printable, sort_key, squeeze


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("ĐƯỜNG  SỐ 2", "duong so 2"),
        (unicodedata.normalize("NFD", "Trần Thị Ngọc Huyền"), "tran thi ngoc huyen"),
        ("Ấp Bàu Sen", "ap bau sen"),
        ("Ðặng", "dang"),  # U+00D0, as some fonts' keyboards type it
    ],
)
def test_search_needs_no_diacritics(text: str, key: str) -> None:
    assert fold(text) == key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hoà", "Hòa", True),
        ("Thuỷ", "THỦY", True),
        ("Nguyễn  Văn An", " nguyễn văn an ", True),
        (unicodedata.normalize("NFD", "Tuấn"), "Tuấn", True),
        ("Lý", "Lí", False),  # two names
        ("Hoa", "Hòa", False),
        ("Dũng", "Dung", False),
        ("An", "Ân", False),
    ],
)
def test_two_spellings_of_a_name_match_but_two_names_do_not(one: str, other: str, same: bool) -> None:
    assert (match_key(one) == match_key(other)) is same


def test_names_sort_by_given_name_then_middle_then_surname() -> None:
    ordered = ["Lê An", "Trần Văn An", "Bùi Ân", "Lê Thị Dung", "Lê Thị Dũng", "Phạm Đào", "Vũ Ôn", "Vũ Ơn", "Vũ Ưu"]
    as_typed = [ordered[i] for i in (4, 0, 8, 2, 7, 1, 6, 3, 5)]
    assert sorted(as_typed, key=sort_key) == ordered


@pytest.mark.parametrize(
    ("text", "clean"), [("a\x00b", "ab"), ("dòng 1\ndòng 2", "dòng 1\ndòng 2"), ("a\x1b[31m\r\n", "a[31m\n"), ("\ud800x", "x")]
)
def test_control_characters_never_reach_the_database(text: str, clean: str) -> None:
    assert printable(text) == clean


@given(st.text())
def test_keys_never_fail_and_are_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text)
    assert isinstance(sort_key(text), str)
    assert match_key(text) == match_key(unicodedata.normalize("NFD", text))
