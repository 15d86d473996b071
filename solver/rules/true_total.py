"""The stated total is the sum that the plan makes."""

from collections.abc import Iterator

from solver.rules import changes, extra_shifts, new_faces, reward, travel
from solver.rules.reading import Reading, whole

TITLE = "the stated total is the sum that the plan makes"
CONCERNS = "plan"


def total_of(reading: Reading) -> int:
    """Return the total, milli-points; travel is rounded up once."""
    w = reading.problem.weights
    points = reward.measure(reading) - w.new_face * new_faces.measure(reading)
    points -= w.extra_shift * extra_shifts.measure(reading) + w.change * changes.measure(reading)
    return 1000 * points - -(-1000 * w.travel_per_hour * travel.measure(reading) // 3600)


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence where the stated total is false."""
    stated, total = reading.plan.total, total_of(reading)
    if not whole(stated) or stated != total:
        yield f"total is stated as {stated!r}, is {total}"


def measure(reading: Reading) -> int:
    """Return the true total, milli-points."""
    return total_of(reading)
