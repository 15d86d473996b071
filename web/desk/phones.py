"""Từ điện thoại: what came from phones that needs a look, and how long ago each phone was heard of."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.vocabulary import Role
from planner.services.sync import deciding, reviewing
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import whole_number
from web.desk.phone_words import report_words
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields, text_of
from web.paging import page_number

DECIDE = policy(Role.DESK)
ROWS = 50


@blueprint.get("/phones")
@policy(Role.DESK)
def from_phones() -> str:
    """List what waits, or with ?show=decided what was decided."""
    return _page(FormErrors(), None)


@blueprint.post("/phones/<int:report_id>/accept")
@DECIDE
def from_phones_accept(report_id: int) -> Response | tuple[str, int]:
    """Record it, credited to whoever sent it; take note of what is recorded already."""
    refuse_unknown_fields(("hamlet",))
    errors = FormErrors()
    with errors.catching(), app_db().begin() as session:
        deciding.accept(session, actor(), report_id, now(), whole_number(request.form.get("hamlet", "")))
    return _done(errors, report_id, _("Đã ghi, tính cho người báo."))


@blueprint.post("/phones/<int:report_id>/dismiss")
@DECIDE
def from_phones_dismiss(report_id: int) -> Response | tuple[str, int]:
    """Leave it at that; why is kept."""
    refuse_unknown_fields(("reason",))
    errors = FormErrors()
    with errors.catching(), app_db().begin() as session:
        deciding.dismiss(session, actor(), report_id, text_of("reason", deciding.LONGEST_REASON), now())
    return _done(errors, report_id, _("Đã bỏ qua. Báo cáo vẫn được giữ."))


@blueprint.post("/phones/<int:report_id>/reopen")
@DECIDE
def from_phones_reopen(report_id: int) -> Response:
    """Take the decision back."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        deciding.reopen(session, actor(), report_id, now())
    flash(_("Đã mở lại."), "success")
    return redirect(url_for("desk.from_phones"))


@blueprint.app_context_processor
def _waiting() -> dict[str, object]:
    """Let the menu show how many reports wait."""
    return {"reports_waiting": reports_waiting}


def reports_waiting() -> int:
    """Return how many reports wait for the desk; asked once a page."""
    if "reports_waiting" not in g:
        with app_db().read() as session:
            g.reports_waiting = reviewing.open_count(session, actor())
    return g.reports_waiting


def _done(errors: FormErrors, report_id: int, told: str) -> Response | tuple[str, int]:
    if errors:
        return _page(errors, report_id), 422
    flash(told, "success")
    return redirect(url_for("desk.from_phones"))


def _page(errors: FormErrors, at_fault: int | None) -> str:
    decided = request.args.get("show") == "decided"
    with app_db().read() as session:
        page = reviewing.reports(session, actor(), decided=decided, page=page_number(), size=ROWS)
        phones = reviewing.phones(session, actor())
        hamlets = reviewing.hamlets(session, actor())
    return render_template(
        "desk/from_phones.html", page=page, decided=decided, phones=phones, hamlets=[(str(i), name) for i, name in hamlets],
        errors=errors, at_fault=at_fault, report_words=report_words, at=now(),
    )  # fmt: skip
