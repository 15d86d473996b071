"""`manage.py jobs`: the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from commands.running import Running, print_json
from planner.domain.calendar import LOCAL

if TYPE_CHECKING:
    from planner.jobs.overview import Overview
    from planner.services.notices.queues import Queue


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
        run_clock(running.db, running.clock, running.engine, running.post, folder=running.settings.data_dir)
        return
    done = tick(running.db, running.clock, owner_name(), running.engine, running.post, folder=running.settings.data_dir)
    if as_json:
        print_json(done)
    else:
        for entry in done:
            click.echo(f"{entry.job:<18} {entry.due_at:%Y-%m-%d %H:%M} {entry.state.value} {entry.result}")


@jobs.command("list")
@click.option("--runs", "limit", type=click.IntRange(1, 500), help="List so many of the latest runs instead, newest first.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_(running: Running, limit: int | None, as_json: bool) -> None:
    """List the jobs: the last run of each, how late it was, the next; how the sending of notices stands; and what failed."""
    from planner.jobs.overview import overview
    from planner.jobs.runs import latest

    at = running.clock()
    with running.db.read() as session:
        found = latest(session, running.actor, limit) if limit else overview(session, running.actor, at)
    if as_json:
        print_json(found)
    elif limit:
        for entry in found:
            click.echo(
                f"{entry.id:<6} {entry.job:<20} {_local(entry.due_at)} {entry.state.value:<8} {entry.attempt} {entry.result}"
            )
    else:
        _print_jobs(found, running.lang, at)


def _print_jobs(found: Overview, lang: str, at: datetime) -> None:
    click.echo(f"{'':<20} {'lần trước / last':<18} {'trễ / late':<11} {'lần tới / next':<18}")
    for line in found.jobs:
        last = line.last
        late = _span(last.late_by(at)) if last else ""
        click.echo(
            f"{line.name:<20} {_local(last.due_at if last else None):<18} {late:<11} {_local(line.next_due_at):<18} {line.title(lang)}"
        )
    for queue in found.queues:
        click.echo(f"{queue.channel.value:<20} {_standing(queue, at)}")
    for run in found.troubles:
        again = f", thử lại lúc / again at {_local(run.not_before_at)}" if run.not_before_at else ""
        click.echo(f"! {run.id} {run.job} {_local(run.due_at)}: {run.error or run.state.value}, {run.attempt}×{again}")


def _standing(queue: Queue, at: datetime) -> str:
    """Return ``chờ / waiting 3 (2h05, smtp_421), hỏng / given up 1 (smtp_550), đã gửi / sent 40``, the last two of a week."""
    oldest = [_span(at - queue.oldest_at)] if queue.oldest_at else []
    why = [*oldest, *filter(None, [queue.hindered_by])]
    parts = [f"chờ / waiting {queue.waiting}{_in_brackets(why)}", f"hỏng / given up {queue.given_up}{_in_brackets(queue.failed)}"]
    return ", ".join([*parts, f"đã gửi / sent {queue.sent}"])


def _in_brackets(words: Iterable[str]) -> str:
    told = ", ".join(words)
    return f" ({told})" if told else ""


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if at else "–"


def _span(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    return f"{minutes // 60}h{minutes % 60:02}" if minutes >= 60 else f"{minutes} min"


@jobs.command()
@click.argument("run_id", type=int)
@click.pass_obj
def retry(running: Running, run_id: int) -> None:
    """Have a run that failed tried again at the next tick; its number is that of `jobs list`."""
    from planner.jobs.runs import retry as again

    with running.db.begin() as session:
        again(session, running.actor, run_id, running.clock())
    click.echo("Sẽ thử lại. / It will be tried again.")
