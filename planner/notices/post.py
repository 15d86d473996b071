"""The channels that this installation has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from planner.domain.notices import Channel
from planner.notices.email import EmailSender, Mailbox
from planner.notices.message import Sender
from planner.notices.push import PushSender


@dataclass(frozen=True)
class Post:
    """What notices are sent by. A channel that is missing is not set up here; `base_url` is where the pages are."""

    base_url: str
    senders: Mapping[Channel, Sender] = field(default_factory=dict)


class Sending(Protocol):
    """The settings of an installation, as far as notices need them (see `config.Settings`)."""

    @property
    def base_url(self) -> str: ...
    @property
    def smtp_host(self) -> str: ...
    @property
    def smtp_port(self) -> int: ...
    @property
    def smtp_security(self) -> str: ...
    @property
    def smtp_user(self) -> str: ...
    @property
    def smtp_password(self) -> str: ...
    @property
    def smtp_from(self) -> str: ...
    @property
    def push_private_key(self) -> str: ...
    @property
    def push_contact(self) -> str: ...


def post_of(settings: Sending) -> Post:
    """Return the channels that are set up."""
    senders: dict[Channel, Sender] = {}
    if settings.smtp_host:
        senders[Channel.EMAIL] = EmailSender(
            Mailbox(
                settings.smtp_host, settings.smtp_port, settings.smtp_from, settings.smtp_security, settings.smtp_user,
                settings.smtp_password,
            )
        )  # fmt: skip
    if settings.push_private_key:
        senders[Channel.PUSH] = PushSender(settings.push_private_key, settings.push_contact)
    return Post(settings.base_url, senders)
