"""`manage.py sample load`: a synthetic commune to try Năm Rõ with, through the same doors as a real one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click

from commands.running import Bar, Running, tell

FOLDER = Path(__file__).resolve().parents[1] / "sample"
ROSTER = FOLDER / "loc-hoa-mau.xlsx"
VOLUNTEERS = FOLDER / "loc-hoa-mau.tinh-nguyen-vien.xlsx"
CAMPAIGN_DAYS = 77  # eleven weeks, as long as plan A's body says
SOLVER_SECONDS = 10


@click.group()
def sample() -> None:
    """The synthetic sample commune."""


@sample.command()
@click.option(
    "--seconds", type=click.IntRange(1, 600), default=SOLVER_SECONDS, show_default=True, help="Time for the week's plan."
)
@click.pass_obj
def load(run: Running, seconds: int) -> None:
    """Load the sample into an empty database: roster, volunteers, the coming week drafted and published."""
    if not run.is_empty():
        raise click.ClickException("Cơ sở dữ liệu đã có dữ liệu. / The database is not empty.")
    load_sample(run, tell, seconds)


def load_sample(run: Running, say: Callable[[str], None], seconds: int = SOLVER_SECONDS) -> None:
    """Do what a commune does in its first hour: campaign, roster, volunteers, people, plan, publish."""
    from commands.week import draft_week, publish_draft
    from planner.domain.calendar import local_date
    from planner.domain.vocabulary import CommuneKind, ImportKind
    from planner.services import campaigns, intake
    from planner.services.actors import Actor
    from planner.sheets.reading import ReadOptions

    at = run.clock()
    say("Nạp xã mẫu (dữ liệu giả) / loading the sample commune (synthetic) …")
    with run.db.begin() as session:
        commune = campaigns.create_commune(session, "mau-loc-hoa", CommuneKind.XA, "Lộc Hòa (mẫu)", "", at)
        actor = Actor.cli(commune.id)
        today = local_date(at)
        campaigns.create_campaign(session, actor, "plan_a", "", today, today + timedelta(days=CAMPAIGN_DAYS), at)
    say(f"Nhập danh sách hộ / importing the roster: {ROSTER.name}")
    with Bar("hộ / roster") as progress:
        intake.import_file(run.db, actor, ImportKind.ROSTER, ROSTER, ReadOptions(), at, progress=progress)
    say(f"Nhập tình nguyện viên / importing the volunteers: {VOLUNTEERS.name}")
    with Bar("tình nguyện viên / volunteers") as progress:
        intake.import_file(run.db, actor, ImportKind.VOLUNTEERS, VOLUNTEERS, ReadOptions(), at, progress=progress)
    say(f"Lập kế hoạch tuần tới rồi công bố / drafting and publishing the coming week: {seconds} s")
    view = draft_week(run, run.coming_monday(), {"time_limit_seconds": seconds})
    publish_draft(run, view.week_plan_id)
