"""Signing in and out, one's passphrase, one's devices, one's language."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from planner.services import accounts
from planner.services.actors import Actor
from planner.services.sync import seats as sync_seats
from web import seats
from web.access import SignedIn, public, signed_in
from web.account.browsers import device_label
from web.context import actor, app_db, now, running
from web.field.app import app_is_on
from web.forms import FormErrors, refuse_unknown_fields
from web.i18n import LANGUAGES, remember_language
from web.links import safe_next
from web.navigation import FIELD_ROLES, home_url
from web.throttle import guesses_per_address, guesses_per_login

blueprint = Blueprint("account", __name__, template_folder="templates")
# The session remembers that this sign-in came by a one-time link: a forgotten passphrase may then be replaced.
BY_LINK = "by_link"


@blueprint.get("/")
@public
def home() -> Response:
    """Lead to the first page of the role, or to the sign-in."""
    return redirect(home_url() if g.actor else url_for("account.sign_in"))


@blueprint.get("/sign-in")
@public
def sign_in() -> str | Response:
    if g.actor:
        return redirect(home_url())
    return _sign_in_page(FormErrors(), request.args.get("next", ""))


@blueprint.post("/sign-in")
@public
@guesses_per_address
@guesses_per_login
def sign_in_post() -> tuple[str, int] | Response:
    refuse_unknown_fields(("login", "passphrase", "remember", "next"))
    errors = FormErrors()
    remember = "remember" in request.form
    found = None
    with errors.catching(), app_db().begin() as db:
        found = accounts.sign_in(db, request.form.get("login", ""), request.form.get("passphrase", ""), _label(), remember, now())
    if found is None:
        if not errors:
            errors.add("login", _("Tên đăng nhập hoặc mật khẩu không đúng."))
        return _sign_in_page(errors, request.form.get("next", "")), 422
    return _begin(found, remember, safe_next(request.form.get("next"), ""), by_link=False)


@blueprint.get("/enter/<token>")
@public
def enter(token: str) -> str:
    """Ask before using the link: chat programs open links to preview them, and must not burn it."""
    return render_template("account/enter.html", token=token)


@blueprint.post("/enter/<token>")
@public
@guesses_per_address
def enter_post(token: str) -> Response:
    refuse_unknown_fields(())
    with app_db().begin() as db:
        found = accounts.redeem_link(db, token, _label(), now())
    return _begin(found, True, "", by_link=True)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    with app_db().begin() as db:
        accounts.sign_out(db, actor(), current_user.device_token, now())
    logout_user()
    session.clear()
    response = redirect(url_for("account.sign_in"))
    if seats.any_here():  # the phone app's storage may hold visits that are not sent yet: it alone erases it
        flash(_("Đã đăng xuất khỏi các trang. Ứng dụng trên máy này vẫn giữ danh sách; muốn xóa, hãy thoát trong ứng dụng."))
        return response
    flash(_("Đã đăng xuất. Trên thiết bị này không còn dữ liệu nào."), "success")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/me")
@signed_in
def me() -> str:
    with app_db().read() as db:
        person = accounts.me(db, actor())
        devices = accounts.devices(db, actor(), device_token=current_user.device_token)
    return render_template("account/me.html", person=person, devices=devices, device_token=current_user.device_token)


@blueprint.post("/me/devices/<int:device_id>/revoke")
@signed_in
def revoke_device(device_id: int) -> Response:
    with app_db().begin() as db:
        accounts.revoke_device(db, actor(), device_id, now())
    flash(_("Đã thu hồi thiết bị; lần mở trang tới nó phải đăng nhập lại."), "success")
    return redirect(url_for("account.me"))


@blueprint.get("/me/passphrase")
@signed_in
def passphrase() -> str:
    return _passphrase_page(FormErrors())


@blueprint.post("/me/passphrase")
@signed_in
@guesses_per_address
def passphrase_post() -> tuple[str, int] | Response:
    refuse_unknown_fields(("current", "passphrase", "again", "login"))
    errors = FormErrors()
    new = request.form.get("passphrase", "")
    if new != request.form.get("again", ""):
        errors.add("again", _("Hai lần gõ không giống nhau."))
    if not errors:
        current = None if session.get(BY_LINK) else request.form.get("current", "")
        with errors.catching(), app_db().begin() as db:
            accounts.set_passphrase(db, actor(), new, now(), current=current, device_token=current_user.device_token)
    if errors:
        return _passphrase_page(errors), 422
    session.pop(BY_LINK, None)
    flash(_("Đã lưu mật khẩu mới. Các thiết bị khác đã được đăng xuất."), "success")
    return redirect(home_url())


@blueprint.post("/language")
@public
def switch_language() -> Response:
    chosen = request.form.get("language", "")
    chosen = chosen if chosen in LANGUAGES else "vi"
    if g.actor:
        with app_db().begin() as db:
            accounts.set_language(db, actor(), chosen, now())
    response = redirect(safe_next(request.form.get("next"), url_for("account.home")))
    remember_language(response, chosen, running().settings.https)
    return response


def _begin(found: accounts.SignedInDevice, remember: bool, then: str, *, by_link: bool) -> Response:
    session.clear()  # nothing from before the sign-in lives on in it
    login_user(SignedIn(found.actor, found.device_token), remember=remember)
    g.actor = found.actor
    if by_link:
        session[BY_LINK] = True
    response = redirect(then or (_first_page(found.actor) if by_link else home_url()))
    remember_language(response, found.language, running().settings.https)
    with app_db().begin() as db:
        seat_token = sync_seats.take_seat(db, found.device_token)
    if seat_token is not None:
        seats.give(response, found.actor.user_id, seat_token, remembered=remember)
    return response


def _first_page(person: Actor) -> str:
    """Lead someone new on this browser on: the field to the app, as the person of this link; others to choosing a passphrase."""
    if person.role in FIELD_ROLES and app_is_on():
        return url_for("field_app.shell", _anchor=f"/enter/{person.user_id}")
    return url_for("account.passphrase")


def _sign_in_page(errors: FormErrors, then: str) -> str:
    return render_template("account/sign_in.html", errors=errors, then=safe_next(then, ""), login=request.form.get("login", ""))


def _passphrase_page(errors: FormErrors) -> str:
    with app_db().read() as db:
        person = accounts.me(db, actor())
    ask_current = person.has_passphrase and not session.get(BY_LINK)
    return render_template("account/passphrase.html", errors=errors, person=person, ask_current=ask_current)


def _label() -> str:
    return device_label(request.headers.get("User-Agent", ""))
