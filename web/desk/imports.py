"""Nhập dữ liệu: a list comes in as it is: upload, answer what the reader asks, preview, confirm, undo."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import ImportKind, ImportState, Role
from planner.services import intake, intake_answers, volunteers_intake
from web.access import policy
from web.context import actor, app_db, now, running
from web.desk.asking import asked_text
from web.desk.downloads import workbook, written
from web.desk.routes import blueprint
from web.forms import FormErrors, refuse_unknown_fields
from web.i18n import language
from web.paging import page_number

SERVICES: dict[ImportKind, Any] = {ImportKind.ROSTER: intake, ImportKind.VOLUNTEERS: volunteers_intake}
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
    return render_template("desk/imports.html", batches=batches)


@blueprint.get("/imports/new/<kind>")
@policy(Role.DESK)
def imports_upload(kind: str) -> str:
    """Ask for the file."""
    return _upload_page(_kind(kind), FormErrors())


def _upload_page(kind: ImportKind, errors: FormErrors) -> str:
    return render_template("desk/import_upload.html", kind=kind.value, errors=errors, limit_mb=running().settings.max_upload_mb)


@blueprint.post("/imports/new/<kind>")
@policy(Role.DESK)
def imports_read(kind: str) -> Response | tuple[str, int]:
    """Read the file and show what it would change; nothing is changed yet."""
    refuse_unknown_fields(())
    which = _kind(kind)
    errors = FormErrors()
    upload = request.files.get("file")
    preview = None
    with errors.catching():
        if upload is None or not upload.filename:
            raise InvalidInput("desk_file_missing", field="file")
        preview = _read(which, upload)
    if preview is None:
        # What the reader refuses as a whole is told at the file's input, whatever part of the file it names.
        told = FormErrors()
        for error in errors:
            told.add("file", error.message)
        return _upload_page(which, told), 422
    return redirect(url_for("desk.imports_batch", batch_id=preview.batch_id))


def _read(kind: ImportKind, upload: Any) -> Any:
    """Hand the upload to the reader under a name of ours; its own name is only shown."""
    suffix = Path(upload.filename).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{suffix if suffix in SUFFIXES else '.xlsx'}"
        upload.save(path)
        return SERVICES[kind].preview(
            app_db(), actor(), path, Path(upload.filename).name[:200], intake.options_of({}), _folder(), now()
        )


@blueprint.get("/imports/<int:batch_id>")
@policy(Role.DESK)
def imports_batch(batch_id: int) -> str:
    """Show an import: what it would change, what is wrong with it, or what it changed."""
    return _batch_page(batch_id, FormErrors())


def _batch_page(batch_id: int, errors: FormErrors) -> str:
    with app_db().read() as session:
        batch = intake.batch(session, actor(), batch_id)
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
        sentence=lambda row: row["message_en"] if english else row["message"],
    )


@blueprint.post("/imports/<int:batch_id>/answers")
@policy(Role.DESK)
def imports_answer(batch_id: int) -> Response:
    """Read the file again with what the person decided."""
    answers = {name.removeprefix("answer:"): value for name, value in request.form.items() if name.startswith("answer:")}
    preview = intake_answers.answer(app_db(), actor(), batch_id, answers, _folder(), now())
    flash(_("Đã đọc lại tệp theo trả lời của anh/chị."), "success")
    return redirect(url_for("desk.imports_batch", batch_id=preview.batch_id))


@blueprint.post("/imports/<int:batch_id>/apply")
@policy(Role.DESK)
def imports_apply(batch_id: int) -> Response | tuple[str, int]:
    """Take the file in: all of it, or all but what its errors refuse where the person says so."""
    refuse_unknown_fields(("skip_faulty", "mark_missing"))
    with app_db().read() as session:
        kind = intake.batch(session, actor(), batch_id).kind
    options = {"mark_missing": "mark_missing" in request.form} if kind is ImportKind.ROSTER else {}
    done = SERVICES[kind].apply(
        app_db(), actor(), batch_id, _folder(), now(), skip_faulty="skip_faulty" in request.form, **options
    )
    if not done.applied:
        errors = FormErrors()
        errors.add("skip_faulty", _("Tệp còn lỗi. Hãy sửa tệp rồi nhập lại, hoặc chọn bỏ qua phần lỗi."))
        return _batch_page(batch_id, errors), 422
    flash(_("Đã nhập xong."), "success")
    return redirect(url_for("desk.imports_batch", batch_id=batch_id))


@blueprint.post("/imports/<int:batch_id>/undo")
@policy(Role.DESK)
def imports_undo(batch_id: int) -> Response:
    """Take the last import back as a whole."""
    refuse_unknown_fields(())
    intake.undo(app_db(), actor(), batch_id, now())
    flash(_("Đã hoàn tác lần nhập này."), "success")
    return redirect(url_for("desk.imports_batch", batch_id=batch_id))


@blueprint.get("/imports/<int:batch_id>/marked")
@policy(Role.DESK)
def imports_marked(batch_id: int) -> Response:
    """Give a copy of the file in which every issue is marked."""
    with app_db().read() as session:
        batch = intake.batch(session, actor(), batch_id)
    content = written(lambda path: intake.annotated_copy(app_db(), actor(), batch_id, _folder(), path))
    return workbook(content, f"{Path(batch.file_name).stem}-danh-dau.xlsx")
