"""A crew is back where it started by the end of the slot."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a crew is back where it started by the end of the slot"
CONCERNS = "crews"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each crew that comes back late."""
    for outing in reading.outings:
        if outing.back_at > outing.slot.end:
            yield f"{outing.where}: back at {outing.back_at}, after the slot's end {outing.slot.end}"


def measure(reading: Reading) -> int:
    """Return how many crews go out."""
    return len(reading.outings)
