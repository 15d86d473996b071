"""The gate of the phone app's API: header, origin, person, size; and how it answers."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Collection
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, current_app, g, jsonify, request

from planner.services.sync import seats as sync_seats
from planner.services.sync.epoch import Life
from planner.services.sync.seats import Seat
from web import seats
from web.access import SEATED_BLUEPRINT, asks_for_a_seat
from web.context import app_db, now, requests_waiting, running
from web.errors import page_words
from web.words import say

CLIENT = 1  # the app's version today
OLDEST_CLIENT = max(1, CLIENT - 2)  # two versions back stay served
MOST_KILOBYTES = 256
COMPRESSED_FROM_BYTES = 1024
# A phone in a longer queue than this is sent away at once and comes again by itself; the desk's pages stay quick.
MOST_WAITING = 30
MOST_DEPTH = 32  # no report is a fifth as deep; what is deeper than Python's stack ends in an error of ours
LIFE = "namro_life"

blueprint = Blueprint(SEATED_BLUEPRINT, __name__, url_prefix="/field/api/v1")


@blueprint.before_request
def _gate() -> None:
    """Let in what the app of this installation sends, for a person this browser has a seat for."""
    if request.endpoint == f"{SEATED_BLUEPRINT}.openapi":
        return
    request.max_content_length = MOST_KILOBYTES * 1024
    if request.method == "POST" and requests_waiting() > MOST_WAITING:
        refuse(503, "server_busy")
    client = request.headers.get("X-Namro-Client", "")
    if not (client.isascii() and client.isdigit() and len(client) < 7):
        refuse(403, "client_header_missing")
    g.client = int(client)
    if request.headers.get("Origin") not in (None, *_own_origins()):
        refuse(403, "foreign_origin")
    if asks_for_a_seat(current_app, request.endpoint):
        g.seat = _seat()
        g.actor = g.seat.actor


@blueprint.after_request
def _finish(response: Response) -> Response:
    """Say when to come again, and send long answers compressed: slow networks are the rule."""
    if response.status_code in (429, 503):
        # Scattered, or all phones of an evening come again together.
        response.headers.setdefault("Retry-After", str(random.randint(2, 20)))  # noqa: S311 - no secret
    data = b"" if response.direct_passthrough else response.get_data()
    if len(data) >= COMPRESSED_FROM_BYTES and "gzip" in request.accept_encodings and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(data, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def _own_origins() -> Collection[str]:
    settings = running().settings
    return {request.host_url.rstrip("/"), *([settings.public_url] if settings.public_url else [])}


def _seat() -> Seat:
    asked = request.headers.get("X-Namro-Person", "")
    user_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    with app_db().read() as session:
        found = sync_seats.find_seat(session, user_id, seats.tokens().get(user_id, ""), now())
    return found or refuse(401, "not_enrolled")


def refuse(status: int, code: str, **facts: object) -> NoReturn:
    """End the request with an error as JSON."""
    title, advice = page_words(status)
    message = say(code, **facts)
    error = {"code": code, "title": title, "message": message or advice}
    if "field" in facts:
        error["field"] = str(facts["field"])
    response = jsonify(error=error)
    response.status_code = status
    abort(response)


def life() -> Life:
    """Return the life of the database; one for each application."""
    found: Life | None = current_app.extensions.get(LIFE)
    if found is None:
        found = current_app.extensions.setdefault(LIFE, Life(app_db(), running().settings.data_dir))
    return found


def sent(*fields: str) -> dict[str, Any]:
    """Return the JSON object that was sent, with no fields but these."""
    try:
        body = json.loads(request.get_data(), parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        refuse(422, "not_json")
    if not isinstance(body, dict) or _depth(body) > MOST_DEPTH:
        refuse(422, "not_json")
    for name in body:
        if name not in fields:
            refuse(422, "unknown_field", field=name[:60])
    return body


def _no_number(_text: str) -> NoReturn:
    raise ValueError("not a number")


def _finite(text: str) -> float:
    """Read a number; 1e999 is one to Python, infinite, and to no database."""
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _depth(value: Any) -> int:
    """Count how deep a document goes, without going as deep oneself."""
    level, depth = [value], 0
    while level and depth <= MOST_DEPTH:
        inner = (each.values() if isinstance(each, dict) else each if isinstance(each, list) else () for each in level)
        level, depth = [item for items in inner for item in items], depth + 1
    return depth
