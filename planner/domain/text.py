"""Vietnamese text: keys to search, to match and to sort by. What is displayed stays as given."""

from __future__ import annotations

import re
import unicodedata

_D = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_SPACES = re.compile(r"\s+")
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng; ngang is 0
_SHAPES = {"\u0306": 1, "\u0302": 2, "\u031b": 2}  # ă before â; ê, ô are 2; ơ and ư are told apart below
_HORN = "\u031b"


def squeeze(text: str) -> str:
    """Return `text` in NFC with every run of white space made one space, none at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def printable(text: str) -> str:
    """Return `text` in NFC without control characters but line breaks: no database or sheet need take a NUL."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def fold(text: str) -> str:
    """Return the key to search by: lower case, no diacritics, đ as d, single spaces."""
    stripped = "".join(c for c in unicodedata.normalize("NFD", text.translate(_D)) if not unicodedata.combining(c))
    return _SPACES.sub(" ", stripped).strip().casefold()


def match_key(text: str) -> str:
    """Return the key by which two spellings of one name are equal.

    Case and the place of the tone mark do not count (hòa = hoà, thủy = thuỷ); the tone itself and i/y do.
    """
    syllables = []
    for word in squeeze(text).casefold().split(" "):
        letters: list[str] = []
        tones: list[str] = []
        for char in unicodedata.normalize("NFD", word):
            (tones if char in _TONES else letters).append(char)
        syllables.append("".join(letters) + "".join(tones))
    return unicodedata.normalize("NFC", " ".join(syllables))


def sort_key(name: str) -> str:
    """Return the key that sorts names as a Vietnamese list does: given name, then middle, then surname.

    Letters in the order a ă â … d đ … e ê … o ô ơ … u ư; tones ngang, huyền, hỏi, ngã, sắc, nặng count only
    between words of the same letters. Any byte order (SQLite BINARY, PostgreSQL "C") sorts the key rightly.
    """
    words = squeeze(name).casefold().split(" ")
    ordered = [words[-1], *words[1:-1], words[0]] if len(words) > 1 else words
    return " ".join(_word_key(word) for word in ordered)


def _word_key(word: str) -> str:
    letters: list[str] = []
    tone = 0
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char]
        elif char == _HORN and letters:
            letters[-1] = letters[-1][0] + ("3" if letters[-1][0] == "o" else "2")
        elif char in _SHAPES and letters:
            letters[-1] = letters[-1][0] + str(_SHAPES[char])
        elif char == "đ":
            letters.append("d2")
        elif not unicodedata.combining(char):
            letters.append(char + "0")
    return "".join(letters) + f"!{tone}"
