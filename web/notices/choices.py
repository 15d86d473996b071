"""Nhận thông báo: the reader's e-mail address, what comes by which channel, in which language, and this browser's push."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from planner.domain.notices import Channel, Topic
from planner.services import accounts
from planner.services.notices import browsers, choosing, feed
from web.access import signed_in
from web.context import actor, app_db, now, running
from web.forms import FormErrors, refuse_unknown_fields, text_of
from web.i18n import LANGUAGES, remember_language
from web.notices.routes import blueprint


@blueprint.get("/notices/choices")
@signed_in
def choices() -> str:
    """Show where the reader is told what."""
    return _page(FormErrors())


def _page(errors: FormErrors) -> str:
    settings = running().settings
    with app_db().read() as session:
        chosen = choosing.choices(session, actor())
        person = accounts.me(session, actor())
        address = feed.address(session, actor(), settings.secret_key)
    url = settings.base_url + url_for("notices.calendar", user_id=address[0], token=address[1]) if address else ""
    return render_template(
        "notices/choices.html", chosen=chosen, person=person, errors=errors, feed_url=url, topics=_topic_words(),
        email=request.form.get("email", chosen.email), has_mail=bool(settings.smtp_host), push_key=_push_key(),
        languages=[("vi", "Tiếng Việt"), ("en", "English")],
    )  # fmt: skip


def _topic_words() -> dict[Topic, tuple[str, str]]:
    return {
        Topic.SHIFTS: (_("Ca của tôi"), _("nhắc ca, đổi ca, người đi cùng không đi được")),
        Topic.WEEK: (_("Lịch tuần"), _("lịch mới công bố, hạn báo lịch rảnh")),
        Topic.WORK: (_("Việc của đợt"), _("bản nháp, lượt bỏ lỡ, kết quả trong ngày")),
        Topic.REPORTS: (_("Báo cáo và chỉ tiêu"), _("hạn báo cáo, dự báo chưa đạt")),
        Topic.TROUBLE: (_("Sự cố"), _("việc tự động hỏng, sao lưu hỏng; không tắt được")),
    }


@blueprint.post("/notices/choices")
@signed_in
def choices_post() -> tuple[str, int] | Response:
    """Save address, language and channels."""
    refuse_unknown_fields(("email", "language", "on"))
    errors = FormErrors()
    chosen = request.form.get("language", "")
    on = {(Topic(t), Channel(c)) for t, _dot, c in (each.partition(".") for each in request.form.getlist("on")) if _is(t, c)}
    with errors.catching(), app_db().begin() as session:
        choosing.set_email(session, actor(), actor().user_id or 0, text_of("email", 300), now())
        choosing.choose(session, actor(), on, now())
        if chosen in LANGUAGES:
            accounts.set_language(session, actor(), chosen, now())
    if errors:
        return _page(errors), 422
    flash(_("Đã lưu cách nhận thông báo."), "success")
    response = redirect(url_for("notices.choices"))
    if chosen in LANGUAGES:
        remember_language(response, chosen, running().settings.https)
    return response


def _is(topic: str, channel: str) -> bool:
    return topic in set(Topic) and channel in set(Channel)


@blueprint.post("/notices/browser")
@signed_in
def browser() -> Response:
    """Let this browser be woken; its script fills in the form."""
    refuse_unknown_fields(("endpoint", "p256dh", "auth"))
    if not _push_key():
        abort(404)
    with app_db().begin() as session:
        browsers.subscribe(
            session, actor(), current_user.device_token, text_of("endpoint", 2000), text_of("p256dh", 200), text_of("auth", 100),
            now(),
        )  # fmt: skip
    flash(_("Máy này sẽ hiện thông báo."), "success")
    return redirect(url_for("notices.choices"))


@blueprint.post("/notices/browser/stop")
@signed_in
def browser_stop() -> Response:
    """Wake none of the reader's browsers any more."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        browsers.unsubscribe(session, actor())
    flash(_("Đã tắt thông báo đẩy trên mọi máy của anh/chị."), "success")
    return redirect(url_for("notices.choices"))


def _push_key() -> str:
    """Return the public key a browser asks its push service with; empty where push is not set up."""
    return browsers.public_key(running().settings.push_private_key)
