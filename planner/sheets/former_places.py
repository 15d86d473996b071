"""A commune's own list of former places: what each abolished commune or hamlet is called today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.domain.text import match_key, squeeze
from planner.sheets import hamlets as hamlet_names
from planner.sheets.cleaning import plain_words
from planner.sheets.place_units import Unit, units_in, without

_Key = tuple[str, str]
_ANYWHERE: _Key = ("", "")


@dataclass(frozen=True, slots=True)
class FormerPlaces:
    """What is known of former places. `today` is the commune with its kind (``xã Lộc Hòa``), "" where nobody said."""

    today: str = ""
    communes: Mapping[_Key, str] = field(default_factory=dict)  # former commune → the commune it is in today
    hamlets: Mapping[_Key, Mapping[str, str]] = field(default_factory=dict)  # former commune → {former hamlet: today's}
    whole: Mapping[_Key, str] = field(default_factory=dict)  # former communes that are one hamlet today

    @classmethod
    def listed(cls, today: str, entries: Mapping[str, str]) -> FormerPlaces:
        """Return the places of a list as people write it.

        Parameters
        ----------
        entries
            Former name → today's: ``xã Tân Lập`` → ``xã Lộc Hòa``, ``Ấp 1, xã Tân Lập`` → ``Ấp 1A``, ``Ấp Cũ`` → ``Ấp Mới``.
        """
        communes: dict[_Key, str] = {}
        hamlets: dict[_Key, dict[str, str]] = {}
        whole: dict[_Key, str] = {}
        for former, now in ((squeeze(one), squeeze(other)) for one, other in entries.items()):
            unit, hamlet = parted(former)
            key = _ANYWHERE if unit is None else unit.key
            commune_now, hamlet_now = parted(now)
            if hamlet:
                hamlets.setdefault(key, {})[hamlet] = hamlet_now or now
            elif unit is not None and hamlet_names.has_kind(hamlet_now):
                whole[key] = hamlet_now
            if unit is not None and (commune_now is not None or not hamlet):
                communes[key] = commune_now.text if commune_now is not None else today or now
        return cls(squeeze(today), communes, hamlets, whole)

    def is_today(self, unit: Unit) -> bool:
        """Say whether a commune is today's: where it has kept the name of one of its parts, only that part is ``cũ``."""
        return not unit.former and plain_words(unit.text) == plain_words(self.today)

    def in_sheet_name(self, name: str, hamlet: str) -> Unit | None:
        """Return the listed commune a sheet's name adds to its hamlet without saying what it is: ``Ấp 1 - Tân Lập``."""
        rest = plain_words(name).removeprefix(plain_words(hamlet)).strip() if hamlet else ""
        found = [key for key in {**self.communes, **self.hamlets, **self.whole} if rest and plain_words(key[1]) == rest]
        return Unit(found[0][0], name[-len(rest) :], former=True) if len(found) == 1 else None

    def commune(self, unit: Unit) -> str:
        """Return the commune a former one is in today, "" where the list does not say."""
        key = self._key(unit)
        return self.communes.get(key) or (self.today if key in self.hamlets or key in self.whole else "")

    def hamlet(self, former: str, unit: Unit | None) -> str:
        """Return what a hamlet (of a former commune) is called today, "" where the list does not say."""
        for key in (_ANYWHERE,) if unit is None else (self._key(unit), _ANYWHERE):
            names = self.hamlets.get(key, {})
            guess = hamlet_names.resolve(former, names) if names else None
            if guess is not None and guess.how in ("same", "like"):
                return names[guess.name]
        return "" if unit is None else self.whole.get(self._key(unit), "")

    def _key(self, unit: Unit) -> _Key:
        """Return the list's key of a unit; a column of bare names does not say whether it was a commune or a town."""
        if unit.kind:
            return unit.key
        alike = [key for key in {**self.communes, **self.hamlets, **self.whole} if key[1] == match_key(unit.name)]
        return alike[0] if len(alike) == 1 else unit.key


def parted(text: str) -> tuple[Unit | None, str]:
    """Return the commune a text names, and the text without it: ``Ấp 1, xã Tân Lập cũ, huyện Y`` → (xã Tân Lập, Ấp 1)."""
    units = units_in(text)
    if not units:
        return None, text
    return next((unit for unit in units if unit.is_commune), None), without(text, units)
