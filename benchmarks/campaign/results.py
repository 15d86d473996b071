"""The stored figures of a commune, by way of working and seed, and what follows from them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.campaign.intervals import Interval

Document = dict[str, Any]
Figure = Callable[[Document], float]


@dataclass(frozen=True)
class Results:
    """All campaigns of one commune (`name` is e.g. ``delta-1800``): ``of[way][seed]``."""

    name: str
    of: Mapping[str, Mapping[int, Document]]

    @property
    def ways(self) -> list[str]:
        return sorted(self.of)

    @property
    def sample(self) -> Document:
        """Return one campaign, for what is alike in all of them."""
        return next(iter(next(iter(self.of.values())).values()))

    def mean(self, way: str, figure: Figure) -> Interval:
        return Interval.of([figure(document) for document in self.of[way].values()])

    def gain(self, way: str, over: str, figure: Figure) -> Interval | None:
        """Return by how many per cent a way exceeds another, seed by seed; None where they share no seed."""
        shared = sorted(self.of[way].keys() & self.of[over].keys())
        pairs = [(figure(self.of[way][seed]), figure(self.of[over][seed])) for seed in shared]
        return Interval.of([100 * (mine / other - 1) for mine, other in pairs if other]) if pairs else None


def load(folder: Path) -> list[Results]:
    """Return the stored results, one for each commune."""
    found = []
    for place in sorted(path for path in folder.glob("*-*") if path.is_dir()):
        of: dict[str, dict[int, Document]] = defaultdict(dict)
        for path in sorted(place.glob("*.json")):
            document = json.loads(path.read_text(encoding="utf-8"))
            of[document["way"]][document["seed"]] = document
        if of:
            found.append(Results(place.name, of))
    return found


def total(document: Document, name: str) -> float:
    """Return a figure summed over the weeks."""
    return float(sum(week[name] for week in document["weeks"]))


def outcome(document: Document, name: str) -> float:
    """Return how many visits ended so."""
    return float(sum(week["outcomes"].get(name, 0) for week in document["weeks"]))


def share(part: float, whole: float) -> float:
    """Return a part in per cent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0


def helped_share(document: Document, kind: str, name: str) -> float:
    """Return how many of the needy residents of a group or hamlet were helped, in per cent."""
    helped, needy = document["shares"][kind].get(name, (0, 0))
    return share(helped, needy)


def worst_hamlet(document: Document) -> float:
    """Return the share helped of the hamlet in which the smallest share was."""
    return min(share(helped, needy) for helped, needy in document["shares"]["hamlet"].values() if needy)


def first_week_pace(document: Document) -> float:
    """Return the residents that would be helped if every week brought what the first did."""
    weeks = document["weeks"]
    return float(len(weeks) * weeks[0]["helped"])
