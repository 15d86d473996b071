"""All rules: whatever file of this package has a title. Adding a rule is adding a file; see ``docs/adding-a-rule.md``."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal, Protocol

from solver import rules
from solver.rules.reading import Reading

Concern = Literal["households", "volunteers", "crews", "plan"]


class Measure(Protocol):
    """A module that says how much of something there is in a finished plan: for a hard rule, how often it bears on it."""

    TITLE: str
    CONCERNS: Concern
    __name__: str

    def measure(self, reading: Reading) -> int:
        """Return the amount."""


class Rule(Measure, Protocol):
    """A module with one hard rule."""

    def breaches(self, reading: Reading) -> Iterator[str]:
        """Yield a sentence for each way in which the plan breaks the rule."""


def name_of(rule: Measure) -> str:
    """Return the name by which reports know a rule: that of its file."""
    return rule.__name__.rsplit(".", 1)[1]


def _modules() -> list[Any]:
    found = [import_module(f"{rules.__name__}.{file.name}") for file in iter_modules(rules.__path__) if file.name != "registry"]
    return [module for module in found if hasattr(module, "TITLE")]


RULES: tuple[Rule, ...] = tuple(module for module in _modules() if hasattr(module, "breaches"))
"""The hard rules, by the names of their files."""

MEASURES: dict[str, Measure] = {module.SUMMAND: module for module in _modules() if hasattr(module, "SUMMAND")}
"""The summands of the total, by the names they have in reports."""
