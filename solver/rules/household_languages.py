"""Somebody in the crew speaks a language of the household."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "somebody in the crew speaks a language of the household"
CONCERNS = "households"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each visit without a common language."""
    for outing, stop in reading.visits():
        spoken = stop.household.languages
        if spoken and not any(spoken & member.languages for member in outing.members):
            yield f"{outing.where}: nobody speaks a language of {stop.household.id}"


def measure(reading: Reading) -> int:
    """Return how many visits need a language."""
    return sum(bool(stop.household.languages) for _, stop in reading.visits())
