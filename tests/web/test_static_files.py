"""Style sheets and scripts carry their hash in their name and are kept by browsers for good."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from web.static_files import BUNDLES, SOURCE, Assets, UnknownAsset


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    return Assets(tmp_path_factory.mktemp("static"))


def test_a_name_changes_with_its_content(assets: Assets) -> None:
    assert re.fullmatch(r"/static/css/namro\.[0-9a-f]{12}\.css", assets.url("css/namro.css"))


def test_a_second_start_finds_the_files_in_place(assets: Assets) -> None:
    file = assets.target / assets.names["css/namro.css"]
    before = file.stat().st_mtime_ns
    assert Assets(assets.target).names == assets.names
    assert file.stat().st_mtime_ns == before


def test_text_files_have_a_compressed_twin_of_the_same_content(assets: Assets) -> None:
    file = assets.target / assets.names["js/namro.js"]
    assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == file.read_bytes()


def test_a_second_start_compresses_only_what_is_torn(assets: Assets, monkeypatch: pytest.MonkeyPatch) -> None:
    anew: list[bytes] = []
    compress = gzip.compress

    def noted(content: bytes, *given: int, **named: int) -> bytes:
        anew.append(content)
        return compress(content, *given, **named)

    monkeypatch.setattr(gzip, "compress", noted)
    Assets(assets.target)
    assert anew == []
    file = assets.target / assets.names["js/namro.js"]
    Path(f"{file}.gz").write_bytes(Path(f"{file}.gz").read_bytes()[:-100])
    Assets(assets.target)
    assert anew == [file.read_bytes()]
    assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == file.read_bytes()


def test_an_unknown_file_is_an_error_and_not_a_dead_link(assets: Assets) -> None:
    with pytest.raises(UnknownAsset):
        assets.url("css/none.css")


def test_the_bundle_holds_all_its_parts(assets: Assets) -> None:
    bundle = (assets.target / assets.names["css/namro.css"]).read_bytes()
    assert all((SOURCE / part).read_bytes() in bundle for part in BUNDLES["css/namro.css"])


def test_own_style_sheets_fetch_nothing(assets: Assets) -> None:
    """A picture named in a style sheet would need its hash there too, and data: pictures are refused by the policy."""
    for path in (SOURCE / "css").glob("*.css"):
        assert "url(" not in path.read_text(encoding="utf-8"), path.name


def test_what_a_phone_loads_stays_small(assets: Assets) -> None:
    """On a slow line every 50 KB is a second: style sheet, script and icons together, as sent."""
    names = ("css/namro.css", "js/namro.js", "img/icons.svg")
    sent = sum((assets.target / f"{assets.names[name]}.gz").stat().st_size for name in names)
    assert sent < 30_000
