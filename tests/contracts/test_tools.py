"""The code keeps the rules that tools can check: style, types, imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {
    "ruff finds no fault": [sys.executable, "-m", "ruff", "check", "."],
    "the code is formatted": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "planner and solver are fully typed": [sys.executable, "-m", "mypy"],
    "imports flow one way": [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
}


@pytest.mark.parametrize("command", TOOLS.values(), ids=TOOLS.keys())
def test_tool_agrees(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
