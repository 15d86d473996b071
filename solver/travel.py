"""Exact travel times between places, one by one, and whole rows of them for searching."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from solver.problem import Problem

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def shortest_ways(legs: Ints | npt.NDArray[np.int32], place: int) -> Ints:
    """Return the least seconds from a place to every other, by way of others where a matrix rewards the detour."""
    ways: Ints = legs[place].astype(np.int64)
    left = np.ones(len(ways), dtype=np.bool_)
    while left.any():
        near = int(np.where(left, ways, np.iinfo(np.int64).max).argmin())
        left[near] = False
        ways = np.minimum(ways, ways[near] + legs[near])
    return ways


class Legs:
    """Whole seconds between locations given by their index in `problem.locations`."""

    def __init__(self, problem: Problem) -> None:
        travel = problem.travel
        self.leg: Callable[[int, int], int]
        self.symmetric = travel.matrix_seconds is None
        self._least: dict[int, tuple[Ints, Ints]] = {}
        if travel.matrix_seconds is not None:
            rows = travel.matrix_seconds
            self._matrix = np.array(rows, dtype=np.int64).reshape(len(rows), len(rows))
            np.fill_diagonal(self._matrix, 0)
            self.leg = lambda a, b: 0 if a == b else rows[a][b]
            return
        points = [(p.x, p.y) for p in problem.locations]
        self._x = np.array([p[0] for p in points], dtype=np.float64)
        self._y = np.array([p[1] for p in points], dtype=np.float64)
        pace, fixed = travel.detour / travel.metres_per_second, travel.fixed_seconds
        self._pace, self._fixed = pace, fixed
        dist, ceil = math.dist, math.ceil
        # the tolerance keeps a leg of exactly 61 s from becoming 62 s by a rounding of the last bit
        self.leg = lambda a, b: 0 if a == b else fixed + ceil(pace * dist(points[a], points[b]) - 1e-9)

    def outward(self, place: int, places: Ints) -> Floats:
        """Return the seconds from one place to each of many. May be one off where the last bit of a distance decides."""
        if not self.symmetric:
            given: Floats = self._matrix[place, places].astype(np.float64)
            return given
        metres = np.hypot(self._x[places] - self._x[place], self._y[places] - self._y[place])
        row: Floats = self._fixed + np.ceil(self._pace * metres - 1e-9)
        row[places == place] = 0
        return row

    def inward(self, places: Ints, place: int) -> Floats:
        """Return the seconds from each of many places to one."""
        if not self.symmetric:
            given: Floats = self._matrix[places, place].astype(np.float64)
            return given
        return self.outward(place, places)

    def least(self, start: int, place: int) -> tuple[int, int]:
        """Return the least seconds from a start to a place and back, by way of others where that is shorter."""
        if self.symmetric:
            return self.leg(start, place), self.leg(place, start)
        there, back = self._least_of(start)
        return int(there[place]), int(back[place])

    def least_ways(self, start: int, places: Ints) -> tuple[Floats, Floats]:
        """Return the least seconds from a start to each of many places, and back; in the plane as `outward` has them."""
        if self.symmetric:
            row = self.outward(start, places)
            return row, row
        there, back = self._least_of(start)
        return there[places].astype(np.float64), back[places].astype(np.float64)

    def _least_of(self, start: int) -> tuple[Ints, Ints]:
        if start not in self._least:
            self._least[start] = shortest_ways(self._matrix, start), shortest_ways(self._matrix.T, start)
        return self._least[start]
