"""A server killed in mid-sentence loses nothing it acknowledged. A thousand points: `python -m benchmarks.field kill`."""

from __future__ import annotations

from pathlib import Path

from benchmarks.field.killing import kill_often
from planner.models import Database


def test_a_killed_server_loses_nothing_it_acknowledged(db: Database, tmp_path: Path) -> None:
    done = kill_often(db, tmp_path, points=4)
    assert (done.lost, done.twice) == (0, 0)
    assert done.acknowledged > 0
    assert done.in_doubt > 0, "it was killed while it worked"
