"""What others wrote is in the tree unchanged, with its licence and where it comes from."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from web.static_files import SOURCE

VENDOR = SOURCE / "vendor"
PACKAGES = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))["packages"]
FILES = [(package["name"], name, entry["sha256"]) for package in PACKAGES for name, entry in package["files"].items()]


@pytest.mark.parametrize(("package", "name", "sha256"), FILES, ids=[f[1] for f in FILES])
def test_a_vendored_file_is_the_one_its_manifest_names(package: str, name: str, sha256: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == sha256


def test_no_vendored_file_is_missing_in_the_manifest() -> None:
    there = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()} - {"manifest.json"}
    assert there == {name for _, name, _ in FILES}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p["name"])
def test_a_package_names_version_licence_and_integrity(package: dict[str, str]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["licence"]
    algorithm, _, digest = package["integrity"].partition("-")
    assert algorithm == "sha512"
    assert len(base64.b64decode(digest)) == 64
    assert any(Path(name).name == "LICENSE" for name in package["files"])
