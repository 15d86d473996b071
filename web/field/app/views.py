"""The shell of the app, its service worker, its manifest, and the kill switch. Nothing personal: all of it is open to anyone."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.access import public
from web.context import running
from web.field.api.routes import CLIENT
from web.field.app import switch
from web.headers import PERMISSIONS
from web.static_files import APP_SHELL, SOURCE, AppFiles

blueprint = Blueprint("field_app", __name__, template_folder="templates", url_prefix="/field")
WORKER = SOURCE / "field" / "worker" / "sw.js"
FAREWELL = SOURCE / "field" / "worker" / "farewell.js"


@blueprint.get("/app")
@public
def shell() -> Response:
    """Return the page that loads the app; while the app is switched off, one that leads to the pages without script."""
    if not app_is_on():
        return _fresh(make_response(render_template("field_app/off.html")))
    response = _fresh(make_response(render_template("field_app/shell.html", app=_files())))
    # A volunteer may choose to note where a house stands that the roster lacks; no other page may ask.
    response.headers["Permissions-Policy"] = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")
    return response


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """Return the service worker: what it keeps, then what it does. Switched off: one that removes itself."""
    if app_is_on():
        kept = {"shell": _files().digest, "files": [_files().url(name) for name in APP_SHELL]}
        text = f"const KEPT = {current_app.json.dumps(kept)};\n{WORKER.read_text(encoding='utf-8')}"
    else:
        text = FAREWELL.read_text(encoding="utf-8")
    response = _fresh(make_response(text))
    response.mimetype = "text/javascript"
    return response


@blueprint.get("/app.webmanifest")
@public
def manifest() -> Response:
    """Return what a phone needs to put the app among the others."""
    asset = current_app.extensions["assets"].url
    icons = [
        {"src": asset(f"img/app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    response = jsonify(
        name="Năm Rõ", short_name="Năm Rõ", description=_("Danh sách thăm hộ của tình nguyện viên"), lang="vi",
        id="/field/app", start_url="/field/app", scope="/field/", display="standalone", orientation="any",
        background_color="#f5f4ef", theme_color="#073d34", icons=icons,
    )  # fmt: skip
    response.mimetype = "application/manifest+json"
    return _fresh(response)


@blueprint.get("/app-status.json")
@public
def status() -> Response:
    """Say whether the app may be used, and which one is current."""
    return jsonify(enabled=app_is_on(), client=CLIENT, shell=_files().digest)


def app_is_on() -> bool:
    """Tell whether phones may use the app."""
    return switch.is_on(running().settings.data_dir)


def _files() -> AppFiles:
    files: AppFiles = current_app.extensions["app_files"]
    return files


def _fresh(response: Response) -> Response:
    """Ask before using a copy: the names in it change with every version."""
    response.headers["Cache-Control"] = "no-cache"
    return response
