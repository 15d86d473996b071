"""Errors a person can act on. The words live in translations, keyed by `code`; the facts fill them in."""

from __future__ import annotations


class PlannerError(Exception):
    """Something the caller can put right.

    Parameters
    ----------
    code
        Stable identifier, e.g. ``week_already_published``; the key of its sentence in both languages.
    facts
        Values for the sentence. No personal data: errors are logged.
    """

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code if not facts else f"{code} {facts}")


class NotFound(PlannerError):
    """The row does not exist, or is not this person's to see: the two are never told apart (404)."""


class NotAllowed(PlannerError):
    """The person may see the row but not do this to it (403)."""


class InvalidInput(PlannerError):
    """A value cannot be taken; `facts["field"]` names it (422)."""


class Conflict(PlannerError):
    """Someone else was faster, or the state does not allow it any more (409)."""


class Busy(PlannerError):
    """Nothing was done, because something large is being written; the same again in a moment will do (503)."""


class TooLarge(PlannerError):
    """More was sent than is ever taken (413)."""


class StorageFull(PlannerError):
    """The disk has no room left: nothing was stored, and what there was is untouched (507)."""
