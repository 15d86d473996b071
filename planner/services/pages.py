"""Long lists a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
LARGEST_PAGE = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `page` counts from 1; `total` is the number of all rows."""

    rows: Sequence[T]
    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first row on this page, 0 where there is none."""
        return 0 if not self.total else (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last row on this page."""
        return min(self.page * self.size, self.total)


def page_of(rows: Sequence[T], page: int, size: int) -> Page[T]:
    """Cut a page out of a list; a page beyond the end is the last one."""
    size = max(1, min(size, LARGEST_PAGE))
    last = max(1, -(-len(rows) // size))
    page = max(1, min(page, last))
    return Page(rows[(page - 1) * size : page * size], page, size, len(rows))
