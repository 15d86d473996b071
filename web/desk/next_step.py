"""The one thing the duty officer should do next, told in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _

from web.words import number


@dataclass(frozen=True)
class Situation:
    """What the next step depends on."""

    households: int
    volunteers: int
    monday: date  # this week's
    ends_on: date  # the campaign's last day
    run_id: int | None  # a plan run under way
    run_is_reassigning: bool
    draft_id: int | None  # a draft of this week to look through
    draft_is_reassigning: bool
    published: bool  # this week has a plan
    slots_ahead: bool  # this week still has hours to visit in
    missed: int
    next_published: bool
    next_draft_id: int | None


@dataclass(frozen=True)
class Step:
    code: str
    text: str
    label: str
    url: str
    primary: bool = True


def next_step(now: Situation) -> Step:
    """Return what to do next; the first that applies, in the order the work is done."""
    for rule in (_bring_in, _look_at_run, _look_at_draft, _plan_this_week, _give_again, _next_week):
        step = rule(now)
        if step:
            return step
    return Step(
        "nothing",
        _("Mọi việc đang theo đúng kế hoạch. Chưa có gì phải làm thêm."),
        _("Xem Bảng 5 rõ"),
        url_for("desk.board", monday=now.monday.isoformat()),
        primary=False,
    )


def _bring_in(now: Situation) -> Step | None:
    if not now.households:
        return Step(
            "roster",
            _("Chưa có hộ nào. Hãy bắt đầu bằng danh sách hộ mà xã đang dùng, để nguyên như đang có."),
            _("Nhập danh sách hộ"),
            url_for("desk.imports_upload", kind="roster"),
        )
    if not now.volunteers:
        return Step(
            "volunteers",
            _(
                "Đã có %(count)s hộ. Tiếp theo là danh sách tình nguyện viên và thời gian rảnh của họ.",
                count=number(now.households),
            ),
            _("Nhập tình nguyện viên"),
            url_for("desk.imports_upload", kind="volunteers"),
        )
    return None


def _look_at_run(now: Situation) -> Step | None:
    if now.run_id is None:
        return None
    text = _("Máy đang tìm cách phân công lại các lượt bỏ lỡ.") if now.run_is_reassigning else _("Máy đang lập kế hoạch.")
    return Step("running", text, _("Xem tiến độ"), url_for("desk.planning_run", run_id=now.run_id))


def _look_at_draft(now: Situation) -> Step | None:
    if now.draft_id is None or not now.slots_ahead:
        return None
    if now.draft_is_reassigning:
        text = _("Đã có phương án phân công lại các lượt bỏ lỡ. Xem ai phải đổi gì, rồi công bố.")
        return Step("reassigned", text, _("Xem thay đổi"), url_for("desk.missed_changes", week_plan_id=now.draft_id))
    return _draft_ready(now.monday, now.draft_id)


def _draft_ready(monday: date, draft_id: int) -> Step:
    text = _("Bản nháp tuần %(week)s đã sẵn sàng. Xem lại, chỉnh nếu cần, rồi công bố.", week=short_span(monday))
    return Step("draft", text, _("Xem bản nháp"), url_for("desk.planning_draft", week_plan_id=draft_id))


def _plan_this_week(now: Situation) -> Step | None:
    if now.published or not now.slots_ahead:
        return None
    return Step(
        "plan",
        _("Tuần này chưa có kế hoạch. Máy sẽ lập bản nháp để anh/chị xem trước khi công bố."),
        _("Lập kế hoạch tuần này"),
        url_for("desk.planning", monday=now.monday.isoformat()),
    )


def _give_again(now: Situation) -> Step | None:
    if not now.missed or not now.slots_ahead:
        return None
    return Step(
        "missed",
        _("Có %(count)s lượt thăm bị bỏ lỡ. Tuần này vẫn còn ca để phân công lại.", count=number(now.missed)),
        _("Phân công lại"),
        url_for("desk.missed", monday=now.monday.isoformat()),
    )


def _next_week(now: Situation) -> Step | None:
    monday = now.monday + timedelta(days=7)
    if now.next_published or monday > now.ends_on:
        return None
    if now.next_draft_id is not None:
        return _draft_ready(monday, now.next_draft_id)
    return Step(
        "plan_next",
        _("Tuần sau, %(week)s, chưa có kế hoạch.", week=short_span(monday)),
        _("Lập kế hoạch tuần sau"),
        url_for("desk.planning", monday=monday.isoformat()),
    )


def short_span(monday: date) -> str:
    """Return ``23/11–29/11``: alike in both languages, as dates are written in the commune."""
    return f"{monday:%d/%m}–{monday + timedelta(days=6):%d/%m}"
