"""A crew has exactly the size asked for, and nobody twice."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a crew has exactly the size asked for, and nobody twice"
CONCERNS = "crews"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each crew of another size."""
    size = reading.problem.crew.size
    for outing in reading.outings:
        if len(outing.names) != size or len(outing.members) != size:
            yield f"{outing.where}: {len(outing.members)} members, {size} wanted"


def measure(reading: Reading) -> int:
    """Return how many crews go out."""
    return len(reading.outings)
