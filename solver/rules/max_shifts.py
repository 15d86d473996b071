"""A volunteer works at most their number of shifts."""

from collections import Counter
from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a volunteer works at most their number of shifts"
CONCERNS = "volunteers"


def shifts(reading: Reading) -> Counter[str]:
    """Return the number of crews with visits of each volunteer who is in one."""
    return Counter(member.id for outing in reading.outings for member in outing.members)


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each volunteer with too many shifts."""
    most = {v.id: v.max_shifts for v in reading.problem.volunteers}
    for name, count in shifts(reading).items():
        if count > most[name]:
            yield f"{name}: {count} shifts, at most {most[name]}"


def measure(reading: Reading) -> int:
    """Return how many volunteers have no shift left."""
    most = {v.id: v.max_shifts for v in reading.problem.volunteers}
    return sum(count >= most[name] for name, count in shifts(reading).items())
