"""A picture from a phone is read with distrust and encoded anew: pixels survive, nothing else does.

What a photo carries beside its pixels tells where someone lives (GPS), whose phone it was, or is another file altogether.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from planner.domain.errors import InvalidInput, TooLarge

MOST_SENT_BYTES = 400 * 1024
MOST_STORED_BYTES = 250 * 1024
MOST_PIXELS = 25_000_000  # no phone that shrinks its photos sends more; decoded, that is 75 MB
MOST_SCANS = 20  # a progressive photo has about ten; thousands of empty ones keep a decoder busy for minutes
LONGEST_SIDE = 1600
QUALITIES = (85, 75, 65, 55, 45)
START, END, SCAN = b"\xff\xd8\xff", b"\xff\xd9", b"\xff\xda"
# What people send instead, by how it begins (or has at byte 4), as the refusal names it.
OTHERS = (
    (0, b"\x89PNG", "PNG"), (0, b"GIF8", "GIF"), (0, b"%PDF", "PDF"), (0, b"PK\x03\x04", "ZIP"), (0, b"BM", "BMP"),
    (8, b"WEBP", "WebP"), (4, b"ftypavif", "AVIF"), (4, b"ftyphei", "HEIC"), (4, b"ftypmif1", "HEIC"), (4, b"ftyphev", "HEIC"),
)  # fmt: skip


def cleaned(content: bytes) -> bytes:
    """Return a photo as a JPEG of at most 250 KB that holds its pixels and nothing else.

    Raises
    ------
    TooLarge
        ``photo_too_large``: more than 400 KB.
    InvalidInput
        ``photo_not_jpeg``, ``photo_broken``, ``photo_with_more``, ``photo_too_many_pixels``.
    """
    if len(content) > MOST_SENT_BYTES:
        raise TooLarge("photo_too_large", kilobytes=len(content) // 1024, limit=MOST_SENT_BYTES // 1024)
    _check_envelope(content)
    return _encoded(_decoded(content))


def _check_envelope(content: bytes) -> None:
    """Look at the file's ends before any decoder does."""
    if not content.startswith(START):
        raise InvalidInput("photo_not_jpeg", field="body", found=_kind(content))
    whole = content.rstrip(b"\x00")  # some cameras fill up the last block
    if not whole.endswith(END):
        raise InvalidInput("photo_with_more" if END in whole[-64 * 1024 :] else "photo_broken", field="body")
    if content.count(SCAN) > MOST_SCANS:
        raise InvalidInput("photo_broken", field="body")


def _kind(content: bytes) -> str:
    for offset, mark, name in OTHERS:
        if content[offset : offset + len(mark)] == mark:
            return name
    return "SVG" if b"<svg" in content[:1024].lower() else "?"


def _decoded(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=("JPEG",))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput("photo_too_many_pixels", field="body", limit=MOST_PIXELS // 1_000_000) from error
    except (OSError, ValueError, SyntaxError) as error:  # Pillow's parsers raise all three on malformed headers
        raise InvalidInput("photo_broken", field="body") from error
    if picture.width * picture.height > MOST_PIXELS:  # from the header: nothing is decoded yet
        raise InvalidInput("photo_too_many_pixels", field="body", limit=MOST_PIXELS // 1_000_000)
    try:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large one is decoded at a fraction of its size
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError, ZeroDivisionError) as error:
        raise InvalidInput("photo_broken", field="body") from error


def _encoded(picture: Image.Image) -> bytes:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    while True:
        bare = Image.new("RGB", picture.size)  # comments and profiles stay behind with the old one
        bare.paste(picture)
        for quality in QUALITIES:
            stream = io.BytesIO()
            bare.save(stream, "JPEG", quality=quality, optimize=True)
            if stream.tell() <= MOST_STORED_BYTES:
                return stream.getvalue()
        picture = bare.resize((max(1, bare.width * 3 // 4), max(1, bare.height * 3 // 4)))
