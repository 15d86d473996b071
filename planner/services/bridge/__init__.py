"""Between the database and the solver: the weekly problem out of the records, and nothing of SQL beyond this border."""

from planner.services.bridge.problem import Scope, WeekProblem, build, digest_of
from planner.services.bridge.scoping import Standing, scope_of, standing_of

__all__ = ["Scope", "Standing", "WeekProblem", "build", "digest_of", "scope_of", "standing_of"]
