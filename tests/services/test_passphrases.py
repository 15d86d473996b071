"""Passphrases nobody can guess, kept so that nobody can read them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput
from planner.services import passphrases

CONTEXT = ("Lộc Hòa", "Trần Quang Minh", "minh.tran")


@pytest.mark.parametrize(
    "passphrase",
    [
        "bốn con trâu lội suối",
        "ghế tre chiều mưa 27",
        "correct horse battery",
        "Tr4i-xoai-chin-cay",
        "đường về bản xa lắm",
        "猫と犬と鳥と魚と馬と牛がいる",
    ],
)
def test_a_good_passphrase_is_taken(passphrase: str) -> None:
    passphrases.check(passphrase, CONTEXT)


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [
        ("", "passphrase_short"),
        ("trâu lội 11", "passphrase_short"),
        ("x" * 201, "passphrase_long"),
        ("locHoa-2026-abc", "passphrase_context"),  # the commune and the year
        ("Xã Lộc Hòa 2026!", "passphrase_context"),
        ("tranquangminh1990", "passphrase_context"),
        ("quang khoai lang", "passphrase_context"),  # part of the name
        ("minhtran-suoi-cat", "passphrase_context"),
        ("matkhau123456", "passphrase_common"),
        ("Mật khẩu 2026!!", "passphrase_common"),
        ("Password1234", "passphrase_common"),
        ("vneid@congan2026", "passphrase_common"),
        ("123456789012", "passphrase_common"),
        ("qwertyuiop12", "passphrase_common"),
        ("aaaaaaaaaaaa", "passphrase_common"),
        ("abcabcabcabcabc", "passphrase_common"),
        ("22/11/2026 22", "passphrase_common"),
        ("            ", "passphrase_common"),
        ("iloveyou 2026", "passphrase_common"),
    ],
)
def test_a_guessable_passphrase_is_refused(passphrase: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        passphrases.check(passphrase, CONTEXT)
    assert (caught.value.code, caught.value.facts["field"]) == (code, "passphrase")
    assert passphrase not in str(caught.value) or not passphrase.strip()


@given(st.text(max_size=300))
def test_checking_never_fails_otherwise(passphrase: str) -> None:
    with contextlib.suppress(InvalidInput):
        passphrases.check(passphrase, CONTEXT)


def test_a_hash_is_argon2id_salted_and_fits_only_its_passphrase() -> None:
    one, other = passphrases.hash_of("bốn con trâu"), passphrases.hash_of("bốn con trâu")
    assert one.startswith("$argon2id$")
    assert one != other
    assert passphrases.fits("bốn con trâu", one)
    assert not passphrases.fits("bốn con bò", one)
    assert not passphrases.is_outdated(one)


@pytest.mark.parametrize("kept", ["", "not a hash", "$argon2id$v=19$broken"])
def test_no_hash_fits_nothing(kept: str) -> None:
    assert not passphrases.fits("nobody has this passphrase", kept)
