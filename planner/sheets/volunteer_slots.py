"""The slots one row of a list of volunteers names: crosses, words under a day, free text, a day and a shift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from planner.domain.vocabulary import Period
from planner.sheets import words
from planner.sheets.availability import FreeTime, Slot, header_slots, read_free_time
from planner.sheets.cells import CellValue, Row, is_blank
from planner.sheets.cleaning import clean, mark_words
from planner.sheets.findings import Finding
from planner.sheets.slot_words import day_in
from planner.sheets.volunteer_table import VolunteerTable

_MARKS = words.YES | {"ranh", "di duoc", "tham gia", "san sang"}
_NO_MARKS = words.NO | {"ban", "nghi", "-", ""}
Tell = Callable[[Finding, int, str], None]  # what, the column, the text shown


def slots_of_row(table: VolunteerTable, row: Row, tell: Tell) -> set[Slot]:
    """Return the free slots a row names; `tell` is given what makes no sense."""
    slots: set[Slot] = set()
    periods_of_row = _row_periods(table, row)
    for column, (days, of_column) in table.slots.items():
        periods = of_column or periods_of_row
        value = row.get(column)
        if is_blank(value):
            continue
        word = mark_words(clean(value))
        if word == "c" and table.letters and not periods:
            word = "chieu"
        if word in _NO_MARKS:
            continue
        if word in _MARKS:
            slots |= (
                {(day, period) for day in days for period in periods}
                if days and periods
                else read_free_time("ca ngay" if days else "hang ngay", days, periods).slots
            )
        else:
            slots |= _free_text("Chiều" if word == "chieu" else value, column, days, periods, tell)
    column = table.columns.get("free_text", 0)
    if "day_cell" in table.columns and not table.slots:
        slots |= _day_and_shift(table, row, tell)
    elif column and not is_blank(row.get(column)) and not periods_of_row:
        slots |= _free_text(row.get(column), column, frozenset(), (), tell)
    return slots


def _row_periods(table: VolunteerTable, row: Row) -> tuple[Period, ...]:
    """Return the part of the day a whole row is about: Buổi = Sáng before columns of days."""
    column = table.columns.get("period_cell") or table.columns.get("free_text", 0)
    if not column or not table.slots or any(periods for _, periods in table.slots.values()) or is_blank(row.get(column)):
        return ()
    days, periods = header_slots([clean(row.get(column))])
    return () if days else periods


def _day_and_shift(table: VolunteerTable, row: Row, tell: Tell) -> set[Slot]:
    """Read a row that is one slot: its day (or date) in one cell, its part of the day in another."""
    at = table.columns["day_cell"]
    value = row.get(at)
    if is_blank(value):
        return set()
    named = value if isinstance(value, date) else day_in(clean(value), table.year)
    days = frozenset({named.weekday()}) if named is not None else header_slots([clean(value)])[0]
    shift = table.columns.get("period_cell") or table.columns.get("free_text", 0)
    if not shift or is_blank(row.get(shift)):
        return _free_text(value, at, days, (), tell) if named is None else _free_text("cả ngày", at, days, (), tell)
    if not days:
        tell(Finding("availability_unreadable"), at, clean(value)[:60])
        return set()
    return _free_text(row.get(shift), shift, days, (), tell)


def _free_text(value: CellValue, column: int, days: frozenset[int], periods: tuple[Period, ...], tell: Tell) -> set[Slot]:
    text = clean(value)
    free: FreeTime = read_free_time(text, days, periods)
    if free.odd and not free.slots:
        tell(Finding("availability_unreadable"), column, text[:60])
    elif free.odd:
        tell(Finding("availability_odd", {"part": free.odd[0]}), column, text[:60])
    elif free.doubled:
        tell(Finding("availability_overlap"), column, text[:60])
    return free.slots
