"""Where households and volunteers are, as plane coordinates in metres, also where the roster has none.

A roster that knows only lanes and house numbers still gets a sensible order: its households stand along their lane in
house-number order, round the centre of what is known of the lane or the hamlet.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

EARTH_METRES_A_DEGREE = 111_320.0
# A commune's own homes lie well within this of each other; farther means swapped, zeroed or mistyped coordinates.
FARTHEST_METRES = 60_000.0
# ASSUMPTION: neighbouring doors of a lane, lanes of a hamlet, hamlets of a commune (domain: delta hamlets lie 0.8-1.5 km apart).
DOOR_METRES, LANE_METRES, LANE_LENGTH_METRES, HAMLET_METRES = 15.0, 60.0, 900.0, 1_500.0

_NUMBERS = re.compile(r"\d+|[^\W\d_]+")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Home:
    """What decides where a household is."""

    id: int
    hamlet_id: int
    lane: str
    house_number: str
    position: int
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class HamletPlace:
    """What decides where a hamlet is; `position` is its place in the commune's list."""

    id: int
    position: int
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Places:
    """Plane coordinates, metres.

    Attributes
    ----------
    homes
        By household id.
    hamlets
        By hamlet id: its centre.
    centre
        The middle of all hamlets: where a volunteer starts of whom nothing is known.
    guessed
        Households whose place was made up from lane or hamlet.
    too_far
        Households whose coordinates cannot be right; they are among the guessed, too.
    invented_hamlets
        Hamlets of which no place at all is known.
    """

    homes: dict[int, Point]
    hamlets: dict[int, Point]
    centre: Point
    guessed: frozenset[int]
    too_far: frozenset[int]
    invented_hamlets: frozenset[int]
    projection: Projection

    def project(self, lat: float | None, lon: float | None) -> Point | None:
        """Return a place of the same plane; None where the coordinates are missing or cannot be right."""
        return self.projection.place(lat, lon)


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to metres round a middle: exact enough (< 0.1 %) over the 60 km that a commune can span."""

    lat: float
    lon: float

    def place(self, lat: float | None, lon: float | None) -> Point | None:
        if not _is_coordinate(lat, lon):
            return None
        assert lat is not None
        assert lon is not None
        x = (lon - self.lon) * EARTH_METRES_A_DEGREE * math.cos(math.radians(self.lat))
        y = (lat - self.lat) * EARTH_METRES_A_DEGREE
        return (x, y) if math.hypot(x, y) <= FARTHEST_METRES else None


def find_places(homes: Sequence[Home], hamlets: Sequence[HamletPlace]) -> Places:
    """Give every household and hamlet a place; the same input gives the same places."""
    projection = _projection([(h.lat, h.lon) for h in homes] + [(h.lat, h.lon) for h in hamlets])
    known: dict[int, Point] = {}
    for home in homes:
        point = projection.place(home.lat, home.lon)
        if point is not None:
            known[home.id] = point
    lost = [home for home in homes if home.id not in known]
    centres, invented = _hamlet_centres(hamlets, homes, known, projection)
    placed = dict(known)
    for lane_homes, start in _lanes(lost, homes, known, centres):
        placed.update(_along_a_lane(lane_homes, start))
    return Places(
        homes=placed,
        hamlets=centres,
        centre=_mean(centres.values()) if centres else (0.0, 0.0),
        guessed=frozenset(home.id for home in lost),
        too_far=frozenset(home.id for home in lost if home.lat is not None and home.lon is not None),
        invented_hamlets=invented,
        projection=projection,
    )


def house_number_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts house numbers as one walks past them: 2 before 10, 12 before 12A."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in _NUMBERS.findall(number))


def _projection(coordinates: Iterable[tuple[float | None, float | None]]) -> Projection:
    sound = [(lat, lon) for lat, lon in coordinates if lat is not None and lon is not None and _is_coordinate(lat, lon)]
    if not sound:
        return Projection(0.0, 0.0)
    # The median: one house on another continent must not move the middle.
    return Projection(round(median(lat for lat, _ in sound), 4), round(median(lon for _, lon in sound), 4))


def _is_coordinate(lat: float | None, lon: float | None) -> bool:
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon)):
        return False
    return abs(lat) <= 90 and abs(lon) <= 180 and (abs(lat) > 1e-6 or abs(lon) > 1e-6)


def _mean(points: Iterable[Point]) -> Point:
    listed = list(points)
    return fmean(x for x, _ in listed), fmean(y for _, y in listed)


def _hamlet_centres(
    hamlets: Sequence[HamletPlace], homes: Sequence[Home], known: dict[int, Point], projection: Projection
) -> tuple[dict[int, Point], frozenset[int]]:
    inside: dict[int, list[Point]] = defaultdict(list)
    for home in homes:
        if home.id in known:
            inside[home.hamlet_id].append(known[home.id])
    centres: dict[int, Point] = {}
    for hamlet in hamlets:
        own = projection.place(hamlet.lat, hamlet.lon) or (_mean(inside[hamlet.id]) if inside[hamlet.id] else None)
        if own is not None:
            centres[hamlet.id] = own
    unknown = sorted((h for h in hamlets if h.id not in centres), key=lambda h: (h.position, h.id))
    # In a grid of their own, east of all that is known, so that no made-up neighbourhood is mistaken for a real one.
    columns = max(1, math.isqrt(len(unknown)))
    east = max((x for x, _ in (*known.values(), *centres.values())), default=-HAMLET_METRES) + HAMLET_METRES
    for n, hamlet in enumerate(unknown):
        centres[hamlet.id] = (east + n % columns * HAMLET_METRES, n // columns * HAMLET_METRES)
    return centres, frozenset(hamlet.id for hamlet in unknown)


def _lanes(
    lost: Sequence[Home], homes: Sequence[Home], known: dict[int, Point], centres: dict[int, Point]
) -> Iterable[tuple[list[Home], Point]]:
    """Yield the homes without a place lane by lane, each with the middle of the line they stand on."""
    known_of: dict[tuple[int, str], list[Point]] = defaultdict(list)
    for home in homes:
        if home.id in known and home.lane:
            known_of[home.hamlet_id, home.lane].append(known[home.id])
    lanes: dict[tuple[int, str], list[Home]] = defaultdict(list)
    for home in lost:
        lanes[home.hamlet_id, home.lane].append(home)
    beside: dict[int, int] = defaultdict(int)
    for (hamlet_id, lane), members in sorted(lanes.items()):
        if known_of[hamlet_id, lane]:
            yield members, _mean(known_of[hamlet_id, lane])
            continue
        x, y = centres.get(hamlet_id, (0.0, 0.0))
        n = beside[hamlet_id]
        beside[hamlet_id] += 1
        yield members, (x, y + LANE_METRES * (-1) ** n * ((n + 1) // 2))  # 0, -1, +1, -2, … lanes from the centre


def _along_a_lane(members: list[Home], middle: Point) -> dict[int, Point]:
    ordered = sorted(members, key=lambda h: (house_number_key(h.house_number), h.position, h.id))
    step = min(DOOR_METRES, LANE_LENGTH_METRES / max(1, len(ordered)))
    first = middle[0] - step * (len(ordered) - 1) / 2
    return {home.id: (first + n * step, middle[1]) for n, home in enumerate(ordered)}
