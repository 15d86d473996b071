"""What the visits are expected to bring."""

from solver.rules.reading import Reading

TITLE = "what the visits are expected to bring"
CONCERNS = "households"
SUMMAND = "reward"


def measure(reading: Reading) -> int:
    """Return the sum of rewards by slot class, points."""
    return sum(stop.household.reward.get(outing.slot.kind, 0) for outing, stop in reading.visits())
