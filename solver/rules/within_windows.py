"""A visit begins within a window of the household."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a visit begins within a window of the household"
CONCERNS = "households"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each visit outside all windows."""
    for outing, stop in reading.visits():
        windows = stop.household.windows
        if windows is not None and isinstance(stop.start, int) and not any(a <= stop.start <= b for a, b in windows):
            yield f"{outing.where}: {stop.household.id} starts outside its windows"


def measure(reading: Reading) -> int:
    """Return how many visits are bound to windows."""
    return sum(stop.household.windows is not None for _, stop in reading.visits())
