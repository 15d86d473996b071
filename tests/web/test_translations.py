"""Every sentence of the pages has its English, with the same places for facts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from web.i18n import ROOT, catalogues

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
PLACES = re.compile(r"%\((\w+)\)s")


def _sentences() -> dict[str, str]:
    found = extract_from_dir(str(ROOT), METHODS, OPTIONS, keywords={"_": None, "gettext": None, "lazy_gettext": None})
    return {message: f"{name}:{line}" for name, line, message, _, _ in found if isinstance(message, str)}


def _english() -> dict[str, str]:
    merged: dict[str, str] = {}
    for path in catalogues():
        with path.open("rb") as po:
            merged.update({m.id: m.string for m in read_po(po, locale="en") if isinstance(m.id, str) and m.id})
    return merged


def test_every_sentence_on_a_page_has_its_english() -> None:
    english = _english()
    missing = {sentence: place for sentence, place in _sentences().items() if not english.get(sentence)}
    assert not missing


def test_the_vietnamese_has_one_spelling_of_the_tone_in_oa() -> None:
    assert not [sentence for sentence in _sentences() if re.search("[kK]hoá|[xX]oá", sentence)]


def test_the_english_names_the_same_facts_as_the_vietnamese() -> None:
    wrong = {vi: en for vi, en in _english().items() if set(PLACES.findall(vi)) != set(PLACES.findall(en))}
    assert not wrong


def test_no_translation_is_left_of_a_sentence_that_is_gone() -> None:
    assert set(_english()) <= set(_sentences())


@pytest.mark.parametrize("path", catalogues(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_sentence_is_translated_once(path: Path) -> None:
    ids = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(ids) == sorted(set(ids))
