"""Photos of activity, sent by phones after all text."""

from __future__ import annotations

import threading
from datetime import datetime

from flask import Response, g, jsonify, request

from planner.services import evidence
from planner.services.evidence import EvidenceForm
from web.access import seated
from web.addresses import LARGEST_ID
from web.context import app_db, now, running
from web.field.api.routes import blueprint, refuse

# A photo takes a tenth of a second of a processor and some memory: reports never wait for more than these.
AT_ONCE = 2
WAIT_SECONDS = 2.0
_turn = threading.BoundedSemaphore(AT_ONCE)
ASKED = ("shift_id", "taken_at", "consent", "sha256")
EARLIEST_YEAR = 2020


@blueprint.put("/evidence/<uuid>")
@seated
def put_evidence(uuid: str) -> tuple[Response, int]:
    """Store a photo: 201, or 200 where this very photo came before."""
    request.max_content_length = evidence.MOST_BYTES
    form = _form(uuid)
    if request.mimetype != "image/jpeg":
        refuse(422, "photo_not_jpeg", field="body", found=request.mimetype[:40] or "?")
    folder = evidence.folder_of(running().settings.data_dir)
    content = request.get_data()
    if not _turn.acquire(timeout=WAIT_SECONDS):
        refuse(503, "server_busy")
    try:
        stored = evidence.store(app_db(), g.actor, folder, form, content, now())
    finally:
        _turn.release()
    verdict = "duplicate" if stored.replayed else "accepted"
    answer = jsonify(uuid=stored.uuid, verdict=verdict, received_at=stored.received_at.isoformat())
    return answer, 200 if stored.replayed else 201


def _form(uuid: str) -> EvidenceForm:
    unknown = sorted(set(request.args) - set(ASKED))
    if unknown:
        refuse(422, "unknown_field", field=unknown[0][:60])
    shift = request.args.get("shift_id", "")
    if not (shift.isascii() and shift.isdigit() and len(shift) <= 10 and int(shift) <= LARGEST_ID):
        refuse(422, "value_of_wrong_kind", field="shift_id")
    consent = request.args.get("consent") == "1"
    return EvidenceForm(uuid, int(shift), _taken_at(), consent, request.args.get("sha256", "")[:64])


def _taken_at() -> datetime:
    """Return when the phone says it was; when it came, where a phone's clock was reset to 1970 or runs ahead.

    In an address a plus sign not written as %2B means a space: it is taken back.
    """
    try:
        taken_at = datetime.fromisoformat(request.args.get("taken_at", "").replace(" ", "+"))
    except ValueError:
        refuse(422, "value_of_wrong_kind", field="taken_at")
    if taken_at.tzinfo is None:
        refuse(422, "time_without_zone", field="taken_at")
    received_at = now()
    return taken_at if taken_at.year >= EARLIEST_YEAR and taken_at <= received_at else received_at
