"""The pages of each role: what the menu shows, and where a person lands after signing in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _

from planner.domain.vocabulary import Role

FIELD_ROLES = frozenset({Role.VOLUNTEER, Role.LEADER})


@dataclass(frozen=True)
class Entry:
    """One entry of the menu; `endpoint` is the page, and pages whose endpoint begins with `section` (one of them) light it up."""

    endpoint: str
    title: object
    icon: str
    roles: frozenset[Role]
    section: str | tuple[str, ...] = ""


_DESK = frozenset({Role.DESK})
_REPORTS = ("reports.overview", "reports.breakdown", "reports.figure", "reports.work")
MENU = (
    Entry("desk.week", _("Tuần này"), "week", _DESK),
    Entry("desk.planning", _("Lập kế hoạch"), "plan", _DESK),
    Entry("desk.board", _("Bảng 5 rõ"), "board", _DESK, ("desk.board", "desk.paper")),
    Entry("desk.missed", _("Bỏ lỡ"), "missed", _DESK),
    Entry("desk.from_phones", _("Từ điện thoại"), "phone", _DESK),
    Entry("desk.roster", _("Hộ dân"), "house", _DESK),
    Entry("desk.volunteers", _("Tình nguyện viên"), "people", _DESK),
    Entry("desk.imports", _("Nhập dữ liệu"), "import", _DESK),
    Entry("desk.settings", _("Thiết lập"), "shield", _DESK),
    Entry("field.my_week", _("Tuần của tôi"), "week", FIELD_ROLES, ("field.my_week", "field.visit", "field.record")),
    Entry("field.my_availability", _("Lịch rảnh"), "calendar", FIELD_ROLES),
    Entry("desk.paper", _("Phiếu giấy"), "print", frozenset({Role.LEADER}), "desk.paper"),
    Entry("evidence.photos", _("Ảnh"), "camera", FIELD_ROLES, "evidence"),
    Entry("reports.overview", _("Tổng quan"), "target", frozenset({Role.VIEWER}), _REPORTS),
    Entry("evidence.photos", _("Ảnh hoạt động"), "camera", frozenset({Role.VIEWER}), "evidence"),
    Entry("reports.inspection", _("Kiểm tra"), "shield", frozenset({Role.INSPECTOR})),
)
# The first of these that exists and the role may open is where it lands.
HOME = ("desk.week", "field.my_week", "reports.overview", "reports.inspection", "account.me")


def menu() -> list[tuple[Entry, str, bool]]:
    """Return (entry, address, is this page) for the signed-in role."""
    if getattr(g, "actor", None) is None:
        return []
    here = request.endpoint or ""
    return [
        (entry, url_for(entry.endpoint), here.startswith(entry.section or entry.endpoint))
        for entry in MENU
        if g.actor.role in entry.roles and entry.endpoint in current_app.view_functions
    ]


def home_url() -> str:
    """Return the address of the signed-in role's first page: for the field the app, unless it is switched off."""
    from web.access import allowed_roles
    from web.field.app import app_is_on

    if g.actor.role in FIELD_ROLES and app_is_on():
        return url_for("field_app.shell")

    for endpoint in HOME:
        if endpoint in current_app.view_functions and g.actor.role in (allowed_roles(current_app, endpoint) or ()):
            return url_for(endpoint)
    return url_for("account.me")
