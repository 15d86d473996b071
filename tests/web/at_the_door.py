"""What tests of the field pages share: Minh's phone on Monday evening, the form at the door, what became of it."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from planner.models import Assignment, Database, Need, Visit
from tests.web.conftest import Browser


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def form_of(browser: Browser, address: str) -> dict[str, str]:
    """Return the hidden fields of the outcome form, as the page made them."""
    page = browser.get(address).get_data(as_text=True)
    return dict(re.findall(r'<input type="hidden" name="(event_id|opened_at|corrects)" value="([^"]*)"', page))


def record(browser: Browser, promise: Assignment, ending: str, query: str = "", **fields: Any) -> TestResponse:
    address = f"/my/visits/{promise.uid}/record/{ending}{query}"
    return browser.post(address, {**form_of(browser, address), **fields})


def visits(db: Database) -> list[Visit]:
    with db.read() as session:
        return list(session.scalars(select(Visit).order_by(Visit.id)))


def need_of(db: Database, household_id: int) -> Need:
    with db.read() as session:
        return session.scalars(select(Need).where(Need.household_id == household_id).order_by(Need.id)).first()
