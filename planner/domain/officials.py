"""Officials (cán bộ, công chức, viên chức, lực lượng vũ trang) as their organisations list them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.domain.text import printable, squeeze

LONGEST_ORGANISATION = 120
_SEPARATORS = re.compile(r"[;|]")
_BIRTH = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_NUMBER = re.compile(r"^\d{1,4}[.)]?\s*")


@dataclass(frozen=True, slots=True)
class ListedOfficial:
    """A line of a list: `birth` is ISO as far as it is given (``1980``, ``1980-05-31``), "" where it is not."""

    line: str
    name: str
    birth: str = ""
    organisation: str = ""


def read_list(text: str) -> Iterator[ListedOfficial]:
    """Yield the officials of a pasted list, a line each: name, birth and organisation, as copied from a sheet or with ``;``.

    A running number in front is passed over; birth and organisation may be missing, in either order.
    """
    for line in printable(text.replace("\t", ";")).split("\n"):
        cells = [cell for part in _SEPARATORS.split(_NUMBER.sub("", squeeze(line), 1)) if (cell := squeeze(part))]
        if not cells:
            continue
        birth = next((iso for cell in cells[1:] if (iso := _iso(cell))), "")
        rest = [cell for cell in cells[1:] if not _iso(cell)]
        yield ListedOfficial(squeeze(line), cells[0], birth, rest[0][:LONGEST_ORGANISATION] if rest else "")


def _iso(text: str) -> str:
    """Return a birth as ISO, as much as is given; "" for what is none."""
    if _ISO.fullmatch(text):
        return text
    found = _BIRTH.fullmatch(text)
    if not found:
        return ""
    day, month, year = found.groups()
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def may_be(birth: str, given: str) -> bool:
    """Tell whether a known birth and a given one may be the same: the vaguer one is the beginning of the other."""
    return birth.startswith(given) or given.startswith(birth)
