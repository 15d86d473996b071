"""Pictures as phones send them, and files that only pretend to be one."""

from __future__ import annotations

import hashlib
import io
import struct
import uuid
import zipfile
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from planner.services.evidence import EvidenceForm

TAKEN_AT = datetime(2026, 11, 23, 11, 50, tzinfo=UTC)
CANARY = b"NGUYEN VAN AN 0912345678"


def a_photo(width: int = 800, height: int = 600, colour: str = "#2a7", **options: Any) -> bytes:
    """Return a JPEG: a plain picture with a diagonal, small."""
    picture = Image.new("RGB", (width, height), colour)
    for step in range(min(width, height)):
        picture.putpixel((step, step), (250, 240, 20))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **options)
    return stream.getvalue()


def a_photo_that_tells_too_much() -> bytes:
    """Return a JPEG with a place, a camera, a comment and a thumbnail's worth of private text in its metadata."""
    exif = Image.Exif()
    exif[0x010F] = CANARY.decode()  # maker
    exif[0x0112] = 6  # lying on its side: to be turned by 90°
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (11.0, 50.0, 24.0)
    gps[3], gps[4] = "E", (106.0, 36.0, 36.0)
    return a_photo(exif=exif, comment=CANARY, icc_profile=CANARY * 10)


def a_noisy_photo(side: int = 700) -> bytes:
    """Return a JPEG just under 400 KB that cannot be squeezed easily."""
    noise = Image.effect_noise((side, side), 90).convert("RGB")
    for quality in range(95, 10, -3):
        stream = io.BytesIO()
        noise.save(stream, "JPEG", quality=quality)
        if stream.tell() < 400 * 1024:
            return stream.getvalue()
    raise AssertionError("no such picture")


def a_pixel_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a small JPEG whose header claims 3.6 thousand million pixels."""
    content = bytearray(a_photo(16, 16))
    start = content.index(b"\xff\xc0")  # the frame: marker, length, precision, height, width
    content[start + 5 : start + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def a_scan_bomb(scans: int = 500) -> bytes:
    """Return a progressive JPEG whose scans are repeated over and over: each costs a pass over the whole picture."""
    content = a_photo(320, 240, progressive=True)
    first = content.index(b"\xff\xda")
    second = content.index(b"\xff\xda", first + 2)
    return content[:second] + content[first:second] * scans + content[second:]


def a_zip_behind_a_photo() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("secret.txt", CANARY)
    return a_photo() + stream.getvalue()


def saved_as(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(stream, kind)
    return stream.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64


def form_of(content: bytes, shift_id: int, **changes: Any) -> EvidenceForm:
    """Return what a phone says of a photo it sends."""
    said = {
        "uuid": str(uuid.uuid4()), "shift_id": shift_id, "taken_at": TAKEN_AT, "consent": True,
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    return EvidenceForm(**(said | changes))
