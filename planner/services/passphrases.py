"""Passphrases: kept as argon2id hashes, compared in equal time, refused where anyone could guess them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from planner.domain.errors import InvalidInput
from planner.domain.text import fold

SHORTEST, LONGEST = 12, 200
# OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 30 ms on an office PC.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What people type when they must type something, in Vietnamese and English; without diacritics, spaces and digits.
_COMMON = (
    "matkhau", "password", "passphrase", "passw", "admin", "administrator", "quantri", "welcome", "letmein", "iloveyou",
    "anhyeuem", "emyeuanh", "yeuem", "yeuanh", "vietnam", "hanoi", "saigon", "congan", "congdan", "vneid", "dinhdanh", "dean",
    "namro", "tochuc", "uyban", "canbo", "tructiep", "trucban", "chucmung", "khongbiet", "khongco", "dangnhap", "xinchao",
    "hello", "qwerty", "asdfgh", "zxcvbn", "abc", "abcd", "abcdef", "football", "bongda", "sunshine", "dragon", "monkey",
    "master", "login", "user", "guest", "test", "demo", "root", "secret", "bimat", "xa", "phuong", "thon", "ap",
)  # fmt: skip
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890123456789")


def hash_of(passphrase: str) -> str:
    """Return the hash to keep."""
    return _HASHER.hash(passphrase)


@cache
def _dummy() -> str:
    return hash_of("nobody has this passphrase")


def fits(passphrase: str, kept: str) -> bool:
    """Tell whether a passphrase is the one of a hash. No hash at all takes the same time as a wrong passphrase."""
    try:
        return _HASHER.verify(kept or _dummy(), passphrase[: LONGEST * 4]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def check(passphrase: str, context: Iterable[str] = (), field: str = "passphrase") -> None:
    """Refuse a passphrase that is too short or easy to guess.

    Parameters
    ----------
    context
        Names it may not contain: the commune's, the person's, the login.

    Raises
    ------
    InvalidInput
        ``passphrase_short``, ``passphrase_long``, ``passphrase_context``, ``passphrase_common``.
    """
    if len(passphrase) < SHORTEST:
        raise InvalidInput("passphrase_short", field=field, shortest=SHORTEST)
    if len(passphrase) > LONGEST:
        raise InvalidInput("passphrase_long", field=field, longest=LONGEST)
    letters = _letters(passphrase)
    for name in context:
        if any(len(part) >= 4 and part in letters for part in (_letters(name), *map(_letters, re.split(r"[\s.]+", name)))):
            raise InvalidInput("passphrase_context", field=field)
    if _is_common(passphrase):
        raise InvalidInput("passphrase_common", field=field)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", fold(text))


def _is_common(passphrase: str) -> bool:
    """Repeats, sequences, or nothing but common words with digits and signs between them."""
    plain = re.sub(r"[^a-z0-9]", "", fold(passphrase))
    if len(set(fold(passphrase))) < 5:
        return True
    if any(plain and len(plain) >= 2 * size and plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 7)):
        return True
    letters = _letters(passphrase)
    if any(run and (run in row or run[::-1] in row) for run in (plain, letters) for row in _ROWS):
        return True
    if not fold(passphrase).isascii():  # other scripts: no word list of ours says anything about them
        return False
    rest = letters
    for word in sorted(_COMMON, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < 4
