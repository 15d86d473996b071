"""Nhập dữ liệu: a list comes in as it is: upload, answer what the reader asks, preview, confirm, undo.

A commune's whole roster takes many seconds: whatever reads or writes one is done outside the request (`import_tasks`).
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.vocabulary import ImportKind, ImportState, Role
from planner.services import intake
from web.access import policy
from web.context import actor, app_db, now, running
from web.desk.asking import asked_text
from web.desk.background import Task, Tell
from web.desk.downloads import workbook, written
from web.desk.import_tasks import carried_out, job_words, my_tasks
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields
from web.i18n import language
from web.paging import page_number
from web.words import say

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv")
ISSUES_A_PAGE = 100


def _folder() -> Path:
    return running().settings.data_dir / "imports"


def _kind(text: str) -> ImportKind:
    if text not in set(ImportKind):
        abort(404)
    return ImportKind(text)


@blueprint.get("/imports")
@policy(Role.DESK)
def imports() -> str:
    """Offer both lists, and show what came in before."""
    with app_db().read() as session:
        batches = intake.batches(session, actor())
    return render_template("desk/imports.html", batches=batches, tasks=my_tasks(), job_words=job_words)


@blueprint.get("/imports/new/<kind>")
@policy(Role.DESK)
def imports_upload(kind: str) -> str:
    """Ask for the file."""
    return _upload_page(_kind(kind), FormErrors())


def _upload_page(kind: ImportKind, errors: FormErrors) -> str:
    return render_template("desk/import_upload.html", kind=kind.value, errors=errors, limit_mb=running().settings.max_upload_mb)


@blueprint.post("/imports/new/<kind>")
@policy(Role.DESK)
def imports_read(kind: str) -> Any:
    """Read the file and show what it would change; nothing is changed yet."""
    refuse_unknown_fields(())
    which = _kind(kind)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        errors = FormErrors()
        errors.add("file", say("desk_file_missing"))
        return _upload_page(which, errors), 422
    return _read(which, upload)


def _read(kind: ImportKind, upload: Any) -> Any:
    """Hand the upload to the reader under a name of ours; its own name is only shown."""
    suffix, shown = Path(upload.filename).suffix.lower(), Path(upload.filename).name[:200]
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        path = folder / f"upload{suffix if suffix in SUFFIXES else '.xlsx'}"
        upload.save(path)
        kept = opened.pop_all()  # from here on the copy is the reader's to remove
    db, who, at, target = app_db(), actor(), now(), _folder()

    def read(tell: Tell) -> int:
        with kept:
            return intake.preview(db, who, kind, path, shown, intake.options_of({}), target, at, progress=tell).batch_id

    return carried_out("read", shown, read, lambda task: _after_reading(kind, task))


def _after_reading(kind: ImportKind, task: Task) -> Response | tuple[str, int]:
    errors = FormErrors()
    # What the reader refuses as a whole is told at the file's input, whatever part of the file it names.
    with errors.catching(lambda _field: "file"):
        return _to_batch(task.result())
    return _upload_page(kind, errors), 422


def _to_batch(batch_id: int) -> Response:
    return redirect(url_for("desk.imports_batch", batch_id=batch_id))


@blueprint.get("/imports/<int:batch_id>")
@policy(Role.DESK)
def imports_batch(batch_id: int) -> str:
    """Show an import: what it would change, what is wrong with it, or what it changed."""
    return _batch_page(batch_id, FormErrors())


def _batch_page(batch_id: int, errors: FormErrors) -> str:
    batch = _batch(batch_id)
    severity = asked_text("severity", 10)
    issues = [i for i in batch.report.get("issues", []) if severity in ("", i["severity"])]
    page = page_number()
    pages = max(1, -(-len(issues) // ISSUES_A_PAGE))
    page = min(page, pages)
    english = language() == "en"
    return render_template(
        "desk/import_batch.html",
        batch=batch,
        report=batch.report,
        waiting=batch.state is ImportState.PREVIEWED,
        errors=errors,
        severity=severity,
        counts={s: sum(i["severity"] == s for i in batch.report.get("issues", [])) for s in ("error", "warning", "notice")},
        issues=issues[(page - 1) * ISSUES_A_PAGE : page * ISSUES_A_PAGE],
        issue_total=len(issues),
        page=page,
        pages=pages,
        # This page also answers other addresses; the rest of the list has only its own.
        page_url=lambda number: url_for("desk.imports_batch", batch_id=batch_id, severity=severity or None, page=number),
        sentence=lambda row: row["message_en"] if english else row["message"],
    )


@blueprint.post("/imports/<int:batch_id>/answers")
@policy(Role.DESK)
def imports_answer(batch_id: int) -> Any:
    """Read the file again with what the person decided."""
    answers = {name.removeprefix("answer:"): value for name, value in request.form.items() if name.startswith("answer:")}
    db, who, at, folder = app_db(), actor(), now(), _folder()

    def read_again(tell: Tell) -> int:
        return intake.answer(db, who, batch_id, answers, folder, at, progress=tell).batch_id

    def answer(task: Task) -> Response:
        return _done(task, task.result(), _("Đã đọc lại tệp theo trả lời của anh/chị."))

    return carried_out("answers", _batch(batch_id).file_name, read_again, answer, batch_id)


def _batch(batch_id: int) -> intake.BatchView:
    with app_db().read() as session:
        return intake.batch(session, actor(), batch_id)


def _done(task: Task, batch_id: int, sentence: str) -> Response:
    if not task.told:
        flash(sentence, "success")
    return _to_batch(batch_id)


@blueprint.post("/imports/<int:batch_id>/apply")
@policy(Role.DESK)
def imports_apply(batch_id: int) -> Any:
    """Take the file in: all of it, or all but what its errors refuse where the person says so."""
    refuse_unknown_fields(("skip_faulty", "mark_missing"))
    batch = _batch(batch_id)
    options = {"skip_faulty": "skip_faulty" in request.form}
    if batch.kind is ImportKind.ROSTER:
        options["mark_missing"] = "mark_missing" in request.form
    db, who, at, folder = app_db(), actor(), now(), _folder()

    def write(tell: Tell) -> bool:
        return intake.apply(db, who, batch_id, folder, at, progress=tell, **options).applied

    return carried_out("apply", batch.file_name, write, lambda task: _after_applying(batch_id, task), batch_id)


def _after_applying(batch_id: int, task: Task) -> Response | tuple[str, int]:
    if task.result():
        return _done(task, batch_id, _("Đã nhập xong."))
    if task.told:
        return _to_batch(batch_id)
    errors = FormErrors()
    errors.add("skip_faulty", _("Tệp còn lỗi. Hãy sửa tệp rồi nhập lại, hoặc chọn bỏ qua phần lỗi."))
    return _batch_page(batch_id, errors), 422


@blueprint.post("/imports/<int:batch_id>/undo")
@policy(Role.DESK)
def imports_undo(batch_id: int) -> Any:
    """Take the last import back as a whole."""
    refuse_unknown_fields(())
    db, who, at = app_db(), actor(), now()

    def undo(tell: Tell) -> None:
        intake.undo(db, who, batch_id, at, progress=tell)

    def answer(task: Task) -> Response:
        task.result()
        return _done(task, batch_id, _("Đã hoàn tác lần nhập này."))

    return carried_out("undo", _batch(batch_id).file_name, undo, answer, batch_id)


@blueprint.get("/imports/<int:batch_id>/marked")
@policy(Role.DESK)
def imports_marked(batch_id: int) -> Response:
    """Give a copy of the file in which every issue is marked."""
    batch = _batch(batch_id)
    content = written(lambda path: intake.annotated_copy(app_db(), actor(), batch_id, _folder(), path))
    return workbook(content, f"{Path(batch.file_name).stem}-danh-dau.xlsx")
