"""The application over a fresh database, and browsers of the cast that keep cookies and fill in the form's token."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config import Settings
from planner.models import Assignment, Database, User
from planner.services import accounts
from planner.services.actors import Actor
from tests import builders as make
from tests.conftest import NOW
from tests.worlds import World, a_running_week
from web import create_app

MONDAY_EVENING = datetime(2026, 11, 23, 11, 45, tzinfo=UTC)  # 18:45 in Việt Nam, within Minh's shift
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"


class CompiledOnce(BytecodeCache):
    """Keeps what templates were compiled to for every application of this process: each test makes one of its own."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {"bytecode_cache": CompiledOnce()}
_compile_builder = Rule._compile_builder


def _builder_when_asked(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """Compile what makes a route's addresses when the first one is asked for: a test asks for few of them, and has all routes."""
    made: list[Callable[..., tuple[str, str]]] = []

    def build(bound: Rule, /, **values: Any) -> tuple[str, str]:
        if not made:
            made.append(_compile_builder(rule, append_unknown))
        return made[0](bound, **values)

    return build


Rule._compile_builder = _builder_when_asked  # type: ignore[method-assign]


class Clock:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go(self, **span: float) -> None:
        self.at += timedelta(**span)


class Browser:
    """A person's browser: keeps cookies, sends a form with the token of the page it was on."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, headers={"User-Agent": PHONE, **options.pop("headers", {})}, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        headers = {"User-Agent": PHONE, **options.pop("headers", {})}
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, headers=headers, **options)

    def token(self) -> str:
        """Return the token that every page's language switch carries."""
        found = TOKEN.search(self.get("/no-such-page").get_data(as_text=True))
        assert found is not None
        return found.group(1)


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the hashed static files: written once for all tests."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    (data_dir / "epoch.json").unlink(missing_ok=True)  # of another test's database
    return Settings(database_url="", data_dir=data_dir, secret_key="a key only tests know, of 32 letters", environment="test")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def app(db: Database, settings: Settings, clock: Clock) -> Flask:
    return create_app(settings, db=db, clock=clock)


@pytest.fixture
def world(db: Database) -> World:
    """Return a running week: Minh and Nga on Monday evening visit An, Bình and Cường."""
    with db.begin() as session:
        return a_running_week(session)


@pytest.fixture
def anyone(app: Flask) -> Browser:
    """Return the browser of someone who has not signed in."""
    return Browser(app.test_client())


SignIn = Callable[[User], Browser]


@pytest.fixture
def signed_in(app: Flask, db: Database, clock: Clock) -> SignIn:
    """Return a function that signs a user in by a one-time link, as on their first day."""

    def sign_in(user: User) -> Browser:
        with db.begin() as session:
            token = accounts.issue_link(session, Actor.cli(user.commune_id), user.id, clock())
        browser = Browser(app.test_client())
        assert browser.post(f"/enter/{token}").status_code == 302
        return browser

    return sign_in


@pytest.fixture
def minh(world: World, signed_in: SignIn, clock: Clock) -> Browser:
    """Return Minh's phone, on Monday evening at 18:45."""
    clock.at = MONDAY_EVENING
    return signed_in(world.minh)


@pytest.fixture
def promised(db: Database, world: World) -> list[Assignment]:
    """Return Minh's assignments of the evening: An, Bình, Cường."""
    with db.read() as session:
        return [make.assignments_of(session, household)[0] for household in world.households[:3]]
