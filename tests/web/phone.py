"""A model of the phone app in Python: outbox, receipts, counters, a clock of its own. It talks to the real API."""

from __future__ import annotations

import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.test import TestResponse

from planner.domain.calendar import LOCAL
from planner.models import Assignment, Database, User
from planner.services import accounts
from planner.services.actors import Actor
from tests.web.conftest import PHONE, Browser, Clock

API = "/field/api/v1"
FREE_TEXT = ("note", "reason", "name", "head_name", "address", "phone")


class Receipt(NamedTuple):
    """What stays of an acknowledged report. `since`: when the server got it; `epoch`: the life that confirmed it last."""

    owner: int
    event: dict[str, Any]
    since: datetime
    epoch: str


@dataclass
class Phone:
    """One browser with the app in it, and whoever uses it. `skew`: how wrong its clock is."""

    app: Flask
    db: Database
    clock: Clock
    skew: timedelta = timedelta()
    client: int = 1
    tells_its_clock: bool = True
    epoch: str | None = None
    counters: dict[int, int] = field(default_factory=dict)
    outbox: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    docs: dict[int, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = Browser(self.app.test_client())

    # --- people ---

    def enrol(self, user: User) -> None:
        """Follow a new one-time link of the desk."""
        with self.db.begin() as session:
            token = accounts.issue_link(session, Actor.cli(user.commune_id), user.id, self.clock())
        assert self.browser.post(f"/enter/{token}").status_code == 302

    def hello(self) -> dict[str, Any]:
        answer = self.call("GET", "hello", None)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    # --- writing ---

    def now(self) -> datetime:
        return (self.clock() + self.skew).astimezone(LOCAL)

    def event(self, user: User, kind: str, occurred_at: datetime | None = None, **body: Any) -> dict[str, Any]:
        """Make a report without keeping it."""
        self.counters[user.id] = self.counters.get(user.id, 0) + 1
        return report_of(self.counters[user.id], kind, occurred_at or self.now(), **body)

    def record(self, user: User, kind: str, occurred_at: datetime | None = None, **body: Any) -> dict[str, Any]:
        """Save a report: from then on it is in the outbox, tagged with its person."""
        made = self.event(user, kind, occurred_at, **body)
        self.outbox.append((user.id, made))
        return made

    # --- sending ---

    def call(self, method: str, path: str, user_id: int | None, body: Any = None, **headers: str) -> TestResponse:
        given = {"X-Namro-Client": str(self.client), "User-Agent": PHONE, **headers}
        if user_id is not None:
            given.setdefault("X-Namro-Person", str(user_id))
        return self.browser.client.open(f"{API}/{path}", method=method, json=body, headers=given)

    def post_events(self, user_id: int, events: list[dict[str, Any]], **headers: str) -> TestResponse:
        body: dict[str, Any] = {"events": events}
        if self.tells_its_clock:
            body["sent_at"] = self.now().isoformat()
        return self.call("POST", "events", user_id, body, **headers)

    def send(self, user: User, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send reports as they are and return their verdicts."""
        answer = self.post_events(user.id, events)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()["verdicts"]

    def drain(self, user_id: int, *, most: int = 50, answer_lost: bool = False) -> int:
        """Send what waits of one person, and take the verdicts; return the status of the last answer."""
        contact = False
        while mine := [made for owner, made in self.outbox if owner == user_id][:most]:
            answer = self.post_events(user_id, mine)
            if answer.status_code != 200 or answer_lost:
                return answer.status_code
            self.take(user_id, answer.get_json())
            contact = True
        if contact:
            self.forget_old_receipts()
        return 200

    def take(self, user_id: int, answer: dict[str, Any]) -> None:
        """Take verdicts: what has one leaves the outbox, and stays as a receipt; a taken id is replaced."""
        for verdict in answer["verdicts"]:
            made = next((m for owner, m in self.outbox if owner == user_id and m["event_id"] == verdict["event_id"]), None)
            self.verdicts[verdict["event_id"]] = verdict
            if made is None:
                continue
            if verdict["verdict"] == "conflict":
                made["event_id"] = str(uuid.uuid4())
                continue
            self.outbox.remove((user_id, made))
            since = datetime.fromisoformat(verdict["received_at"])
            kept = stripped(made) | {"receipt": verdict["hash"]}
            self.receipts[made["event_id"]] = Receipt(user_id, kept, since, answer["epoch"])
        self.note_epoch(answer["epoch"])

    def note_epoch(self, epoch: str) -> None:
        """Another epoch: what was acknowledged before it is sent again, from its receipts, before anything new."""
        if self.epoch not in (None, epoch):
            waiting = {made["event_id"] for _, made in self.outbox}
            again = [kept for kept in self.receipts.values() if kept.epoch != epoch and kept.event["event_id"] not in waiting]
            self.outbox = [*((kept.owner, kept.event) for kept in again), *self.outbox]
        self.epoch = epoch

    def pull(self, user: User) -> dict[str, Any]:
        """Fetch what differs, and take it over."""
        docs = self.docs.setdefault(user.id, {})
        answer = self.call("POST", "pull", user.id, {"known": {key: doc["rev"] for key, doc in docs.items()}})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        pulled = answer.get_json()
        docs.update({doc["key"]: doc for doc in pulled["put"]})
        for gone in pulled["gone"]:
            del docs[gone["key"]]
        self.note_epoch(pulled["epoch"])
        return pulled

    def forget_old_receipts(self) -> None:
        """Erase receipts of 14 days ago, once the present life of the server has confirmed them."""
        long_ago = self.clock() - timedelta(days=14)
        self.receipts = {k: kept for k, kept in self.receipts.items() if kept.epoch != self.epoch or kept.since >= long_ago}


def report_of(counter: int, kind: str, occurred_at: datetime, **body: Any) -> dict[str, Any]:
    """Return a report as the app makes it."""
    return {
        "event_id": str(uuid.uuid4()),
        "counter": counter,
        "kind": kind,
        "occurred_at": occurred_at.isoformat(),
        "plan_version": 1,
        "body": body,
    }


def absent(promise: Assignment, **more: Any) -> dict[str, Any]:
    """Return the body of a report that nobody was at home."""
    return {"household_id": promise.household_id, "assignment_uid": promise.uid, "outcome": "absent", **more}


def stripped(event: dict[str, Any]) -> dict[str, Any]:
    """Return a report without its free text: what the app keeps as a receipt."""
    kept = deepcopy(event)
    for part in (kept["body"], *kept["body"].get("results", [])):
        for name in FREE_TEXT:
            part.pop(name, None)
    return kept
