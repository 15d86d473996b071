"""Phones as measurements need them: a seat, an outbox, plain HTTP."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from planner.models import Database, User
from planner.services.accounts import issue_link, redeem_link
from planner.services.actors import Actor
from planner.services.sync.seats import take_seat

from .world import Person

PATH = "/field/api/v1/"


@dataclass
class Phone:
    """A person's phone with what it has to send. `acknowledged` are the ids it has verdicts for."""

    person: Person
    token: str
    outbox: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)
    counter: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip",
            "X-Namro-Client": "1",
            "X-Namro-Person": str(self.person.user_id),
            "Cookie": f"namro_seat_{self.person.user_id}={self.token}",
        }

    def record(self, number: int) -> None:
        """Keep the report of one visit: every third met somebody."""
        house, uid, need = self.person.visits[number % len(self.person.visits)]
        met = self.counter % 3 == 0
        self.counter += 1
        results = [{"need_id": need, "result": "done", "reason": "", "own_device": True, "teach_back": None}] if met else []
        body = {
            "household_id": house, "assignment_uid": uid, "outcome": "met" if met else "absent", "results": results, "note": "",
            "callback": None, "police_appointment": None, "corrects_event_id": None, "stop_whole_household": False,
        }  # fmt: skip
        self.outbox.append(
            {
                "event_id": str(uuid.uuid4()), "counter": self.counter, "kind": "visit",
                "occurred_at": datetime.now(UTC).isoformat(), "plan_version": 1, "body": body,
            }
        )  # fmt: skip

    def request(self, most: int) -> bytes:
        """Return the next transmission."""
        return json.dumps({"events": self.outbox[:most], "sent_at": datetime.now(UTC).isoformat()}).encode()

    def take(self, answer: dict[str, Any]) -> None:
        """Take verdicts: what has one leaves the outbox."""
        for verdict in answer["verdicts"]:
            self.acknowledged[verdict["event_id"]] = verdict["verdict"]
        self.outbox = [made for made in self.outbox if made["event_id"] not in self.acknowledged]

    def send(self, port: int, most: int) -> int:
        """Send the next transmission and take its verdicts; return the status.

        Raises
        ------
        OSError, http.client.HTTPException
            The server vanished: nothing is known of what it did.
        """
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", f"{PATH}events", self.request(most), {**self.headers, "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                self.take(json.loads(body))
            return answer.status
        finally:
            connection.close()


def enrol(db: Database, people: Sequence[Person]) -> list[Phone]:
    """Give everybody a phone with a seat, as a one-time link does."""
    at = datetime.now(UTC)
    phones = []
    with db.begin() as session:
        for person in people:
            user = session.get_one(User, person.user_id)
            link = issue_link(session, Actor.cli(user.commune_id), user.id, at)
            device = redeem_link(session, link, "benchmark", at)
            token = take_seat(session, device.device_token)
            assert token is not None
            phones.append(Phone(person, token))
    return phones
