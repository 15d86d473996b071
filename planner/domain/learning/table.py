"""The learned table: counts of a campaign, pooled over hamlets, and what the plan takes from them.

    fixed table ──strength──▶ kind × class of hours, all hamlets ──strength──▶ one hamlet ──▶ a household (`history`)

What the desk has set by hand stands before all of it. A table is its counts and the assumptions it began from: the same of
both is the same table, whatever it was read from.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from planner.domain.learning.beliefs import NOTHING, Belief, Count, updated
from planner.domain.learning.knocks import Counts
from planner.domain.learning.lengths import Lengths
from planner.domain.learning.words import Exploration
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import MeetKind, SlotClass

Overrules = Mapping[tuple[MeetKind, SlotClass, int | None], float]  # the last: hamlet; None: all of them
APPOINTMENT = "appointment"  # the row of `Prior.success`: whoever agreed on an appointment at the police came
OPTIMIST = 0.75  # an hour that may well be good: better than this one figure in four


@dataclass(frozen=True)
class Prior:
    """What was assumed before anybody knocked, and how firmly (in knocks)."""

    meet: Mapping[MeetKind, Mapping[SlotClass, float]]
    success: Mapping[str, float]
    promise: float
    strength: float
    hamlet_strength: float

    @classmethod
    def of(cls, settings: CampaignSettings, success: Mapping[str, float]) -> Prior:
        """Return the assumptions of a campaign's settings; `success` by the keys of `rewards.success_key`."""
        return cls(
            settings.meet_chance, success, settings.promise_chance, settings.prior_strength, settings.hamlet_strength
        )  # fmt: skip


@dataclass(frozen=True)
class LearnedTable:
    """What a campaign has learned so far."""

    prior: Prior
    counts: Counts = field(default_factory=Counts)
    lengths: Lengths = field(default_factory=Lengths)
    overrules: Overrules = field(default_factory=dict)

    @cached_property
    def pooled_counts(self) -> Mapping[tuple[MeetKind, SlotClass], Count]:
        """The counts of all hamlets together."""
        found: dict[tuple[MeetKind, SlotClass], Count] = {}
        for (kind, slot_class, _), count in self.counts.doors.items():
            found[kind, slot_class] = found.get((kind, slot_class), NOTHING) + count
        return found

    def fixed(self, kind: MeetKind, slot_class: SlotClass) -> float:
        """Return what the settings assume."""
        return self.prior.meet[kind][slot_class]

    def pooled(self, kind: MeetKind, slot_class: SlotClass) -> Belief:
        """Return what is believed over all hamlets."""
        count = self.pooled_counts.get((kind, slot_class), NOTHING)
        return updated(self.fixed(kind, slot_class), self.prior.strength, count)

    def believed(self, kind: MeetKind, slot_class: SlotClass, hamlet_id: int | None) -> Belief:
        """Return what is believed of a hamlet: its own counts, drawn towards those of all hamlets. None: all of them."""
        everywhere = self.pooled(kind, slot_class)
        if hamlet_id is None:
            return everywhere
        count = self.counts.doors.get((kind, slot_class, hamlet_id), NOTHING)
        if not count.tried:  # nothing of its own: as sure as the commune's, and no surer than a hamlet can be
            strength = min(self.prior.hamlet_strength, everywhere.met + everywhere.missed)
            return Belief(strength * everywhere.mean, strength * (1 - everywhere.mean))
        return updated(everywhere.mean, self.prior.hamlet_strength, count)

    def overruled(self, kind: MeetKind, slot_class: SlotClass, hamlet_id: int | None) -> float | None:
        """Return what the desk set by hand: for the hamlet, else for all of them."""
        own = self.overrules.get((kind, slot_class, hamlet_id))
        return self.overrules.get((kind, slot_class, None)) if own is None else own

    def chance(self, kind: MeetKind, slot_class: SlotClass, hamlet_id: int | None = None) -> float:
        """Return the chance to plan with, before a household's own history."""
        by_hand = self.overruled(kind, slot_class, hamlet_id)
        if by_hand is not None:
            return by_hand
        if self.fixed(kind, slot_class) == 0:
            return 0.0  # the settings say: never in such hours
        return self.believed(kind, slot_class, hamlet_id).mean

    @property
    def promise(self) -> Belief:
        """What is believed of meeting someone at an hour they asked for."""
        return updated(self.prior.promise, self.prior.strength, self.counts.promises)

    def success(self, key: str) -> Belief:
        """Return what is believed of helping someone who is met."""
        assumed = self.prior.success.get(key, self.prior.success["other"])
        return updated(assumed, self.prior.strength, self.counts.services.get(key, NOTHING))


class Chances:
    """A learned table as one run of the plan looks at it: each figure looked up once, doubt weighed as the campaign says.

    Parameters
    ----------
    exploration
        What hours of which little is known are worth.
    seed
        Of the run, for figures that are drawn: the same seed draws the same.
    """

    def __init__(self, table: LearnedTable, exploration: Exploration = Exploration.NONE, seed: int = 0) -> None:
        self.table, self.exploration, self.seed = table, exploration, seed
        self.lengths = table.lengths
        self.promise = table.promise.mean
        self._chances: dict[tuple[MeetKind, SlotClass, int | None], float] = {}
        self._worths: dict[tuple[MeetKind, SlotClass, int | None], float] = {}
        self._success: dict[str, float] = {}

    def chance(self, kind: MeetKind, slot_class: SlotClass, hamlet_id: int | None) -> float:
        """Return the chance expected of meeting someone: what lengths are made of."""
        key = (kind, slot_class, hamlet_id)
        if key not in self._chances:
            self._chances[key] = self.table.chance(*key)
        return self._chances[key]

    def worth(self, kind: MeetKind, slot_class: SlotClass, hamlet_id: int | None) -> float:
        """Return the chance that the reward counts with: what is expected, and what trying it would teach."""
        if self.exploration is Exploration.NONE:
            return self.chance(kind, slot_class, hamlet_id)
        key = (kind, slot_class, hamlet_id)
        if key not in self._worths:
            self._worths[key] = self._explored(*key)
        return self._worths[key]

    def _explored(self, kind: MeetKind, slot_class: SlotClass, hamlet_id: int | None) -> float:
        expected = self.chance(kind, slot_class, hamlet_id)
        if expected == 0 or self.table.overruled(kind, slot_class, hamlet_id) is not None:
            return expected  # decided, not in doubt
        belief = self.table.believed(kind, slot_class, hamlet_id)
        if self.exploration is Exploration.OPTIMISM:
            return belief.quantile(OPTIMIST)
        return belief.drawn(random.Random(f"{self.seed} {kind} {slot_class} {hamlet_id}"))  # noqa: S311 - no secret

    def success(self, key: str) -> float:
        """Return the chance of helping someone who is met."""
        if key not in self._success:
            self._success[key] = self.table.success(key).mean
        return self._success[key]
