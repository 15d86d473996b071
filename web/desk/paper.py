"""Phiếu giấy: what came back on paper, typed in: by list number, row and one key, or by scanning the row's code."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import Conflict, NotFound
from planner.domain.paper import KEY_OF_OUTCOME, KEY_OF_RESULT, PaperEntry, TypedLine, read_code, read_line
from planner.domain.vocabulary import Outcome
from planner.services import paper as lists
from planner.services.paper import ENTERED_BY, ListView, RowView
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_monday, asked_text, this_monday
from web.desk.paper_form import RowForm, typed_values, values_of
from web.desk.paper_words import result_words
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields
from web.words import day, label, say


@blueprint.get("/paper")
@policy(*ENTERED_BY)
def paper() -> str:
    """Ask for a list, offer to print some, show how far the week's are entered."""
    return _home(FormErrors())


def _home(errors: FormErrors) -> str:
    monday = asked_monday()
    with app_db().read() as session:
        printed = lists.lists_of_week(session, actor(), monday)
        crews = lists.crews_of_week(session, actor(), monday) if actor().runs_the_campaign else ()
    days = sorted({crew.on_date for crew in crews})
    return render_template(
        "desk/paper.html",
        monday=monday,
        this_monday=this_monday(),
        printed=printed,
        typed=asked_text("code"),
        errors=errors,
        days=[("", _("Cả tuần")), *((d.isoformat(), day(d)) for d in days)],
        crews=[("", _("Mọi tổ")), *((c.shift_id, _crew_title(c)) for c in crews)],
    )


def _crew_title(crew: lists.CrewOfWeek) -> str:
    title = _("Tổ %(number)s", number=crew.crew_number)
    return f"{title}, {day(crew.on_date)} {label(crew.period)}: {', '.join(crew.members)}"


@blueprint.get("/paper/find")
@policy(*ENTERED_BY)
def paper_find() -> str | tuple[str, int] | Response:
    """Lead from a list's number or a row's code to where it is entered."""
    errors = FormErrors()
    with errors.catching():
        number, row = read_code(asked_text("code"))
        try:
            with app_db().read() as session:
                found = lists.view(session, actor(), number)
                if row is not None:
                    found.row(row)
        except NotFound as error:
            errors.add("code", say(error.code, **error.facts))
        else:
            return redirect(_row_url(number, row) if row else url_for("desk.paper_list", number=number))
    return _home(errors), 422


def _row_url(number: int, row: int) -> str:
    return url_for("desk.paper_row", number=number, row=row)


@blueprint.get("/paper/<int:number>")
@policy(*ENTERED_BY)
def paper_list(number: int) -> str:
    """Show a list and how far it is entered; a row is typed in one line."""
    return _list_page(number, FormErrors())


def _list_page(number: int, errors: FormErrors) -> str:
    found = _list(number)
    return render_template(
        "desk/paper_list.html", list=found, errors=errors, typed=request.form.get("line", ""), next_row=found.next_open(),
        key_of_outcome=KEY_OF_OUTCOME, key_of_result=KEY_OF_RESULT, result_words=result_words,
    )  # fmt: skip


def _list(number: int) -> ListView:
    with app_db().read() as session:
        return lists.view(session, actor(), number)


@blueprint.post("/paper/<int:number>")
@policy(*ENTERED_BY)
def paper_list_post(number: int) -> tuple[str, int] | str | Response:
    """Take a row in one line. Where more is to be said, or something else stands recorded, its form is opened."""
    refuse_unknown_fields(("line",))
    found = _list(number)
    errors = FormErrors()
    line: TypedLine | None = None
    with errors.catching(lambda _field: "line"):
        line = read_line(request.form.get("line", "")[:200], number, found.on_date)
        if _row_errors(found, line.row, errors):
            return _list_page(number, errors), 422
        entry = line.entry()
        if entry is None:
            return _row_page(found, found.row(line.row), FormErrors(), typed_values(line))
        try:
            return _saved(number, entry, then="")
        except Conflict:
            return _row_page(found, found.row(line.row), FormErrors(), typed_values(line), conflict=True), 409
    return _list_page(number, errors), 422


def _row_errors(found: ListView, row: int, errors: FormErrors) -> bool:
    try:
        found.row(row)
    except NotFound as error:
        errors.add("line", say(error.code, **error.facts))
    return bool(errors)


def _saved(number: int, entry: PaperEntry, then: str, corrects: str = "") -> Response:
    """Record a row, say so, and lead on: to the next row, or back to the list."""
    with app_db().begin() as session:
        done = lists.enter(session, actor(), number, entry, now(), corrects)
    outcome = label(done.visit.outcome)
    if done.changed:
        flash(_("Đã ghi dòng %(row)s: %(outcome)s.", row=entry.row, outcome=outcome), "success")
    else:
        flash(_("Dòng %(row)s đã được ghi đúng như vậy từ trước: %(outcome)s.", row=entry.row, outcome=outcome), "info")
    following = _list(number).next_open(entry.row) if then == "next" else None
    return redirect(_row_url(number, following) if following else url_for("desk.paper_list", number=number))


@blueprint.get("/paper/<int:number>/<int:row>")
@policy(*ENTERED_BY)
def paper_row(number: int, row: int) -> str:
    """Show the form of one row."""
    found = _list(number)
    shown = found.row(row)
    return _row_page(found, shown, FormErrors(), values_of(shown))


@blueprint.post("/paper/<int:number>/<int:row>")
@policy(*ENTERED_BY)
def paper_row_post(number: int, row: int) -> tuple[str, int] | Response:
    found = _list(number)
    shown = found.row(row)
    form = RowForm(shown, found.on_date)
    errors = FormErrors()
    entry = form.read(errors)
    if entry is not None:
        try:
            with errors.catching(form.field_of):
                return _saved(number, entry, request.form.get("then", ""), request.form.get("corrects", ""))
        except Conflict:
            return _row_page(_list(number), _list(number).row(row), errors, dict(request.form), conflict=True), 409
    return _row_page(found, shown, errors, dict(request.form)), 422


def _row_page(found: ListView, row: RowView, errors: FormErrors, values: dict[str, str], *, conflict: bool = False) -> str:
    return render_template(
        "desk/paper_row.html", list=found, row=row, errors=errors, values=values, conflict=conflict, outcomes=list(Outcome),
        key_of_outcome=KEY_OF_OUTCOME, key_of_result=KEY_OF_RESULT, after_shift=found.on_date + timedelta(days=1),
    )  # fmt: skip
