"""Web Push: sealed as RFC 8291 says (its own example), signed as RFC 8292 says, naming nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from planner.notices import Message, NotSent
from planner.notices.push import PushSender
from planner.notices.webpush import b64, encrypted, new_private_key, private_key, public_bytes, un64

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
KEY = new_private_key()
PHONE, TABLET = "https://fcm.googleapis.com/send/phone", "https://web.push.apple.com/tablet"


class Service:
    """A push service: answers as told, keeps what it got."""

    def __init__(self, **answers: int) -> None:
        self.answers, self.got = answers, list[tuple[str, bytes, dict[str, str]]]()

    def __call__(self, endpoint: str, body: bytes, headers: dict[str, str]) -> int:
        self.got.append((endpoint, body, headers))
        answer = self.answers.get(endpoint.rpartition("/")[2], 201)
        if answer == 0:
            raise ConnectionRefusedError
        return answer


def a_message(*endpoints: str, **fields: Any) -> Message:
    browsers = [json.dumps({"endpoint": e, "p256dh": BROWSER, "auth": AUTH}) for e in endpoints]
    return Message(
        **{
            "message_id": "e" * 32, "to": browsers, "language": "vi", "subject": "Minh không đi được", "lines": ("Ấp 1",),
            "short": "Có người không đi được", "url": "https://namro.example.vn/notices/7", "choices_url": "",
            "made_at": datetime(2026, 11, 22, tzinfo=UTC), "seconds_useful": 7200,
        }
        | fields
    )  # fmt: skip


def test_a_message_is_sealed_as_the_standards_own_example() -> None:
    sealed = encrypted(PLAIN, un64(BROWSER), un64(AUTH), salt=un64(SALT), key=private_key(OURS))
    assert b64(sealed) == SEALED


def test_a_push_service_learns_neither_the_words_nor_whom_they_are_about() -> None:
    service = Service()
    PushSender(KEY, "mailto:a@b.vn", service).send(a_message(PHONE))
    ((endpoint, body, headers),) = service.got
    assert endpoint == PHONE
    assert b"notices" not in body
    assert (headers["TTL"], headers["Topic"], headers["Content-Encoding"]) == ("7200", "e" * 32, "aes128gcm")


def test_what_a_phone_is_shown_is_short_and_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.notices.webpush.encrypted", lambda plain, *keys: plain)
    service = Service()
    PushSender(KEY, "mailto:a@b.vn", service).send(a_message(PHONE))
    assert json.loads(service.got[0][1]) == {
        "title": "Năm Rõ", "body": "Có người không đi được", "url": "/notices/7", "tag": "e" * 32,
    }  # fmt: skip


def test_each_request_is_signed_for_its_service_alone() -> None:
    service = Service()
    PushSender(KEY, "mailto:a@b.vn", service).send(a_message(TABLET))
    scheme, _, rest = service.got[0][2]["Authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signature = parts["t"].split(".")
    raw = un64(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), un64(parts["k"]))
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    told = json.loads(un64(claims))
    assert (scheme, told["aud"], told["sub"]) == ("vapid", "https://web.push.apple.com", "mailto:a@b.vn")
    assert parts["k"] == b64(public_bytes(private_key(KEY)))


def test_one_browser_that_was_woken_is_enough_and_those_gone_are_named() -> None:
    service = Service(phone=410, tablet=201)
    assert PushSender(KEY, "mailto:a@b.vn", service).send(a_message(PHONE, TABLET)) == [PHONE]


@pytest.mark.parametrize(
    ("answer", "permanent", "gone"),
    [(410, True, [PHONE]), (404, True, [PHONE]), (429, False, []), (503, False, []), (0, False, [])],
)
def test_nobody_woken_is_tried_again_unless_the_browser_is_gone(answer: int, permanent: bool, gone: list[str]) -> None:
    with pytest.raises(NotSent) as refused:
        PushSender(KEY, "mailto:a@b.vn", Service(phone=answer)).send(a_message(PHONE))
    assert (refused.value.permanent, list(refused.value.gone)) == (permanent, gone)


def test_an_address_that_is_no_push_service_is_never_called() -> None:
    service = Service()
    with pytest.raises(NotSent):
        PushSender(KEY, "mailto:a@b.vn", service).send(a_message("https://127.0.0.1/admin"))
    assert service.got == []


@pytest.mark.parametrize("text", ["", "x" * 42, "!" * 43])
def test_a_key_that_is_none_stops_the_start(text: str) -> None:
    with pytest.raises(ValueError):
        private_key(text)
