"""A household's share in every figure: figures of a commune, a hamlet or a group are sums over households.

So a figure need not be counted anew over sixty thousand residents: only the households that changed are, see
`services.tallies`. `indicators.count` is additive over households (its one household-wise count, ``officials_family``, too),
which is what makes the sum of the shares and the count of the whole the same number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from planner.domain import indicators
from planner.domain.indicators import Counted
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import NeedState, Outcome

# Counted of the rows of `domain.indicators`; the quota follows from the officials, see `with_quota`.
OF_RESIDENTS = tuple(name for name in indicators.count_names() if name != "quota")
# Counted apart, never added up with each other (domain.md, "modelling conclusions"): people, papers, needs.
OF_HELP = ("people_helped", "papers_done", "needs_done", "needs_waiting", "needs_open")
# What was done, by service. What a newer roster tells of people nobody helped is in none of all these.
BY_VISIT = tuple(f"{code}_by_visit" for code in ("activate", "register", *indicators.DOCUMENTS))
# … households, and attempts: visits at which the crew got to the door.
OF_HOUSEHOLDS = ("households", "households_visited", "households_helped", "attempts")
SUMMED = (*OF_RESIDENTS, *OF_HELP, *BY_VISIT, *OF_HOUSEHOLDS)

RULES = 2  # raised with every change of what `share` counts: a share counted by other rules does not hold

WAITING = (NeedState.SUBMITTED, NeedState.REFERRED)
STILL_OPEN = (NeedState.OPEN, NeedState.REJECTED)
NEVER = date.max


@dataclass(frozen=True, slots=True)
class Home:
    """A household to count. `gone`: those of its people who have left; what was done for them stays countable."""

    household_id: int
    hamlet_id: int
    group: int | None
    here: bool = True
    people: Sequence[Counted] = ()
    gone: Sequence[Counted] = ()
    visits: Sequence[Outcome] = field(default=())


def share(home: Home, on_date: date, settings: CampaignSettings, offered: Collection[str]) -> dict[str, int]:
    """Return what a household adds to each figure of `SUMMED`.

    Parameters
    ----------
    offered
        Codes of the services offered now: of others only what was done counts.
    """
    everybody = [*home.people, *home.gone]
    counts = indicators.count(home.people if home.here else (), on_date, settings)
    counts.update(indicators.guided(everybody, on_date, settings))
    counts.update(help_of(everybody, offered))
    attempts = sum(outcome is not Outcome.NOT_REACHED for outcome in home.visits)
    counts["households"] = int(home.here)
    counts["attempts"] = attempts
    counts["households_visited"] = int(attempts > 0)
    counts["households_helped"] = int(counts["people_helped"] > 0)
    return {name: counts[name] for name in SUMMED}


def help_of(people: Iterable[Counted], offered: Collection[str]) -> dict[str, int]:
    """Return the figures of `OF_HELP` and `BY_VISIT`, over those who left since too."""
    found = dict.fromkeys((*OF_HELP, *BY_VISIT), 0)
    for person in people:
        done = [code for code, state in person.needs.items() if state is NeedState.DONE and code in person.worked_on]
        found["people_helped"] += bool(done)
        found["needs_done"] += len(done)
        found["papers_done"] += sum(code in indicators.PAPERS for code in done)
        for code in done:
            if f"{code}_by_visit" in found:
                found[f"{code}_by_visit"] += 1
        for code, state in person.needs.items():
            if code in offered:
                found["needs_waiting"] += state in WAITING
                found["needs_open"] += state in STILL_OPEN and not person.stopped
    return found


def with_quota(counts: Mapping[str, int], settings: CampaignSettings) -> dict[str, int]:
    """Return the sums with what follows from them: so many residents for each official."""
    return {**counts, "quota": counts.get("officials", 0) * settings.residents_per_official}


def holds_until(births: Iterable[str], on_date: date, settings: CampaignSettings) -> date:
    """Return the next date on which somebody reaches the account's age, for certain or perhaps: until then a share holds."""
    return min((day for birth in births for day in _turning_points(birth, settings.account_age) if day > on_date), default=NEVER)


def _turning_points(birth: str, age: int) -> tuple[date, ...]:
    """Return the first dates on which someone may have reached an age, and on which they must have (see `groups.age_bounds`)."""
    parts = [int(part) for part in birth.split("-")] if birth else []
    if not parts or parts[0] + age >= date.max.year:
        return ()
    month, day = [*parts[1:], 0, 0][:2]
    return tuple(_first_day(parts[0] + age, m, d) for m, d in ((month or 1, day or 1), (month or 12, day or 31)))


def _first_day(year: int, month: int, day: int) -> date:
    """Return the first date on or after a day of a year that need not exist, e.g. 29 February."""
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return date(year, month, day) if day <= last.day else last + timedelta(days=1)


def basis(campaign_id: int, settings: CampaignSettings, offered: Collection[str]) -> str:
    """Return a digest of all a share depends on beside the rows and the date: of another basis it does not hold."""
    text = f"{RULES} {campaign_id} {settings.account_age} {' '.join(sorted(offered))}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
