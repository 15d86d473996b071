"""The cookies of the phone app's seats: one for each person who uses this browser, none readable by scripts.

They are sent to the API only. A second cookie without any secret tells the other pages that the app is used here: it stays
when seats end, for the phone may still hold what was never sent.
"""

from __future__ import annotations

import re

from flask import Response, request

from web.context import running

PATH = "/field/api"
NAME = "namro_seat_"
SIGN = "namro_field"
MOST_SECONDS = 60 * 24 * 3600  # given anew at every hello
SIGN_SECONDS = 400 * 24 * 3600  # as long as browsers keep any cookie
_NAMED = re.compile(rf"{NAME}([1-9]\d{{0,9}})")


def tokens() -> dict[int, str]:
    """Return the tokens this browser sent, by user id."""
    found = ((_NAMED.fullmatch(name), value) for name, value in request.cookies.items())
    return {int(match.group(1)): value for match, value in found if match}


def any_here() -> bool:
    """Tell whether the phone app is used in this browser, by whomever."""
    return SIGN in request.cookies


def give(response: Response, user_id: int, token: str, *, remembered: bool) -> None:
    """Let this browser keep a seat."""
    age = MOST_SECONDS if remembered else None
    _set(response, f"{NAME}{user_id}", token, age, PATH, "Strict")
    _set(response, SIGN, "1", SIGN_SECONDS, "/", "Lax")


def take_away(response: Response, user_id: int) -> None:
    """Let this browser forget a seat."""
    _set(response, f"{NAME}{user_id}", "", 0, PATH, "Strict")


def _set(response: Response, name: str, value: str, max_age: int | None, path: str, same_site: str) -> None:
    secure = running().settings.https
    response.set_cookie(name, value, max_age=max_age, path=path, secure=secure, httponly=True, samesite=same_site)
