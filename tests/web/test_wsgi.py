"""The web server in front of the application."""

from __future__ import annotations

import http.client
import threading
from dataclasses import replace

import pytest

from config import Settings
from planner.models import Database
from tests.web.conftest import Clock
from web import create_app
from web.wsgi import HEADROOM_BYTES, application, server, stop


@pytest.fixture
def connection(sqlite_db: Database, settings: Settings, clock: Clock):  # type: ignore[no-untyped-def]
    chosen = replace(settings, host="127.0.0.1", port=0, max_upload_mb=1)
    httpd = server(create_app(chosen, db=sqlite_db, clock=clock), chosen)
    thread = threading.Thread(target=httpd.run, daemon=True)
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", httpd.effective_port, timeout=10)
    yield connection
    connection.close()
    stop(httpd)
    thread.join(5)
    assert not thread.is_alive()


def test_it_serves_pages_and_compressed_files_and_names_no_software(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    page = answer.read().decode()
    assert answer.status == 200
    assert answer.getheader("Server") is None
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    connection.request("GET", style, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    assert (answer.status, answer.getheader("Content-Encoding")) == (200, "gzip")


def test_a_body_beyond_all_limits_is_refused_before_it_is_read(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("POST", "/sign-in")
    connection.putheader("Content-Length", str(1_048_576 + HEADROOM_BYTES + 100))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_another_server_gets_the_application_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("instance")
    monkeypatch.setenv("NAMRO_DATA_DIR", str(folder))
    monkeypatch.delenv("NAMRO_DATABASE_URL", raising=False)
    assert application().test_client().get("/sign-in").status_code == 200
