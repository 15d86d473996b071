"""Pages of a long list: which one is asked for, and the address of another with the same filters."""

from __future__ import annotations

from flask import request, url_for


def page_number() -> int:
    """Return the page asked for, 1 where the address says nothing usable."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def page_url(page: int) -> str:
    """Return the address of this list's page `page`, its filters kept."""
    query = {key: value for key, value in request.args.items(multi=False) if key != "page" and value}
    return url_for(request.endpoint or "", **(request.view_args or {}), **query, page=page)
