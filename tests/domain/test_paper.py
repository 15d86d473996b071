"""Codes of printed rows, and a row typed in one line."""

from __future__ import annotations

from datetime import date, time

import pytest

from planner.domain.errors import InvalidInput
from planner.domain.paper import OUTCOME_KEYS, RESULT_KEYS, PaperPromise, day_of, hour_of, read_code, read_line, row_code
from planner.domain.vocabulary import NeedResult, Outcome, Period

MONDAY = date(2026, 11, 23)


def test_a_code_leads_back_to_its_row_however_it_is_typed() -> None:
    code = row_code(12, 3)
    assert code.startswith("NR-12-3-")
    for typed in (code, code.lower(), f" {code} ", code.replace("-", " "), code.replace("-", "_"), f"NR12-3-{code[-2:]}"):
        assert read_code(typed) == (12, 3)


@pytest.mark.parametrize("typed", ["12", " 12 ", "NR-12", "nr 12"])
def test_a_list_is_found_by_its_number_alone(typed: str) -> None:
    assert read_code(typed) == (12, None)


@pytest.mark.parametrize(
    "typed", ["", "ABC", "NR", "12-3", "NR-12-3", "NR--3-BC", "NR-12-3-B", "https://x", "12345678", "½", "NR-1²-3-BC"]
)
def test_what_is_no_code_is_refused_with_what_to_type(typed: str) -> None:
    with pytest.raises(InvalidInput, match="paper_code_unreadable"):
        read_code(typed)


def test_no_slip_of_one_digit_and_no_swap_of_neighbours_leads_to_another_row() -> None:
    for number, row in [(1, 1), (12, 3), (907, 10), (4821, 12), (99999, 9)]:
        code = row_code(number, row)
        figures, letters = code[3:-3], code[-2:]
        slips = {figures[:i] + other + figures[i + 1 :] for i, c in enumerate(figures) if c.isdigit() for other in "0123456789"}
        swaps = {figures[:i] + figures[i + 1] + figures[i] + figures[i + 2 :] for i in range(len(figures) - 1)}
        for wrong in (slips | swaps) - {figures}:
            with pytest.raises(InvalidInput):
                read_code(f"NR-{wrong}-{letters}")


def test_codes_have_no_letter_that_a_vietnamese_keyboard_changes() -> None:
    letters = {letter for number in range(1, 400) for letter in row_code(number, number % 12 + 1)[-2:]}
    assert not letters & set("AEIOUYDW")


def test_codes_fit_the_smallest_qr_picture() -> None:
    import segno

    assert segno.make(row_code(9999, 12), error="m", micro=False).version == 1


def test_each_outcome_and_result_has_its_key() -> None:
    assert set(OUTCOME_KEYS.values()) == set(Outcome)
    assert set(RESULT_KEYS.values()) == set(NeedResult)
    assert all(len(key) == 1 for key in (*OUTCOME_KEYS, *RESULT_KEYS))


def test_a_line_names_the_row_alone_where_nothing_else_is_typed() -> None:
    line = read_line("3", 12, MONDAY)
    assert (line.row, line.outcome, line.entry()) == (3, None, None)
    assert read_line(row_code(12, 3), 12, MONDAY).row == 3


def test_a_line_tells_an_outcome_by_one_letter() -> None:
    entry = read_line("3 v", 12, MONDAY).entry()
    assert entry is not None
    assert (entry.row, entry.outcome, entry.results, entry.callback) == (3, Outcome.ABSENT, (), None)


def test_a_line_tells_results_in_the_order_of_the_row_and_the_hour() -> None:
    for typed in ("3 G 1-5 @19:05", "3 g 1 - 5 @19h05"):
        line = read_line(typed, 12, MONDAY)
        assert line.results == {1: NeedResult.DONE, 3: NeedResult.NOT_DONE}
        assert line.happened_at == time(19, 5)


def test_a_line_tells_when_to_come_back() -> None:
    assert read_line("4 h 25/11 t", 12, MONDAY).callback == PaperPromise(date(2026, 11, 25), Period.EVENING)
    expected = PaperPromise(date(2026, 11, 25), None, time(18, 30), time(19, 30))
    assert read_line("4 h 25/11 18:30-19:30", 12, MONDAY).callback == expected
    assert read_line("4 h 5 25/11 18h30-19h30", 12, MONDAY).callback == expected


def test_a_rejected_need_wants_its_reason_and_so_the_form() -> None:
    line = read_line("3 g 3", 12, MONDAY)
    assert line.results == {1: NeedResult.REJECTED}
    assert line.entry() is None


@pytest.mark.parametrize(
    "typed", ["x v", "3 q", "3 v zz", "3 g 7", "3 h 32/13 t", "3 h 25/11 zz", "3 v @25:00", "3 h 25/11 18:30", "3 vv"]
)
def test_a_word_that_is_not_understood_is_named(typed: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_line(typed, 12, MONDAY)
    assert told.value.code in ("paper_line_unreadable", "paper_code_unreadable")


def test_a_row_of_another_list_is_not_taken_for_one_of_this() -> None:
    with pytest.raises(InvalidInput, match="paper_other_list"):
        read_line(f"{row_code(13, 3)} v", 12, MONDAY)


def test_an_empty_line_says_what_to_type() -> None:
    with pytest.raises(InvalidInput, match="paper_line_empty"):
        read_line("   ", 12, MONDAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/11", date(2026, 11, 25)),
        ("2/1", date(2027, 1, 2)),
        ("25/11/2026", date(2026, 11, 25)),
        ("22.11.2026", date(2026, 11, 22)),
        ("31/2", None),
        ("hôm nay", None),
        ("25/11/26", None),
    ],
)
def test_a_day_without_its_year_is_the_next_such_day(text: str, day: date | None) -> None:
    assert day_of(text, MONDAY) == day


@pytest.mark.parametrize(
    ("text", "hour"),
    [("18:30", time(18, 30)), ("18h30", time(18, 30)), ("7h", time(7)), ("7", time(7)), ("24:00", None), ("", None)],
)
def test_an_hour_is_read_as_people_write_it(text: str, hour: time | None) -> None:
    assert hour_of(text) == hour
