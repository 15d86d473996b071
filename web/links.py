"""Addresses that come from outside: only paths of this very site are followed."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_next(target: str | None, otherwise: str) -> str:
    """Return `target` where it is a plain path of this site, else `otherwise`."""
    if not target or not target.startswith("/") or any(ord(c) < 33 or c == "\\" for c in target):
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    if parts.scheme or parts.netloc or target.startswith("//"):
        return otherwise
    return target
