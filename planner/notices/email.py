"""E-mail by SMTP: one connection a drain, plain text, and the same Message-ID at every attempt."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from planner.domain.notices.letters import SIGNATURE, TITLE
from planner.notices.message import ChannelDown, Message, NotSent

TIMEOUT_SECONDS = 10
GONE = (550, 551, 553)  # no such mailbox, or none that takes our mail


@dataclass(frozen=True)
class Mailbox:
    """How this installation sends mail. `security`: ``starttls``, ``tls`` or ``none`` (a relay on this machine)."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


class EmailSender:
    """Sends through one mail server. Its connection is opened when first needed, and closed after a drain."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._box = mailbox
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: Message) -> Sequence[str]:
        """Hand a message to the server. What it refuses for good is permanent, all else may go better later."""
        letter = written(message, self._box.sender)
        smtp = self._connected()
        try:
            smtp.send_message(letter, self._box.sender, list(message.to))
        except smtplib.SMTPRecipientsRefused as refused:
            code = max((status for status, _ in refused.recipients.values()), default=450)
            raise NotSent(f"smtp_{code}", permanent=code in GONE) from None
        except smtplib.SMTPSenderRefused as fault:  # too many letters, or we are not welcome: that is about all of them
            self.close()
            raise ChannelDown(f"smtp_{fault.smtp_code}") from None
        except (smtplib.SMTPServerDisconnected, OSError):
            # Perhaps it is this very letter that the server falls over: it waits, the next has a connection of its own. If the
            # server is gone, that one finds out.
            self.close()
            raise NotSent("smtp_disconnected") from None
        except smtplib.SMTPResponseException as fault:
            self.close()  # its session may be in any state
            raise NotSent(f"smtp_{fault.smtp_code}", permanent=500 <= fault.smtp_code < 600) from None
        return ()

    def close(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self._opened()
            except smtplib.SMTPAuthenticationError:
                raise ChannelDown("smtp_login_refused") from None
            except (smtplib.SMTPException, OSError) as fault:
                raise ChannelDown(f"smtp_{type(fault).__name__}"[:80]) from None
        return self._smtp

    def _opened(self) -> smtplib.SMTP:
        box = self._box
        if box.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                box.host, box.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(box.host, box.port, timeout=TIMEOUT_SECONDS)
        try:
            if box.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if box.user:
                smtp.login(box.user, box.password)
        except Exception:
            smtp.close()
            raise
        return smtp


def written(message: Message, sender: str) -> EmailMessage:
    """Return a notice as an e-mail.

    Raises
    ------
    NotSent
        ``address_unusable``, for good.
    """
    letter = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2]
    try:
        letter["From"] = Address(TITLE[message.language], addr_spec=sender)
        letter["To"] = [Address(addr_spec=address) for address in message.to]
    except (ValueError, HeaderParseError, IndexError):
        raise NotSent("address_unusable", permanent=True) from None
    letter["Subject"] = " ".join(message.subject.split())  # a line break in a name would begin another header
    letter["Message-ID"] = f"<{message.message_id}@{domain}>"
    letter["Date"] = format_datetime(message.made_at)
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
    letter["Content-Language"] = message.language
    paragraphs = [*message.lines, message.url, SIGNATURE[message.language].format(url=message.choices_url)]
    letter.set_content("\n\n".join(paragraphs) + "\n", charset="utf-8", cte="quoted-printable")
    return letter
