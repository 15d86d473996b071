"""Where a house stands, as rosters write it: one cell or two, decimal points or commas, degrees or map links."""

from __future__ import annotations

import math
import re
from statistics import median

from planner.sheets.cells import CellFault, CellValue
from planner.sheets.cleaning import clean
from planner.sheets.findings import Finding

Point = tuple[float, float]  # latitude, longitude in degrees
Reading = tuple[Point | None, Finding | None]
FAR_KM = 60.0  # no commune is that wide; the biggest has some 40 km across
_LAT, _LON = (8.0, 23.6), (102.0, 117.5)  # mainland, islands and Trường Sa
_POINT_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_COMMA_NUMBER = re.compile(r"-?\d+(?:,\d+)?")
_DEGREES = re.compile(r"(\d+)\s*[°º]\s*(\d+)\s*['’′]\s*(\d+(?:[.,]\d+)?)?\s*[\"”″]?\s*([NSEWBĐ])?", re.IGNORECASE)


def read_point(value: CellValue) -> Reading:
    """Return the place in one cell."""
    if isinstance(value, CellFault):
        return None, Finding("formula_without_value" if value.kind == "formula" else "error_value")
    text = clean(value)
    if not any(c.isdigit() for c in text):
        return None, None
    degrees = _DEGREES.findall(text)
    if len(degrees) == 2:
        numbers = [int(d) + int(m) / 60 + float((s or "0").replace(",", ".")) / 3600 for d, m, s, _ in degrees]
        return _placed(numbers)
    comma_decimals = re.search(r"\d,\d{3,}", text) is not None and "." not in text
    pattern = _COMMA_NUMBER if comma_decimals else _POINT_NUMBER
    numbers = [float(n.replace(",", ".")) for n in pattern.findall(text)]
    if "http" in text or len(numbers) > 2:
        decimals = [float(n) for n in re.findall(r"-?\d{1,3}\.\d{3,}", text)]
        numbers = decimals[:2]
    return _placed(numbers)


def read_pair(lat: CellValue, lon: CellValue) -> Reading:
    """Return the place in two cells."""
    for value in (lat, lon):
        if isinstance(value, CellFault):
            return None, Finding("formula_without_value" if value.kind == "formula" else "error_value")
    texts = [clean(value) for value in (lat, lon)]
    if not texts[0] and not texts[1]:
        return None, None
    numbers = []
    for text in texts:
        try:
            numbers.append(float(text.replace(",", ".").rstrip("°NEBĐ ")))
        except ValueError:
            return None, Finding("place_unreadable")
    return _placed(numbers)


def _placed(numbers: list[float]) -> Reading:
    if len(numbers) != 2 or not all(math.isfinite(n) for n in numbers):
        return None, Finding("place_unreadable")
    lat, lon = numbers
    if lat == 0 and lon == 0:
        return None, Finding("place_zero")
    if _inside(lat, lon):
        return (lat, lon), None
    if _inside(lon, lat):
        return None, Finding("place_swapped", {}, f"{lon}, {lat}")
    return None, Finding("place_outside")


def _inside(lat: float, lon: float) -> bool:
    return _LAT[0] <= lat <= _LAT[1] and _LON[0] <= lon <= _LON[1]


def middle(points: list[Point]) -> Point | None:
    """Return the median place: a few strays do not move it."""
    return (median(p[0] for p in points), median(p[1] for p in points)) if points else None


def km_between(a: Point, b: Point) -> float:
    """Return the distance in km, flat-earth: exact enough to tell a stray from a neighbour."""
    north = (a[0] - b[0]) * 111.2
    east = (a[1] - b[1]) * 111.2 * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot(north, east)
