"""Is it alive? For whoever watches the installation: no sign-in, no personal data, one answer in JSON."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, jsonify
from werkzeug.wrappers import Response

from planner.services import heartbeat
from planner.services.notices import queues
from web.access import public
from web.context import app_db, now, running

blueprint = Blueprint("health", __name__)
ASKED_ANEW = timedelta(seconds=5)  # a watcher in a hurry must not keep the database writing
_KEPT = "namro_health"


@blueprint.get("/health")
@public
def health() -> Response:
    """Answer 200 where all is well; 503 where the clock stands still, or the database takes no writes.

    Notices that wait are told, and are no reason for a 503: a mail server that is down is not cured by starting us anew.
    """
    kept = current_app.extensions.get(_KEPT)
    if kept is None or not timedelta() <= now() - kept[0] < ASKED_ANEW:
        kept = (now(), _look())
        current_app.extensions[_KEPT] = kept
    answer = jsonify(kept[1])
    answer.status_code = 200 if kept[1]["status"] == "ok" else 503
    return answer


def _look() -> dict[str, object]:
    writes = heartbeat.can_write(app_db(), now())
    try:
        with app_db().read() as session:
            clock = heartbeat.state(session, now(), running().started_at)
            waiting, oldest = queues.backlog(session, now())
    except heartbeat.Unreadable:
        return {"status": "trouble", "database": "unreadable", "clock": "unknown"}
    return {
        "status": "ok" if writes and not clock.still else "trouble",
        "database": "ok" if writes else "cannot_write",
        "clock": "still" if clock.still else "ok" if clock.ticked_at else "starting",
        "silent_seconds": int(clock.silent.total_seconds()),
        "notices_waiting": waiting,
        "oldest_notice_seconds": int(oldest.total_seconds()),
    }
