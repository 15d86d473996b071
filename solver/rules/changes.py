"""Base visits that the plan does not make in the same slot by the same people."""

from solver.rules.max_changes import changed
from solver.rules.reading import Reading

TITLE = "base visits that the plan does not make in the same slot by the same people"
CONCERNS = "households"
SUMMAND = "changes"


def measure(reading: Reading) -> int:
    """Return their number, forced ones included."""
    return len(changed(reading))
