"""Vietnamese typed for fonts of before Unicode (TCVN3/ABC, VNI, VIQR): recognised and offered, never converted silently."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# --- is this word a Vietnamese syllable? ---------------------------------------------------------------------------

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]|"
_RHYMES = [
    "a",
    "ac",
    "ach",
    "ai",
    "am",
    "an",
    "ang",
    "anh",
    "ao",
    "ap",
    "at",
    "au",
    "ay",
    "ăc",
    "ăm",
    "ăn",
    "ăng",
    "ăp",
    "ăt",
    "âc",
    "âm",
    "ân",
    "âng",
    "âp",
    "ât",
    "âu",
    "ây",
    "e",
    "ec",
    "em",
    "en",
    "eng",
    "eo",
    "ep",
    "et",
    "ê",
    "êch",
    "êm",
    "ên",
    "ênh",
    "êp",
    "êt",
    "êu",
    "i",
    "ia",
    "ich",
    "iêc",
    "iêm",
    "iên",
    "iêng",
    "iêp",
    "iêt",
    "iêu",
    "im",
    "in",
    "inh",
    "ip",
    "it",
    "iu",
    "o",
    "oa",
    "oac",
    "oach",
    "oai",
    "oam",
    "oan",
    "oang",
    "oanh",
    "oao",
    "oap",
    "oat",
    "oay",
    "oăc",
    "oăm",
    "oăn",
    "oăng",
    "oăt",
    "oc",
    "oe",
    "oen",
    "oeo",
    "oet",
    "oi",
    "om",
    "on",
    "ong",
    "oong",
    "ooc",
    "op",
    "ot",
    "ô",
    "ôc",
    "ôi",
    "ôm",
    "ôn",
    "ông",
    "ôp",
    "ôt",
    "ơ",
    "ơi",
    "ơm",
    "ơn",
    "ơp",
    "ơt",
    "u",
    "ua",
    "uc",
    "ui",
    "um",
    "un",
    "ung",
    "up",
    "ut",
    "uâ",
    "uân",
    "uâng",
    "uât",
    "uây",
    "uê",
    "uênh",
    "uêch",
    "uôc",
    "uôi",
    "uôm",
    "uôn",
    "uông",
    "uôt",
    "uơ",
    "uy",
    "uya",
    "uych",
    "uyên",
    "uyêt",
    "uynh",
    "uyn",
    "uyt",
    "uyu",
    "ư",
    "ưa",
    "ưc",
    "ưi",
    "ưm",
    "ưn",
    "ưng",
    "ưt",
    "ưu",
    "ươc",
    "ươi",
    "ươm",
    "ươn",
    "ương",
    "ươp",
    "ươt",
    "ươu",
    "y",
    "yêm",
    "yên",
    "yêng",
    "yêt",
    "yêu",
    "ynh",
    "yt",
    "ych",
    "ên",
]
_SYLLABLE = re.compile(f"(?:{_ONSET})(?:{'|'.join(sorted(set(_RHYMES), key=len, reverse=True))})$")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\s.,;:()/–-]+")


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Say whether a word could be Vietnamese: an onset and a rhyme of the language and at most one tone."""
    letters = unicodedata.normalize("NFD", word.casefold())
    if sum(letters.count(tone) for tone in _TONES) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    return _SYLLABLE.match(plain) is not None


# --- the three encodings -------------------------------------------------------------------------------------------

_TCVN3_KEYS = "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\xadøõö÷ùýúûüþ¡¢£¤¥¦§"
_TCVN3_LETTERS = "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂÊÔƠƯĐ"
_TCVN3 = dict(zip(_TCVN3_KEYS, _TCVN3_LETTERS, strict=True))

_VNI_MARKS = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_MARKS |= {
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_VNI_MARKS |= {
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

_VIQR_MARKS = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_VIQR_MARKS |= {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR_HINT = re.compile(r"[aeiouyAEIOUY][\^(+*`~?'.]|[dD][dD]")


def _from_tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(c, c) for c in text)


def _from_vni(text: str) -> str:
    out: list[str] = []
    for char in text:
        low = char.lower()
        base = unicodedata.normalize("NFD", out[-1])[0].lower() if out else ""
        if low in _VNI_MARKS and base in "aeiouy" and base and (out[-1] in "aeiouyAEIOUYơưƠƯ"):
            marks = _VNI_MARKS[low]
            out[-1] = unicodedata.normalize("NFC", out[-1] + marks)
        elif low in _VNI_ALONE:
            letter = _VNI_ALONE[low]
            out.append(letter.upper() if char != low else letter)
        else:
            out.append(char)
    return unicodedata.normalize("NFC", "".join(out))


def _from_viqr(text: str) -> str:
    out: list[str] = []
    for char in text:
        base = unicodedata.normalize("NFD", out[-1])[0] if out else " "
        if char in _VIQR_MARKS and base in "aeiouyAEIOUY":
            out[-1] = unicodedata.normalize("NFC", out[-1] + _VIQR_MARKS[char])
        elif char in "dD" and out and out[-1] in "dD":
            out[-1] = "Đ" if out[-1] == "D" else "đ"
        else:
            out.append(char)
    return "".join(out)


@lru_cache(maxsize=20_000)
def legacy_reading(raw: str) -> tuple[str, str] | None:
    """Return (encoding, what it would read as) where a text makes sense only in an encoding of before Unicode.

    Each word of the conversion must be a Vietnamese syllable and at least one word as given must not be: names of other
    peoples (H'Diêu Kbuôr) are not touched. Capital-only fonts (.VnTimeH) cannot be told: compare without case.
    """
    if raw.isascii() and _VIQR_HINT.search(raw) is None:
        return None
    as_given = repair_letters(unicodedata.normalize("NFC", raw))
    given = _WORD.findall(as_given)
    if all(is_syllable(word) for word in given):
        return None
    for encoding, convert in (("TCVN3", _from_tcvn3), ("VNI", _from_vni), ("VIQR", _from_viqr)):
        candidate = convert(raw)
        words = re.findall(r"\S+", candidate)
        if candidate != raw and words and all(is_syllable(word) for word in words):
            return encoding, _recase(candidate)
    return None


def _recase(text: str) -> str:
    """Give each word one case: the capitals of a legacy font are often another font, not other letters."""
    return " ".join(word[0].upper() + word[1:].lower() if word[:1].isupper() else word for word in text.split())


_LETTERS = str.maketrans({"\u01a3": "ư", "\u01a2": "Ư", "\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ"})


def repair_letters(text: str) -> str:
    """Return the text with look-alikes put right: U+01A3/01A2 for ư/Ư and U+00D0 for Đ (NFKC does not)."""
    return text.translate(_LETTERS)
