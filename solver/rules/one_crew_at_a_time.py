"""A volunteer is in one crew a slot, and never in two slots that overlap."""

from collections.abc import Iterator

from solver.problem import Slot
from solver.rules.reading import Reading

TITLE = "a volunteer is in one crew a slot, and never in two slots that overlap"


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
