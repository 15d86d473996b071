"""Ảnh hoạt động: what was photographed in a week's shifts, one photo to look at, a photo deleted with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import Role
from planner.services import evidence
from web.access import policy
from web.context import actor, app_db, now, running
from web.forms import FormErrors, refuse_unknown_fields, text_of

blueprint = Blueprint("evidence", __name__, url_prefix="/photos", template_folder="templates")
WHO_SEES = policy(Role.DESK, Role.VIEWER, Role.LEADER, Role.VOLUNTEER)
OWN_WORDS = "other"


def folder() -> Path:
    return evidence.folder_of(running().settings.data_dir)


@blueprint.get("")
@WHO_SEES
def photos() -> str:
    """Show the photos of a week that this reader may see, by shift."""
    return _page(_asked_monday(), FormErrors())


def _page(monday: date, errors: FormErrors, asked_about: str = "") -> str:
    with app_db().read() as session:
        shifts = evidence.photos(session, actor(), monday)
    return render_template(
        "evidence/photos.html", monday=monday, this_monday=monday_of(local_date(now())), shifts=shifts, errors=errors,
        asked_about=asked_about, reasons=_reasons(), reason_words=_reason_words, before=monday - timedelta(days=7),
        after=monday + timedelta(days=7), may_delete=actor().runs_the_campaign,
    )  # fmt: skip


@blueprint.get("/<uuid>.jpg")
@WHO_SEES
def photo(uuid: str) -> Response:
    """Send one photo. Another's, a deleted one and none at all read alike."""
    with app_db().read() as session:
        path = evidence.opened(session, actor(), folder(), uuid)
    answer = send_file(path, mimetype="image/jpeg", download_name=f"anh-{uuid}.jpg", conditional=False, etag=False, max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<uuid>/delete")
@policy(Role.DESK)
def delete(uuid: str) -> tuple[str, int] | Response:
    """Erase a photo's file; that there was one, who deleted it and why stays."""
    refuse_unknown_fields(("monday", "why", "reason"))
    monday, why = _asked_monday(), request.form.get("why", "")
    errors = FormErrors()
    with errors.catching(lambda _field: f"why-{uuid}"):
        reason = text_of("reason") if why == OWN_WORDS else dict(_reasons()).get(why, "")
        evidence.delete(app_db(), actor(), folder(), uuid, why if reason and why != OWN_WORDS else reason, now())
    if errors:
        return _page(monday, errors, uuid), 422
    flash(_("Đã xóa ảnh. Số lượng và lý do vẫn được giữ."), "success")
    return redirect(url_for("evidence.photos", monday=monday))


def _reasons() -> list[tuple[str, str]]:
    """Return why photos go, as a form offers it: the code is kept, the words are the reader's."""
    return [
        ("papers", _("Lộ giấy tờ, màn hình hoặc số định danh")),
        ("consent", _("Người trong ảnh không đồng ý nữa")),
        ("child", _("Có trẻ em mà chưa hỏi người giám hộ")),
        ("mistake", _("Ảnh hỏng, trùng hoặc nhầm ca")),
        (OWN_WORDS, _("Lý do khác")),
    ]


def _reason_words(reason: str) -> str:
    return {**dict(_reasons()), "expired": _("Hết thời hạn lưu")}.get(reason, reason)


def _asked_monday() -> date:
    """Return the Monday of the week asked for, this week's where nothing usable is named."""
    this_week = monday_of(local_date(now()))
    try:
        asked = date.fromisoformat(request.values.get("monday", ""))
    except ValueError:
        return this_week
    if not 2000 <= asked.year <= 2100:
        abort(404)
    return monday_of(asked)
