"""What is printed on a list and typed from it: the code of a row, one key for each outcome and result, a row in one line.

The check letters are consonants only, without D and W: a scanner types through whatever keyboard is switched on, and the
Vietnamese ones (Telex, VNI) turn vowels, DD and W into other letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time
from typing import NoReturn

from planner.domain.bounds import is_within
from planner.domain.errors import InvalidInput
from planner.domain.text import fold
from planner.domain.vocabulary import NeedResult, Outcome, Period

OUTCOME_KEYS: dict[str, Outcome] = {
    "G": Outcome.MET,
    "V": Outcome.ABSENT,
    "T": Outcome.REFUSED,
    "H": Outcome.CALLBACK,
    "C": Outcome.MOVED,
    "S": Outcome.WRONG_ADDRESS,
    "K": Outcome.UNSAFE,
    "X": Outcome.NOT_REACHED,
}
RESULT_KEYS: dict[str, NeedResult] = {
    "1": NeedResult.DONE,
    "2": NeedResult.SUBMITTED,
    "3": NeedResult.REJECTED,
    "4": NeedResult.REFERRED,
    "5": NeedResult.NOT_DONE,
    "6": NeedResult.DECLINED,
}
KEY_OF_OUTCOME = {outcome: key for key, outcome in OUTCOME_KEYS.items()}
KEY_OF_RESULT = {result: key for key, result in RESULT_KEYS.items()}
NO_RESULT = "-"  # in a row of results: of this need nothing was written

_LETTERS = "BCFGHJKLMNPQRSTVXZ"
_PRIME = 317  # the largest below 18 × 18: no slip of one digit and no swap of two neighbours keeps the letters
_CODE = re.compile(r"NR[-_ ]*(\d{1,7})[-_ ]+(\d{1,3})[-_ ]+([A-Z]{2})")
_LIST_NUMBER = re.compile(r"(?:NR[- ]*)?(\d{1,7})")


def row_code(list_number: int, row: int) -> str:
    """Return the code of a row, e.g. ``NR-12-3-JZ``: names nobody, and a slip of the finger does not lead to another row."""
    return f"NR-{list_number}-{row}-{_check(list_number, row)}"


def _check(list_number: int, row: int) -> str:
    value = 1
    for character in f"{list_number}-{row}":
        value = (value * 29 + (10 if character == "-" else int(character))) % _PRIME
    return _LETTERS[value // len(_LETTERS)] + _LETTERS[value % len(_LETTERS)]


def read_code(text: str) -> tuple[int, int | None]:
    """Return (list number, row) of a code; of a bare list number (list number, None).

    Raises
    ------
    InvalidInput
        ``paper_code_unreadable``; ``paper_code_mistyped`` where its letters do not belong to its figures.
    """
    typed = fold(text).upper().strip()
    found = _CODE.fullmatch(typed)
    if found is not None:
        number, row = int(found[1]), int(found[2])
        if found[3] != _check(number, row):
            raise InvalidInput("paper_code_mistyped", field="code")
        return number, row
    bare = _LIST_NUMBER.fullmatch(typed)
    if bare is None:
        raise InvalidInput("paper_code_unreadable", field="code")
    return int(bare[1]), None


@dataclass(frozen=True)
class PaperResult:
    """What is ticked for one need, by its number on the row."""

    number: int
    result: NeedResult
    reason: str = ""
    own_device: bool | None = None
    teach_back: bool | None = None


@dataclass(frozen=True)
class PaperPromise:
    """An hour written on paper: a period of the day, or from when to when."""

    on_date: date
    period: Period | None = None
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True)
class PaperEntry:
    """What is written in one row of a list. `happened_on`, `happened_at`: only where the paper says so."""

    row: int
    outcome: Outcome
    results: tuple[PaperResult, ...] = ()
    callback: PaperPromise | None = None
    police: PaperPromise | None = None
    note: str = ""
    happened_on: date | None = None
    happened_at: time | None = None
    stop_whole_household: bool = False


@dataclass(frozen=True)
class TypedLine:
    """A row in one line, as far as it was typed."""

    row: int
    outcome: Outcome | None = None
    results: dict[int, NeedResult] = field(default_factory=dict)
    callback: PaperPromise | None = None
    happened_at: time | None = None

    def entry(self) -> PaperEntry | None:
        """Return it as an entry; None where only the row was named, or a result wants its reason still."""
        if self.outcome is None or NeedResult.REJECTED in self.results.values():
            return None
        results = tuple(PaperResult(number, result) for number, result in sorted(self.results.items()))
        return PaperEntry(self.row, self.outcome, results, self.callback, happened_at=self.happened_at)


def read_line(text: str, list_number: int, on_date: date) -> TypedLine:
    """Read ``3 g 115 @19:05`` or ``4 h 25/11 t``: row, outcome, results in the row's order, the hour, the hour promised.

    A scanned code stands for the row. `on_date` tells the year of a day written without one: the first such day from it on.

    Raises
    ------
    InvalidInput
        ``paper_line_unreadable`` with the word that is not understood, ``paper_other_list``, and those of `read_code`.
    """
    words = fold(text).upper().split()
    if not words:
        raise InvalidInput("paper_line_empty", field="line")
    row = _row_of(words[0], list_number)
    outcome: Outcome | None = None
    results: dict[int, NeedResult] = {}
    told = 0  # of how many needs something was said
    day: date | None = None
    hours: tuple[Period | None, time | None, time | None] = (None, None, None)
    happened_at: time | None = None
    for position, word in enumerate(words[1:], start=1):
        if position == 1:
            outcome = OUTCOME_KEYS.get(word) or _unreadable(word)
        elif word.startswith("@"):
            happened_at = _hour(word[1:]) or _unreadable(word)
        elif re.fullmatch(r"[1-6-]+", word) and day is None:
            results |= {told + n: RESULT_KEYS[key] for n, key in enumerate(word, start=1) if key != NO_RESULT}
            told += len(word)
        elif day is None:
            day = day_of(word, on_date) or _unreadable(word)
        else:
            hours = _hours(word) or _unreadable(word)
    promise = PaperPromise(day, *hours) if day else None
    return TypedLine(row, outcome, results, promise, happened_at)


def _row_of(word: str, list_number: int) -> int:
    if word.isascii() and word.isdigit() and len(word) <= 3:
        return int(word)
    number, row = read_code(word)
    if number != list_number:
        raise InvalidInput("paper_other_list", field="line", number=number)
    if row is None:
        raise InvalidInput("paper_line_unreadable", field="line", word=word[:20])
    return row


def _unreadable(word: str) -> NoReturn:
    raise InvalidInput("paper_line_unreadable", field="line", word=word[:20])


def day_of(text: str, from_date: date) -> date | None:
    """Return the day written as ``25/11`` or ``25/11/2026``; None where it is none, or none of these years."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?", text.strip())
    if found is None:
        return None
    day, month = int(found[1]), int(found[2])
    for year in (int(found[3]),) if found[3] else (from_date.year, from_date.year + 1):
        try:
            written = date(year, month, day)
        except ValueError:
            continue
        if found[3] or written >= from_date:
            return written if is_within(written) else None
    return None


def hour_of(text: str) -> time | None:
    """Return the hour written as ``18:30``, ``18h30``, ``18h`` or ``18``; None where it is none."""
    return _hour(text.strip().upper())


def _hour(word: str) -> time | None:
    found = re.fullmatch(r"(\d{1,2})(?:[:H.](\d{2})?)?", word)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return time(int(found[1]), int(found[2] or 0))


def _hours(word: str) -> tuple[Period | None, time | None, time | None] | None:
    if word in set(Period):
        return Period(word), None, None
    starts, _dash, ends = word.partition("-")
    first, last = _hour(starts), _hour(ends)
    return (None, first, last) if first and last else None
