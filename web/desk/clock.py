"""Đồng hồ: what is done by itself, when it was done last and is due next, what failed; and the reports that are due."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.deadlines import ReportCode
from planner.domain.errors import NotFound
from planner.domain.notices import Channel
from planner.domain.vocabulary import Role
from planner.jobs import overview, runs
from planner.services import campaigns, deadlines, heartbeat, volunteers
from planner.services.deadlines import DeadlineLine
from web.access import policy
from web.context import actor, app_db, now, running
from web.desk.asking import WEEK, asked_monday, day_or_404, this_monday
from web.desk.routes import blueprint
from web.forms import refuse_unknown_fields
from web.i18n import language
from web.words import number


@blueprint.get("/clock")
@policy(Role.DESK)
def settings_clock() -> str:
    """Show the jobs, their troubles, and the reports."""
    next_monday = this_monday() + WEEK
    with app_db().read() as session:
        campaign = campaigns.find_active(session, actor().commune_id)
        found = overview.overview(session, actor(), now())
        state = heartbeat.state(session, now(), running().started_at)
        reports = deadlines.lines(session, actor(), now()) if campaign else ()
        closed = campaign is not None and volunteers.is_closed(session, actor().commune_id, next_monday)
    return render_template(
        "desk/clock.html", overview=found, state=state, reports=reports, at=now(), next_monday=next_monday,
        availability_closed=closed, title_of=lambda name: overview.title_of(name, language()), span_words=span_words,
        left_words=left_words, lang=language(), report_name=report_name, campaign=campaign, is_set_up=_is_set_up,
        channel_word=_channel_word,
    )  # fmt: skip


def _is_set_up(channel: Channel) -> bool:
    settings = running().settings
    return bool(settings.smtp_host if channel is Channel.EMAIL else settings.push_private_key)


def _channel_word(channel: Channel) -> str:
    return _("Thư điện tử") if channel is Channel.EMAIL else _("Báo trên điện thoại")


@blueprint.post("/clock/runs/<int:run_id>/retry")
@policy(Role.DESK)
def settings_clock_retry(run_id: int) -> Response:
    """Have a run that failed tried again at the next tick."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        runs.retry(session, actor(), run_id, now())
    flash(_("Sẽ thử lại trong vòng nửa phút."), "success")
    return redirect(url_for("desk.settings_clock"))


@blueprint.post("/clock/reports")
@policy(Role.DESK)
def settings_clock_report() -> Response:
    """Note that a report was handed in, or that it was not after all."""
    refuse_unknown_fields(("code", "due_on", "sent"))
    code, due_on = _report_asked()
    with app_db().begin() as session:
        if request.form.get("sent") == "yes":
            deadlines.mark_sent(session, actor(), code, due_on, now())
            flash(_("Đã ghi: báo cáo đã gửi."), "success")
        else:
            deadlines.take_back(session, actor(), code, due_on, now())
            flash(_("Đã bỏ đánh dấu: báo cáo chưa gửi."), "success")
    return redirect(url_for("desk.settings_clock"))


def _report_asked() -> tuple[ReportCode, date]:
    code = request.form.get("code", "")
    if code not in set(ReportCode):
        raise NotFound("not_found", what="report")
    return ReportCode(code), day_or_404(request.form.get("due_on", ""))


@blueprint.post("/clock/availability/reopen")
@policy(Role.DESK)
def settings_clock_reopen() -> Response:
    """Let volunteers say again when they can come in a week."""
    refuse_unknown_fields(("monday",))
    with app_db().begin() as session:
        volunteers.reopen(session, actor(), asked_monday(), now())
    flash(_("Đã mở lại lịch rảnh."), "success")
    return redirect(url_for("desk.settings_clock"))


@blueprint.app_context_processor
def _banner() -> dict[str, object]:
    """Let every page of the desk say that the clock stands still."""
    return {"clock_stands_still": clock_stands_still}


def clock_stands_still() -> bool:
    """Tell whether nothing is done by itself any more; asked once a page."""
    if "clock_stands_still" not in g:
        with app_db().read() as session:
            g.clock_stands_still = heartbeat.state(session, now(), running().started_at).still
    return g.clock_stands_still


def report_name(line: DeadlineLine) -> str:
    """Return ``Báo cáo tháng`` or ``Báo cáo tổng kết``."""
    return deadlines.NAMES[line.deadline.code][language() == "en"]


def span_words(span: timedelta) -> str:
    """Return ``3 phút``, ``2 giờ 05 phút`` or ``4 ngày``; "" for less than a minute."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return ""
    if minutes < 60:
        return _("%(minutes)s phút", minutes=minutes)
    if minutes < 48 * 60:
        return _("%(hours)s giờ %(minutes)s phút", hours=minutes // 60, minutes=f"{minutes % 60:02}")
    return _("%(days)s ngày", days=number(minutes // (24 * 60)))


def left_words(line: DeadlineLine) -> str:
    """Return how much time is left for a report, or how late it is."""
    if line.days_left > 0:
        return _("còn %(days)s ngày", days=line.days_left)
    if line.days_left == 0:
        return _("hạn cuối hôm nay")
    return _("quá hạn %(days)s ngày", days=-line.days_left)
