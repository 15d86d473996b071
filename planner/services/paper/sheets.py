"""A list as it is printed: the five clears of the crew on top, then one row a visit with all there is to tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from planner.domain.errors import NotFound
from planner.domain.fiveclear import FiveClear
from planner.domain.paper import row_code
from planner.models import Assignment, PaperList, PaperRow
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.clears import five_clears
from planner.services.paper.needs import PaperNeed, needs_of_rows


@dataclass(frozen=True)
class SheetRow:
    """One visit. `note` is the household's hint: a dog, a dark lane; `reserve`: left out first when the shift grows long."""

    number: int
    code: str
    head_name: str
    address: str
    hamlet: str
    visit_at: datetime
    note: str
    needs_woman: bool
    languages: tuple[str, ...]
    needs: tuple[PaperNeed, ...]
    reserve: bool


@dataclass(frozen=True)
class Sheet:
    """A crew's list. `clear` is of all its visits together: crew, hours and who answers are theirs, the tasks all there are."""

    number: int
    on_date: date
    clear: FiveClear
    hamlet: str
    rows: tuple[SheetRow, ...]


def sheets(session: Session, actor: Actor, numbers: Sequence[int]) -> tuple[Sheet, ...]:
    """Return lists for printing, in the order asked for.

    Raises
    ------
    NotFound
        ``paper_list_unknown``.
    """
    actor.require_desk()
    campaign = campaigns.active(session, actor)
    found = {
        each.number: each
        for each in session.scalars(
            select(PaperList)
            .where(PaperList.commune_id == actor.commune_id, PaperList.number.in_(numbers))
            .options(selectinload(PaperList.rows).joinedload(PaperRow.assignment).joinedload(Assignment.household))
        )
    }
    missing = [number for number in numbers if number not in found]
    if missing:
        raise NotFound("paper_list_unknown", number=missing[0])
    rows = [row for each in found.values() for row in each.rows]
    clears = five_clears(session, campaign, [row.assignment_id for row in rows], phones=True)
    needs = needs_of_rows(session, campaign, rows)
    return tuple(_sheet(found[number], clears, needs) for number in numbers)


def _sheet(each: PaperList, clears: dict[int, FiveClear], needs: dict[int, tuple[PaperNeed, ...]]) -> Sheet:
    first = clears[each.rows[0].assignment_id]
    tasks = tuple(task for row in each.rows for task in clears[row.assignment_id].tasks)
    hamlets = dict.fromkeys(clears[row.assignment_id].hamlet for row in each.rows)
    return Sheet(
        each.number,
        first.on_date,
        replace(first, tasks=tasks),
        ", ".join(hamlets),
        tuple(_row(each.number, row, clears[row.assignment_id], needs[row.id]) for row in each.rows),
    )


def _row(list_number: int, row: PaperRow, clear: FiveClear, needs: tuple[PaperNeed, ...]) -> SheetRow:
    house = row.assignment.household
    return SheetRow(
        row.number, row_code(list_number, row.number), house.head_name, house.address, clear.hamlet, clear.visit_at,
        house.note, house.needs_woman, tuple(house.languages), needs, row.assignment.reserve,
    )  # fmt: skip
