"""`manage.py config`, `db`, `backup`, `start`: the installation itself."""

from __future__ import annotations

from pathlib import Path

import click

from commands.running import Running, print_json
from config import PREFIX


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def config(run: Running, as_json: bool) -> None:
    """List the settings in force and the variables they come from; secrets are masked."""
    shown = {f"{PREFIX}{name.upper()}": value for name, value in run.settings.public().items()}
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        click.echo(f"{name:<24} {value}")


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
@click.pass_obj
def upgrade(run: Running) -> None:
    """Bring the database to its newest form; does nothing where it is there already."""
    counted = run.upgrade()
    click.echo("Cơ sở dữ liệu đã sẵn sàng. / The database is up to date.")
    if counted:
        click.echo(f"Số hộ được đếm lại / households counted anew: {counted}")


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(run: Running, target: Path) -> None:
    """Copy the whole database to TARGET while it is in use."""
    from planner.services.backup import back_up

    made = back_up(run.db, run.actor, target, run.clock())
    click.echo(f"{target}: {made / 1_048_576:.1f} MB")


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(run: Running, source: Path, yes: bool) -> None:
    """Put SOURCE, made by `backup` or a night's folder of instance/backups, in the place of the database.

    What there was is kept beside it.
    Phones notice, and send again what they have receipts for.
    """
    from planner.services.restoring import restore as put_back
    from planner.services.store import open_database

    if not yes:
        click.confirm(f"Thay toàn bộ dữ liệu bằng bản sao lưu {source}? / Replace all data by the backup {source}?", abort=True)
    database = open_database(run.settings.database_url)
    try:
        done = put_back(database, source, run.settings.data_dir, run.clock())
    finally:
        database.dispose()
    click.echo(f"Đã khôi phục. / Restored.  {done.epoch}")
    if done.kept is not None:
        click.echo(f"Dữ liệu trước đó được giữ ở / what there was before is kept in {done.kept}")
    if done.photos:
        click.echo(f"Ảnh được khôi phục / photos brought back: {done.photos}")
    if done.erased_again:
        click.echo("Dữ liệu cá nhân đã xóa trước đây được xóa lại. / Personal data erased before were erased again.")


@click.command()
@click.option("--empty", is_flag=True, help="Do not load the sample commune into an empty database.")
@click.pass_obj
def start(run: Running, empty: bool) -> None:
    """Bring the database up to date and start the pages and the clock; Ctrl-C stops both."""
    from commands.starting import start_everything

    start_everything(run, empty)
