"""Bảng 5 rõ: every promise of the week in full, on screen, on paper, as a workbook."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from planner.domain.fiveclear import ClearText, FiveClear, render_five_clear
from planner.domain.vocabulary import AssignmentState, Clear, Outcome, Role
from planner.services import board as boards
from planner.services import board_sheet, campaigns
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_day, asked_monday, asked_number, asked_text, this_monday
from web.desk.choices import hamlet_choices
from web.desk.downloads import workbook
from web.desk.routes import blueprint
from web.i18n import language
from web.paging import page_number
from web.words import day, label


def _filters() -> boards.BoardFilter:
    state = asked_text("state", 20)
    return boards.BoardFilter(
        shift_id=asked_number("shift"),
        volunteer_id=asked_number("volunteer"),
        hamlet_id=asked_number("hamlet"),
        on_date=asked_day(),
        state=AssignmentState(state) if state in set(AssignmentState) else None,
    )


def _query(filters: boards.BoardFilter) -> dict[str, object]:
    """Return the filters as they stand in an address."""
    query = {
        "shift": filters.shift_id,
        "volunteer": filters.volunteer_id,
        "hamlet": filters.hamlet_id,
        "day": filters.on_date.isoformat() if filters.on_date else None,
        "state": filters.state.value if filters.state else None,
    }
    return {key: value for key, value in query.items() if value is not None}


@blueprint.get("/board")
@policy(Role.DESK)
def board() -> str:
    """Show the five clears of a week's promises, filtered."""
    monday, filters = asked_monday(), _filters()
    with app_db().read() as session:
        page = boards.five_clear(session, actor(), monday, filters, page_number(), now())
        hamlets = hamlet_choices(session)
        overview = boards.week(session, actor(), monday, now())
    return render_template(
        "desk/board.html",
        monday=monday,
        this_monday=this_monday(),
        page=page,
        spared=overview.figures.spared if filters == boards.BoardFilter() else 0,
        published=overview.week_plan_id is not None,
        chosen=filters,
        clears=lambda row: [(c.label, c.text) for c in render_five_clear(row.clear, language())],
        hamlets=hamlets,
        crews=[("", _("Tất cả")), *((c.shift_id, _crew_title(c)) for c in overview.crews)],
        days=[("", _("Cả tuần")), *((d.isoformat(), day(d)) for d in (monday + timedelta(days=i) for i in range(7)))],
        states=[("", _("Tất cả")), *((s.value, label(s)) for s in AssignmentState)],
        print_url=url_for("desk.board_print", monday=monday.isoformat(), **_query(filters)),
        xlsx_url=url_for("desk.board_xlsx", monday=monday.isoformat(), **_query(filters)),
    )


def _crew_title(crew: boards.CrewLine) -> str:
    return f"{_('Tổ %(number)s', number=crew.number)}, {day(crew.on_date)} {label(crew.period)}: {', '.join(crew.members)}"


@blueprint.get("/board/print")
@policy(Role.DESK)
def board_print() -> str:
    """One sheet a crew and shift, large type, with a line to sign on."""
    monday = asked_monday()
    with app_db().read() as session:
        rows = boards.all_five_clear(session, actor(), monday, _filters(), now())
        commune = campaigns.commune(session, actor())
        campaign = campaigns.active(session, actor())
    sheets = [list(group) for _shift, group in groupby(rows, key=lambda row: row.shift_id)]
    return render_template(
        "desk/board_print.html",
        monday=monday,
        sheets=sheets,
        commune=commune,
        campaign=campaign,
        header_clears=_header_clears,
        schedule=Clear.SCHEDULE,
        outcomes=(Outcome.MET, Outcome.ABSENT, Outcome.CALLBACK, Outcome.REFUSED),
    )


def _header_clears(clear: FiveClear) -> list[ClearText]:
    """Return the clears that a crew's whole sheet shares: who goes, and who answers for it."""
    return [c for c in render_five_clear(clear, language()) if c.clear in (Clear.PERSON, Clear.ACCOUNTABILITY, Clear.AUTHORITY)]


@blueprint.get("/board.xlsx")
@policy(Role.DESK)
def board_xlsx() -> Response:
    """The board as a workbook."""
    monday = asked_monday()
    with app_db().begin() as session:  # the download leaves an audit entry
        content = board_sheet.five_clear_xlsx(session, actor(), monday, _filters(), now(), language())
    return workbook(content, f"bang-5-ro-{monday:%Y-%m-%d}.xlsx")
