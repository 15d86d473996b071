"""Indicators: what is counted, over what, and how far that is from the target.

Counts are of residents or of documents, never typed in: each is a sum over rows. What rows cannot tell (e.g. how many
officials there are) is None until someone gives the figure with its source and date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from planner.domain.groups import ResidentFacts, account_state, is_of_age
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AccountState, DocumentState, NeedState

LEVEL_2 = (AccountState.ACTIVATED, AccountState.ISSUED)
DOCUMENTS = ("bhyt", "gplx", "gcn", "mst", "npt", "portal")


@dataclass(frozen=True, slots=True)
class Counted:
    """A resident to count: facts, and the states of their needs by service code."""

    facts: ResidentFacts
    needs: Mapping[str, NeedState] = field(default_factory=dict)


def count_names() -> tuple[str, ...]:
    """Return the names of all counts that rows can tell."""
    people = ("residents", "residents_14", "activated_14", "issued_14", "none_14", "unknown_14", "level2", "activated_portal_14")
    guided = ("guided_activated", "guided_activated_portal", "guided_registered", "register_needs")
    documents = tuple(
        f"{code}_{what}" for code in DOCUMENTS for what in ("owned", "integrated", "owned_level2", "integrated_level2", "guided")
    )
    return (*people, *guided, *documents)


def count(residents: Iterable[Counted], on_date: date, settings: CampaignSettings) -> dict[str, int]:
    """Return all counts.

    ``…_14`` are residents who have reached the account's age; ``…_owned`` counts owners of a document, integrated or not;
    ``…_level2`` only those of holders of a level-2 account; ``guided_…`` what this campaign's needs ended in.
    """
    counts: Counter[str] = Counter(dict.fromkeys(count_names(), 0))
    for resident in residents:
        _count_person(counts, resident, on_date, settings)
    return dict(counts)


def _count_person(counts: Counter[str], resident: Counted, on_date: date, settings: CampaignSettings) -> None:
    facts, needs = resident.facts, resident.needs
    state = account_state(facts, on_date, settings)
    counts["residents"] += 1
    counts["level2"] += state in LEVEL_2
    portal_done = facts.documents.get("portal") == DocumentState.INTEGRATED
    if is_of_age(facts.birth, settings.account_age, on_date):
        counts["residents_14"] += 1
        counts["activated_portal_14"] += state is AccountState.ACTIVATED and portal_done
        if state is not AccountState.NA:
            counts[f"{state.value}_14"] += 1
    for code in DOCUMENTS:
        document = facts.documents.get(code)
        owned = document in (DocumentState.OWNED, DocumentState.INTEGRATED)
        integrated = document == DocumentState.INTEGRATED
        counts[f"{code}_owned"] += owned
        counts[f"{code}_integrated"] += integrated
        counts[f"{code}_owned_level2"] += owned and state in LEVEL_2
        counts[f"{code}_integrated_level2"] += integrated and state in LEVEL_2
        counts[f"{code}_guided"] += needs.get(code) is NeedState.DONE
    activated = needs.get("activate") is NeedState.DONE
    counts["guided_activated"] += activated
    # Plan B, B2: a resident counts once the account is activated *and* the portal used, whichever of both we helped with.
    helped = activated or needs.get("portal") is NeedState.DONE
    counts["guided_activated_portal"] += helped and state is AccountState.ACTIVATED and portal_done
    counts["register_needs"] += "register" in needs
    counts["guided_registered"] += needs.get("register") is NeedState.DONE


@dataclass(frozen=True, slots=True)
class Measured:
    """Where an indicator stands. None: not known."""

    numerator: int | None
    denominator: int | None
    percent: float | None
    reached: bool | None


def measure(
    numerator: str, denominator: str, target_percent: float, counts: Mapping[str, int], denominator_value: int | None = None
) -> Measured:
    """Return an indicator's figures; an external `denominator_value` stands before the counted one."""
    top = counts.get(numerator)
    bottom = denominator_value if denominator_value is not None else counts.get(denominator)
    if top is None or not bottom:
        return Measured(top, bottom, None, None)
    percent = 100 * top / bottom
    return Measured(top, bottom, percent, percent >= target_percent)
