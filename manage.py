#!/usr/bin/env python3
"""Năm Rõ from the command line: everything the desk can do on the pages, and what only an administrator does."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from commands import Running
from commands.app import app
from commands.campaign import campaign
from commands.evidence import evidence
from commands.jobs import jobs
from commands.notices import notices
from commands.roster import roster
from commands.running import Fault
from commands.sample import sample
from commands.system import backup, config, db, restore, start
from commands.users import users
from commands.visits import visits
from commands.volunteers import volunteers
from commands.week import week


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, cls=Fault.Group)
@click.option("--commune", metavar="CODE", help="Code of the commune, where the database holds several.")
@click.option(
    "--at", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="Do as if it were then (local time): for rehearsals."
)
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of messages.")
@click.pass_context
def manage(context: click.Context, commune: str | None, at: datetime | None, lang: str) -> None:
    """Run Năm Rõ from the command line. Settings come from NAMRO_… variables; `manage.py config` lists them."""
    context.obj = Running(commune_code=commune, pretended_at=at, lang=lang)
    context.call_on_close(context.obj.close)


for part in (
    app, backup, campaign, config, db, evidence, jobs, notices, restore, roster, sample, start, users, visits, volunteers, week,
):  # fmt: skip
    manage.add_command(part)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a Windows console of an old code page cannot print Vietnamese otherwise
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    manage()
