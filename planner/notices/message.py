"""What a channel is given to send, and the two ways in which it may fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """One notice to one person, in words.

    Parameters
    ----------
    message_id
        The same at every attempt to send it.
    to
        The e-mail address; for push the browsers' subscriptions as JSON, one each.
    lines
        The text, a paragraph each; `short` is all that a locked screen shows, and names nobody.
    url
        Where the notice leads, whole; `choices_url`, where the person chooses what to be told.
    made_at
        When it was decided: the date of the e-mail, the same at every attempt.
    seconds_useful
        After that nobody wants it any more.
    """

    message_id: str
    to: Sequence[str]
    language: str
    subject: str
    lines: Sequence[str]
    short: str
    url: str
    choices_url: str
    made_at: datetime
    seconds_useful: int


class NotSent(Exception):
    """This message could not be sent. `permanent`: trying again is no use; `gone`: addresses to be forgotten."""

    def __init__(self, code: str, *, permanent: bool = False, gone: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.gone = gone


class ChannelDown(Exception):
    """Nothing can be sent by this channel now: no message is to blame, all wait."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sender(Protocol):
    """A channel."""

    def send(self, message: Message) -> Sequence[str]:
        """Send a message; return those of its addresses that are no more (push), to be forgotten.

        Raises
        ------
        NotSent, ChannelDown
        """

    def close(self) -> None:
        """Let go of the connection, if there is one."""
