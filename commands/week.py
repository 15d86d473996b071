"""`manage.py week`: draft, publish, show, find the missed, reassign."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.running import Bar, Fault, Running, monday_option, print_json
from planner.domain.messages import say
from planner.domain.quality import better_by_percent, quality_text
from planner.domain.vocabulary import RunKind, RunState

if TYPE_CHECKING:
    from planner.services.planning import RunView
    from planner.services.publishing import Published


@click.group()
def week() -> None:
    """The week's plan."""


@week.command()
@monday_option(help="Any day of the week to plan; the coming week where left out.")
@click.option("--time-limit", type=click.IntRange(1, 3600), help="Seconds for the search; the campaign's setting where left out.")
@click.option("--iterations", type=click.IntRange(1), help="Rounds of search instead of seconds: the same plan every time.")
@click.option("--seed", type=int, help="Another seed gives another plan of like worth.")
@click.option("--keep-files", type=click.Path(file_okay=False, path_type=Path), help="Write problem.json and plan.json there.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def draft(run: Running, monday: date | None, time_limit: int | None, iterations: int | None, seed: int | None,
          keep_files: Path | None, as_json: bool) -> None:  # fmt: skip
    """Draft a week. The published one stays as it is until a draft is published."""
    parameters = {"time_limit_seconds": time_limit, "iterations": iterations, "seed": seed}
    view = draft_week(run, monday or run.coming_monday(), {k: v for k, v in parameters.items() if v is not None}, keep_files)
    tell_run(run, view, as_json)


@week.command()
@monday_option(help="Any day of the week; the coming week where left out.")
@click.option("--draft", "week_plan_id", type=int, help="Number of the draft; the latest open one where left out.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def publish(run: Running, monday: date | None, week_plan_id: int | None, as_json: bool) -> None:
    """Publish a draft: from then on people go by it."""
    from planner.services import planning

    if week_plan_id is None:
        with run.db.read() as session:
            week_plan_id = planning.latest_draft(session, run.actor, monday or run.coming_monday())
    done = publish_draft(run, week_plan_id)
    if as_json:
        print_json(done)
    else:
        click.echo(
            f"Tuần {done.monday:%d/%m/%Y}: {done.shifts} ca, {done.assignments} hộ; "
            f"giữ {done.kept}, chuyển {done.moved}, thêm {done.added}, rút {done.withdrawn}"
        )


@week.command()
@monday_option(help="Any day of the week; the running week where left out, or the coming one.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(run: Running, monday: date | None, as_json: bool) -> None:
    """Show where a published week stands: due, done, missed, by hamlet."""
    from planner.services import board

    with run.db.read() as session:
        found = board.week(session, run.actor, monday or run.watched_monday(), run.clock())
    if as_json:
        print_json(found)
        return
    for name, figures in [("Cả xã", found.figures), *((h.name, h.figures) for h in found.hamlets)]:
        click.echo(
            f"{name:<28} đã thăm {figures.done:>5}  đến lịch {figures.due:>5}  bỏ lỡ {figures.missed:>5}  sắp tới {figures.planned:>5}"
        )


@week.command()
@monday_option(help="Any day of the week; the running week where left out, or the coming one.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def missed(run: Running, monday: date | None, as_json: bool) -> None:
    """List what was missed and why."""
    from planner.services import board

    with run.db.read() as session:
        rows = board.missed(session, run.actor, monday or run.watched_monday(), run.clock())
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row.on_date:%d/%m} {row.period.value}  {row.household_code:<12} {row.hamlet:<22} {row.why}")
    click.echo(f"Bỏ lỡ: {len(rows)}", err=True)


@week.command()
@monday_option(help="Any day of the week; the running week where left out, or the coming one.")
@click.option("--time-limit", type=click.IntRange(1, 3600), help="Seconds for the search.")
@click.option("--publish", "and_publish", is_flag=True, help="Publish what comes out at once.")
@click.option("--keep-files", type=click.Path(file_okay=False, path_type=Path), help="Write problem.json and plan.json there.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def reassign(run: Running, monday: date | None, time_limit: int | None, and_publish: bool, keep_files: Path | None,
             as_json: bool) -> None:  # fmt: skip
    """Re-plan what was missed with the fewest changes, and show what would move."""
    from planner.services import reassigning

    parameters = {"time_limit_seconds": time_limit} if time_limit else {}
    with run.db.begin() as session:
        run_id = reassigning.request(
            session, run.actor, monday or run.watched_monday(), household_ids=None, parameters=parameters, at=run.clock()
        )
    view = compute(run, run_id, keep_files)
    with run.db.read() as session:
        changes = reassigning.changes(session, run.actor, view.week_plan_id, run.clock())
    if as_json:
        print_json({"run": view, "changes": changes})
    else:
        click.echo(
            f"chuyển {len(changes.moved)}, thêm {len(changes.added)}, rút {len(changes.withdrawn)}, chưa xếp được {len(changes.unplaced)}"
        )
    if and_publish:
        publish_draft(run, view.week_plan_id)


def draft_week(run: Running, monday: date, parameters: dict[str, Any], keep_files: Path | None = None) -> RunView:
    """Ask for a draft and compute it in this process' children; raise where it fails."""
    from planner.services import planning

    with run.db.begin() as session:
        run_id = planning.request_draft(session, run.actor, monday, RunKind.DRAFT, parameters, run.clock())
    return compute(run, run_id, keep_files)


def compute(run: Running, run_id: int, keep_files: Path | None = None) -> RunView:
    """Compute a requested run with a bar; end the command with its sentence where it fails."""
    from planner.services import planning

    with Bar("lập kế hoạch / planning") as progress:

        def show(told: dict[str, Any]) -> None:
            better = better_by_percent(told["total"], told["bound"])
            progress(told["fraction"], f"{say('stage_' + told['stage'], run.lang)}. {quality_text(better, run.lang)}")

        planning.run_now(run.db, run_id, run.clock, on_progress=show, keep_files=keep_files, engine=run.engine)
    with run.db.read() as session:
        view = planning.run_view(session, run.actor, run_id)
    if view.state is not RunState.DONE:
        raise Fault.Said(say(view.error_code or f"run_{view.state.value}", run.lang, **view.error_facts), 1)
    return view


def publish_draft(run: Running, week_plan_id: int | None) -> Published:
    """Publish a draft as it stands now."""
    from planner.services import planning, publishing

    if week_plan_id is None:
        raise Fault.Said(say("no_draft", run.lang), 1)
    with run.db.begin() as session:
        head = planning.draft_head(session, run.actor, week_plan_id)
        return publishing.publish(session, run.actor, week_plan_id, head.version, head.base_version, run.clock())


def tell_run(run: Running, view: RunView, as_json: bool) -> None:
    if as_json:
        print_json(view)
        return
    seconds = (view.duration_ms or 0) / 1000
    click.echo(f"Bản nháp / draft {view.week_plan_id}: {seconds:.1f} giây / s. `manage.py week publish`")
    if view.better_by_percent is not None:
        click.echo(quality_text(view.better_by_percent, run.lang))
