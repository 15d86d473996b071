"""The app's shell, worker and files: nothing personal in them, small, joined rightly, switched off at once."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from planner.models import Database
from tests.web.conftest import Browser, SignIn
from tests.worlds import World
from web.field.api.routes import CLIENT
from web.field.app import switch
from web.joined import CannotJoin, join_modules
from web.static_files import APP_SHELL, SOURCE, AppFiles

SCRIPTS = sorted((SOURCE / "field").rglob("*.js"))
MODULES = [path for path in SCRIPTS if path.name != "en.js" and path.parent.name != "worker"]
LETTERS = re.compile(r"[À-ỹ]")
# Said in both languages at once, or made of parts that are.
NOT_TRANSLATED = {"Ngôn ngữ / Language", "Tiếng Việt", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"}


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    return sqlite_db


@pytest.fixture
def switched_off(settings: Settings) -> object:
    switch.turn(settings.data_dir, False)
    yield
    switch.turn(settings.data_dir, True)


def test_the_shell_is_the_same_for_everybody_and_asked_for_anew(world: World, anyone: Browser, signed_in: SignIn) -> None:
    mine, nobodys = signed_in(world.minh).get("/field/app"), anyone.get("/field/app")
    assert mine.data == nobodys.data
    assert nobodys.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in nobodys.headers
    assert 'href="/my/week"' in nobodys.get_data(as_text=True)  # for browsers that cannot run it


def test_all_the_worker_keeps_is_served_for_good(app: Flask, anyone: Browser) -> None:
    answer = anyone.get("/field/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    kept = json.loads(answer.get_data(as_text=True).split("\n")[0].removeprefix("const KEPT = ").rstrip(";"))
    assert len(kept["files"]) == len(APP_SHELL)
    for address in kept["files"]:
        file = anyone.get(address)
        assert file.status_code == 200
        assert f"/static/field/{kept['shell']}/" in address
        assert "immutable" in file.headers["Cache-Control"]
        file.close()
    assert kept["shell"] in anyone.get("/field/app").get_data(as_text=True)


def test_the_manifest_lets_a_phone_install_the_app(anyone: Browser) -> None:
    manifest = anyone.get("/field/app.webmanifest").get_json(force=True)
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/field/app", "/field/", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        picture = anyone.get(icon["src"])
        assert picture.status_code == 200
        picture.close()


def test_the_status_tells_app_and_client(app: Flask, anyone: Browser) -> None:
    shell = app.extensions["app_files"].digest
    assert anyone.get("/field/app-status.json").get_json() == {"enabled": True, "client": CLIENT, "shell": shell}
    assert f"export const CLIENT = {CLIENT};" in (SOURCE / "field" / "api.js").read_text(encoding="utf-8")


@pytest.mark.usefixtures("switched_off")
def test_switched_off_it_leads_to_the_pages_and_the_worker_removes_itself(
    world: World, anyone: Browser, signed_in: SignIn
) -> None:
    assert anyone.get("/field/app-status.json").get_json()["enabled"] is False
    assert "unregister" in anyone.get("/field/sw.js").get_data(as_text=True)
    assert "<script type" not in (page := anyone.get("/field/app").get_data(as_text=True))
    assert 'href="/my/week"' in page
    assert signed_in(world.minh).get("/").headers["Location"] == "/my/week"


def test_the_field_is_at_home_in_the_app_and_others_where_they_were(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.minh).get("/").headers["Location"] == "/field/app"
    assert signed_in(world.hoa).get("/").headers["Location"] == "/desk/week"


def test_the_shell_is_small(tmp_path: Path) -> None:
    """What opens the app in Vietnamese, as sent: on a slow line every 50 KB is a second."""
    files = AppFiles(tmp_path)
    folder = tmp_path / "field" / files.digest
    sent = {name: (folder / f"{name}.gz").stat().st_size for name in APP_SHELL}
    assert sum(size for name, size in sent.items() if name != "field/en.js") <= 58_000
    assert gzip.decompress((folder / "field/app.js.gz").read_bytes()) == (folder / "field/app.js").read_bytes()


def test_every_sentence_of_the_app_has_its_english_and_none_is_left_over() -> None:
    english = (SOURCE / "field" / "en.js").read_text(encoding="utf-8")
    pairs = dict(re.findall(r'"((?:[^"\\]|\\.)*)": "((?:[^"\\]|\\.)*)"', english))
    said: set[str] = set()
    for path in MODULES:
        text = re.sub(r"/\*\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        said |= {s for s in re.findall(r'"((?:[^"\\\n]|\\.)*)"', text) if LETTERS.search(s)}
        said |= set(re.findall(r'\b_\("((?:[^"\\]|\\.)*)"', text))
    assert said - NOT_TRANSLATED - pairs.keys() == set()
    assert pairs.keys() - said == set()
    places = re.compile(r"\{(\w+)\}")
    assert {vi for vi, en in pairs.items() if set(places.findall(vi)) != set(places.findall(en))} == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_is_checked_by_types_and_writes_no_markup(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.parent.name == "worker" or text.startswith("// @ts-check\n")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert len(text.splitlines()) <= 300


def test_modules_are_joined_in_the_order_they_need_each_other() -> None:
    modules = {
        "a/main.js": 'import { two as zwei } from "./b/two.js";\nimport * as one from "../one.js";\nzwei(one.ONE);\n',
        "a/b/two.js": 'import { ONE } from "../../one.js";\n/** A comment. */\nexport function two() { return ONE + 1; }\n',
        "one.js": "export const ONE = 1;\n",
    }
    joined = join_modules("a/main.js", modules)
    assert joined.index("$one = ") < joined.index("$a_b_two = ") < joined.index("$a_main = ")
    assert "const { two: zwei } = $a_b_two;" in joined
    assert "const one = $one;" in joined
    assert "A comment" not in joined


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('import one from "./one.js";\n', "import one"),
        ("export default 1;\n", "export default"),
        ('import { x } from "./none.js";\n', "no such module"),
        ('import { x } from "./main.js";\n', "a circle"),
    ],
)
def test_a_form_that_is_not_read_is_refused_by_name(text: str, told: str) -> None:
    with pytest.raises(CannotJoin, match=told):
        join_modules("main.js", {"main.js": text, "one.js": ""})
