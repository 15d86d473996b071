"""Travel times within a problem document, as the solver's format defines them."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, hypot
from typing import Any

Document = Mapping[str, Any]


class Ways:
    """How long the way is from place to place (seconds); places by the ids of the document's locations."""

    def __init__(self, document: Document) -> None:
        self._rule = document["travel"]
        self._points = {place["id"]: (place["x"], place["y"]) for place in document["locations"]}

    def seconds(self, here: str, there: str) -> int:
        """Return the seconds from one place to another; none from a place to itself."""
        if here == there:
            return 0
        (ax, ay), (bx, by) = self._points[here], self._points[there]
        rule = self._rule
        return int(rule["fixed_seconds"] + ceil(rule["detour"] * hypot(ax - bx, ay - by) / rule["metres_per_second"]))
