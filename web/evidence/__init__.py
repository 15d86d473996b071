"""Photos of activity: the desk's and the chairman's by shift, a volunteer's own."""

from web.evidence.views import blueprint

__all__ = ["blueprint"]
