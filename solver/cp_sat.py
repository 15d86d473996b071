"""CP-SAT where the answer must be the same on every machine: one worker, one seed, effort counted and not timed."""

from typing import Any


def exact_solver(effort: float, seconds: float | None) -> Any:
    """Return a solver that gives up after so much deterministic time, and after so many seconds where somebody waits."""
    from ortools.sat.python import cp_model  # takes its time to load: only where it is needed

    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    if seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.1, seconds)
    return solver
