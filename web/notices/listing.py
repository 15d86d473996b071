"""Thông báo: what this person was told, newest first; read, all read, and that taken back."""

from __future__ import annotations

from datetime import datetime

from flask import abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.domain.bounds import is_within
from planner.domain.errors import Busy
from planner.services.notices import inbox
from web.access import allowed_roles, signed_in
from web.context import actor, app_db, now
from web.forms import refuse_unknown_fields
from web.i18n import language
from web.notices.routes import blueprint
from web.paging import page_number, page_url


@blueprint.get("/notices")
@signed_in
def listing() -> str:
    """List the reader's notices. After marking, the way back is offered here."""
    with app_db().read() as session:
        page = inbox.listing(session, actor(), language(), page_number())
    return render_template("notices/listing.html", page=page, page_url=page_url, marked_at=_instant("marked"))


@blueprint.get("/notices/<int:notice_id>")
@signed_in
def open_(notice_id: int) -> Response:
    """Lead from a message to the page it is about, and note that it was read."""
    with app_db().read() as session:
        notice = inbox.one(session, actor(), notice_id, language())
    if notice.read_at is None:
        _note_read(notice_id)
    if actor().role in (allowed_roles(current_app, notice.endpoint) or ()) and notice.endpoint != "notices.listing":
        return redirect(url_for(notice.endpoint, **notice.values))
    return redirect(url_for("notices.listing", _anchor=f"notice-{notice_id}"))


def _note_read(notice_id: int) -> None:
    """Note that a notice was read, unless something large is being written: then it may as well stay unread for now."""
    try:
        with app_db().begin(wait=False) as session:
            inbox.mark_read(session, actor(), now(), [notice_id])
    except Busy:
        pass


@blueprint.post("/notices/read")
@signed_in
def read() -> Response:
    """Mark one notice read (`notice`), or all."""
    refuse_unknown_fields(("notice", "page"))
    chosen = request.form.get("notice", "")
    if chosen and not (chosen.isascii() and chosen.isdigit() and len(chosen) < 10):
        abort(404)
    with app_db().begin() as session:
        count = inbox.mark_read(session, actor(), now(), [int(chosen)] if chosen else None)
    marked = now().isoformat() if count else None
    return redirect(url_for("notices.listing", marked=marked, page=request.form.get("page") or None))


@blueprint.post("/notices/unread")
@signed_in
def unread() -> Response:
    """Take back what was marked read at that instant."""
    refuse_unknown_fields(("marked",))
    marked_at = _instant("marked")
    if marked_at is None:
        abort(404)
    with app_db().begin() as session:
        inbox.mark_unread(session, actor(), marked_at)
    return redirect(url_for("notices.listing"))


def _instant(name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(request.values.get(name, ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None and is_within(found.date()) else None
