"""The API as OpenAPI 3.1: the shapes are those by which reports are checked."""

from __future__ import annotations

from functools import cache
from typing import Any

from planner.domain.vocabulary import FieldVerdict
from planner.services.sync import shapes
from planner.services.sync.receiving import MOST_EVENTS

INSTANT = {"type": "string", "format": "date-time"}
TEXT = {"type": "string"}
COUNT = {"type": "integer"}
PERSON = shapes.thing(
    "user_id name role language volunteer_id",
    user_id=COUNT, name=TEXT, role=TEXT, language=TEXT, volunteer_id=shapes.or_null(COUNT),
)  # fmt: skip
DOC = shapes.thing("key kind rev body", key=TEXT, kind=TEXT, rev=TEXT, body={"type": "object"})
VERDICT = shapes.thing(
    "event_id verdict status code message_vi message_en flags hash received_at",
    event_id=TEXT, verdict=shapes.one_of(*(v.value for v in FieldVerdict)), status=COUNT, code=TEXT, message_vi=TEXT,
    message_en=TEXT, flags=shapes.many(TEXT, 20), hash=TEXT, received_at=INSTANT,
)  # fmt: skip
ERROR = shapes.thing("error", error=shapes.thing("code title message", code=TEXT, title=TEXT, message=TEXT, field=TEXT))
HEADERS = [
    {"name": "X-Namro-Client", "in": "header", "required": True, "schema": COUNT, "description": "Version of the app."},
    {"name": "X-Namro-Person", "in": "header", "required": True, "schema": COUNT, "description": "On whose behalf: user id."},
]


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Năm Rõ: phone and server", "version": "1", "description": "In words: docs/sync.md."},
        "servers": [{"url": "/field/api/v1"}],
        "paths": {
            "/hello": {"get": _operation("Whose app this is.", HEADERS[:1], None, _hello())},
            "/pull": {"post": _operation("What differs from what the phone has.", HEADERS, _known(), _pulled())},
            "/events": {"post": _operation("Reports; a verdict for each.", HEADERS, _reports(), _verdicts())},
            "/evidence/{uuid}": {"put": _photo()},
            "/sign-out": {
                "post": _operation("End this person's seat.", HEADERS, None, shapes.thing("", epoch=TEXT, now=INSTANT))
            },
            "/openapi.json": {"get": _operation("This document.", [], None, {"type": "object"})},
        },
        "components": {"schemas": {"Event": _event(), "Verdict": VERDICT, "Doc": DOC, "Person": PERSON, "Error": ERROR}},
    }


def _photo() -> dict[str, Any]:
    """Return the operation that takes a photo: an image with what is said of it in the address."""
    stored = shapes.thing(
        "uuid verdict received_at", uuid=TEXT, verdict=shapes.one_of("accepted", "duplicate"), received_at=INSTANT
    )
    operation = _operation("A photo of activity.", HEADERS, None, stored)
    wanted = {"uuid": TEXT, "shift_id": COUNT, "taken_at": INSTANT, "consent": {"const": 1}, "sha256": TEXT}
    operation["parameters"] = HEADERS + [
        {"name": name, "in": "path" if name == "uuid" else "query", "required": True, "schema": schema}
        for name, schema in wanted.items()
    ]
    operation["requestBody"] = {"required": True, "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
    operation["responses"]["201"] = operation["responses"]["200"] | {"description": "Stored."}
    return operation


def _event() -> dict[str, Any]:
    """Return the shape of a report: the envelope, with the body its kind asks for."""
    return {
        "oneOf": [
            {
                **shapes.ENVELOPE,
                "properties": {**shapes.ENVELOPE["properties"], "kind": {"const": kind}, "body": body},
            }
            for kind, body in shapes.BODIES.items()
        ]
    }


def _hello() -> dict[str, Any]:
    client = shapes.thing("current oldest", current=COUNT, oldest=COUNT)
    return shapes.thing(
        "epoch now client people revoked",
        epoch=TEXT, now=INSTANT, client=client, people=shapes.many(_ref("Person"), 100), revoked=shapes.many(COUNT, 100),
    )  # fmt: skip


def _known() -> dict[str, Any]:
    return shapes.thing("known", known={"type": "object", "additionalProperties": TEXT})


def _pulled() -> dict[str, Any]:
    gone = shapes.thing("key reason", key=TEXT, reason=TEXT)
    return shapes.thing(
        "epoch now person unread expires_at put gone",
        epoch=TEXT, now=INSTANT, person=_ref("Person"), unread=COUNT, expires_at=INSTANT,
        put={"type": "array", "items": _ref("Doc")}, gone={"type": "array", "items": gone},
    )  # fmt: skip


def _reports() -> dict[str, Any]:
    return shapes.thing("events", events=shapes.many(_ref("Event"), MOST_EVENTS), sent_at=INSTANT)


def _verdicts() -> dict[str, Any]:
    return shapes.thing("epoch now verdicts", epoch=TEXT, now=INSTANT, verdicts=shapes.many(_ref("Verdict"), MOST_EVENTS))


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _operation(summary: str, headers: list[Any], body: dict[str, Any] | None, answer: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "parameters": headers,
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": answer}}},
            "default": {"description": "Nothing was done.", "content": {"application/json": {"schema": _ref("Error")}}},
        },
    }
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation
