"""What a cell parser has to say about a value: a code of the message table, its facts, perhaps a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` decides severity and sentence (see `issues.SEVERITY`); `suggestion` is what the value may have meant."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    suggestion: str = ""
