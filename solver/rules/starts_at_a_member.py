"""A crew leaves the start place of one of its members."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a crew leaves the start place of one of its members"
CONCERNS = "crews"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each crew that starts elsewhere."""
    for outing in reading.outings:
        if outing.crew.start not in {member.start for member in outing.members}:
            yield f"{outing.where}: starts at {outing.crew.start}, where no member starts"


def measure(reading: Reading) -> int:
    """Return how many crews go out."""
    return len(reading.outings)
