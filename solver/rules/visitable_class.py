"""A household is visited only in slots of a class it has a reward for."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a household is visited only in slots of a class it has a reward for"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each visit in a slot of another class."""
    for outing, stop in reading.visits():
        if outing.slot.kind not in stop.household.reward:
            yield f"{outing.where}: {stop.household.id} is never visited in {outing.slot.kind}"
