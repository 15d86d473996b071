"""Reading, applying and undoing an import outside the request: the page that shows how far it is, and its words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.vocabulary import Role
from web.access import policy
from web.context import actor, now
from web.desk.background import Background, Task, Tell
from web.desk.routes import blueprint

PATIENCE_SECONDS = 1.0  # what ends within it is answered at once; longer work is shown with its progress
_STORE = "namro.desk.background"
blueprint.record(lambda state: state.app.extensions.setdefault(_STORE, Background()))


def background() -> Background:
    return current_app.extensions[_STORE]


def carried_out(
    job: str, about: str, work: Callable[[Tell], Any], answer: Callable[[Task], Any], batch_id: int | None = None
) -> Any:
    """Have work done outside the request; return its answer where it ends in a moment, else send to its progress."""
    asked = Task(owner_id=actor().user_id, started_at=now(), job=job, about=about, work=work, answer=answer, batch_id=batch_id)
    task = background().start(asked)
    if task.ended_within(PATIENCE_SECONDS):
        return _answered(task)
    return redirect(url_for("desk.imports_task", token=task.token))


def my_tasks() -> list[Task]:
    """Return what the person asked for and has not seen the end of."""
    return background().untold(actor().user_id, now())


@blueprint.get("/imports/tasks/<token>")
@policy(Role.DESK)
def imports_task(token: str) -> Any:
    """Show how far the work is, and its answer when it has ended."""
    task = background().find(token, actor().user_id, now())
    polled = "HX-Request" in request.headers
    if task is not None and task.live:
        return render_template("desk/_import_task.html" if polled else "desk/import_task.html", task=task, **_words(task))
    if polled:
        return _opened_anew()
    if task is None:
        return render_template("desk/import_task_gone.html"), 404
    return _answered(task)


def _answered(task: Task) -> Any:
    try:
        return task.answer(task)
    finally:
        task.told = True


def _opened_anew() -> Response:
    """Have the browser load the whole page: it then shows the end, with its own address and status."""
    answer = make_response("")
    answer.headers["HX-Refresh"] = "true"
    return answer


def _words(task: Task) -> dict[str, object]:
    return {"title": job_words(task.job), "stage": stage_words(task.stage), "step": 2 if task.batch_id else 1}


def job_words(job: str) -> str:
    """Return what is being done to the file."""
    return {
        "answers": _("Đang đọc lại tệp"),
        "apply": _("Đang nhập vào"),
        "undo": _("Đang hoàn tác lần nhập"),
    }.get(job, _("Đang đọc tệp"))


def stage_words(stage: str) -> str:
    """Return which part of the work is under way: a code that a service told, or the job itself before the first."""
    return {
        "waiting": _("Đang chờ đến lượt"),
        "checking": _("Đang kiểm tra từng dòng"),
        "read": _("Đang so với danh sách đã có"),
        "comparing": _("Đang so với danh sách đã có"),
        "writing": _("Đang ghi vào danh sách"),
        "needs": _("Đang tính những việc cần giúp của từng hộ"),
        "done": _("Đã xong"),
    }.get(stage, job_words(stage))
