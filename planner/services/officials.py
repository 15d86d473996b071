"""Officials: which residents serve which organisation, how far each of them is, and marking them from a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.errors import InvalidInput
from planner.domain.groups import account_state
from planner.domain.indicators import has_all_papers, has_used_portal, papers_lacking
from planner.domain.officials import LONGEST_ORGANISATION, ListedOfficial, may_be, read_list
from planner.domain.text import fold, match_key, printable, sort_key, squeeze
from planner.domain.vocabulary import AccountState, AuditAction
from planner.models import Hamlet, Household, Resident
from planner.services import audit, campaigns, facts, scope
from planner.services.actors import Actor
from planner.services.pages import LARGEST_PAGE, Page
from planner.services.sequences import in_parts

MOST_LINES = 500
MOST_CANDIDATES = 10


@dataclass(frozen=True)
class OfficialFilter:
    """Which officials; `q` is searched without diacritics, word by word. `unfinished`: who still lacks something."""

    q: str = ""
    organisation: str = ""
    unfinished: bool = False
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class OfficialRow:
    """An official and what is still lacking: codes of papers owned but not integrated."""

    resident_id: int
    household_id: int
    name: str
    organisation: str
    hamlet: str
    account: AccountState
    portal: bool
    lacking: tuple[str, ...]
    all_papers: bool

    @property
    def finished(self) -> bool:
        """Whether nothing that an indicator of officials counts is left: papers in an activated account, the portal used."""
        return self.all_papers and self.portal


def _here(actor: Actor) -> Select[Resident]:
    """Return the residents of the actor's commune who are still there."""
    return (
        select(Resident)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.commune_id == actor.commune_id, Resident.left_at.is_(None), Household.left_at.is_(None))
    )


def search(session: Session, actor: Actor, wanted: OfficialFilter, at: datetime) -> Page[OfficialRow]:
    """Return a page of the officials, by organisation and name. A page beyond the end is the last one."""
    actor.require_desk()
    settings = campaigns.active(session, actor).settings
    query = _here(actor).join(Hamlet, Hamlet.id == Household.hamlet_id).where(Resident.official_of != "")
    if wanted.organisation:
        query = query.where(Resident.official_of == wanted.organisation)
    asked = fold(printable(wanted.q))[:100].split()
    rows = []
    for row in session.execute(
        query.with_only_columns(
            Resident.id, Resident.household_id, Resident.name, Resident.official_of, Hamlet.name, *facts.COLUMNS
        )
    ):
        resident_id, household_id, name, organisation, hamlet, *known = row
        if not all(word in fold(f"{name} {organisation}") for word in asked):
            continue
        fact = facts.of_row(known)
        state = account_state(fact, local_date(at), settings)
        papers = has_all_papers(fact, state)
        lacking = papers_lacking(fact)
        rows.append(
            OfficialRow(resident_id, household_id, name, organisation, hamlet, state, has_used_portal(fact), lacking, papers)
        )
    rows = [row for row in rows if not (wanted.unfinished and row.finished)]
    rows.sort(key=lambda row: (sort_key(row.organisation), sort_key(row.name), row.resident_id))
    size = max(1, min(wanted.size, LARGEST_PAGE))
    page = max(1, min(wanted.page, -(-len(rows) // size)))
    return Page(tuple(rows[(page - 1) * size : page * size]), page, size, len(rows))


def organisations(session: Session, actor: Actor) -> tuple[tuple[str, int], ...]:
    """Return the organisations that have officials, each with how many, in the order of their names."""
    actor.require_desk()
    rows = session.execute(
        _here(actor)
        .where(Resident.official_of != "")
        .with_only_columns(Resident.official_of, func.count())
        .group_by(Resident.official_of)
    )
    return tuple(sorted(((name, number) for name, number in rows), key=lambda pair: sort_key(pair[0])))


def mark(session: Session, actor: Actor, resident_id: int, organisation: str, at: datetime) -> bool:
    """Note that a resident is an official of an organisation; "" that they are none. Return whether that is new."""
    actor.require_desk()
    row = scope.get_resident(session, actor, resident_id)
    changed = _set(row, _checked(organisation))
    if changed:
        audit.record(
            session, actor, AuditAction.HOUSEHOLD_CHANGED, "household", row.household_id, at,
            after={"changed": ["official"], "resident": row.id},
        )  # fmt: skip
    session.flush()
    return changed


def _checked(organisation: str) -> str:
    name = squeeze(printable(organisation))
    if len(name) > LONGEST_ORGANISATION:
        raise InvalidInput("value_too_long", field="organisation", longest=LONGEST_ORGANISATION)
    return name


def _set(row: Resident, organisation: str) -> bool:
    changed = row.official_of != organisation
    row.official_of = organisation
    return changed


@dataclass(frozen=True)
class Unmarked:
    """A line of a list that is nobody of the roster, or might be several: `candidates` are (household id, name, birth)."""

    line: str
    candidates: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Marked:
    """What became of a list."""

    marked: int
    already: int
    left: tuple[Unmarked, ...]


def mark_listed(session: Session, actor: Actor, text: str, organisation: str, at: datetime) -> Marked:
    """Mark the officials of a pasted list (see `domain.officials.read_list`); lines that leave a doubt are given back.

    Parameters
    ----------
    organisation
        Of the lines that name none.
    """
    actor.require_desk()
    listed = list(read_list(text))
    default = _checked(organisation)
    if not listed:
        raise InvalidInput("officials_no_lines", field="lines")
    if len(listed) > MOST_LINES:
        raise InvalidInput("officials_too_many_lines", field="lines", most=MOST_LINES)
    if not default and not all(one.organisation for one in listed):
        raise InvalidInput("officials_no_organisation", field="organisation")
    found = _matches(session, actor, listed)
    rows = {
        row.id: row
        for row in session.scalars(select(Resident).where(Resident.id.in_([ids[0] for ids in found if len(ids) == 1])))
    }
    news = [_set(rows[ids[0]], one.organisation or default) for one, ids in zip(listed, found, strict=True) if len(ids) == 1]
    if any(news):
        audit.record(
            session, actor, AuditAction.HOUSEHOLD_CHANGED, "commune", actor.commune_id, at,
            after={"changed": ["official"], "residents": sum(news)},
        )  # fmt: skip
    session.flush()
    doubtful = [(one.line, ids) for one, ids in zip(listed, found, strict=True) if len(ids) != 1]
    return Marked(sum(news), len(news) - sum(news), _left(session, doubtful))


def _matches(session: Session, actor: Actor, listed: Sequence[ListedOfficial]) -> list[list[int]]:
    """Return, a line each, the ids of the residents it may mean: by its name as written, else without its diacritics."""
    exact: dict[str, list[tuple[int, str]]] = defaultdict(list)
    loose: dict[str, list[tuple[int, str]]] = defaultdict(list)
    wanted = {fold(one.name) for one in listed}
    for resident_id, name, birth in session.execute(
        _here(actor).with_only_columns(Resident.id, Resident.name, Resident.birth).order_by(Resident.id)
    ):
        if (plain := fold(name)) in wanted:
            loose[plain].append((resident_id, birth))
            exact[match_key(name)].append((resident_id, birth))
    return [
        [
            resident_id
            for resident_id, birth in exact.get(match_key(one.name)) or loose.get(fold(one.name)) or ()
            if may_be(birth, one.birth)
        ]
        for one in listed
    ]


def _left(session: Session, doubtful: Sequence[tuple[str, list[int]]]) -> tuple[Unmarked, ...]:
    wanted = sorted({resident_id for _line, ids in doubtful for resident_id in ids[:MOST_CANDIDATES]})
    people = {row.id: row for part in in_parts(wanted) for row in session.scalars(select(Resident).where(Resident.id.in_(part)))}
    return tuple(
        Unmarked(line, tuple((people[i].household_id, people[i].name, people[i].birth) for i in ids[:MOST_CANDIDATES]))
        for line, ids in doubtful
    )
