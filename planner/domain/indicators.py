"""Indicators: what is counted, over what, and how far that is from the target.

Counts are of residents or of documents, never typed in: each is a sum over rows. A denominator that the roster cannot
tell rightly (e.g. all insured, as the insurer counts them) may be given from outside, with its source and date.

Officials (cán bộ, công chức, viên chức, lực lượng vũ trang) are residents marked with the organisation they serve; none
marked means that there is no list yet, not that there are no officials.
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
PAPERS = ("bhyt", "gplx", "gcn", "mst", "npt")
DOCUMENTS = (*PAPERS, "portal")
# Denominators that stay unknown, instead of nought, until there is a list of officials.
OF_OFFICIALS = ("officials", "quota")
GUIDED = (
    "guided_activated", "guided_activated_portal", "guided_registered", "register_needs",
    *(f"{code}_guided" for code in DOCUMENTS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """A resident to count: facts, the states of their needs by service code, whose household, and whether an official.

    `worked_on`: codes of the needs that the campaign brings about; others are ended by what facts tell alone.
    `stopped`: nobody calls for them any more.
    """

    facts: ResidentFacts
    needs: Mapping[str, NeedState] = field(default_factory=dict)
    household_id: int = 0
    official: bool = False
    worked_on: frozenset[str] = frozenset()
    stopped: bool = False


def count_names() -> tuple[str, ...]:
    """Return the names of all counts that rows can tell."""
    people = ("residents", "residents_14", "activated_14", "issued_14", "none_14", "unknown_14", "level2", "activated_portal_14")
    officials = ("account", "activated", "activated_portal", "papers", "family")
    documents = tuple(
        f"{code}_{what}" for code in DOCUMENTS for what in ("owned", "integrated", "owned_level2", "integrated_level2")
    )
    return (*people, *OF_OFFICIALS, *(f"officials_{what}" for what in officials), *documents, *GUIDED)


def count(residents: Iterable[Counted], on_date: date, settings: CampaignSettings) -> dict[str, int]:
    """Return all counts.

    ``…_14`` are residents who have reached the account's age; ``…_owned`` counts owners of a document, integrated or not;
    ``…_level2`` only those of holders of a level-2 account; ``guided_…`` see `guided`;
    ``officials_…`` how far officials are themselves, and (``family``) those whose whole household has activated.
    """
    counts: Counter[str] = Counter(dict.fromkeys(count_names(), 0))
    officials_of: Counter[int] = Counter()
    unfinished: set[int] = set()
    known = tuple(residents)
    for resident in known:
        state = account_state(resident.facts, on_date, settings)
        _count_person(counts, resident, state, on_date, settings)
        if resident.official:
            officials_of[resident.household_id] += 1
            _count_official(counts, resident.facts, state)
        if _lacks_account(state):
            unfinished.add(resident.household_id)
    counts["officials_family"] = sum(number for home, number in officials_of.items() if home not in unfinished)
    counts["quota"] = counts["officials"] * settings.residents_per_official
    return {**counts, **guided(known, on_date, settings)}


def guided(residents: Iterable[Counted], on_date: date, settings: CampaignSettings) -> dict[str, int]:
    """Return the counts of what this campaign brought about; who has left since stays counted."""
    counts: Counter[str] = Counter(dict.fromkeys(GUIDED, 0))
    for resident in residents:
        done = {code for code in resident.worked_on if resident.needs.get(code) is NeedState.DONE}
        counts.update(f"{code}_guided" for code in done.intersection(DOCUMENTS))
        counts["guided_activated"] += "activate" in done
        counts["guided_registered"] += "register" in done
        counts["register_needs"] += "register" in resident.needs
        # Plan B, B2: a resident counts once the account is activated *and* the portal used, whichever of both we helped with.
        if done & {"activate", "portal"} and has_used_portal(resident.facts):
            counts["guided_activated_portal"] += account_state(resident.facts, on_date, settings) is AccountState.ACTIVATED
    return dict(counts)


def lacks_account(facts: ResidentFacts, on_date: date, settings: CampaignSettings) -> bool:
    """Tell whether someone keeps the household from being one in which all have activated."""
    return _lacks_account(account_state(facts, on_date, settings))


def _lacks_account(state: AccountState) -> bool:
    return state not in (AccountState.ACTIVATED, AccountState.NA)


def papers_lacking(facts: ResidentFacts) -> tuple[str, ...]:
    """Return the papers a resident is known to own but has not integrated."""
    return tuple(code for code in PAPERS if facts.documents.get(code) == DocumentState.OWNED)


def has_all_papers(facts: ResidentFacts, state: AccountState) -> bool:
    """Tell whether someone's papers are all in their activated account: at least one is, and none known is left out."""
    integrated = any(facts.documents.get(code) == DocumentState.INTEGRATED for code in PAPERS)
    return state is AccountState.ACTIVATED and integrated and not papers_lacking(facts)


def has_used_portal(facts: ResidentFacts) -> bool:
    return facts.documents.get("portal") == DocumentState.INTEGRATED


def _count_official(counts: Counter[str], facts: ResidentFacts, state: AccountState) -> None:
    """Plan B, B1: has the account, has activated it, has used it on the portal; Plan A, A4: has integrated all papers."""
    counts["officials"] += 1
    counts["officials_account"] += state in LEVEL_2
    counts["officials_activated"] += state is AccountState.ACTIVATED
    counts["officials_activated_portal"] += state is AccountState.ACTIVATED and has_used_portal(facts)
    counts["officials_papers"] += has_all_papers(facts, state)


def _count_person(
    counts: Counter[str], resident: Counted, state: AccountState, on_date: date, settings: CampaignSettings
) -> None:
    facts = resident.facts
    counts["residents"] += 1
    counts["level2"] += state in LEVEL_2
    portal_done = has_used_portal(facts)
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
