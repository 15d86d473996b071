"""What a cell says about the level-2 account: set phrases first, then the words in it; never more than they say."""

# ruff: noqa: E501 - patterns of words, one list a line

from __future__ import annotations

import re

from planner.domain.vocabulary import AccountState
from planner.sheets import words

_SHORT = {
    "kh": "kich hoat", "tk": "tai khoan", "ckh": "chua kich hoat", "dkh": "da kich hoat", "dk": "dang ky", "ko": "khong", "k": "khong", "kg": "khong",
    "dc": "duoc", "m2": "muc 2", "m1": "muc 1", "dddt": "dinh danh", "14t": "14 tuoi", "kick": "kich", "active": "kich hoat", "lv2": "muc 2", "lv1": "muc 1",
}  # fmt: skip

# An account, but nothing about activation: only a person can say which the sheet means.
_ONLY_HAS = re.compile(
    r"^(da |da co |co |da duoc cap |da dang ky |da lam )?(tai khoan( dinh danh)?( muc( do)? 0?2)?|dinh danh( muc( do)? 0?2)?|muc( do)? 0?2)$"
)
_LEVEL_1 = re.compile(r"\bmuc( do)? 0?1\b(?!.*\bmuc( do)? 0?2\b)")
_ABOUT_ACCOUNT = r"(?=$| tai khoan| dinh danh| muc| vneid| chua| cccd| can cuoc)"
_RULES = (
    (AccountState.NA, re.compile(r"\bduoi \d|\bchua (du|den|toi) (14|tuoi|do tuoi)|\btre (em|nho)\b|\bkhong (thuoc|yeu cau|ap dung|bat buoc)\b|\bcon nho\b")),
    (AccountState.NONE, re.compile(rf"\bchua (duoc )?(co|cap|dang k[yi]|lam|thu nhan|dinh danh|ke khai|tao){_ABOUT_ACCOUNT}(?! kich hoat)|\bkhong co (tai khoan|dinh danh|muc)|{_LEVEL_1.pattern}")),
    (AccountState.ISSUED, re.compile(r"\b(chua|khong|cho|dang cho|chuan bi|doi)( \w+){0,2} kich hoat\b")),
    (AccountState.ACTIVATED, re.compile(r"^(?!.*\b(chua|khong|cho|dang cho|loi|huy|thu hoi|khoa|mat|sap|se|can|hen)\b).*\bkich hoat\b|^dang (su )?dung\b")),
    (AccountState.ISSUED, re.compile(r"^(?!.*\b(chua|khong|cho|dang cho|loi|huy|thu hoi|khoa)\b)(da|co)( duoc)? (cap|duyet|phe duyet)\b")),
)  # fmt: skip


def spelled_out(text: str) -> str:
    """Return unaccented words with the usual abbreviations written out."""
    return " ".join(_SHORT.get(word, word) for word in text.split())


def means_yes(word: str) -> bool:
    """Say whether the cell only says that there is one, activated or not."""
    return (word in words.YES and word not in words.STATES) or word == "roi" or _ONLY_HAS.match(spelled_out(word)) is not None


def account_state(word: str) -> AccountState | None:
    """Return the state the words tell; None where they tell none, or several that contradict each other."""
    found = words.STATES.get(word)
    if found is not None:
        return found
    full = spelled_out(word)
    return words.STATES.get(full) or next((state for state, pattern in _RULES if pattern.search(full)), None)


def flag_of_title(title: str) -> str:
    """Return the field of a column to tick for one state, by the unaccented words of its title; else ``""``."""
    full = spelled_out(title)
    if re.search(r"\b(chua|khong) (duoc )?(co|cap|dang k[yi]|lam|thu nhan|dinh danh)\b", full):
        return "state_none"
    if re.search(r"\b(chua|khong|cho) (duoc )?kich hoat\b", full):
        return "state_issued"
    if re.search(r"\bkich hoat\b|\bactivated\b", full):
        return "state_activated"
    return (
        "state_issued" if re.search(r"\bda( duoc)? (cap|dang ky|co|lam)\b|\bco (tai khoan|dinh danh)\b|\bissued\b", full) else ""
    )
