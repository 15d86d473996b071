"""A .xlsx file as a zip: what it is by its first bytes, and no more of it unpacked than we allow."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from planner.sheets import refusals
from planner.sheets.refusals import SheetRefused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 18


def kind_of_file(path: Path) -> str:
    """Return ``xlsx`` or ``csv`` from the content, never from the name alone.

    Raises
    ------
    SheetRefused
        Empty, too big, or something else in disguise (HTML, .xls, encrypted, PDF …).
    """
    size = path.stat().st_size
    if size == 0:
        raise SheetRefused("file_empty")
    if size > refusals.MAX_FILE_BYTES:
        raise SheetRefused("file_too_big", megabytes=size // 1_000_000, limit=refusals.MAX_FILE_BYTES // 1_000_000)
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(_OLE):
            file.seek(0)
            # Excel keeps an encrypted workbook in the old container, its directory entry named so in UTF-16.
            encrypted = "EncryptedPackage".encode("utf-16-le") in file.read(20_000_000)
            raise SheetRefused("file_encrypted" if encrypted else "file_old_xls")
    if head.startswith(b"PK"):
        return "xlsx"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style")) or b"<html" in head.lower():
        raise SheetRefused("file_is_html")
    if start.startswith((b"<?xml", b"<workbook")):
        raise SheetRefused("file_is_xml")
    if start.startswith((b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8\xff", b"rar!", b"7z\xbc")):
        raise SheetRefused("file_not_a_table")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        raise SheetRefused("file_broken")
    return "csv"


def _entries_declared(path: Path) -> int:
    """Return how many entries the zip's end record claims: read before zipfile builds an object for each."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        raise SheetRefused("file_broken")
    count = int(struct.unpack_from("<H", tail, at + 10)[0])
    at64 = tail.rfind(b"PK\x06\x06", 0, at)
    if count == 0xFFFF and at64 >= 0 and at64 + 40 <= len(tail):
        count = int(struct.unpack_from("<Q", tail, at64 + 32)[0])
    return count


class Package:
    """An opened workbook file whose every entry has been weighed before one is unpacked."""

    def __init__(self, path: Path) -> None:
        entries = _entries_declared(path)
        if entries > refusals.MAX_ENTRIES:
            raise SheetRefused("file_too_many_entries", entries=entries, limit=refusals.MAX_ENTRIES)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise SheetRefused("file_broken") from error
        try:
            self._weigh()
        except SheetRefused:
            self._zip.close()
            raise

    def _weigh(self) -> None:
        total = 0
        self.names: set[str] = set()
        for info in self._zip.infolist():
            name = info.filename.replace("\\", "/")
            if name.startswith("/") or ".." in name.split("/") or ":" in name:
                raise SheetRefused("file_bad_entry", entry=name[:80])
            if info.flag_bits & 1:
                raise SheetRefused("file_encrypted")
            if name in self.names:
                raise SheetRefused("file_bad_entry", entry=name[:80])
            self.names.add(name)
            total += info.file_size
            bomb = info.file_size > max(info.compress_size, 1) * refusals.MAX_RATIO
            if total > refusals.MAX_UNPACKED_BYTES or (bomb and info.file_size > refusals.RATIO_MATTERS_BYTES):
                raise SheetRefused("file_zip_bomb", megabytes=total // 1_000_000)
        if "xl/workbook.bin" in self.names:
            raise SheetRefused("file_is_xlsb")
        if "content.xml" in self.names and "mimetype" in self.names:
            raise SheetRefused("file_is_ods")
        if "xl/workbook.xml" not in self.names and not any(n.endswith("workbook.xml") for n in self.names):
            raise SheetRefused("file_not_a_workbook")

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def size(self, name: str) -> int:
        return self._zip.getinfo(name).file_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield an entry's bytes piece by piece; a broken or lying entry is refused."""
        try:
            with self._zip.open(name) as stream:
                left = refusals.MAX_UNPACKED_BYTES
                while piece := stream.read(_CHUNK):
                    left -= len(piece)
                    if left < 0:
                        raise SheetRefused("file_zip_bomb", megabytes=refusals.MAX_UNPACKED_BYTES // 1_000_000)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, NotImplementedError, RuntimeError) as error:
            raise SheetRefused("file_broken") from error

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], Any],
        end: Callable[[str], Any] | None = None,
        text: Callable[[str], Any] | None = None,
        on_piece: Callable[[int], Any] | None = None,
    ) -> None:
        """Stream an XML entry through the handlers. A document type, hence any entity, is refused before it is read."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 65_536

        def refuse_doctype(*_: object) -> None:
            raise SheetRefused("file_xml_entities", entry=name[:80])

        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.EntityDeclHandler = refuse_doctype
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        try:
            for piece in self.chunks(name):
                parser.Parse(piece, False)
                if on_piece is not None:
                    on_piece(len(piece))
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, OverflowError) as error:
            raise SheetRefused("file_broken") from error

    def count(self, name: str, pattern: re.Pattern[bytes]) -> int:
        """Return how often a short pattern occurs in an entry, unpacking it once but keeping nothing."""
        found, rest = 0, b""
        for piece in self.chunks(name):
            data = rest + piece
            found += sum(1 for _ in pattern.finditer(data))
            rest = data[-3:] if len(data) > 3 else b""
            found -= sum(1 for _ in pattern.finditer(rest))
        return found + sum(1 for _ in pattern.finditer(rest))


def local_name(name: str) -> str:
    """Return an element's name without its prefix: some writers say ``x:row``."""
    return name.rpartition(":")[2] if ":" in name else name
