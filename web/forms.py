"""Errors of a form: gathered all at once, shown beside each field and listed on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import request

from planner.domain.errors import InvalidInput
from planner.domain.text import printable
from web.words import say

# Sent by the page itself, not by its reader.
ALWAYS_SENT = frozenset({"csrf_token"})
WHOLE_PAGE = "main"  # the id of every page's contents: where an error of no field leads


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; `field` is its name, and the id its link on top leads to."""

    field: str
    message: str


class FormErrors:
    """All that is wrong with a form.

    >>> errors = FormErrors()
    >>> with errors.catching():            # a service's InvalidInput becomes an entry
    ...     service(…)
    >>> if errors: return render_template(…, errors=errors), 422
    """

    def __init__(self) -> None:
        self._errors: list[FieldError] = []

    def add(self, field: str, message: str) -> None:
        self._errors.append(FieldError(field, message))

    def of(self, field: str) -> str:
        """Return what is wrong with a field, or an empty text."""
        return next((e.message for e in self._errors if e.field == field), "")

    @contextmanager
    def catching(self, rename: Callable[[str], str] = str) -> Iterator[None]:
        """Turn an InvalidInput raised inside into an entry at its field; `rename`: a service's name to the form's."""
        try:
            yield
        except InvalidInput as error:
            self.add(rename(str(error.facts.get("field", WHOLE_PAGE))), say(error.code, **error.facts))

    def __iter__(self) -> Iterator[FieldError]:
        return iter(self._errors)

    def __bool__(self) -> bool:
        return bool(self._errors)


def refuse_unknown_fields(known: Iterable[str]) -> None:
    """Refuse a form with fields its page does not have: nothing is ever assigned by a made-up name.

    Raises
    ------
    InvalidInput
        ``unknown_field``, naming the first.
    """
    unknown = sorted(set(request.form) - set(known) - ALWAYS_SENT)
    if unknown:
        raise InvalidInput("unknown_field", field=unknown[0][:60])


def text_of(name: str, most: int = 200) -> str:
    """Return a field's text without ends' spaces and control characters.

    Raises
    ------
    InvalidInput
        ``value_too_long`` beyond `most` letters.
    """
    text = printable(request.form.get(name, "")).strip()
    if len(text) > most:
        raise InvalidInput("value_too_long", field=name, longest=most)
    return text
