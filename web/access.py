"""Who may open which page: denied by default, declared at each route, checked at start and at every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from planner.domain.vocabulary import Role
from planner.services import accounts
from planner.services.actors import Actor
from web.context import app_db, now

View = TypeVar("View", bound=Callable[..., object])
PUBLIC: frozenset[Role] = frozenset()
EVERY_ROLE = frozenset(Role)
# Who may have a seat of the phone app.
SEATED: frozenset[Role] = frozenset({Role.VOLUNTEER, Role.LEADER})
SEATED_BLUEPRINT = "field_api"
JSON_ONLY = "/field/api/"
_MARK = "allowed_roles"
_SEAT_MARK = "asks_for_a_seat"


def policy(*roles: Role) -> Callable[[View], View]:
    """Declare which roles may open a route. Put it right under the route's decorator."""
    if not roles:
        raise TypeError("name the roles, or use @signed_in or @public")
    return _marked(frozenset(roles))


def signed_in(view: View) -> View:
    """Declare a route open to everyone who is signed in."""
    return _marked(EVERY_ROLE)(view)


def public(view: View) -> View:
    """Declare a route open to anyone."""
    return _marked(PUBLIC)(view)


def seated(view: View) -> View:
    """Declare a route of the phone app's API: open to whom this browser has a seat for, which its blueprint checks itself.

    Being signed in on the pages counts for nothing there, and the other way round.
    """
    setattr(view, _SEAT_MARK, True)
    return _marked(SEATED)(view)


def asks_for_a_seat(app: Flask, endpoint: str | None) -> bool:
    """Tell whether a route is open to seats of the phone app only."""
    return getattr(app.view_functions.get(endpoint or ""), _SEAT_MARK, False)


def _marked(roles: frozenset[Role]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _MARK, roles)
        return view

    return mark


def allowed_roles(app: Flask, endpoint: str) -> frozenset[Role] | None:
    """Return the roles declared for an endpoint; None: nothing was declared."""
    return getattr(app.view_functions[endpoint], _MARK, None)


def check_policies(app: Flask) -> None:
    """Refuse to start while any route lacks a policy.

    Raises
    ------
    RuntimeError
        Naming the endpoints that declare none.
    """
    bare = sorted({rule.endpoint for rule in app.url_map.iter_rules() if allowed_roles(app, rule.endpoint) is None})
    if bare:
        raise RuntimeError(f"no access policy declared (web.access.policy): {', '.join(bare)}")
    astray = sorted(
        name for name in app.view_functions if asks_for_a_seat(app, name) and not name.startswith(f"{SEATED_BLUEPRINT}.")
    )
    if astray:  # only that blueprint looks at seats
        raise RuntimeError(f"asks for a seat outside the phone app's API: {', '.join(astray)}")


class SignedIn(UserMixin):
    """Flask-Login's view of a person: known by the token of this very device, which can be revoked.

    A user id in its place would outlive sign-out: Flask-Login's remember cookie still works after it.
    """

    def __init__(self, actor: Actor, device_token: str) -> None:
        self.actor = actor
        self.device_token = device_token

    def get_id(self) -> str:
        return self.device_token


def init_access(app: Flask) -> None:
    """Install the sign-in state (`g.actor`) and the gate in front of every view."""
    manager = LoginManager(app)
    # "strong" would sign a phone out for good when it changes from Wi-Fi to mobile data.
    manager.session_protection = "basic"
    manager.user_loader(_load_user)
    app.before_request(_gate)


def _load_user(device_token: str) -> SignedIn | None:
    actor = accounts.device_seen(app_db(), device_token, now())
    return SignedIn(actor, device_token) if actor else None


def _gate() -> Response | None:
    g.actor = current_user.actor if current_user.is_authenticated else None
    if request.endpoint is None:  # no such page: the 404 says so to everyone alike
        return None
    allowed = allowed_roles(current_app, request.endpoint)
    if allowed is None:
        abort(403)
    if asks_for_a_seat(current_app, request.endpoint):
        g.actor = None
        return None
    if not allowed:  # PUBLIC
        return None
    if g.actor is None:
        return _ask_to_sign_in()
    if g.actor.role not in allowed:
        abort(403)
    return None


def _ask_to_sign_in() -> Response:
    """Send a reader to sign in; a form or script gets 401, so that nothing it sent seems to have been taken."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers and not wants_json():
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    raise Unauthorized


def wants_json() -> bool:
    if request.path.startswith(JSON_ONLY):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and request.accept_mimetypes["application/json"] > request.accept_mimetypes["text/html"]
