"""The five-clear board as a workbook, for those who print and pass on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.fiveclear import render_five_clear
from planner.domain.vocabulary import AuditAction
from planner.domain.wording import label, week_text
from planner.services import audit, campaigns
from planner.services.actors import Actor
from planner.services.board import BoardFilter, FiveClearRow, all_five_clear
from planner.sheets.tables import table_workbook

HEADS = {"vi": ("STT", "Thôn", "Tình trạng"), "en": ("No.", "Hamlet", "State")}
TITLES = {"vi": "Bảng phân công 5 rõ, {week}", "en": "Five-clear assignments, {week}"}


def five_clear_xlsx(
    session: Session, actor: Actor, monday: date, filters: BoardFilter | None, at: datetime, lang: str = "vi"
) -> bytes:
    """Return the promises of a week, each with its clears in full, as .xlsx. Leaves an audit entry: it holds names."""
    settings = campaigns.active(session, actor).settings
    rows = all_five_clear(session, actor, monday, filters, at)
    number, hamlet, state = HEADS[lang]
    header = [number, hamlet, *(label(clear, lang) for clear in settings.clears), state]
    widths = [6, 16, *(34 for _ in settings.clears), 12]
    audit.record(
        session, actor, AuditAction.ROSTER_EXPORTED, "week_plan", None, at,
        after={"monday": monday.isoformat(), "what": "five_clear", "rows": len(rows)},
    )  # fmt: skip
    title = TITLES[lang].format(week=week_text(monday, lang))
    return table_workbook(title, header, (_line(n, row, lang) for n, row in enumerate(rows, 1)), widths)


def _line(number: int, row: FiveClearRow, lang: str) -> list[object]:
    clears = [clear.text for clear in render_five_clear(row.clear, lang)]
    return [number, row.clear.hamlet, *clears, label(row.state, lang)]
