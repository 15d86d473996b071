"""A crew has every skill that all crews need."""

from collections.abc import Iterator

from solver.rules.reading import Reading

TITLE = "a crew has every skill that all crews need"
CONCERNS = "crews"


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each skill a crew lacks."""
    for outing in reading.outings:
        for skill in reading.problem.crew.skills:
            if not any(skill in member.skills for member in outing.members):
                yield f"{outing.where}: nobody has {skill}"


def measure(reading: Reading) -> int:
    """Return how many skills crews must bring, all together."""
    return len(reading.outings) * len(reading.problem.crew.skills)
