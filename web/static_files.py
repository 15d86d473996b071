"""Style sheets, scripts and pictures under names that carry their hash, so that a browser keeps them for good.

At start the files of ``web/static`` are written to the data folder as ``name.<hash>.ext`` with a compressed twin,
and WhiteNoise serves them from there. Content-addressed: a second start, or a second process, finds them in place.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path, PurePosixPath
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

SOURCE = Path(__file__).parent / "static"
PREFIX = "static"
# One request instead of several over a slow mobile line; the parts stay apart for their readers.
BUNDLES = {
    "css/namro.css": ("css/tokens.css", "css/base.css", "css/components.css", "css/field.css", "css/print.css"),
}
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


def init_static(app: Flask, data_dir: Path) -> None:
    assets = Assets(data_dir / "static")
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    server = WhiteNoise(
        app.wsgi_app,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_harden,
    )
    for hashed in assets.names.values():  # these alone: files of former versions stay unserved
        server.add_file_to_dictionary(f"/{PREFIX}/{hashed}", str(assets.target / hashed))
    app.wsgi_app = server  # type: ignore[method-assign]


def _contents() -> dict[str, bytes]:
    parts = {part for bundle in BUNDLES.values() for part in bundle}
    files = {p.relative_to(SOURCE).as_posix(): p for p in sorted(SOURCE.rglob("*")) if p.is_file()}
    contents = {name: path.read_bytes() for name, path in files.items() if name not in parts and _is_served(name)}
    for bundle, names in BUNDLES.items():
        contents[bundle] = b"\n".join(files[name].read_bytes() for name in names)
    return contents


def _is_served(name: str) -> bool:
    return PurePosixPath(name).name not in ("LICENSE", "manifest.json")


def _place(name: str, content: bytes, target: Path) -> str:
    path = PurePosixPath(name)
    digest = hashlib.sha256(content).hexdigest()[:HASH_LETTERS]
    hashed = str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))
    _write_once(target / hashed, content)
    if path.suffix in COMPRESSED:
        _write_once(target / f"{hashed}.gz", gzip.compress(content, 9, mtime=0))
    return hashed


def _write_once(path: Path, content: bytes) -> None:
    if path.exists() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_bytes(content)
    os.replace(draft, path)


def _harden(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
