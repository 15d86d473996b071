"""The calendar that other programs fetch, and its address made anew or taken back."""

from __future__ import annotations

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.notices import feed
from web.access import policy, public
from web.context import actor, app_db, now, running
from web.forms import refuse_unknown_fields
from web.navigation import FIELD_ROLES
from web.notices.routes import blueprint


@blueprint.get("/calendar/<int:user_id>/<token>.ics")
@public
def calendar(user_id: int, token: str) -> Response:
    """Return a person's calendar to whoever knows its address: calendar programs cannot sign in."""
    with app_db().read() as session:
        body = feed.calendar_of(session, running().settings.secret_key, user_id, token, now())
    response = make_response(body)
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = 'inline; filename="nam-ro.ics"'
    return response


@blueprint.post("/notices/feed")
@policy(*FIELD_ROLES)
def feed_post() -> Response:
    """Make the calendar's address (anew), or take it back."""
    refuse_unknown_fields(("do",))
    stop = request.form.get("do") == "stop"
    with app_db().begin() as session:
        (feed.stop if stop else feed.renew)(session, actor(), now())
    flash(_("Đã thu hồi địa chỉ lịch.") if stop else _("Đã tạo địa chỉ lịch mới. Địa chỉ cũ không dùng được nữa."), "success")
    return redirect(url_for("notices.choices", _anchor="calendar"))
