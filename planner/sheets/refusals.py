"""The file as a whole cannot be read: one error with a code and facts, before anything is kept."""

from __future__ import annotations

from planner.domain.errors import InvalidInput


class SheetRefused(InvalidInput):
    """The file is not a workbook we can or want to open. ``code`` starts with ``file_``; facts hold no personal data."""


MAX_FILE_BYTES = 60_000_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_RATIO = 150  # rosters pack 10–40 to 1; a bomb 1,000 to 1
RATIO_MATTERS_BYTES = 8_000_000
MAX_ENTRIES = 2_000
MAX_ROWS = 150_000  # of all sheets: the biggest ward has 126,000 people
MAX_CELLS = 6_000_000
MAX_ROW_NUMBER = 200_000
MAX_COLUMN_NUMBER = 512
MAX_TEXT = 32_767  # what Excel itself allows in a cell
