"""A volunteer works only in the slots listed for them."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a volunteer works only in the slots listed for them"
CONCERNS = "volunteers"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each member who cannot work in the slot."""
    for outing in reading.outings:
        for member in outing.members:
            if outing.slot.id not in member.slots:
                yield f"{outing.where}: {member.id} is not available in {outing.slot.id}"


def measure(reading: Reading) -> int:
    """Return how many seats are filled."""
    return sum(len(outing.members) for outing in reading.outings)
