"""Style sheets, scripts and pictures under names that carry their hash, so that a browser keeps them for good.

At start the files of ``web/static`` are written to the data folder as ``name.<hash>.ext`` with a compressed twin,
and WhiteNoise serves them from there. Content-addressed: a second start, or a second process, finds them in place.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
import zlib
from pathlib import Path, PurePosixPath
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from web.joined import join_modules

SOURCE = Path(__file__).parent / "static"
PREFIX = "static"
# One request instead of several over a slow mobile line; the parts stay apart for their readers.
BUNDLES = {
    "css/namro.css": ("css/tokens.css", "css/base.css", "css/components.css", "css/field.css", "css/print.css"),
}
# The app of the field: all of it lies under one name, made of all its files, so that relative names hold among them.
APP = "field"
APP_STYLES = ("css/tokens.css", "css/base.css", "css/components.css", "css/field.css", "field/app.css")
APP_SHARED = ("vendor/idb/index.js", "img/icons.svg")
APP_ENTRY = "field/main.js"
APP_SHELL = ("field/app.css", "field/app.js", "field/en.js", "img/icons.svg")  # what a phone keeps; the rest is for readers
APP_WORKERS = "field/worker/"  # served at addresses of their own
COMPRESSED = {".css", ".js", ".svg"}
HASH_LETTERS = 12


class UnknownAsset(KeyError):
    """A template asks for a file that is not in ``web/static``."""


class Assets:
    """The hashed names of all static files.

    Parameters
    ----------
    target
        Folder to write the hashed files to.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        self.names = {name: _place(name, content, target) for name, content in _contents().items()}

    def url(self, name: str) -> str:
        """Return the address of ``css/namro.css`` and the like."""
        try:
            return f"/{PREFIX}/{self.names[name]}"
        except KeyError:
            raise UnknownAsset(name) from None


class AppFiles:
    """The files of the field's app, laid out as in ``web/static`` under one folder that carries the hash of them all.

    Parameters
    ----------
    target
        Folder to write the files to.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        contents = _app_contents()
        whole = hashlib.sha256()
        for name in sorted(contents):
            whole.update(f"{name}\0{len(contents[name])}\0".encode() + contents[name])
        self.digest = whole.hexdigest()[:HASH_LETTERS]
        self.names = tuple(sorted(contents))
        for name, content in contents.items():
            _write_with_twin(target / APP / self.digest / name, content)

    def url(self, name: str) -> str:
        """Return the address of ``field/main.js`` and the like."""
        if name not in self.names:
            raise UnknownAsset(name)
        return f"/{PREFIX}/{APP}/{self.digest}/{name}"


def init_static(app: Flask, data_dir: Path) -> None:
    assets = Assets(data_dir / "static")
    app_files = AppFiles(data_dir / "static")
    app.extensions["assets"] = assets
    app.extensions["app_files"] = app_files
    app.jinja_env.globals["asset"] = assets.url
    server = WhiteNoise(
        app.wsgi_app,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_harden,
    )
    for hashed in assets.names.values():  # these alone: files of former versions stay unserved
        server.add_file_to_dictionary(f"/{PREFIX}/{hashed}", str(assets.target / hashed))
    for name in app_files.names:
        server.add_file_to_dictionary(app_files.url(name), str(app_files.target / APP / app_files.digest / name))
    app.wsgi_app = server  # type: ignore[method-assign]


def _contents() -> dict[str, bytes]:
    parts = {part for bundle in BUNDLES.values() for part in bundle}
    files = _files()
    contents = {name: path.read_bytes() for name, path in files.items() if name not in parts and _is_served(name)}
    for bundle, names in BUNDLES.items():
        contents[bundle] = b"\n".join(files[name].read_bytes() for name in names)
    return contents


def _app_contents() -> dict[str, bytes]:
    files = _files()
    scripts = [name for name in files if name.startswith(f"{APP}/") and name.endswith(".js") and not name.startswith(APP_WORKERS)]
    contents = {name: files[name].read_bytes() for name in (*scripts, *APP_SHARED)}
    modules = {name: content.decode() for name, content in contents.items() if name.endswith(".js")}
    contents[f"{APP}/app.js"] = join_modules(APP_ENTRY, modules).encode()
    contents[f"{APP}/app.css"] = b"\n".join(files[name].read_bytes() for name in APP_STYLES)
    return contents


def _files() -> dict[str, Path]:
    return {p.relative_to(SOURCE).as_posix(): p for p in sorted(SOURCE.rglob("*")) if p.is_file()}


def _is_served(name: str) -> bool:
    """Tell whether a file has an address of its own; those of the app have theirs together."""
    if name.startswith((f"{APP}/", "vendor/idb/")):
        return False
    return PurePosixPath(name).name not in ("LICENSE", "manifest.json")


def _place(name: str, content: bytes, target: Path) -> str:
    path = PurePosixPath(name)
    digest = hashlib.sha256(content).hexdigest()[:HASH_LETTERS]
    hashed = str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))
    _write_with_twin(target / hashed, content)
    return hashed


def _write_with_twin(path: Path, content: bytes) -> None:
    """Write a file, and its compressed twin where that is worth it."""
    _write_once(path, content)
    twin = path.with_name(f"{path.name}.gz")
    if path.suffix in COMPRESSED and not _unpacks_to(twin, content):
        _write(twin, gzip.compress(content, 9, mtime=0))


def _unpacks_to(twin: Path, content: bytes) -> bool:
    """Tell by the checksum and length at its end whether a compressed file holds `content`: compressing anew takes far longer."""
    return twin.exists() and twin.read_bytes()[-8:] == struct.pack("<II", zlib.crc32(content), len(content))


def _write_once(path: Path, content: bytes) -> None:
    if not path.exists() or path.stat().st_size != len(content):
        _write(path, content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_bytes(content)
    os.replace(draft, path)


def _harden(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
