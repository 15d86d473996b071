"""Xóa dữ liệu cá nhân: what a dry run found, a proposal by one person, another's approval."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.vocabulary import Role
from planner.services import campaigns, retention
from web.access import policy
from web.context import actor, app_db, now, running
from web.desk.routes import blueprint
from web.forms import refuse_unknown_fields

DECIDES = policy(Role.DESK, Role.VIEWER)


@blueprint.get("/retention")
@DECIDES
def settings_retention() -> str:
    """Show what there is to erase, from when on, and what was proposed and erased."""
    with app_db().read() as session:
        campaign = campaigns.active(session, actor())
        found = retention.count(session, actor().commune_id, running().settings.data_dir)
        listed = retention.erasures(session, actor())
    return render_template(
        "desk/retention.html", campaign=campaign, due_on=retention.due_on(campaign), is_due=retention.is_due(campaign, now()),
        found=found, erasures=listed, waiting=next((erasure for erasure in listed if erasure.open), None),
        me=actor().user_id, may_propose=actor().runs_the_campaign,
    )  # fmt: skip


@blueprint.post("/retention")
@policy(Role.DESK)
def settings_retention_propose() -> Response:
    """Propose to erase; another person must approve."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        retention.propose(session, actor(), running().settings.data_dir, now())
    flash(_("Đã ghi đề nghị. Chưa có gì bị xóa: cần một người khác duyệt."), "success")
    return redirect(url_for("desk.settings_retention"))


@blueprint.post("/retention/<int:erasure_id>/cancel")
@DECIDES
def settings_retention_cancel(erasure_id: int) -> Response:
    """Take a proposal back."""
    refuse_unknown_fields(())
    with app_db().begin() as session:
        retention.cancel(session, actor(), erasure_id, now())
    flash(_("Đã bỏ đề nghị. Không có gì bị xóa."), "success")
    return redirect(url_for("desk.settings_retention"))


@blueprint.post("/retention/<int:erasure_id>/approve")
@DECIDES
def settings_retention_approve(erasure_id: int) -> Response:
    """Approve another person's proposal: residents' data are erased now."""
    refuse_unknown_fields(())
    retention.approve(app_db(), actor(), erasure_id, running().settings.data_dir, now())
    flash(_("Đã xóa dữ liệu cá nhân của người dân. Số liệu tổng hợp và nhật ký vẫn còn."), "success")
    return redirect(url_for("desk.settings_retention"))
