"""A stated bound is an integer and not below the total."""

from collections.abc import Iterator

from solver.rules.reading import Reading, whole
from solver.rules.true_total import total_of

TITLE = "a stated bound is an integer and not below the total"
CONCERNS = "plan"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence where the bound is none."""
    bound = reading.plan.bound
    if bound is not None and (not whole(bound) or bound < total_of(reading)):
        yield f"bound {bound!r} is no integer, or below the total {total_of(reading)}"


def measure(reading: Reading) -> int:
    """Return by how many milli-points the stated bound exceeds the total; 0 where none is stated."""
    bound = reading.plan.bound
    return max(0, bound - total_of(reading)) if isinstance(bound, int) else 0
