"""A household is visited only in slots of a class it has a reward for."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a household is visited only in slots of a class it has a reward for"
CONCERNS = "households"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each visit in a slot of another class."""
    for outing, stop in reading.visits():
        if outing.slot.kind not in stop.household.reward:
            yield f"{outing.where}: {stop.household.id} is never visited in {outing.slot.kind}"


def measure(reading: Reading) -> int:
    """Return how many visits are to households with a class of slot in which they are never visited."""
    kinds = {slot.kind for slot in reading.problem.slots}
    return sum(not kinds <= stop.household.reward.keys() for _, stop in reading.visits())
