"""A crew has exactly the size asked for, and nobody twice."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a crew has exactly the size asked for, and nobody twice"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each crew of another size."""
    size = reading.problem.crew.size
    for outing in reading.outings:
        if len(outing.names) != size or len(outing.members) != size:
            yield f"{outing.where}: {len(outing.members)} members, {size} wanted"
