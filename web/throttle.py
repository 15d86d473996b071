"""Limits on guessing: counted for each login at each address, and for each address over all logins.

Only failures count, nothing is locked for good, and a remembered device never comes through here: nobody can
shut another person out by typing their login wrongly.
"""

from __future__ import annotations

from flask import Response, request
from flask_limiter import Limiter

from planner.domain.text import fold

# A person mistypes three or four times; a guesser at 8 in 15 minutes needs centuries for a passphrase of 12 letters.
GUESSES_PER_LOGIN = "8 per 15 minutes"
# Hundreds of phones may share one address of a mobile operator, so this one is wide.
GUESSES_PER_ADDRESS = "100 per hour"


def client_address() -> str:
    """Return the address the connection comes from; a proxy's word counts only where the settings name proxies."""
    return request.remote_addr or "unknown"


def _login_at_address() -> str:
    return f"{fold(request.form.get('login', ''))[:80]}@{client_address()}"


def _failed(response: Response) -> bool:
    return response.status_code in (401, 404, 410, 422)


limiter = Limiter(key_func=client_address, storage_uri="memory://", strategy="moving-window")
guesses_per_login = limiter.limit(GUESSES_PER_LOGIN, key_func=_login_at_address, methods=["POST"], deduct_when=_failed)
guesses_per_address = limiter.limit(GUESSES_PER_ADDRESS, methods=["POST"], deduct_when=_failed)
