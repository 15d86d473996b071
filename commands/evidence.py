"""`manage.py evidence`: photos of activity: do files and rows agree, and whose time is over."""

from __future__ import annotations

from pathlib import Path

import click

from commands.running import Fault, Running, print_json


@click.group()
def evidence() -> None:
    """Photos of activity."""


def _folder(run: Running) -> Path:
    from planner.services.evidence import folder_of

    return folder_of(run.settings.data_dir)


@evidence.command()
@click.option("--tidy", is_flag=True, help="Erase the files that no photo needs.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def check(run: Running, tidy: bool, as_json: bool) -> None:
    """Compare files and rows. Ends with 0 where they agree, else with 1."""
    from planner.services import evidence as photos

    folder = _folder(run)
    with run.db.read() as session:
        found = photos.check(session, folder, run.clock())
    if as_json:
        print_json(found)
    else:
        click.echo(f"{found.photos} ảnh / photos")
        for name in found.files_alone:
            click.echo(f"tệp không có ảnh / file without a photo: {folder / name}")
        for uuid in found.rows_alone:
            click.echo(f"ảnh mất tệp / photo without its file: {uuid}")
    if tidy:
        click.echo(f"Đã xóa {photos.tidy(folder, found)} tệp thừa. / Files erased.", err=True)
    if found.rows_alone or (found.files_alone and not tidy):
        raise Fault.Said("Tệp ảnh và cơ sở dữ liệu không khớp. / Files and rows do not agree.", 1)


@evidence.command()
@click.option("--dry-run", is_flag=True, help="Only count.")
@click.pass_obj
def expire(run: Running, dry_run: bool) -> None:
    """Erase the photos whose time is over: so many days after their campaign's end (setting evidence_days)."""
    from planner.services import evidence as photos

    if dry_run:
        with run.db.read() as session:
            count = len(photos.expired(session, run.actor, run.clock()))
        click.echo(f"Sẽ xóa {count} ảnh. / Would be erased.")
        return
    count = photos.expire(run.db, run.actor, _folder(run), run.clock())
    click.echo(f"Đã xóa {count} ảnh; số lượng vẫn được giữ. / Erased; their count is kept.")
