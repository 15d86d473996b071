"""Every pin holds, or is rejected with its true reason."""

from collections.abc import Iterator

from solver.problem import Pin, Problem
from solver.rules.reading import Reading

TITLE = "every pin holds, or is rejected with its true reason"
CONCERNS = "households"


class PinFaults:
    """What makes a pin impossible by itself."""

    def __init__(self, problem: Problem) -> None:
        self._houses = {h.id: h for h in problem.households}
        self._slots = problem.slots
        self._can_work = {v.id: v.slots for v in problem.volunteers}

    def __call__(self, pin: Pin) -> str | None:
        """Return the code of the first fault, or None."""
        house = self._houses.get(pin.household)
        if house is None:
            return "unknown_household"
        slots = [s for s in self._slots if pin.slot in (None, s.id)]
        if not slots:
            return "unknown_slot"
        windows = house.windows
        slots = [
            s
            for s in slots
            if s.kind in house.reward and (windows is None or any(a < s.end and b >= s.start for a, b in windows))
        ]
        if not slots:
            return "never_visitable"
        if not any(all(s.id in self._can_work.get(v, ()) for v in pin.volunteers) for s in slots):
            return "volunteer_unavailable"
        return None


def kept(reading: Reading, pin: Pin) -> bool:
    """Say whether the plan does what the pin asks."""
    slot, crew = reading.visited.get(pin.household, (None, frozenset()))
    return slot is not None and pin.slot in (None, slot) and pin.volunteers <= crew


def breaches(reading: Reading) -> Iterator[str]:
    """Yield a sentence for each pin that is broken, or rejected for a reason that is not so."""
    fault = PinFaults(reading.problem)
    rejected = {p.household: p.reason for p in reading.plan.rejected_pins}
    for pin in reading.problem.pins:
        if kept(reading, pin):
            continue
        if pin.household not in rejected:
            yield f"pin on {pin.household} is broken"
        elif rejected[pin.household] not in ("conflict", fault(pin)):
            yield f"pin on {pin.household} is rejected as {rejected[pin.household]!r}, which is not so"


def measure(reading: Reading) -> int:
    """Return how many pins are kept."""
    return sum(kept(reading, pin) for pin in reading.problem.pins)
