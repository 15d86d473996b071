"""The colours of the style sheet are read in the sun: text on its ground at 7:1 in both schemes."""

from __future__ import annotations

import re

import pytest

from web.static_files import SOURCE

PAIRS = {
    "ink": (
        "paper", "surface", "surface-sunk", "brand-soft", "done-soft", "warning-soft", "missed-soft", "due-soft",
        "heat-a", "heat-b", "heat-c", "heat-d", "heat-e",
    ),
    "ink-soft": ("paper", "surface", "surface-sunk", "brand-soft"),
    "link": ("paper", "surface"),
    "brand": ("surface", "brand-soft"),
    "on-brand": ("brand", "brand-strong"),
    "done": ("done-soft",),
    "due": ("due-soft",),
    "planned": ("planned-soft",),
    "missed": ("missed-soft", "surface", "paper"),
    "warning": ("warning-soft",),
    "withdrawn": ("withdrawn-soft",),
}  # fmt: skip


def colours(scheme: str) -> dict[str, str]:
    light, _, rest = (SOURCE / "css" / "tokens.css").read_text(encoding="utf-8").partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", light))
    return {**found, **dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", rest))} if scheme == "dark" else found


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [(text, ground) for text, grounds in PAIRS.items() for ground in grounds])
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    found = colours(scheme)
    assert contrast(found[text], found[ground]) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_border_of_what_can_be_pressed_is_seen(scheme: str) -> None:
    found = colours(scheme)
    assert contrast(found["line-strong"], found["surface"]) >= 3
