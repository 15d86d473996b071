"""The weekly problem as routing engines understand it: crews are vehicles, households are optional stops with a prize.

Who works with whom, when and from where is taken from a plan (of ours): no peer can decide that. Everything else is said in
full, as arrays, and each peer takes of it what it can say: the prize and length of a visit by class of slot, who may visit
whom (class, languages, skills, avoided people, hours), windows, ways. Standard library and numpy only, for it runs in the
peers' environment too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Document = dict[str, Any]
TYPICAL_LEG_SECONDS = 180
"""What a household costs beside its visit when candidates are chosen: about the legs between neighbours of a lane."""
PRICE_STEPS = 200


@dataclass(frozen=True)
class RoutingCase:
    """Vehicles, stops and ways; n stops, m crews, k classes of slot, p places (the stops first, then the crews' starts).

    Attributes
    ----------
    door_ids
        (n) households, in the order of every other array.
    points
        (k, n) points of a visit, what a new face costs taken off; 0 where the class is never visited.
    visit_seconds
        (k, n) lengths of the visits.
    windows
        (n) lists of [first, last] second of the week at which the visit may start; None: any.
    welcome
        (m, n) whether class, skills and languages allow the crew to visit the household.
    avoided
        (m, n) whether the household avoids a member of the crew.
    dealt
        (n) the class of slot that suits the household best when all want the same hours, -1 for none.
    class_of_crew, opens, closes, place_of_crew
        (m) class of the crew's slot, its first and last second, the place it leaves from and returns to.
    travel_seconds
        (p, p) ways.
    point_cost, second_cost
        Whole units of cost in a point and in a second of way, so that every engine counts in integers.
    """

    door_ids: list[str]
    points: np.ndarray
    visit_seconds: np.ndarray
    windows: list[list[list[int]] | None]
    welcome: np.ndarray
    avoided: np.ndarray
    dealt: np.ndarray
    class_of_crew: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    place_of_crew: np.ndarray
    travel_seconds: np.ndarray
    point_cost: int
    second_cost: int

    @cached_property
    def best_points(self) -> np.ndarray:
        """(n) points in the best class."""
        return self.points.max(axis=0)

    @cached_property
    def crews_alike(self) -> tuple[np.ndarray, np.ndarray]:
        """Groups of crews of one class that are welcome at the same doors: (g, n) where, and (m) the crew's group."""
        keys = np.column_stack([self.class_of_crew, self.welcome])
        _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        return self.welcome[first], group.reshape(-1)


def doors_alike(allowed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return groups of households that the same crews may visit, of (m, n): (m, g) who, and (n) the household's group."""
    columns, group = np.unique(allowed, axis=1, return_inverse=True)
    return columns, group.reshape(-1)


def routing_case(
    problem: Document, crews: list[Document], candidates: float | None = None, *, by_price: bool = False
) -> RoutingCase:
    """Return the problem with these crews.

    Parameters
    ----------
    crews
        The ``crews`` of a plan; their visits are not looked at.
    candidates
        Keep only so many times as many households as the crews could visit. None: all that some crew may visit.
    by_price
        Whether these are the households that `RoutingCase.dealt` finds worth their time; else those with most points a minute.
    """
    slots = {s["id"]: s for s in problem["slots"]}
    people = {v["id"]: v for v in problem["volunteers"]}
    classes = sorted({slots[c["slot"]]["class"] for c in crews})
    doors = problem["households"]
    new_face = problem.get("weights", {}).get("new_face", 0)
    points = np.array([[_points(d, kind, new_face) for d in doors] for kind in classes], dtype=np.int64)
    lengths = np.array([[_length(d, kind) for d in doors] for kind in classes], dtype=np.int64)
    members = [[people[v] for v in c["volunteers"]] for c in crews]
    welcome = np.array([_welcome(slots[c["slot"]], who, doors) for c, who in zip(crews, members, strict=True)])
    avoided = np.array(
        [[not names.isdisjoint(d.get("avoid") or ()) for d in doors] for names in (set(c["volunteers"]) for c in crews)]
    )
    class_of_crew = np.array([classes.index(slots[c["slot"]]["class"]) for c in crews])
    opens = np.array([slots[c["slot"]]["start"] for c in crews])
    closes = np.array([slots[c["slot"]]["end"] for c in crews])
    able = np.array([welcome[class_of_crew == kind].any(axis=0) for kind in range(len(classes))]) & (points > 0)
    able &= np.array([d.get("windows") != [] for d in doors])
    hours = np.bincount(class_of_crew, closes - opens, len(classes)) * (1.0 if candidates is None else candidates)
    spent = lengths + TYPICAL_LEG_SECONDS
    dealt = _dealt(points, spent, able, hours)
    kept = able.any(axis=0)
    if candidates is not None:
        kept = dealt >= 0 if by_price else _best_by_the_minute(points, spent, able, hours)
    kept = np.flatnonzero(kept)
    starts = sorted({c["start"] for c in crews})
    places = [doors[i]["location"] for i in kept] + starts
    per_hour = problem.get("weights", {}).get("travel_per_hour", 0)
    unit = math.gcd(3600, per_hour)
    return RoutingCase(
        [doors[i]["id"] for i in kept],
        points[:, kept],
        lengths[:, kept],
        [_merged(doors[i].get("windows")) for i in kept],
        welcome[:, kept],
        avoided[:, kept],
        dealt[kept],
        class_of_crew,
        opens,
        closes,
        np.array([len(kept) + starts.index(c["start"]) for c in crews]),
        _travel(problem, places),
        3600 // unit,
        per_hour // unit,
    )


def _points(door: Document, kind: str, new_face: int) -> int:
    """Return what a visit brings; that the crew is new is taken for granted, for hardly any crew of hundreds is not."""
    return max(0, door["reward"][kind] - (new_face if door.get("known") else 0)) if kind in door["reward"] else 0


def _length(door: Document, kind: str) -> int:
    seconds = door["visit_seconds"]
    return int(seconds.get(kind, 0)) if isinstance(seconds, dict) else int(seconds)


def _welcome(slot: Document, members: list[Document], doors: list[Document]) -> list[bool]:
    """Say for each household whether class, skills and languages allow this crew to visit it."""
    skills = {s for m in members for s in m.get("skills", [])}
    tongues = {t for m in members for t in m.get("languages", [])}
    return [
        slot["class"] in d["reward"]
        and skills.issuperset(d.get("skills") or ())
        and (not d.get("languages") or not tongues.isdisjoint(d["languages"]))
        for d in doors
    ]


def _merged(windows: list[list[int]] | None) -> list[list[int]] | None:
    """Return windows in order and without overlaps, as engines want them."""
    if windows is None:
        return None
    merged: list[list[int]] = []
    for opening, closing in sorted(windows):
        if merged and opening <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], closing)
        else:
            merged.append([opening, closing])
    return merged


def _best_by_the_minute(points: np.ndarray, spent: np.ndarray, able: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Return (n) whether the household is among those that bring most for their time, as many as there are hours for."""
    rate = np.where(able, points / spent, 0.0).max(axis=0)
    chosen = np.zeros(len(rate), dtype=bool)
    chosen[np.argsort(-rate, kind="stable")[: math.ceil(hours.sum() / np.median(spent[able]))]] = True
    return chosen & able.any(axis=0)


def _dealt(points: np.ndarray, spent: np.ndarray, able: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Deal households to the classes of slot: (n) the class that pays best after its price, -1 where none pays.

    A class has one price a second of its crews, raised or lowered until its crews have as much to do as they have time.
    `points`, `spent` (seconds) and `able` are (k, n), `hours` (seconds) (k).
    """
    price = np.full(len(hours), np.median(points[able] / spent[able]))
    for step in range(PRICE_STEPS):
        left = np.where(able, points - price[:, None] * spent, -np.inf)
        kind = np.where(left.max(axis=0) > 0, left.argmax(axis=0), -1)
        wanted = np.array([spent[k, kind == k].sum() for k in range(len(hours))])
        price *= np.clip(wanted / hours, 0.5, 2.0) ** (0.5 / (1 + step / 20))
    return kind


def _travel(problem: Document, places: list[str]) -> np.ndarray:
    index = {p["id"]: i for i, p in enumerate(problem["locations"])}
    rows = np.array([index[p] for p in places])
    travel = problem["travel"]
    if "seconds" in travel:
        return np.array(travel["seconds"], dtype=np.int64)[np.ix_(rows, rows)]
    xy = np.array([(p["x"], p["y"]) for p in problem["locations"]], dtype=float)[rows]
    pace = travel["detour"] / travel["metres_per_second"]
    metres = np.sqrt((xy[:, None, 0] - xy[None, :, 0]) ** 2 + (xy[:, None, 1] - xy[None, :, 1]) ** 2)
    seconds = travel["fixed_seconds"] + np.ceil(pace * metres - 1e-9).astype(np.int64)
    seconds[rows[:, None] == rows[None, :]] = 0
    return seconds


def plan_of(
    problem: Document, crews: list[Document], routes: list[list[str]], seconds: Callable[[str, str], int]
) -> tuple[Document, int]:
    """Return a plan document (without its total) and how many visits had to be left out because the rules forbid them.

    Parameters
    ----------
    routes
        The households of each crew, in order.
    seconds
        The way between two locations.
    """
    doors = {d["id"]: d for d in problem["households"]}
    slots = {s["id"]: s for s in problem["slots"]}
    people = {v["id"]: v for v in problem["volunteers"]}
    planned, seen, dropped = [], set(), 0
    for crew, route in zip(crews, routes, strict=True):
        slot = slots[crew["slot"]]
        may = _welcome(slot, [people[v] for v in crew["volunteers"]], [doors[h] for h in route])
        new = [h for h, ok in zip(route, may, strict=True) if ok and h not in seen]
        new = [h for h in new if not set(doors[h].get("avoid") or ()) & set(crew["volunteers"])]
        visits = _timed(slot, crew["start"], [doors[h] for h in new], seconds)
        dropped += len(route) - len(visits)
        seen.update(v["household"] for v in visits)
        if visits:
            planned.append({**crew, "visits": visits})
    left = [{"household": h, "reason": "not_chosen"} for h in doors if h not in seen]
    return {"format": "weekly-plan/1", "crews": planned, "unassigned": left, "rejected_pins": []}, dropped


def _timed(slot: Document, start: str, route: list[Document], seconds: Callable[[str, str], int]) -> list[Document]:
    """Return the visits at their earliest hours, without those that cannot be kept."""
    visits: list[Document] = []
    clock, place = slot["start"], start
    for door in route:
        at = clock + seconds(place, door["location"])
        if door.get("windows") is not None:
            at = min((max(at, a) for a, b in door["windows"] if max(at, a) <= b), default=None)
        if at is None or at + _length(door, slot["class"]) + seconds(door["location"], start) > slot["end"]:
            continue
        visits.append({"household": door["id"], "start": at})
        clock, place = at + _length(door, slot["class"]), door["location"]
    return visits
