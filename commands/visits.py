"""`manage.py visits`: what happened at doors, as it came back on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.running import Fault, Running, print_json
from planner.domain.messages import say
from planner.domain.vocabulary import Outcome
from planner.domain.wording import label

if TYPE_CHECKING:
    from planner.sheets.paper_rows import PaperFault


@click.group()
def visits() -> None:
    """What happened at doors."""


@visits.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Find every fault and count; record nothing.")
@click.option("--correct", is_flag=True, help="Where a row is recorded otherwise, the paper is right: record its correction.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def paper(run: Running, file: Path, dry_run: bool, correct: bool, as_json: bool) -> None:
    """Record the rows of printed lists out of FILE (.csv): all of them, or none where one is faulty.

    Columns, in any order: mã (or danh sách and dòng), kết quả, giờ đến, việc 1 …, lý do 1 …, máy của họ 1 …, tự làm lại 1 …,
    hẹn ngày, hẹn buổi, hẹn từ, hẹn đến, công an ngày, công an giờ, ghi chú, không đến nữa, ngày đến. Ends with 0 recorded, 1
    faults (nothing changed), 2 file refused.
    """
    from planner.services.paper import SheetRefused, enter_file

    try:
        done = enter_file(run.db, run.actor, file, run.clock(), correct=correct, dry_run=dry_run)
    except SheetRefused as fault:
        raise Fault.Said(say(fault.code, run.lang, **fault.facts), 2) from fault
    told = [{"row": f.row, "column": f.column, "code": f.code, "message": message(f, run.lang)} for f in done.faults]
    if as_json:
        print_json({**{k: getattr(done, k) for k in ("rows", "recorded", "corrected", "unchanged")}, "faults": told})
    else:
        for fault in told:
            column = f", cột / column {fault['column']}" if fault["column"] else ""
            click.echo(f"{file.name}: dòng / row {fault['row']}{column}: {fault['message']}")
        click.echo(
            f"{done.rows} dòng / rows; ghi / recorded {done.recorded}, sửa / corrected {done.corrected}, "
            f"đã có / unchanged {done.unchanged}" + ("; chưa ghi gì / nothing was kept" if dry_run or done.faults else "")
        )
    if done.faults:
        raise Fault.Said(f"{len(done.faults)} lỗi: chưa ghi gì. / faults: nothing was recorded.", 1)


def message(fault: PaperFault, lang: str) -> str:
    facts = dict(fault.facts)
    if "outcome" in facts:
        facts["outcome"] = label(Outcome(str(facts["outcome"])), lang)
    return say(fault.code, lang, **facts)
