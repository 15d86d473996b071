"""The crew has the skills the household needs."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "the crew has the skills the household needs"
CONCERNS = "households"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each skill a household misses in its crew."""
    for outing, stop in reading.visits():
        for skill in sorted(stop.household.skills):
            if not any(skill in member.skills for member in outing.members):
                yield f"{outing.where}: {stop.household.id} needs {skill}"


def measure(reading: Reading) -> int:
    """Return how many visits need a skill."""
    return sum(bool(stop.household.skills) for _, stop in reading.visits())
