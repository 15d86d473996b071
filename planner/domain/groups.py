"""Outreach groups: how the police class the residents to call on (Plan A, A7).

Groups 1 and 2 tell the state of the account, 3 and 4 how someone can be reached. They overlap: someone may have no
account *and* be away all week. Both are kept; the group to call for follows from them: reachability first, since it
decides the hour and the patience a visit needs. Group 0 is ours: whoever is activated but lacks documents is in none
of the police's groups, yet counts for the targets; so does an adult whose state nobody knows and who is to be asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AccountState, MeetKind, OutreachGroup, Residence, Work

# Ties go to the earlier one: nearest to done first, documents alone last.
PRECEDENCE = (
    OutreachGroup.ISSUED,
    OutreachGroup.NO_ACCOUNT,
    OutreachGroup.LOW_TECH,
    OutreachGroup.AWAY,
    OutreachGroup.DOCUMENTS,
)


@dataclass(frozen=True, slots=True)
class ResidentFacts:
    """What is known of a resident, as far as rules ask. `birth` is ISO, as much as is known: ``1982`` or ``1982-05-31``."""

    account: AccountState = AccountState.UNKNOWN
    birth: str = ""
    work: Work = Work.UNKNOWN
    residence: Residence = Residence.UNKNOWN
    low_tech: bool | None = None
    documents: Mapping[str, str] = field(default_factory=dict)
    smartphone: bool | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """The overlapping groups of one resident, and the one to call for (None: nothing to call for)."""

    account: OutreachGroup | None
    reach: OutreachGroup | None
    call: OutreachGroup | None


def age_bounds(birth: str, on_date: date) -> tuple[int, int] | None:
    """Return the youngest and oldest age possible on a date, or None where nothing is known of the birth."""
    parts = [int(part) for part in birth.split("-")] if birth else []
    if not parts:
        return None
    month, day = [*parts[1:], 0, 0][:2]
    youngest = _age((parts[0], month or 12, day or 31), on_date)
    oldest = _age((parts[0], month or 1, day or 1), on_date)
    return max(youngest, 0), max(oldest, 0)


def _age(born: tuple[int, int, int], on_date: date) -> int:
    return on_date.year - born[0] - ((on_date.month, on_date.day) < born[1:])


def is_of_age(birth: str, age: int, on_date: date) -> bool:
    """Tell whether a resident may have reached an age. Who cannot be shown to be younger counts as old enough:
    asking one child too many at the door costs a minute, an adult never asked is never found."""
    bounds = age_bounds(birth, on_date)
    return bounds is None or bounds[1] >= age


def account_state(facts: ResidentFacts, on_date: date, settings: CampaignSettings) -> AccountState:
    """Return the state of the account as it counts on a date.

    Below the account's age it is `na` (but for the few already activated); `na` of someone who has since come of age, or
    who never was a child, is `unknown`.
    """
    if facts.account is AccountState.ACTIVATED:
        return facts.account
    if not is_of_age(facts.birth, settings.account_age, on_date):
        return AccountState.NA
    if facts.account is AccountState.NA:
        bounds = age_bounds(facts.birth, on_date)
        return AccountState.UNKNOWN if bounds and bounds[0] >= settings.account_age else AccountState.NA
    return facts.account


def is_low_tech(facts: ResidentFacts, on_date: date, settings: CampaignSettings) -> bool:
    """Tell whether patient help is needed: as stated, else of anyone without a smartphone or certainly elderly."""
    if facts.low_tech is not None:
        return facts.low_tech
    if facts.smartphone is False:
        return True
    bounds = age_bounds(facts.birth, on_date)
    return bounds is not None and bounds[0] >= settings.elderly_age


def account_group(facts: ResidentFacts, on_date: date, settings: CampaignSettings) -> OutreachGroup | None:
    """Return group 1 (issued, not activated), 2 (no account), 0 (activated) or None (too young, unknown)."""
    return {
        AccountState.ISSUED: OutreachGroup.ISSUED,
        AccountState.NONE: OutreachGroup.NO_ACCOUNT,
        AccountState.ACTIVATED: OutreachGroup.DOCUMENTS,
    }.get(account_state(facts, on_date, settings))


def reach_group(facts: ResidentFacts, on_date: date, settings: CampaignSettings) -> OutreachGroup | None:
    """Return group 4 (away, factory, shifts), else 3 (elderly, unused to phones), else None."""
    if facts.work in (Work.WORKER, Work.SHIFT, Work.AWAY) or facts.residence is Residence.ABSENT:
        return OutreachGroup.AWAY
    return OutreachGroup.LOW_TECH if is_low_tech(facts, on_date, settings) else None


def resident_groups(facts: ResidentFacts, on_date: date, settings: CampaignSettings, *, has_open_need: bool) -> Groups:
    """Return the groups of a resident. Without an open need there is nothing to call for."""
    account = account_group(facts, on_date, settings)
    reach = reach_group(facts, on_date, settings)
    if not has_open_need:
        call = None
    elif account is OutreachGroup.DOCUMENTS:  # activated: groups 3 and 4 are classes of those who are not
        call = OutreachGroup.DOCUMENTS
    else:
        call = reach or account or OutreachGroup.DOCUMENTS
    return Groups(account, reach, call)


def household_group(calls: Iterable[OutreachGroup | None]) -> OutreachGroup | None:
    """Return the group to call on a household for: that of most residents with an open need, ties by `PRECEDENCE`."""
    counts = Counter(call for call in calls if call is not None)
    if not counts:
        return None
    return min(counts, key=lambda group: (-counts[group], PRECEDENCE.index(group)))


def meet_kind(facts: ResidentFacts, on_date: date, settings: CampaignSettings) -> MeetKind:
    """Return the row of the chance-of-meeting table a resident falls under."""
    if facts.work is Work.AWAY or facts.residence is Residence.ABSENT:
        return MeetKind.AWAY
    if facts.work is Work.SHIFT:
        return MeetKind.ROTATING_SHIFT
    if facts.work is Work.WORKER:
        return MeetKind.COMMUTER
    if is_low_tech(facts, on_date, settings):
        return MeetKind.LOW_TECH
    if account_state(facts, on_date, settings) is AccountState.NONE:
        return MeetKind.NO_ACCOUNT
    return MeetKind.USUAL
