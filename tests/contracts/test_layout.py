"""Rules of the house that no general tool knows: who may import what, whose clock counts, what is dead."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOLVER_MAY_IMPORT = {"numba", "numpy", "ortools", "solver"}
LONGEST_MODULE_LINES = 350
# The domain's one exception: quantiles of the Beta distribution, in the one module that needs them (decision 22).
LIBRARIES_OF_THE_DOMAIN = {"planner/domain/learning/beliefs.py": {"scipy"}}


def modules(*folders: str) -> list[Path]:
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py") if "judge" not in p.parts)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level package of every import, wherever in the module it stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def names(paths: list[Path]) -> list[str]:
    return [str(p.relative_to(ROOT)) for p in paths]


@pytest.mark.parametrize("path", modules("planner/domain"), ids=names(modules("planner/domain")))
def test_the_domain_stands_on_the_standard_library_alone(path: Path) -> None:
    allowed = LIBRARIES_OF_THE_DOMAIN.get(path.relative_to(ROOT).as_posix(), set())
    assert set(imported(path)) <= set(sys.stdlib_module_names) | {"planner"} | allowed
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("planner"):
            assert node.module.startswith("planner.domain"), f"{node.module} is above the domain"


@pytest.mark.parametrize("path", modules("solver"), ids=names(modules("solver")))
def test_the_solver_stands_on_numpy_numba_and_or_tools_alone(path: Path) -> None:
    assert set(imported(path)) <= set(sys.stdlib_module_names) | SOLVER_MAY_IMPORT


@pytest.mark.parametrize(
    "path",
    modules("planner/domain", "planner/services", "solver"),
    ids=names(modules("planner/domain", "planner/services", "solver")),
)
def test_nobody_asks_the_machine_what_day_it_is(path: Path) -> None:
    """Time is a parameter: a test, a rehearsal and a late phone must see the same rules (time spent may be measured)."""
    calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    assert not [c for c in calls if c.attr in ("now", "utcnow", "today")]


def test_modules_stay_small_enough_to_hold_in_mind() -> None:
    lengths = {
        p: len(p.read_text(encoding="utf-8").splitlines()) for p in [*modules("planner", "solver", "web"), ROOT / "manage.py"]
    }
    too_long = {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > LONGEST_MODULE_LINES}
    assert not too_long


def test_no_function_in_the_tests_is_left_over() -> None:
    """Every top-level function of a test module is a test, a fixture, or used: a test that lost its prefix never runs."""
    for path in modules("tests"):
        source = path.read_text(encoding="utf-8")
        if path.name in ("builders.py", "worlds.py", "conftest.py") or not path.name.startswith("test_"):
            continue
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_") and not node.decorator_list:
                assert source.count(node.name) > 1, f"{path.relative_to(ROOT)}: {node.name} is never used"


def test_every_test_folder_mirrors_something() -> None:
    """A folder under tests/ is named after what it tests, so that a newcomer guesses the file."""
    known = {"domain", "models", "sheets", "services", "jobs", "solver", "web", "browser", "contracts", "migrations", "data"}
    assert {p.name for p in (ROOT / "tests").iterdir() if p.is_dir() and p.name != "__pycache__"} <= known
