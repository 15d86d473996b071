"""The benchmark of notices in small: a few real processes, killed where it hurts most, and the count at the end."""

from __future__ import annotations

from pathlib import Path

from benchmarks.clock import notices


def test_no_notice_is_lost_or_doubled_by_processes_that_die(tmp_path: Path) -> None:
    """One transaction in four and one letter in twenty ends its process by kill -9, at the point that hurts most."""
    outcome = notices.run(
        f"sqlite:///{tmp_path / 'namro.sqlite3'}", 50, 7, 60.0, tmp_path, speed=200.0, self_kill=0.05, most_seconds=180
    )
    assert outcome.is_right, outcome
    assert (outcome.notices, outcome.letters_owed + outcome.given_up) == (50, 50)
    assert sum(n for where, n in outcome.kills.items() if where != "at random") > 0
