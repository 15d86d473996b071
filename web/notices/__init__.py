"""Notices: the bell and its list, each person's choices, their calendar's address, texts for the group chat."""

from web.notices import chat, choices, feed, listing  # noqa: F401 - they add their routes
from web.notices.routes import blueprint

__all__ = ["blueprint"]
