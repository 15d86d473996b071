"""The channels that this installation has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.domain.notices import Channel
from planner.notices.message import Sender


@dataclass(frozen=True)
class Post:
    """What notices are sent by. A channel that is missing is not set up here; `base_url` is where the pages are."""

    base_url: str
    senders: Mapping[Channel, Sender] = field(default_factory=dict)
