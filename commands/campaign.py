"""`manage.py campaign`: make a commune's campaign, look at it, change its settings."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from commands.running import Running, print_json
from planner.domain.vocabulary import CommuneKind


@click.group()
def campaign() -> None:
    """The commune and its campaign."""


@campaign.command()
@click.option("--commune-code", required=True, help="Code of the commune in the national list; stays when names change.")
@click.option("--commune-name", required=True, help='Name without its kind, e.g. "Lộc Hòa".')
@click.option("--kind", type=click.Choice([k.value for k in CommuneKind]), default=CommuneKind.XA.value, show_default=True)
@click.option("--province", default="", help="Name of the province.")
@click.option("--template", type=click.Choice(["plan_a", "plan_b"]), default="plan_a", show_default=True)
@click.option("--name", default="", help="Name of the campaign; the template's where left out.")
@click.option("--starts-on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--ends-on", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.pass_obj
def create(run: Running, commune_code: str, commune_name: str, kind: str, province: str, template: str, name: str,
           starts_on: datetime, ends_on: datetime) -> None:  # fmt: skip
    """Make a campaign; its commune too, where that is new."""
    from planner.domain.errors import NotFound
    from planner.services import campaigns
    from planner.services.actors import Actor

    at = run.clock()
    with run.db.begin() as session:
        try:
            commune = campaigns.sole_commune(session, commune_code)
        except NotFound:
            commune = campaigns.create_commune(session, commune_code, CommuneKind(kind), commune_name, province, at)
        actor = Actor.cli(commune.id)
        made = campaigns.create_campaign(session, actor, template, name, starts_on.date(), ends_on.date(), at)
    click.echo(f"{commune.name}: {made.name}, {made.starts_on} – {made.ends_on}")


@campaign.command()
@click.pass_obj
def show(run: Running) -> None:
    """Print the active campaign and every setting that differs from its default, as JSON."""
    from planner.services import campaigns

    with run.db.read() as session:
        found = campaigns.active(session, run.actor)
    print_json(
        {
            "name": found.name,
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
            "services": [s.code for s in found.offered],
            "settings": found.settings.to_dict(),
        }
    )


@campaign.command()
@click.argument("pairs", nargs=-1, metavar="[PATH=JSON…]")
@click.option("--undo", is_flag=True, help="Take the latest change of name, dates or goals back.")
@click.pass_obj
def goals(run: Running, pairs: tuple[str, ...], undo: bool) -> None:
    """Print or change services and indicators, e.g. services.mst.active=false indicators.a1.target_percent=85."""
    from planner.services import goals as campaign_goals

    at = run.clock()
    if not pairs and not undo:
        with run.db.read() as session:
            print_json(campaign_goals.goals(session, run.actor).plain())
        return
    if pairs and undo:
        raise click.UsageError("either --undo or changes")
    with run.db.begin() as session:
        if undo:
            campaign_goals.undo(session, run.actor, campaign_goals.goals(session, run.actor).version, at)
        else:
            campaign_goals.change(session, run.actor, campaign_goals.nested(_values(pairs)), at)
    click.echo("Đã lưu. / Saved.")


def _values(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Return KEY=JSON… as a dictionary; a plain word need not be quoted twice."""
    given: dict[str, Any] = {}
    for pair in pairs:
        key, found, text = pair.partition("=")
        if not found:
            raise click.BadParameter(f"{pair!r}: KEY=VALUE")
        try:
            given[key] = json.loads(text)
        except ValueError:
            given[key] = text
    return given


@campaign.command("set")
@click.argument("pairs", nargs=-1, required=True, metavar="KEY=JSON…")
@click.pass_obj
def set_(run: Running, pairs: tuple[str, ...]) -> None:
    """Change settings, e.g. max_attempts=2 'closed_dates=["2026-12-31"]'; KEY=null takes the default back."""
    from planner.services import campaigns

    with run.db.begin() as session:
        campaigns.change_settings(session, run.actor, _values(pairs), run.clock())
    click.echo("Đã lưu. / Saved.")
