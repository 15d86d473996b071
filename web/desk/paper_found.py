"""Phiếu giấy: people and households found at a door and written on the sheet, typed in as a phone would have sent them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.calendar import local_date
from planner.domain.text import printable
from planner.services import paper as lists
from planner.services.paper import ENTERED_BY, FoundHousehold, FoundPerson
from web.access import policy
from web.context import actor, app_db, now
from web.desk.asking import asked_text, whole_number
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields

LONGEST = {
    "name": 120, "birth_year": 4, "phone": 20, "note": 500,
    "head_name": 120, "address": 200, "house_phone": 20, "house_note": 500,
}  # fmt: skip
FIRST_BIRTH_YEAR = 1900


@blueprint.get("/paper/<int:number>/<int:row>/found")
@policy(*ENTERED_BY)
def paper_found(number: int, row: int) -> str:
    """Ask for somebody, or a household, that the list did not know; with ?household= for somebody of a new one."""
    return _page(number, row, asked_text("household"), FormErrors())


@blueprint.post("/paper/<int:number>/<int:row>/found")
@policy(*ENTERED_BY)
def paper_found_post(number: int, row: int) -> Response | tuple[str, int]:
    """Keep a person for the desk to look at."""
    refuse_unknown_fields(("household", "name", "birth_year", "phone", "note"))
    errors, uid = FormErrors(), _typed("household")
    person = _person(errors, uid)
    if not errors:
        with errors.catching(_field), app_db().begin() as session:
            changed = lists.enter_person(session, actor(), number, row, person, now())
    return (_page(number, row, uid, errors), 422) if errors else _done(number, row, person.name, changed=changed)


@blueprint.post("/paper/<int:number>/<int:row>/found-household")
@policy(*ENTERED_BY)
def paper_found_household(number: int, row: int) -> Response | tuple[str, int]:
    """Keep a household for the desk to look at."""
    refuse_unknown_fields(("head_name", "address", "house_phone", "house_note"))
    errors = FormErrors()
    house = _household(errors)
    if not errors:
        with errors.catching(_field), app_db().begin() as session:
            changed = lists.enter_household(session, actor(), number, row, house, now())
    return (_page(number, row, "", errors), 422) if errors else _done(number, row, house.head_name, changed=changed)


def _done(number: int, row: int, name: str, *, changed: bool) -> Response:
    if changed:
        flash(_("Đã ghi: %(name)s. Trực ban sẽ xem và đưa vào danh sách.", name=name), "success")
    else:
        flash(_("Đã được ghi đúng như vậy từ trước: %(name)s.", name=name), "info")
    return redirect(url_for("desk.paper_found", number=number, row=row))


def _page(number: int, row: int, uid: str, errors: FormErrors) -> str:
    with app_db().read() as session:
        listed = lists.view(session, actor(), number)
        shown = listed.row(row)
        found = lists.found_of_row(session, actor(), number, row)
        new = lists.new_household(session, actor(), number, row, uid) if uid else None
    return render_template(
        "desk/paper_found.html", list=listed, row=shown, found=found, new=new, errors=errors, values=request.form,
        longest=LONGEST,
    )  # fmt: skip


def _typed(name: str) -> str:
    return printable(request.form.get(name, "")).strip()


def _person(errors: FormErrors, uid: str) -> FoundPerson:
    if not _typed("name"):
        errors.add("name", _("Ghi họ và tên."))
    year = whole_number(_typed("birth_year"))
    right = year is not None and FIRST_BIRTH_YEAR <= year <= local_date(now()).year
    if _typed("birth_year") and not right:
        errors.add("birth_year", _("Ghi năm sinh bốn chữ số, ví dụ 1985."))
    _refuse_long(errors, "name", "phone", "note")
    return FoundPerson(_typed("name"), year if right else None, _typed("phone"), _typed("note"), uid)


def _household(errors: FormErrors) -> FoundHousehold:
    if not _typed("head_name"):
        errors.add("head_name", _("Ghi tên chủ hộ."))
    if not _typed("address"):
        errors.add("address", _("Ghi địa chỉ để tổ sau tìm được."))
    _refuse_long(errors, "head_name", "address", "house_phone", "house_note")
    return FoundHousehold(_typed("head_name"), _typed("address"), _typed("house_phone"), _typed("house_note"))


def _refuse_long(errors: FormErrors, *names: str) -> None:
    for name in names:
        if len(_typed(name)) > LONGEST[name]:
            errors.add(name, _("Dài quá %(most)s ký tự.", most=LONGEST[name]))


def _field(name: str) -> str:
    """Return the form's field for one of a report."""
    plain = name.removeprefix("body.")
    return {"phone": "house_phone", "note": "house_note"}.get(plain, plain) if "head_name" in request.form else plain
