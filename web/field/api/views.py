"""What phones ask and send."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, g, jsonify, request

from planner.domain.errors import InvalidInput
from planner.services.notices import inbox
from planner.services.sync import docs, pulling, receiving
from planner.services.sync import seats as sync_seats
from planner.services.sync.events import instant
from planner.services.sync.seats import Seat
from web import seats
from web.access import public, seated
from web.context import app_db, now
from web.field.api.openapi import document
from web.field.api.routes import CLIENT, OLDEST_CLIENT, blueprint, life, refuse, sent

MOST_KNOWN = 5000
# Fewer than the server's threads: while phones crowd in, the desk's pages still find one, and no phone waits in vain.
AT_ONCE = 4
WAIT_SECONDS = 2.0
_turn = threading.BoundedSemaphore(AT_ONCE)


@blueprint.get("/hello")
@public
def hello() -> Response:
    """Say whose app this is: the people this browser is enrolled for, and whose seat the desk has ended."""
    tokens = seats.tokens()
    with app_db().read() as session:
        found = sync_seats.find_seats(session, tokens, now())
    response = jsonify(
        epoch=life().epoch(now()),
        now=now().isoformat(),
        client={"current": CLIENT, "oldest": OLDEST_CLIENT},
        people=[_person(seat) for seat in found.seats],
        revoked=list(found.ended),
    )
    for seat in found.seats:  # their time begins anew, as it does on the server
        user_id = seat.actor.user_id or 0
        seats.give(response, user_id, tokens[user_id], remembered=seat.remembered)
    return response


@blueprint.post("/pull")
@seated
def pull() -> Response:
    """Answer with what differs from what the phone has."""
    known = sent("known").get("known", {})
    if not _is_known(known):
        refuse(422, "value_of_wrong_kind", field="known")
    if g.client < OLDEST_CLIENT:
        refuse(409, "client_too_old")
    epoch = life().epoch(now())
    with app_db().read() as session:
        pulled = pulling.pull(session, g.actor, known, now())
        unread = inbox.unread(session, g.actor)
    sync_seats.note_contact(app_db(), g.seat, g.client, now(), pulled=True)
    return jsonify(
        epoch=epoch,
        now=now().isoformat(),
        person=_person(g.seat),
        unread=unread,
        expires_at=pulled.expires_at.isoformat(),
        put=[doc.plain() for doc in pulled.put],
        gone=[gone.plain() for gone in pulled.gone],
    )


@blueprint.post("/events")
@seated
def events() -> Response:
    """Take reports, whatever the version of the app: a verdict for each, after the commit."""
    body = sent("events", "sent_at")
    reports = body.get("events")
    if not isinstance(reports, list):
        refuse(422, "value_of_wrong_kind", field="events")
    if len(reports) > receiving.MOST_EVENTS:
        refuse(422, "too_many_events", field="events", most=receiving.MOST_EVENTS)
    sender = receiving.Sender(g.actor, g.seat.device_id, g.client, _sent_at(body.get("sent_at")))
    with _in_turn():
        received = receiving.receive_events(app_db(), life(), sender, reports, now())
    verdicts = [verdict.plain() for verdict in received.verdicts]
    return jsonify(epoch=received.epoch, now=now().isoformat(), verdicts=verdicts)


@blueprint.post("/sign-out")
@seated
def sign_out() -> Response:
    """End this person's seat."""
    if request.get_data():
        sent()
    with app_db().begin() as session:
        sync_seats.leave_seat(session, g.seat, now())
    response = jsonify(epoch=life().epoch(now()), now=now().isoformat())
    seats.take_away(response, g.actor.user_id)
    return response


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """Serve this very contract."""
    return jsonify(document())


@contextmanager
def _in_turn() -> Iterator[None]:
    if not _turn.acquire(timeout=WAIT_SECONDS):
        refuse(503, "server_busy")
    try:
        yield
    finally:
        _turn.release()


def _person(seat: Seat) -> dict[str, Any]:
    who = seat.actor
    return docs.person_body(who.user_id, who.name, who.role, seat.language, who.volunteer_id)


def _is_known(known: object) -> bool:
    return (
        isinstance(known, dict)
        and len(known) <= MOST_KNOWN
        and all(isinstance(rev, str) and len(rev) <= 64 and len(key) <= 80 for key, rev in known.items())
    )


def _sent_at(text: object) -> Any:
    """Return what the phone's clock says; a clock that cannot be read is no reason to take nothing."""
    try:
        return instant(text) if isinstance(text, str) else None
    except InvalidInput:
        return None
