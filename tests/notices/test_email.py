"""Mail to a real server of this machine: what arrives, what is refused, what nobody can know."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.clock.mailbox import Mailbox as Server
from planner.notices import ChannelDown, Message, NotSent
from planner.notices.email import EmailSender, Mailbox

AT = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def a_message(**fields: Any) -> Message:
    return Message(
        **{
            "message_id": "f" * 32, "to": ("minh@example.vn",), "language": "vi", "subject": "Đã có lịch đi, tuần 23/11",
            "lines": ("Số ca: 2.", "Một dòng rất dài " * 20), "short": "", "url": "https://namro.example.vn/notices/7",
            "choices_url": "https://namro.example.vn/notices/choices", "made_at": AT, "seconds_useful": 60,
        }
        | fields
    )  # fmt: skip


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def sender(server: Server) -> EmailSender:
    return EmailSender(Mailbox("127.0.0.1", server.port, "namro@xa-loc-hoa.vn", "none"))


def test_a_letter_arrives_whole_with_its_diacritics_and_a_stable_id(server: Server) -> None:
    mail = sender(server)
    mail.send(a_message())
    mail.send(a_message())
    mail.close()
    (to, first), (_, second) = server.letters
    assert (to, first["To"], first["Subject"]) == ("minh@example.vn", "minh@example.vn", "Đã có lịch đi, tuần 23/11")
    assert first["Message-ID"] == second["Message-ID"] == f"<{'f' * 32}@xa-loc-hoa.vn>"
    assert first["Date"] == second["Date"]
    assert (first["From"], first["Auto-Submitted"]) == ("Năm Rõ <namro@xa-loc-hoa.vn>", "auto-generated")
    text = first.get_content()
    assert "Số ca: 2.\n\n" in text.replace("\r\n", "\n")
    assert "https://namro.example.vn/notices/7" in text
    assert "không bao giờ hỏi mã OTP" in text


def test_a_subject_that_looks_like_a_header_stays_a_subject(server: Server) -> None:
    """Facts hold names that people typed."""
    mail = sender(server)
    mail.send(a_message(subject="Minh\r\nBcc: ai@example.vn"))
    mail.close()
    ((_, letter),) = server.letters
    assert (letter["Subject"], letter["Bcc"]) == ("Minh Bcc: ai@example.vn", None)


@pytest.mark.parametrize("address", ["Nguyễn@example.vn", "a b", "@", "a@b@c", ""])
def test_an_address_no_server_would_take_is_given_up(server: Server, address: str) -> None:
    with pytest.raises(NotSent) as refused:
        sender(server).send(a_message(to=(address,)))
    assert refused.value.permanent


@pytest.mark.parametrize(("answer", "permanent"), [(550, True), (553, True), (451, False), (452, False)])
def test_what_the_server_refuses_for_good_is_permanent_the_rest_is_not(server: Server, answer: int, permanent: bool) -> None:
    server.answer_to = lambda address: answer
    mail = sender(server)
    with pytest.raises(NotSent) as refused:
        mail.send(a_message())
    assert (refused.value.code, refused.value.permanent) == (f"smtp_{answer}", permanent)
    server.answer_to = lambda address: 250
    mail.send(a_message())
    mail.close()
    assert len(server.arrived) == 1, "after a refusal the same connection goes on"


def test_an_answer_that_is_lost_leaves_the_letter_to_be_sent_again_as_the_same(server: Server) -> None:
    server.lose_answer = lambda number: number == 0
    mail = sender(server)
    with pytest.raises(NotSent) as refused:
        mail.send(a_message())
    assert not refused.value.permanent
    mail.send(a_message())
    mail.close()
    assert len({letter["Message-ID"] for _, letter in server.letters}) == 1
    assert len(server.arrived) == 2


def test_a_letter_that_the_server_falls_over_does_not_stop_the_next(server: Server) -> None:
    """The channel is not down: were it said so, that letter would be the first again, and the last, for ever."""
    server.lose_answer = lambda number: b"message/7" in server.arrived[-1][1]
    mail = sender(server)
    with pytest.raises(NotSent):
        mail.send(a_message(url="https://namro.example.vn/message/7"))
    mail.send(a_message(url="https://namro.example.vn/message/8"))
    mail.close()
    assert len(server.arrived) == 2


def test_a_sender_that_is_not_welcome_blames_no_message(server: Server) -> None:
    server.answer_to_sender = 452
    with pytest.raises(ChannelDown) as down:
        sender(server).send(a_message())
    assert down.value.code == "smtp_452"


def test_a_server_that_is_not_there_blames_no_message() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    mail = EmailSender(Mailbox("127.0.0.1", port, "namro@xa-loc-hoa.vn", "none"))
    with pytest.raises(ChannelDown) as down:
        mail.send(a_message())
    assert down.value.code == "smtp_ConnectionRefusedError"


def test_without_the_encryption_asked_for_nothing_is_sent(server: Server) -> None:
    """A server that knows no STARTTLS must not get the letter, let alone the password, in the clear."""
    mail = EmailSender(Mailbox("127.0.0.1", server.port, "namro@xa-loc-hoa.vn", "starttls", "user", "secret"))
    with pytest.raises(ChannelDown):
        mail.send(a_message())
    assert server.arrived == []
    assert "secret" not in repr(Mailbox("host", 25, "a@b.vn", password="secret"))
