"""Every household is visited, or stands once in unassigned with a reason."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "every household is visited, or stands once in unassigned with a reason"
CONCERNS = "households"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each way in which a household is missing, unknown or named twice."""
    houses = {h.id for h in reading.problem.households}
    told = [u.household for u in reading.plan.unassigned]
    visited = reading.visited.keys()
    unknown, silent = set(told) - houses, houses - visited - set(told)
    if unknown:
        yield f"unassigned names unknown households, e.g. {min(unknown, key=str)}"
    if not all(isinstance(u.reason, str) and u.reason for u in reading.plan.unassigned):
        yield "unassigned has an entry without a reason"
    if silent:
        yield f"{len(silent)} households neither visited nor in unassigned, e.g. {min(silent)}"
    if visited & set(told) or len(told) != len(set(told)):
        yield "unassigned names a visited household, or one twice"


def measure(reading: Reading) -> int:
    """Return how many households are told to have no visit."""
    return len(reading.plan.unassigned)
