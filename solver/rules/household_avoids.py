"""Nobody comes whom the household avoids."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "nobody comes whom the household avoids"
CONCERNS = "households"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each visit by somebody avoided."""
    for outing, stop in reading.visits():
        if stop.household.avoid & outing.names:
            yield f"{outing.where}: {stop.household.id} avoids a member"


def measure(reading: Reading) -> int:
    """Return how many visits are to households that avoid somebody."""
    return sum(bool(stop.household.avoid) for _, stop in reading.visits())
