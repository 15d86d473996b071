"""The chairman's page: on course or not, where it stands still, what would help; and the rows behind each figure.

The desk opens the same pages and sees names where others see codes. The inspector's page: what is to come.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, render_template, request

from planner.domain.calendar import local_date, monday_of
from planner.domain.text import printable
from planner.domain.vocabulary import Role
from planner.services import board, campaigns, progress
from planner.services.progress import By, Doer, IndicatorLine, Part, RowFilter, WorkFilter
from web.access import policy
from web.context import actor, app_db, now
from web.paging import page_number, page_url
from web.reports.chart import chart
from web.reports.words import LOOK, course_word, figure_word, group_word, help_words, who_words
from web.words import percentage

blueprint = Blueprint("reports", __name__, url_prefix="/reports", template_folder="templates")
TABS = ("hamlet", "group", "crew", "team", "organisation")
LONGEST_NAME = 200
TAB_OF = {Doer.TEAM: "team", Doer.CREW: "crew"}  # all others are quotas


@blueprint.get("/overview")
@policy(Role.VIEWER, Role.DESK)
def overview() -> str:
    """Show where the campaign stands and is going, and the week in figures; nobody is named."""
    monday = monday_of(local_date(now()))
    with app_db().read() as session:
        campaign = campaigns.active(session, actor())
        commune = campaigns.commune(session, actor())
        found = progress.overview(session, actor(), now())
        week = board.week(session, actor(), monday, now())
    days_left = (campaign.ends_on - local_date(now())).days
    return render_template(
        "reports/overview.html", campaign=campaign, commune=commune, overview=found, week=week, monday=monday,
        days_left=max(0, days_left), week_ends_on=monday + timedelta(days=6), look=LOOK, course_word=course_word,
        group_word=group_word, figure_word=figure_word,
        charts={line.target.code: chart(line, campaign.starts_on, campaign.ends_on) for line in found.lines},
        helps={line.target.code: _help(line, campaign.ends_on.strftime("%d/%m/%Y")) for line in found.lines},
    )  # fmt: skip


def _help(line: IndicatorLine, ends_on: str) -> str:
    wanted = line.forecast.hamlets if line.forecast else ()
    names = {gap.hamlet_id: gap.name for gap in line.gaps}
    return help_words(line, ", ".join(names[h] for h in wanted), ends_on, percentage(line.target.target_percent))


@blueprint.get("/progress")
@policy(Role.VIEWER, Role.DESK)
def breakdown() -> str:
    """Show the same figures by hamlet, group, crew or organisation, and the quotas."""
    by = request.args.get("by", "hamlet")
    if by not in TABS:
        abort(404)
    with app_db().read() as session:
        campaign = campaigns.active(session, actor())
        common = {"campaign": campaign, "by": by, "at": now(), "figure_word": figure_word}
        if by == "crew":
            return render_template(
                "reports/crews.html",
                page=progress.crews(session, actor(), page_number()),
                page_url=page_url,
                **common,
            )
        if by == "team":
            return render_template("reports/teams.html", rows=progress.teams(session, actor()), **common)
        if by == "organisation":
            return render_template("reports/quotas.html", found=progress.quotas(session, actor(), now()), **common)
        found = progress.breakdown(session, actor(), By(by), now())
    return render_template("reports/breakdown.html", found=found, group_word=group_word, **common)


@blueprint.get("/figures/<figure>")
@policy(Role.VIEWER, Role.DESK)
def figure(figure: str) -> str:
    """Show the households behind a figure: to the desk with names, to others by code and hamlet."""
    wanted = RowFilter(figure, _part(), _number("hamlet"), _number("group"), page_number())
    with app_db().read() as session:
        found = progress.rows(session, actor(), wanted, now())
    return render_template(
        "reports/figure.html", found=found, wanted=wanted, page_url=page_url, group_word=group_word, figure_word=figure_word,
        at=now(),
    )  # fmt: skip


@blueprint.get("/doers/<doer>/<figure>")
@policy(Role.VIEWER, Role.DESK)
def work(doer: str, figure: str) -> str:
    """Show the households behind a figure of an organisation, a crew or a quota, likewise."""
    if doer not in [each.value for each in Doer]:
        abort(404)
    wanted = WorkFilter(Doer(doer), printable(request.args.get("who", ""))[:LONGEST_NAME], figure, page_number())
    with app_db().read() as session:
        found = progress.work_rows(session, actor(), wanted, now())
    return render_template(
        "reports/work.html", found=found.rows, who=who_words(wanted, found.who), tab=TAB_OF.get(wanted.doer, "organisation"),
        page_url=page_url, group_word=group_word, figure_word=figure_word, at=now(),
    )  # fmt: skip


def _part() -> Part:
    text = request.args.get("part", Part.COUNTED.value)
    if text not in [part.value for part in Part]:
        abort(404)
    return Part(text)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(404)
    return int(text)


@blueprint.get("/inspection")
@policy(Role.INSPECTOR)
def inspection() -> str:
    """Tell the inspector how re-checks will reach them."""
    return render_template("reports/inspection.html")
