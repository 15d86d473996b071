"""The problems measured: those of the marks, and smaller and larger ones of the same kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.solver.judge.make_problem import make


@dataclass(frozen=True)
class Commune:
    """One synthetic problem of `tests/solver/judge/make_problem.py`, and its marks.

    Attributes
    ----------
    within
        {time limit: percent}: the gap it must come under.
    to_beat
        The total that an earlier single-threaded implementation had reached in 60 s.
    """

    profile: str
    households: int
    volunteers: int
    seed: int
    expected: bool = False
    within: Mapping[float, float] = field(default_factory=dict)
    to_beat: int | None = None

    @property
    def name(self) -> str:
        lengths = "-expected" if self.expected else ""
        return f"{self.profile}-{self.households}-{self.volunteers}-{self.seed}{lengths}"

    def written(self, folder: Path) -> Path:
        """Return the problem file, written into `folder` where it is not there yet."""
        path = folder / f"{self.name}.json"
        if not path.exists():
            problem = make(self.profile, self.households, self.volunteers, self.seed, self.expected)
            write_json(path, problem)
        return path


MARKS = (
    Commune("delta", 600, 30, 1, within={10: 3.8, 60: 3.0}, to_beat=11_867_633),
    Commune("delta", 3000, 90, 2, within={10: 5.0, 60: 3.8}, to_beat=42_151_633),
    Commune("delta", 8500, 160, 3, within={10: 8.0, 60: 4.5}, to_beat=89_121_977),
    Commune("mountain", 3000, 90, 4, within={10: 9.0, 60: 6.5}, to_beat=46_663_783),
    Commune("ward", 8500, 200, 5, within={10: 8.0, 60: 5.0}, to_beat=103_765_566),
    Commune("delta", 25000, 500, 6, within={10: 15.0, 60: 8.0}),
)
BY_EXPECTED_LENGTH = (
    Commune("delta", 3000, 90, 2, expected=True),
    Commune("mountain", 3000, 90, 4, expected=True),
)
SIZES = (
    Commune("delta", 600, 30, 1),
    Commune("delta", 1500, 50, 1),
    Commune("delta", 3000, 90, 1),
    Commune("delta", 8500, 160, 1),
    Commune("delta", 15000, 300, 1),
    Commune("delta", 25000, 500, 1),
)
RUNNING_WEEK = Commune("delta", 12000, 300, 7)
"""A week of about 300 shifts, to be re-planned while it runs."""


def write_json(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
