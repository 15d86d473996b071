"""A linear program whose every set of row prices proves a bound, whatever a solver says about them."""

from dataclasses import dataclass, field
from math import floor

import numpy as np
from ortools.linear_solver import pywraplp

from solver.travel import Floats, Ints

INFINITE = float("inf")
MARGIN = 1e-9
"""Relative; covers the rounding of the sums that make a bound, and can only raise it."""


def whole(milli_points: float) -> int:
    """Round a bound up to whole milli-points."""
    return floor(milli_points + abs(milli_points) * MARGIN) + 1


@dataclass(slots=True)
class Program:
    """Maximise `worth @ x` over `0 <= x <= most` and `least_row <= A x <= most_row`; rows are added, then frozen."""

    most: Floats
    rows: list[Ints] = field(default_factory=list)
    entries: list[Floats] = field(default_factory=list)
    least_row: list[float] = field(default_factory=list)
    most_row: list[float] = field(default_factory=list)

    def row(self, columns: list[int], values: list[float], least: float, most: float) -> int:
        """Add a row and return its number."""
        self.rows.append(np.array(columns, dtype=np.int64))
        self.entries.append(np.array(values, dtype=np.float64))
        self.least_row.append(least)
        self.most_row.append(most)
        return len(self.rows) - 1


class Frozen:
    """The arrays of a program, and a simplex that starts where it ended when only the worth of the columns changed."""

    def __init__(self, program: Program, worth: Floats) -> None:
        self.most, self.worth = program.most, worth
        self.least_row, self.most_row = np.array(program.least_row), np.array(program.most_row)
        self._row = np.repeat(np.arange(len(program.rows)), [len(r) for r in program.rows])
        self._column = np.concatenate(program.rows) if program.rows else np.zeros(0, dtype=np.int64)
        self._entry = np.concatenate(program.entries) if program.rows else np.zeros(0)
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString("use_preprocessing: false")
        self._columns = [self._solver.NumVar(0.0, u, "") for u in self.most.tolist()]
        self._limits = [self._solver.Constraint(a, b) for a, b in zip(program.least_row, program.most_row, strict=True)]
        for r, c, x in zip(self._row.tolist(), self._column.tolist(), self._entry.tolist(), strict=True):
            self._limits[r].SetCoefficient(self._columns[c], x)
        self._added: list[pywraplp.Variable] = []
        self._goal = self._solver.Objective()
        self._goal.SetMaximization()
        self._set_goal()
        self.value = 0.0
        self.prices: Floats = np.zeros(len(self.least_row))

    def _set_goal(self) -> None:
        for column, w in zip(self._columns, self.worth.tolist(), strict=True):
            self._goal.SetCoefficient(column, w)

    def revalue(self, worth: Floats) -> None:
        """Give the columns another worth."""
        self.worth = worth
        self._set_goal()

    def add_column(self, rows: list[int], values: list[float], worth: float) -> int:
        """Add a column that the simplex may use from 0 up, return its number; `bound` knows nothing of it."""
        column = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._goal.SetCoefficient(column, worth)
        for r, x in zip(rows, values, strict=True):
            self._limits[r].SetCoefficient(column, x)
        self._added.append(column)
        return len(self._added) - 1

    def set_worth(self, added: int, worth: float) -> None:
        """Give one of the columns added another worth."""
        self._goal.SetCoefficient(self._added[added], worth)

    def solve(self) -> Floats | None:
        """Return the row prices of the best columns as the solver has them: hints, no proof; None where it gives up."""
        if self._solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            return None
        self.value = self._goal.Value()
        self.prices = np.array([limit.dual_value() for limit in self._limits])
        return self.prices

    def columns(self) -> Floats:
        """Return how much of each column the last solution takes."""
        return np.array([c.solution_value() for c in self._columns])

    def reduced(self, prices: Floats) -> Floats:
        """Return what each column brings beyond what it takes at these row prices."""
        return self.worth - np.bincount(self._column, self._entry * prices[self._row], len(self.worth))

    def bound(self, prices: Floats) -> float:
        """Return what no feasible choice exceeds: any prices prove it, those of the wrong sign are taken as 0."""
        unlimited = np.where(prices > 0, np.isinf(self.most_row), np.isinf(self.least_row))
        prices = np.where(unlimited, 0.0, prices)
        limits = np.where(prices > 0, self.most_row, self.least_row)
        rows = float((prices * np.where(prices == 0, 0.0, limits)).sum())
        return rows + float((np.maximum(self.reduced(prices), 0.0) * self.most).sum())
