"""Headers every answer carries, so that no page can be framed, sniffed, cached on a shared computer or fed foreign scripts."""

from __future__ import annotations

from flask import Flask
from werkzeug.wrappers import Response

from web.context import running

# Nothing inline, nothing from elsewhere: a resident's name that is really a script stays a name.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": Flask-WTF compares the referrer of a form sent over https.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Names and addresses are on nearly every page: nothing is kept on a shared office computer.
NEVER_STORED = "no-store"
ONE_YEAR_SECONDS = 31_536_000


def init_headers(app: Flask) -> None:
    app.after_request(_complete)


def _complete(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", NEVER_STORED)
    response.vary.add("Cookie")
    if running().settings.https:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR_SECONDS}"
    return response
