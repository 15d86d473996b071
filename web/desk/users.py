"""Người dùng: who may sign in, their one-time links, their devices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.vocabulary import Role
from planner.services import accounts, volunteers
from planner.services.accounts import UserFilter, UserForm
from planner.services.accounts.signing_in import LONGEST_LINK_HOURS
from planner.services.notices import choosing
from web.access import policy
from web.context import actor, app_db, now, running
from web.desk.asking import asked_text
from web.desk.choices import volunteer_field
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields, text_of
from web.paging import page_number
from web.qr import qr_picture
from web.words import label


def _roles() -> list[tuple[str, str]]:
    return [(role.value, label(role)) for role in Role]


@blueprint.get("/users")
@policy(Role.DESK)
def settings_users() -> str:
    """List who may sign in."""
    role = asked_text("role", 20)
    chosen = UserFilter(q=asked_text("q"), role=Role(role) if role in set(Role) else None, page=page_number())
    with app_db().read() as session:
        page = accounts.users(session, actor(), chosen)
    return render_template("desk/users.html", page=page, chosen=chosen, roles=[("", _("Tất cả")), *_roles()])


@blueprint.get("/users/new")
@policy(Role.DESK)
def settings_users_new() -> str:
    """Ask for a new person's name and role."""
    return _new_page({"name": "", "role": Role.VOLUNTEER.value, "volunteer": asked_text("volunteer", 10)}, FormErrors())


def _new_page(values: dict[str, Any], errors: FormErrors) -> str:
    with app_db().read() as session:
        volunteer = volunteer_field(session, values["volunteer"])
    if not values["name"] and values["volunteer"]:
        values["name"] = next((v.name for v in volunteer.listed if v.label == volunteer.typed), "")
    return render_template("desk/user_new.html", values=values, errors=errors, roles=_roles(), volunteer=volunteer)


@blueprint.post("/users/new")
@policy(Role.DESK)
def settings_users_make() -> str | tuple[str, int]:
    """Make the account and show its first link."""
    refuse_unknown_fields(("name", "role", "volunteer"))
    errors = FormErrors()
    role = request.form.get("role", "")
    if role not in set(Role):
        errors.add("role", _("Hãy chọn một vai trò."))
    token, person = "", None
    if not errors:
        with errors.catching(), app_db().begin() as session:
            form = UserForm(
                text_of("name", 120), Role(role), volunteers.chosen(session, actor(), request.form.get("volunteer", ""))
            )
            person = accounts.create_user(session, actor(), form, now())
            token = accounts.issue_link(session, actor(), person.id, now())
    if person is None:
        return _new_page({name: request.form.get(name, "") for name in ("name", "role", "volunteer")}, errors), 422
    return _link_page(person, token)


@blueprint.get("/users/<int:user_id>")
@policy(Role.DESK)
def settings_users_one(user_id: int) -> str:
    """Show a person: their link, their devices, their role."""
    return _page(user_id, FormErrors())


def _page(user_id: int, errors: FormErrors) -> str:
    with app_db().read() as session:
        person = accounts.user(session, actor(), user_id)
        devices = accounts.devices(session, actor(), user_id)
        email, trouble = choosing.email_of(session, actor(), user_id)
    values = {
        "name": request.form.get("name", person.name), "role": request.form.get("role", person.role.value),
        "email": request.form.get("email", email),
    }  # fmt: skip
    return render_template(
        "desk/user.html", user=person, devices=devices, values=values, errors=errors, roles=_roles(),
        is_me=person.id == actor().user_id, trouble=trouble,
    )  # fmt: skip


@blueprint.post("/users/<int:user_id>")
@policy(Role.DESK)
def settings_users_change(user_id: int) -> Response | tuple[str, int]:
    """Save name and role."""
    refuse_unknown_fields(("name", "role"))
    errors = FormErrors()
    role = request.form.get("role", "")
    if role not in set(Role):
        errors.add("role", _("Hãy chọn một vai trò."))
    else:
        with errors.catching(), app_db().begin() as session:
            accounts.change_user(session, actor(), user_id, UserForm(text_of("name", 120), Role(role)), now())
    if errors:
        return _page(user_id, errors), 422
    flash(_("Đã lưu."), "success")
    return redirect(url_for("desk.settings_users_one", user_id=user_id))


@blueprint.post("/users/<int:user_id>/email")
@policy(Role.DESK)
def settings_users_email(user_id: int) -> Response | tuple[str, int]:
    """Note where notices are mailed to a person who asked for it."""
    refuse_unknown_fields(("email",))
    errors = FormErrors()
    with errors.catching(), app_db().begin() as session:
        choosing.set_email(session, actor(), user_id, text_of("email", 300), now())
    if errors:
        return _page(user_id, errors), 422
    flash(_("Đã lưu."), "success")
    return redirect(url_for("desk.settings_users_one", user_id=user_id))


@blueprint.post("/users/<int:user_id>/state")
@policy(Role.DESK)
def settings_users_state(user_id: int) -> Response:
    """Lock a person out everywhere, or let them in again."""
    refuse_unknown_fields(("disabled",))
    lock = request.form.get("disabled") == "yes"
    with app_db().begin() as session:
        (accounts.disable if lock else accounts.enable)(session, actor(), user_id, now())
    flash(_("Đã khóa tài khoản trên mọi thiết bị.") if lock else _("Đã mở lại tài khoản."), "success")
    return redirect(url_for("desk.settings_users_one", user_id=user_id))


@blueprint.post("/users/<int:user_id>/link")
@policy(Role.DESK)
def settings_users_link(user_id: int) -> str:
    """Issue a one-time link; it is shown this once."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        person = accounts.user(session, actor(), user_id)
        token = accounts.issue_link(session, actor(), user_id, now())
    return _link_page(person, token)


def _link_page(person: accounts.UserView, token: str) -> str:
    url = running().settings.base_url + url_for("account.enter", token=token)
    return render_template(
        "desk/link.html",
        user=person,
        url=url,
        expires_at=now() + timedelta(hours=LONGEST_LINK_HOURS),
        qr=qr_picture(url),  # in the page: a picture of its own would need the token in its address
    )


@blueprint.post("/users/<int:user_id>/devices/<int:device_id>/revoke")
@policy(Role.DESK)
def settings_users_revoke(user_id: int, device_id: int) -> Response:
    """Sign a device out."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        accounts.user(session, actor(), user_id)
        accounts.revoke_device(session, actor(), device_id, now())
    flash(_("Đã thu hồi thiết bị; lần mở trang tới nó phải đăng nhập lại."), "success")
    return redirect(url_for("desk.settings_users_one", user_id=user_id))
