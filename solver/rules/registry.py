"""All hard rules in the order of the format, and all measures of the total."""

from collections.abc import Iterator
from typing import Protocol, cast

from solver.rules import (
    all_accounted_for,
    back_by_slot_end,
    changes,
    crew_size,
    crew_skills,
    extra_shifts,
    household_avoids,
    household_languages,
    household_skills,
    known_ids,
    max_changes,
    max_shifts,
    new_faces,
    one_crew_at_a_time,
    pins_hold,
    reachable_in_time,
    reward,
    starts_at_a_member,
    travel,
    true_bound,
    true_total,
    visitable_class,
    visited_once,
    volunteer_available,
    within_windows,
)
from solver.rules.reading import Reading


class Rule(Protocol):
    """A module with one hard rule."""

    TITLE: str
    __name__: str

    def breaches(self, reading: Reading) -> Iterator[str]:
        """Yield a sentence for each way in which the plan breaks the rule."""


class Measure(Protocol):
    """A module with one summand of the total."""

    def measure(self, reading: Reading) -> int:
        """Return its amount."""


RULES = cast(
    "tuple[Rule, ...]",
    (
        known_ids,
        crew_size,
        crew_skills,
        volunteer_available,
        one_crew_at_a_time,
        max_shifts,
        starts_at_a_member,
        reachable_in_time,
        back_by_slot_end,
        within_windows,
        visitable_class,
        household_skills,
        household_languages,
        household_avoids,
        visited_once,
        pins_hold,
        all_accounted_for,
        max_changes,
        true_total,
        true_bound,
    ),
)

MEASURES = cast(
    "dict[str, Measure]",
    {
        "reward": reward,
        "travel_seconds": travel,
        "extra_shifts": extra_shifts,
        "new_faces": new_faces,
        "changes": changes,
    },
)
