"""A mail server of this machine alone, small and strict: it keeps what it accepted, and can be made to misbehave."""

from __future__ import annotations

import contextlib
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class Mailbox:
    """What arrived, in order, as ``(recipient, message)``.

    Parameters
    ----------
    answer_to
        The answer to a recipient's address: 250 accepts, 550 says there is no such mailbox, 451 to come again.
    answer_to_sender
        The answer to the sender's address, e.g. 452: too many letters.
    lose_answer
        Tells, for each message, whether the connection breaks after it was accepted: the sender cannot know.
    """

    answer_to: Callable[[str], int] = lambda address: 250
    lose_answer: Callable[[int], bool] = lambda number: False
    answer_to_sender: int = 250
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    delay_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        mailbox = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(ConnectionError):  # the sender was killed
                    mailbox._talk(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Mailbox:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def letters(self) -> list[tuple[str, EmailMessage]]:
        return [(to, _read(letter)) for to, letter in list(self.arrived)]

    def _talk(self, line: socketserver.StreamRequestHandler) -> None:
        def say(text: str) -> None:
            line.wfile.write(f"{text}\r\n".encode())

        say("220 mailbox")
        recipients: list[str] = []
        while command := line.rfile.readline(2000).decode("utf-8", "replace").strip():
            verb = command.partition(" ")[0].upper()
            if verb == "QUIT":
                say("221 bye")
                return
            if verb == "RCPT":
                address = command.partition("<")[2].partition(">")[0]
                answer = self.answer_to(address)
                if answer == 250:
                    recipients.append(address)
                say(f"{answer} {'ok' if answer == 250 else 'refused'}")
            elif verb == "DATA":
                say("354 go on")
                if not self._take(line, recipients):
                    return
                say("250 taken")
                recipients = []
            elif verb == "MAIL":
                recipients = []
                say(f"{self.answer_to_sender} {'ok' if self.answer_to_sender == 250 else 'refused'}")
            elif verb in ("EHLO", "HELO", "RSET", "NOOP"):
                if verb == "RSET":
                    recipients = []
                say("250 ok")
            else:
                say("502 unknown")

    def _take(self, line: socketserver.StreamRequestHandler, recipients: list[str]) -> bool:
        """Read a letter to its lone dot and keep it; False where it broke off, or the answer is to be lost."""
        lines = []
        while (text := line.rfile.readline(10_000)) != b".\r\n":
            if not text:
                return False
            lines.append(text)
        if self.delay_seconds:
            time.sleep(self.delay_seconds)
        letter = b"".join(lines)
        with self._lock:
            number = len(self.arrived)
            self.arrived += [(to, letter) for to in recipients]
        return not self.lose_answer(number)


def _read(letter: bytes) -> EmailMessage:
    message = message_from_bytes(letter, policy=default)
    assert isinstance(message, EmailMessage)
    return message
