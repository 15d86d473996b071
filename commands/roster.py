"""`manage.py roster`: the commune's list of households, in and out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.running import Bar, Fault, Running, print_json
from planner.domain.messages import say

if TYPE_CHECKING:
    from planner.domain.vocabulary import ImportKind
    from planner.services.intake import Imported
    from planner.sheets.refusals import SheetRefused

WORST_SHOWN = 40
SEVERITIES = ("error", "warning", "notice")
COUNTS = ("households", "residents", "volunteers", "slots", "created", "updated", "unchanged", "refused")
STATUS_ERRORS, STATUS_REFUSED = 1, 2
WRITTEN = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def roster() -> None:
    """The roster of households and residents."""


def _in_a_folder(_context: click.Context, _option: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file that cannot be written before anything is imported: after it, the status would say that nothing was."""
    if file is not None and not file.absolute().parent.is_dir():
        raise click.BadParameter(f"không có thư mục / no such folder: {file.parent}")
    return file


def import_options(command: Any) -> Any:
    """Add the options every import has."""
    for option in reversed(
        [
            click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
            click.option(
                "--dry-run", is_flag=True, help="Only say what would come of it (the counts are those of --skip-faulty)."
            ),
            click.option("--skip-faulty", is_flag=True, help="Import all but the cells, rows and sheets that the errors refuse."),
            click.option("--report", type=WRITTEN, callback=_in_a_folder, help="Write the report there as JSON."),
            click.option("--marked", type=WRITTEN, callback=_in_a_folder, help="Write a copy of FILE with its issues marked."),
            click.option(
                "--answer", "answers", multiple=True, metavar="QUESTION=CHOICE", help="Answer a question the import asked."
            ),
            click.option(
                "--former",
                "former",
                multiple=True,
                metavar="OLD=NEW",
                help='What a former commune or hamlet is today, e.g. "Ấp 1, xã Tân Lập=Ấp 1A"; for good: campaign set.',
            ),
            click.option("--include-hidden", is_flag=True, help="Import hidden sheets too."),
            click.option("--encoding", help="Encoding of a .csv file, where it cannot be told."),
            click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
        ]
    ):
        command = option(command)
    return command


undo_option = click.option("--batch", type=int, help="Number of the import; the last one where left out.")


@roster.command("import")
@import_options
@click.pass_obj
def import_(run: Running, file: Path, **given: Any) -> None:
    """Import FILE (.xlsx or .csv). Ends with 0 imported, 1 errors (nothing changed), 2 file refused."""
    from planner.domain.vocabulary import ImportKind

    run.ensure_commune(file)
    end_import(run, ImportKind.ROSTER, file, given)


@roster.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export(run: Running, file: Path) -> None:
    """Write the roster to FILE (.xlsx), in a form the import reads again."""
    from planner.services import roster_export

    with run.db.begin() as session:
        residents = roster_export.export(session, run.actor, file, run.clock())
    click.echo(f"{file}: {residents} nhân khẩu / residents")


@roster.command()
@undo_option
@click.pass_obj
def undo(run: Running, batch: int | None) -> None:
    """Take the roster's last import back as a whole."""
    from planner.domain.vocabulary import ImportKind

    undo_import(run, ImportKind.ROSTER, batch)


def undo_import(run: Running, kind: ImportKind, batch: int | None) -> None:
    """Take an import of that kind back: the one named, or the last."""
    from planner.services import intake

    with run.db.read() as session:
        last = intake.last_applied(session, run.actor, kind)
        if batch is not None and intake.batch(session, run.actor, batch).kind is not kind:
            raise Fault.Said(say("import_of_other_kind", run.lang, batch=batch), STATUS_ERRORS)
    batch = last if batch is None else batch
    if batch is None:
        raise Fault.Said(say("import_not_applied", run.lang), STATUS_ERRORS)
    with Bar("hoàn tác / undo") as progress:
        undone = intake.undo(run.db, run.actor, batch, run.clock(), progress=progress)
    click.echo(f"{undone.file_name}: đã hoàn tác / undone")


def end_import(run: Running, kind: ImportKind, file: Path, given: dict[str, Any]) -> None:
    """Import, report, and end with the status the report calls for."""
    from planner.services import intake
    from planner.sheets.reading import ReadOptions
    from planner.sheets.refusals import SheetRefused

    options = ReadOptions(
        answers=_pairs(given["answers"]), include_hidden=given["include_hidden"], encoding=given["encoding"] or "",
        former_places=_pairs(given["former"]),
    )  # fmt: skip
    try:
        with Bar(file.name) as progress:
            done = intake.import_file(
                run.db, run.actor, kind, file, options, run.clock(), dry_run=given["dry_run"], skip_faulty=given["skip_faulty"],
                progress=progress,
            )  # fmt: skip
    except SheetRefused as refusal:
        _write_report(given, _report_of_refusal(refusal, run.lang))
        raise Fault.Said(say(refusal.code, run.lang, **refusal.facts), STATUS_REFUSED) from refusal
    _write_report(given, done.report)
    if given["marked"]:
        intake.write_marked(file, done.report, given["marked"], options)
    if not given["as_json"]:
        _tell(run, done, given)
    raise SystemExit(STATUS_ERRORS if _has_errors(done) and not given["skip_faulty"] else 0)


def _has_errors(done: Imported) -> bool:
    return any(issue["severity"] == "error" for issue in done.report["issues"])


def _write_report(given: dict[str, Any], report: Mapping[str, Any]) -> None:
    if given["report"]:
        given["report"].write_text(json.dumps(report, ensure_ascii=False, indent=2, default=str), encoding="utf-8")
    if given["as_json"]:
        print_json(report)


def _report_of_refusal(refusal: SheetRefused, lang: str) -> dict[str, Any]:
    """Return the report of a file that was not read: every count is none, one issue says why."""
    issue = {
        "severity": "error", "code": refusal.code, "sheet": None, "row": None, "column": None, "field": None, "scope": "file",
        "message": say(refusal.code, lang, **refusal.facts),
    }  # fmt: skip
    return {
        "households": 0, "residents": 0, "volunteers": 0, "slots": 0, "created": 0, "updated": 0, "unchanged": 0, "refused": 0,
        "hamlets": {}, "state": {"activated": 0, "issued": 0, "none": 0, "na": 0, "unknown": 0}, "issues": [issue],
    }  # fmt: skip


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        key, found, value = text.partition("=")
        if not found:
            raise click.BadParameter(f"{text!r}: QUESTION=CHOICE")
        pairs[key] = value
    return pairs


def _tell(run: Running, done: Imported, given: dict[str, Any]) -> None:
    report = done.report
    worst = sorted(report["issues"], key=lambda issue: SEVERITIES.index(issue["severity"]))
    for issue in worst[:WORST_SHOWN]:
        place = " ".join(str(issue[k]) for k in ("sheet", "column", "row") if issue[k] not in (None, ""))
        click.echo(f"{issue['severity']:<8} {place:<24} {issue['message_en' if run.lang == 'en' else 'message']}", err=True)
    if len(worst) > WORST_SHOWN:
        click.echo(f"… {len(worst) - WORST_SHOWN} nữa / more: --report", err=True)
    for question in report["questions"]:
        choices = " | ".join(choice["value"] for choice in question["choices"])
        click.echo(
            f"? {question['message_en' if run.lang == 'en' else 'message']}  --answer '{question['key']}=…' ({choices})", err=True
        )
    counts = ", ".join(f"{key} {report[key]}" for key in COUNTS if key in report)
    if given["dry_run"]:
        verdict = "Chạy thử / dry run"
    elif done.applied:
        verdict = "Đã nhập / imported"
    else:
        verdict = "Có lỗi, chưa thay đổi gì; sửa tệp hoặc thêm --skip-faulty / errors, nothing changed"
    click.echo(f"{verdict}: {counts}")
