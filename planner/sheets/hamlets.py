"""Names of hamlets: found in a column, a sheet's name or a title, compared with the known ones, offered where unsure."""

# ruff: noqa: E501 - patterns of words, one list a line

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from planner.domain.text import match_key, squeeze
from planner.sheets.cleaning import plain_words

_KINDS = r"thôn|ấp|bản|tổ dân phố|tổ dp|tdp|khu phố|kp|khóm|buôn|bon|làng|xóm|tiểu khu|khu dân cư|phum|sóc|khu vực|khu|tổ"
_KINDS_PLAIN = r"thon|ap|ban|to dan pho|to dp|tdp|khu pho|kp|khom|buon|bon|lang|xom|tieu khu|khu dan cu|phum|soc|khu vuc|khu|to"
_IN_TITLE = re.compile(
    rf"(?<![\w])({_KINDS})\s*[:.]?\s+((?:(?!\s[-–—]\s|[,;()/|\n.]|\s(?:xã|phường|thị trấn|huyện|năm|số liệu|tháng|quý)\b).)+)",
    re.IGNORECASE,
)
_PREFIX = re.compile(rf"^({_KINDS_PLAIN})\b\s*")
_GENERIC_SHEET = re.compile(
    r"^(sheet|trang|trang tinh|bang|ds|danh sach|data|du lieu|nhan khau|nk|ho dan|so lieu|file|book|worksheet|export|tong hop|chi tiet|dan cu|cu dan|tong|all|"
    r"roster|ho khau|ho gia dinh|toan xa|sheet goc|main|mau|bieu|phu luc)( ?\d+| so \d+| xa .*| phuong .*| toan .*| nhan khau| ho dan| cong dan)*$"
)
SECTION = re.compile(
    rf"^(?:[ivx]+|\d{{1,2}}|[a-h])?\s*[.)/-]?\s*(({_KINDS})\s*[:.]?\s+[^,;]{{1,40}}|(?:tdp|kp)\s?\d{{1,3}})$", re.IGNORECASE
)
_CODE = re.compile(r"^[a-z]+ ?\d+$")
# A title such as "Danh sách tổ công nghệ" or "bản tổng hợp" names no hamlet.
_NOT_HAMLET = re.compile(
    r"^(cong nghe|cong tac|de an|tong hop|ke|ghi|chot|thong ke|sao|danh sach|trong|chuc|truong|bao cao|dang ky|cao|chinh|dan van|an ninh|giup viec|chi tiet|ghi nho)\b"
)


@dataclass(frozen=True, slots=True)
class HamletGuess:
    """A hamlet's name as it will be kept. `how`: same, like (kind or accents differ), near (a letter differs), new."""

    name: str
    how: str
    near: str = ""


def bare(name: str) -> str:
    """Return the unaccented name without the word for hamlet: Thôn Hòa Bình → hoa binh."""
    words = plain_words(name)
    short = _PREFIX.sub("", words)
    return short or words


def has_kind(name: str) -> bool:
    """Say whether a name begins with a word for hamlet."""
    return _PREFIX.match(plain_words(name)) is not None


def _accented(name: str) -> str:
    """Return the name without the word for hamlet, accents kept, zeros before numbers dropped: Đông is not Đồng."""
    key = match_key(name)
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(rf"^({_KINDS})\s+", "", key) or key)


def tidy(name: str) -> str:
    """Return a hamlet's name fit to show: shouting in titles and tabs becomes a name again."""
    name = squeeze(name).strip(" .:-–")
    if not name.isupper() or len(name) < 4:
        return name
    words = []
    for word in name.split(" "):
        roman = re.fullmatch(r"[IVX]+[A-D]?", word) is not None
        words.append(word if roman or not word.isalpha() or word in ("TDP", "KP") else word[0] + word[1:].lower())
    text = " ".join(words)
    return re.sub(r"^(Tổ Dân Phố|Khu Phố|Tiểu Khu|Khu Dân Cư)", lambda m: m[0][0] + m[0][1:].lower(), text)


def resolve(written: str, known: Iterable[str]) -> HamletGuess:
    """Compare a written name with the known hamlets."""
    names = list(known)
    key = match_key(written)
    for name in names:
        if match_key(name) == key:
            return HamletGuess(name, "same")
    short = bare(written).replace(" ", "")
    numbers = re.sub(r"(?<!\d)0+(?=\d)", "", short)
    alike = [n for n in names if bare(n).replace(" ", "") in (short, numbers) and _same_kind(n, written)]
    accented = [n for n in alike if n.isascii() or written.isascii() or _accented(n) == _accented(written)]
    if len(accented) == 1 and (len(alike) == 1 or not written.isascii()):
        return HamletGuess(accented[0], "like")
    near = next((n for n in names if _one_letter_apart(bare(n), bare(written)) and _same_kind(n, written)), "")
    if near:
        return HamletGuess(tidy(written), "near", near)
    return HamletGuess(tidy(written), "new")


def _one_letter_apart(one: str, other: str) -> bool:
    """Say whether two names differ by one letter; numbers never do: Ấp 1 is not a slip for Ấp 2."""
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other) or min(len(one), len(other)) < 4:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return any(one[start + cut :] == other[start + skip :] for cut, skip in ((1, 1), (1, 0), (0, 1)))


def _same_kind(one: str, other: str) -> bool:
    """Ấp 1 is not Thôn 1 where both words are given."""
    first, second = _PREFIX.match(plain_words(one)), _PREFIX.match(plain_words(other))
    if first is None or second is None or first[1] == second[1]:
        return True
    pairs = (
        {"to dan pho", "tdp"},
        {"khu pho", "kp"},
        {"to dan pho", "to"},
        {"tdp", "to"},
        {"to dan pho", "to dp"},
        {"khu pho", "khu"},
    )
    return {first[1], second[1]} in pairs


def in_title(text: str, known: Iterable[str]) -> str:
    """Return the hamlet a title row names, or ``""``."""
    padded = f" {match_key(text)} "
    for name in sorted(known, key=len, reverse=True):
        if re.search(rf"(?<!\w){re.escape(match_key(name))}(?!\w)", padded):
            return name
    for found in _IN_TITLE.finditer(squeeze(text)):
        kind, rest = found[1], found[2].strip(" .:-–")
        words = plain_words(rest)
        if not words or _NOT_HAMLET.match(words) or len(words.split()) > 5:
            continue
        if kind.casefold() in ("bản", "tổ", "khu", "làng") and not (rest[0].isupper() or rest[0].isdigit()):
            continue
        kind = kind[0].upper() + kind[1:]
        return tidy(f"{kind} {rest}" if not text.isupper() else f"{kind} {rest}".upper())
    return ""


def in_sheet_name(name: str, known: Iterable[str]) -> str:
    """Return the hamlet a sheet's name stands for, or ``""`` where the name is only a name of a sheet."""
    guess = resolve(name, known)
    if guess.how in ("same", "like"):
        return guess.name
    words = plain_words(name)
    titled = in_title(name, known)
    if titled:
        return titled
    if _GENERIC_SHEET.match(words) or words.isdigit():
        return ""
    if (_PREFIX.match(words) and bare(name) != words) or re.match(r"^(kp|tdp|ap|thon|ban|xom|khom|to) ?\d{1,3}[a-d]?$", words):
        return tidy(name)
    return ""


def is_generic(name: str) -> bool:
    words = plain_words(name)
    return not words or words.isdigit() or "_" in name or _GENERIC_SHEET.match(words) is not None


def section_name(text: str, known: Iterable[str]) -> str:
    """Return the hamlet a lone text in the middle of a list names (``II. Thôn Hòa Bình``), or ``""``."""
    text = squeeze(text)
    if len(text) > 60:
        return ""
    stripped = re.sub(r"^(?:[IVXivx]+|\d{1,2}|[A-Ha-h])\s*[.)/-]+\s*", "", text)
    guess = resolve(stripped, known)
    if guess.how in ("same", "like"):
        return guess.name
    stripped = re.sub(r"\s*\(.*\)$|\s*[-–:]\s*\d+ hộ.*$", "", stripped)
    found = SECTION.match(stripped)
    if found is None or _NOT_HAMLET.match(bare(found[1])):
        return ""
    return tidy(found[1])
