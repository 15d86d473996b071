"""`manage.py roster`: the commune's list of households, in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.running import Bar, Running, print_json

if TYPE_CHECKING:
    from planner.services.intake import Imported

WORST_SHOWN = 40
STATUS_ERRORS, STATUS_REFUSED = 1, 2


@click.group()
def roster() -> None:
    """The roster of households and residents."""


def import_options(command: Any) -> Any:
    """Add the options every import has."""
    for option in reversed(
        [
            click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
            click.option(
                "--dry-run", is_flag=True, help="Only say what would come of it (the counts are those of --skip-faulty)."
            ),
            click.option("--skip-faulty", is_flag=True, help="Import all but the cells, rows and sheets that the errors refuse."),
            click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the report there as JSON."),
            click.option(
                "--marked", type=click.Path(dir_okay=False, path_type=Path), help="Write a copy of FILE with its issues marked."
            ),
            click.option(
                "--answer", "answers", multiple=True, metavar="QUESTION=CHOICE", help="Answer a question the import asked."
            ),
            click.option("--include-hidden", is_flag=True, help="Import hidden sheets too."),
            click.option("--encoding", help="Encoding of a .csv file, where it cannot be told."),
            click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
        ]
    ):
        command = option(command)
    return command


@roster.command("import")
@import_options
@click.pass_obj
def import_(run: Running, file: Path, **given: Any) -> None:
    """Import FILE (.xlsx or .csv). Ends with 0 imported, 1 errors (nothing changed), 2 file refused."""
    from planner.services import intake

    run.ensure_commune(file)
    end_import(run, intake.import_file, file, given)


@roster.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export(run: Running, file: Path) -> None:
    """Write the roster to FILE (.xlsx), in a form the import reads again."""
    from planner.services import roster_export

    with run.db.begin() as session:
        file.write_bytes(roster_export.export(session, run.actor, run.clock()))
    click.echo(f"{file}")


@roster.command()
@click.option("--batch", type=int, help="Number of the import; the last one where left out.")
@click.pass_obj
def undo(run: Running, batch: int | None) -> None:
    """Take the last import back as a whole."""
    from planner.services import intake

    undone = intake.undo(run.db, run.actor, batch, run.clock())
    print_json(undone)


def end_import(run: Running, import_file: Any, file: Path, given: dict[str, Any]) -> None:
    """Import, report, and end with the status the report calls for."""
    with Bar(file.name) as progress:
        done: Imported = import_file(
            run.db, run.actor, file, at=run.clock(), progress=progress, data_dir=run.settings.data_dir,
            dry_run=given["dry_run"], skip_faulty=given["skip_faulty"], include_hidden=given["include_hidden"],
            encoding=given["encoding"], answers=_pairs(given["answers"]), marked=given["marked"],
        )  # fmt: skip
    if given["report"]:
        given["report"].write_text(json.dumps(done.report, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
    if given["as_json"]:
        print_json(done.report)
    else:
        _tell(run, done, given["dry_run"])
    raise SystemExit(STATUS_REFUSED if done.refused else STATUS_ERRORS if done.faulty else 0)


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        key, found, value = text.partition("=")
        if not found:
            raise click.BadParameter(f"{text!r}: QUESTION=CHOICE")
        pairs[key] = value
    return pairs


def _tell(run: Running, done: Imported, dry_run: bool) -> None:
    report = done.report
    worst = sorted(report["issues"], key=lambda i: ("error", "warning", "notice").index(i["severity"]))
    for issue in worst[:WORST_SHOWN]:
        place = " ".join(str(issue[k]) for k in ("sheet", "column", "row") if issue[k] not in (None, ""))
        click.echo(f"{issue['severity']:<8} {place:<24} {issue['message']}", err=True)
    if len(worst) > WORST_SHOWN:
        click.echo(f"… {len(worst) - WORST_SHOWN} nữa / more: --report", err=True)
    for question in done.questions:
        click.echo(
            f"? {question.code}: {question.text(run.lang)}  --answer '{question.code}={question.choices[0] if question.choices else '…'}'",
            err=True,
        )
    counts = ", ".join(
        f"{key} {report[key]}"
        for key in ("households", "residents", "volunteers", "slots", "created", "updated", "unchanged", "refused")
        if key in report
    )
    if done.refused:
        verdict = "Không nhận tệp này / file refused"
    elif done.faulty:
        verdict = "Có lỗi, chưa thay đổi gì; sửa tệp hoặc thêm --skip-faulty / errors, nothing changed"
    else:
        verdict = "Chạy thử / dry run" if dry_run else "Đã nhập / imported"
    click.echo(f"{verdict}: {counts}")
