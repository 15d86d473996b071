"""The communes and districts a text names: ``Ấp 1, xã Tân Lập (cũ), huyện Lộc Ninh``.

Since 1 July 2025 there are two tiers of local government: districts are abolished, most communes merged. Lists still name both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from planner.domain.text import fold, match_key, squeeze
from planner.sheets.hamlets import tidy

COMMUNE_KINDS = frozenset({"xã", "phường", "thị trấn", "đặc khu"})
_SHORT = {"x": "xã", "p": "phường", "tt": "thị trấn", "h": "huyện", "q": "quận", "tx": "thị xã"}
_KEYWORD = re.compile(
    r"(?<![\w.])(?:(?P<kind>thị trấn|thị xã|xã|phường|đặc khu|huyện|quận)\s+|(?P<short>tt|tx|x|p|h|q)\.\s*)(?P<old>cũ\s+)?",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\s,;()/|]+")
_OLD_WORDS = r"(?:cũ|trước đây|trước (?:khi )?(?:sáp|sát) nhập)"
_OLD_AFTER = re.compile(rf"\s*\(\s*{_OLD_WORDS}\s*\)|\s+{_OLD_WORDS}\b", re.IGNORECASE)
_LONGEST_NAME = 5  # words
# No name goes on over these words; the first ones do not begin one either ("xã này", "XÃ CŨ").
_NEVER_NAMES = frozenset(["và", "của", "theo", "này", "có", "chưa", "cũ", "trước", "toàn"])
_AFTER_NAME = frozenset(
    ["năm", "tháng", "quý", "ngày", "tính", "đến", "số", "xã", "phường", "thị", "huyện", "quận", "tỉnh", "thành", "tp", "thuộc",
     "thôn", "ấp", "bản", "tổ", "khu", "khóm", "buôn", "làng", "xóm", "tiểu", "nay"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune or district named in a text at ``start:end``.

    `kind` is "" where a column of communes does not say. `former`: the text itself calls it a former one.
    """

    kind: str
    name: str
    former: bool = False
    start: int = 0
    end: int = 0

    @property
    def is_commune(self) -> bool:
        return not self.kind or self.kind in COMMUNE_KINDS

    @property
    def text(self) -> str:
        return f"{self.kind or 'xã'} {self.name}"

    @property
    def key(self) -> tuple[str, str]:
        """What makes two units the same: the town and the commune around it may share a name."""
        return self.kind, match_key(self.name)


def units_in(text: str) -> list[Unit]:
    """Return the communes and districts a text names, in order. `text` must be NFC; provinces and cities are not looked for."""
    found: list[Unit] = []
    for keyword in _KEYWORD.finditer(text):
        if found and keyword.start() < found[-1].end:
            continue
        name, end = _name_at(text, keyword.end())
        if not name:
            continue
        old = _OLD_AFTER.match(text, end)
        kind = _SHORT.get((keyword["short"] or "").casefold()) or squeeze(keyword["kind"] or "").casefold()
        former = old is not None or keyword["old"] is not None
        found.append(Unit(kind, tidy(name), former, keyword.start(), old.end() if old is not None else end))
    return found


def _name_at(text: str, at: int) -> tuple[str, int]:
    """Return the name that begins at a place of a text, and where it ends: words with capitals, or any in text without one."""
    any_case = not any(char.isupper() for char in text)
    words: list[str] = []
    end = at
    for token in _TOKEN.finditer(text, at):
        word = token[0].strip(".:“”\"'")
        if words and text[end : token.start()].strip():
            break  # a comma or a bracket ends a name
        key = word.casefold()
        if not word or key in _NEVER_NAMES or (words and key in _AFTER_NAME):
            break
        if not (word[0].isupper() or word[0].isdigit() or (any_case and word[0].isalpha())):
            break
        words.append(word)
        end = token.start() + len(token[0].rstrip(".:“”\"'"))
        if len(words) == _LONGEST_NAME or token[0][-1] in ".:":
            break
    name = " ".join(words)
    # xã hội is society, as in CỘNG HÒA XÃ HỘI CHỦ NGHĨA and bảo hiểm xã hội.
    return ("", at) if fold(name) == "hoi" or fold(name).startswith("hoi chu") else (name, end)


def without(text: str, units: Iterable[Unit]) -> str:
    """Return the text with these units taken out, the commas and brackets around them too."""
    return replaced(text, dict.fromkeys(units, ""))


def replaced(text: str, changes: dict[Unit, str]) -> str:
    """Return the text with each unit written as given."""
    for unit in sorted(changes, key=lambda u: u.start, reverse=True):
        text = text[: unit.start] + changes[unit] + text[unit.end :]
    text = re.sub(r"\s+,", ",", re.sub(r"\(\s*\)", "", text))
    return squeeze(re.sub(r"(?:,\s*){2,}", ", ", text)).strip(" ,;-–")
