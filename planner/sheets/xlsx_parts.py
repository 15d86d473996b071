"""The parts of an .xlsx beside its sheets: their names and places, shared texts, number formats, the day of saving."""

from __future__ import annotations

import posixpath
import re
from datetime import date

from planner.sheets import refusals
from planner.sheets.package import Package, local_name
from planner.sheets.refusals import SheetRefused

_BUILTIN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')


def sheet_parts(package: Package) -> tuple[list[tuple[str, str, str]], bool]:
    """Return (name, state, entry) of each sheet in order, and whether days count from 1904."""
    book = (
        "xl/workbook.xml" if "xl/workbook.xml" in package.names else next(n for n in package.names if n.endswith("workbook.xml"))
    )
    folder = posixpath.dirname(book)
    declared: list[tuple[str, str, str]] = []
    epoch_1904 = False
    targets: dict[str, str] = {}

    def in_book(tag: str, attributes: dict[str, str]) -> None:
        nonlocal epoch_1904
        tag = local_name(tag)
        if tag == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id") or key == "id"), "")
            declared.append((attributes.get("name", ""), attributes.get("state", "visible"), link))
        elif tag == "workbookPr":
            epoch_1904 = attributes.get("date1904", "0") in ("1", "true")

    def in_relations(_tag: str, attributes: dict[str, str]) -> None:
        if "Id" in attributes and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            targets[attributes["Id"]] = full

    package.parse(book, in_book)
    relations = posixpath.join(folder, "_rels", posixpath.basename(book) + ".rels")
    if relations in package.names:
        package.parse(relations, in_relations)
    parts = [(name, state, targets.get(link, "")) for name, state, link in declared]
    parts = [(name, state, part) for name, state, part in parts if part in package.names and "chartsheet" not in part]
    if not parts:
        raise SheetRefused("file_broken")
    if len(parts) > refusals.MAX_ENTRIES:  # many names for one part
        raise SheetRefused("file_too_many_entries", entries=len(parts), limit=refusals.MAX_ENTRIES)
    return parts, epoch_1904


def shared_strings(package: Package) -> list[str]:
    entry = next((n for n in package.names if n.lower().endswith("sharedstrings.xml")), None)
    strings: list[str] = []
    if entry is None:
        return strings
    pieces: list[str] = []
    keep = phonetic = False

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal keep, phonetic
        tag = local_name(tag)
        if tag == "t":
            keep = not phonetic
        elif tag == "rPh":
            phonetic = True
        elif tag == "si":
            pieces.clear()

    def end(tag: str) -> None:
        nonlocal keep, phonetic
        tag = local_name(tag)
        if tag == "t":
            keep = False
        elif tag == "rPh":
            phonetic = False
        elif tag == "si":
            strings.append(plain("".join(pieces)))
            if len(strings) > refusals.MAX_CELLS // 2:
                raise SheetRefused("file_too_many_cells", limit=refusals.MAX_CELLS)

    def text(data: str) -> None:
        if keep:
            pieces.append(data)

    package.parse(entry, start, end, text)
    return strings


def styles_entry(package: Package) -> str | None:
    return min((name for name in package.names if name.endswith("styles.xml")), default=None)


def date_styles(package: Package) -> frozenset[int]:
    """Return the style numbers whose cells show a number as a date."""
    entry = styles_entry(package)
    formats: dict[int, bool] = {}
    styles: list[int] = []
    if entry is None:
        return frozenset()
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        tag = local_name(tag)
        if tag == "numFmt":
            code = _NOT_FORMAT.sub("", attributes.get("formatCode", "")).lower().split(";")[0]
            formats[whole(attributes.get("numFmtId"))] = any(letter in code for letter in "dy") or "mmm" in code
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            styles.append(whole(attributes.get("numFmtId")))

    def end(tag: str) -> None:
        nonlocal inside
        if local_name(tag) == "cellXfs":
            inside = False

    package.parse(entry, start, end)
    return frozenset(i for i, number in enumerate(styles) if formats.get(number, number in _BUILTIN_DATES))


def saved_on(package: Package) -> date | None:
    """Return the day the workbook was last saved, where it says so."""
    found: list[str] = []
    inside = False

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = local_name(tag) == "modified"

    def text(data: str) -> None:
        if inside:
            found.append(data)

    if "docProps/core.xml" not in package.names:
        return None
    package.parse("docProps/core.xml", start, None, text)
    try:
        return date.fromisoformat("".join(found).strip()[:10])
    except ValueError:
        return None


_HALVES = {f"d{c}" for c in "89abcdef"}  # halves of a character outside the first plane: no text by themselves


def whole(text: str | None) -> int:
    """Return a number an attribute holds; 0 where it holds anything else."""
    return int(text) if text is not None and len(text) < 12 and text.isdecimal() else 0


def plain(text: str) -> str:
    """Undo Excel's ``_x000D_`` escapes; line ends become spaces later, with the other white space."""
    text = text[: refusals.MAX_TEXT + 1]
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: "" if m[1][:2].lower() in _HALVES else chr(int(m[1], 16)), text)
