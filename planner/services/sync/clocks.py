"""When it was, where a phone's clock may be days or years wrong. The ledger keeps what the clock said; this is for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

AHEAD, BEHIND = "clock_ahead", "clock_behind"
TOLERANCE = timedelta(minutes=5)  # what a clock may be off without anyone minding


@dataclass(frozen=True)
class Reading:
    """The best that is known of when something was, and what was found about the clock."""

    at: datetime
    flags: tuple[str, ...] = ()


def reading(
    occurred_at: datetime, received_at: datetime, *, not_before: datetime | None = None, sent_at: datetime | None = None
) -> Reading:
    """Return when something was.

    Parameters
    ----------
    occurred_at
        As the phone's clock said then.
    not_before
        It cannot have been earlier, e.g. before its week was published.
    sent_at
        As the phone's clock said on sending: beside `received_at` it tells how wrong the clock is now.
    """
    flags: list[str] = []
    at = occurred_at
    if sent_at is not None and abs(sent_at - received_at) > TOLERANCE:
        flags.append(AHEAD if sent_at > received_at else BEHIND)
        at = occurred_at - (sent_at - received_at)
    # The clock may have been put right since, or nobody said: then only what is impossible shows.
    if at > received_at + TOLERANCE:
        flags.append(AHEAD)
        at = received_at
    elif not_before is not None and at < not_before - TOLERANCE:
        flags.append(BEHIND)
        at = received_at
    return Reading(at, tuple(dict.fromkeys(flags)))
