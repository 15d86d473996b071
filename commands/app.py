"""`manage.py app`: the app on the phones."""

from __future__ import annotations

import click

from commands.running import Running


@click.group()
def app() -> None:
    """The app on the phones: in use, or taken back should it ever go wrong."""


@app.command()
@click.pass_obj
def on(running: Running) -> None:
    """Let phones use the app."""
    _turn(running, True)


@app.command()
@click.pass_obj
def off(running: Running) -> None:
    """Lead phones back to the pages without script; what they have not sent stays on them, and can be sent."""
    _turn(running, False)


def _turn(running: Running, enabled: bool) -> None:
    from web.field.app import switch

    switch.turn(running.settings.data_dir, enabled)
    click.echo(f"app: {'on' if enabled else 'off'}")
