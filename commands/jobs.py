"""`manage.py jobs`: the clock."""

from __future__ import annotations

import click

from commands.running import Running, print_json


@click.group()
def jobs() -> None:
    """The clock: finds the missed, drafts the next week, closes the past one."""


@jobs.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print what was done as JSON.")
@click.pass_obj
def run(running: Running, once: bool, as_json: bool) -> None:
    """Run the clock until stopped. Two clocks never do one thing twice."""
    from planner.jobs.scheduler import owner_name, run_clock, tick

    if not once:
        run_clock(running.db, running.clock, running.engine, running.post)
        return
    done = tick(running.db, running.clock, owner_name(), running.engine, running.post)
    if as_json:
        print_json(done)
    else:
        for entry in done:
            click.echo(f"{entry.job:<18} {entry.due_at:%Y-%m-%d %H:%M} {entry.state.value} {entry.result}")


@jobs.command("list")
@click.option("--limit", type=click.IntRange(1, 500), default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_(running: Running, limit: int, as_json: bool) -> None:
    """List the latest runs: what was due when, what became of it."""
    from planner.jobs.runs import latest

    with running.db.read() as session:
        found = latest(session, running.actor, limit)
    if as_json:
        print_json(found)
        return
    for entry in found:
        click.echo(f"{entry.job:<18} {entry.due_at:%Y-%m-%d %H:%M} {entry.state.value:<8} {entry.attempt} {entry.result}")
