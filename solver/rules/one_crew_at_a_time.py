"""A volunteer is in one crew a slot, and never in two slots that overlap."""

from collections.abc import Iterator

from solver.problem import Slot
from solver.rules.max_shifts import shifts
from solver.rules.reading import Reading

TITLE = "a volunteer is in one crew a slot, and never in two slots that overlap"
CONCERNS = "volunteers"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each second crew at the same time."""
    worked: dict[str, list[Slot]] = {}
    for outing in reading.outings:
        slot = outing.slot
        for member in outing.members:
            others = worked.setdefault(member.id, [])
            for other in others:
                if other.start < slot.end and slot.start < other.end:
                    yield f"{outing.where}: {member.id} is in two crews at once"
            others.append(slot)


def measure(reading: Reading) -> int:
    """Return how many volunteers go out more than once."""
    return sum(count > 1 for count in shifts(reading).values())
