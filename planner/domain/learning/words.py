"""The word list of learning."""

from __future__ import annotations

from enum import StrEnum


class Exploration(StrEnum):
    """What trying hours of which little is known is worth to the plan.

    `none`: nothing, hours count for what is expected of them. `optimism`: they count for what they may well turn out to be
    (an upper quantile). `thompson`: for a figure drawn from what is believed of them, anew for each run's seed.
    """

    NONE = "none"
    OPTIMISM = "optimism"
    THOMPSON = "thompson"
