"""The pages: thin Flask over planner.services. `create_app` is the only place that knows all blueprints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from web.access import SEATED_BLUEPRINT, check_policies, init_access
from web.addresses import init_addresses
from web.context import STORE, Running
from web.errors import init_errors
from web.headers import init_headers
from web.i18n import init_i18n
from web.navigation import home_url, menu
from web.static_files import init_static
from web.throttle import limiter
from web.words import init_words

BLUEPRINTS = ("account", "desk", "evidence", "field", "field.api", "field.app", "health", "notices", "reports")
REMEMBERED = timedelta(days=90)  # about one campaign; each device can be revoked any day
FORM_KILOBYTES = 1024


def create_app(settings: Settings, *, db: Any = None, clock: Callable[[], datetime] | None = None, runner: Any = None) -> Flask:
    """Return the application.

    Parameters
    ----------
    settings
        The installation's settings.
    db
        The database; opened from the settings when not given.
    clock
        Returns the current instant, aware; the system's clock when not given.
    runner
        Runs plan runs outside the request; pages that start one answer 503 without it.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(_flask_config(settings))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[STORE] = Running(settings, db or _open(settings), clock or _system_clock, runner)
    init_addresses(app)
    init_i18n(app)
    init_words(app)
    init_headers(app)
    init_errors(app)
    init_access(app)
    csrf = CSRFProtect(app)
    limiter.init_app(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"web.{name}").blueprint)
    csrf.exempt(app.blueprints[SEATED_BLUEPRINT])  # a header no other site can send stands in for the token, which phones outlive
    app.context_processor(lambda: {"actor": g.get("actor"), "menu": menu, "home_url": home_url})
    init_static(app, settings.data_dir)
    app.wsgi_app = _Proxied(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    check_policies(app)
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    # "__Host-": the browser itself then holds the cookie to this host, this path and https.
    prefix = "__Host-" if settings.https else ""
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment == "test",
        "PROPAGATE_EXCEPTIONS": False,
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": FORM_KILOBYTES * 1024,
        "SESSION_COOKIE_NAME": f"{prefix}namro",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_NAME": f"{prefix}namro_device",
        "REMEMBER_COOKIE_DURATION": REMEMBERED,
        "REMEMBER_COOKIE_SECURE": settings.https,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        # A form may stay open on a phone through a whole shift; its token lives as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _open(settings: Settings) -> Any:
    from planner.services.store import open_database

    return open_database(settings.database_url)


def _system_clock() -> datetime:
    return datetime.now(UTC)


class _Proxied:
    """Believe X-Forwarded-* from as many proxies as the settings name; show the rest of them to nobody.

    Flask-Login reads X-Forwarded-For raw: without this anyone could write it.
    """

    def __init__(self, wsgi_app: Any, proxies: int) -> None:
        self.wsgi_app = self._without_forwarded(wsgi_app)
        if proxies:
            self.wsgi_app = ProxyFix(self.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.wsgi_app(environ, start_response)

    @staticmethod
    def _without_forwarded(wsgi_app: Any) -> Any:
        def call(environ: dict[str, Any], start_response: Any) -> Any:
            for name in [n for n in environ if n.startswith("HTTP_X_FORWARDED") or n == "HTTP_FORWARDED"]:
                del environ[name]
            return wsgi_app(environ, start_response)

        return call
