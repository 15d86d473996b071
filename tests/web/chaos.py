"""Bad days of phones and server, one misfortune a method, and what must hold in the end whatever came before.

Hypothesis strings them together in `test_phone_chaos`, `python -m benchmarks.field chaos` in a long seeded run.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select, text, update

from planner.domain.vocabulary import FieldVerdict
from planner.models import Assignment, Base, Database, Device, FieldEvent, Shift, User, Visit, WeekPlan, watch
from planner.models.schema import MIGRATIONS
from planner.services.accounts.devices import revoke_all
from planner.services.actors import Actor
from planner.services.backup import back_up
from planner.services.restoring import restore
from planner.services.sync import epoch as epochs
from tests.web.conftest import Clock
from tests.web.phone import Phone

MISFORTUNES = (
    "work", "work", "work", "drain", "answer_lost", "sent_twice", "out_of_order", "two_tabs", "time_passes", "a_week_passes",
    "clock_goes_wrong", "reassigned_meanwhile", "signed_out", "passphrase_changed", "session_expired", "app_upgraded",
    "backed_up", "backup_restored", "backup_put_back_by_hand", "look",
)  # fmt: skip
SKEWS = (timedelta(), timedelta(days=3), timedelta(days=-3), timedelta(days=3650), timedelta(days=-3650))


class Chaos:
    """A commune with its phones, one for each person.

    Parameters
    ----------
    promises
        By user id what they are to visit: (household, assignment uid, need).
    """

    def __init__(
        self, app: Flask, db: Database, clock: Clock, folder: Path, promises: dict[int, Sequence[tuple[int, str, int]]]
    ) -> None:
        self.app, self.db, self.clock, self.folder, self.promises = app, db, clock, folder, promises
        with db.read() as session:
            self.people = [session.get_one(User, user_id) for user_id in promises]
        self.phones = {person.id: Phone(app, db, clock) for person in self.people}
        for person in self.people:
            self.phones[person.id].enrol(person)
        self.made: dict[int, list[dict[str, Any]]] = {person.id: [] for person in self.people}
        if db.is_sqlite:
            stamp(db)
        self.backup: Any = None
        self.backup_at = clock()
        self.happened: Counter[str] = Counter()

    # --- what people do ---

    def work(self, chance: random.Random) -> None:
        """Someone records what happened at doors, and sometimes corrects it or says something else."""
        person = chance.choice(self.people)
        phone = self.phones[person.id]
        for _ in range(chance.randint(1, 4)):
            kind, body = self._report(person, chance)
            self.made[person.id].append(phone.record(person, kind, **body))

    def _report(self, person: User, chance: random.Random) -> tuple[str, dict[str, Any]]:
        mine = self.promises[person.id]
        house, uid, need = chance.choice(mine)
        other = chance.choice([p for user, promises in self.promises.items() for p in promises if user != person.id] or mine)
        visit = {"household_id": house, "assignment_uid": uid}
        earlier = [made for made in self.made[person.id] if made["kind"] == "visit" and "outcome" in made["body"]]
        choices: list[Callable[[], tuple[str, dict[str, Any]]]] = [
            lambda: ("visit", {**visit, "outcome": "absent", "note": "không ai ở nhà"}),
            lambda: ("visit", {**visit, "outcome": "met", "results": [{"need_id": need, "result": "not_done", "reason": "bận"}]}),
            lambda: ("visit", {**visit, "outcome": chance.choice(["unsafe", "not_reached", "moved"]), "assignment_uid": None}),
            lambda: ("visit", {**visit, "outcome": "callback"}),  # without an hour: contradicts itself
            lambda: ("visit", {"household_id": other[0], "outcome": "absent"}),  # never theirs
            lambda: ("visit", {"household_id": 987654, "outcome": "absent"}),
            lambda: ("visit", {**visit, "outcome": "absent", "surplus": 1}),
            lambda: ("found_resident", {"household_id": house, "resident_uid": str(uuid.uuid4()), "name": "Lý Thị Mai"}),
            lambda: (
                "found_household",
                {"household_uid": str(uuid.uuid4()), "near_household_id": house, "head_name": "Vàng A Sử"},
            ),
            lambda: (
                "found_resident",
                {"household_uid": self._new_household(person), "resident_uid": str(uuid.uuid4()), "name": "Mai"},
            ),
            lambda: ("decline", {"shift_id": chance.randint(1, 5), "reason": "ốm"}),
            lambda: ("undecline", {"shift_id": chance.randint(1, 5)}),
            lambda: ("availability", {"monday": "2027-06-07", "free": ["2027-06-07_evening"]}),
        ]
        if earlier:
            old = chance.choice(earlier)
            choices.append(
                lambda: ("visit", {**old["body"], "outcome": "absent", "corrects_event_id": old["event_id"], "results": []})
            )
        return chance.choice(choices)()

    def _new_household(self, person: User) -> str:
        """Return the id of the household this person found last; of none where they found none yet."""
        found = [made["body"]["household_uid"] for made in self.made[person.id] if made["kind"] == "found_household"]
        return found[-1] if found else str(uuid.uuid4())

    # --- what phones and networks do ---

    def drain(self, chance: random.Random) -> None:
        self._drain(chance.choice(self.people))

    def _drain(self, person: User, **how: Any) -> None:
        status = self.phones[person.id].drain(person.id, **how)
        assert status in (200, 401), status
        if status == 401 and not how:
            self.phones[person.id].enrol(person)

    def answer_lost(self, chance: random.Random) -> None:
        self._drain(chance.choice(self.people), answer_lost=True, most=chance.randint(1, 50))

    def sent_twice(self, chance: random.Random) -> None:
        person = chance.choice(self.people)
        self._drain(person, answer_lost=True)
        self._drain(person)

    def out_of_order(self, chance: random.Random) -> None:
        person = chance.choice(self.people)
        phone = self.phones[person.id]
        waiting = [made for _, made in phone.outbox]
        chance.shuffle(waiting)
        for made in waiting[: chance.randint(0, 5)]:
            answer = phone.post_events(person.id, [made])
            if answer.status_code == 200:
                phone.take(person.id, answer.get_json())

    def two_tabs(self, chance: random.Random) -> None:
        """Two tabs send the same, and both take their answers, the first one's last."""
        person = chance.choice(self.people)
        phone = self.phones[person.id]
        waiting = [made for _, made in phone.outbox][:50]
        answers = [phone.post_events(person.id, part) for part in (waiting, waiting[::-1])]
        for answer in reversed(answers):
            if answer.status_code == 200:
                phone.take(person.id, answer.get_json())

    def time_passes(self, chance: random.Random) -> None:
        self.clock.go(minutes=chance.randint(1, 600))

    def a_week_passes(self, chance: random.Random) -> None:
        self.clock.go(days=7)

    def clock_goes_wrong(self, chance: random.Random) -> None:
        phone = self.phones[chance.choice(self.people).id]
        phone.skew, phone.tells_its_clock = chance.choice(SKEWS), chance.random() < 0.5

    def look(self, chance: random.Random) -> None:
        person = chance.choice(self.people)
        answer = self.phones[person.id].call("POST", "pull", person.id, {"known": {}})
        assert answer.status_code in (200, 401, 409), answer.status_code

    # --- what desk and server do ---

    def reassigned_meanwhile(self, chance: random.Random) -> None:
        """The desk gives a household to another crew, or closes the week; the phone hears of it later."""
        with self.db.begin() as session:
            uids = [uid for promises in self.promises.values() for _, uid, _ in promises]
            row = session.scalars(select(Assignment).where(Assignment.uid == chance.choice(uids))).one_or_none()
            if row is None or row.withdrawn_at is not None:
                return
            row.withdrawn_at, row.withdrawn_reason = self.clock(), "reassigned"
            others = session.scalars(
                select(Shift.id).where(Shift.week_plan_id == row.week_plan_id, Shift.id != row.shift_id)
            ).all()
            session.add(
                Assignment(
                    uid=str(uuid.uuid4()), week_plan_id=row.week_plan_id, shift_id=chance.choice(others), position=99,
                    household_id=row.household_id, starts_at=row.starts_at, minutes=20, need_ids=[], reason={},
                    replaces_id=row.id,
                )
            )  # fmt: skip
            if chance.random() < 0.1:
                session.execute(update(WeekPlan).values(state="closed"))

    def signed_out(self, chance: random.Random) -> None:
        """Someone signs out of the pages; out of the app only with nothing unsent, as it insists."""
        person = chance.choice(self.people)
        phone = self.phones[person.id]
        phone.browser.post("/sign-out")
        if not phone.outbox:
            phone.call("POST", "sign-out", person.id, {})
            phone.enrol(person)

    def passphrase_changed(self, chance: random.Random) -> None:
        """On another device: this phone's seat ends, and what is unsent waits for a new one."""
        person = chance.choice(self.people)
        with self.db.begin() as session:
            revoke_all(session, person.id, self.clock(), but="of the device on which it was changed")

    def session_expired(self, chance: random.Random) -> None:
        person = chance.choice(self.people)
        with self.db.begin() as session:
            session.execute(update(Device).where(Device.user_id == person.id).values(seen_at=self.clock() - timedelta(days=90)))

    def app_upgraded(self, chance: random.Random) -> None:
        self.phones[chance.choice(self.people).id].client = chance.randint(0, 3)

    def backed_up(self, chance: random.Random) -> None:
        self.backup_at = self.clock()
        if self.db.is_sqlite:
            self.backup = self.folder / f"{uuid.uuid4()}.sqlite3"
            back_up(self.db, Actor.cli(self.people[0].commune_id), self.backup, self.clock())
        else:
            self.backup = rows_of(self.db)

    def backup_restored(self, chance: random.Random) -> None:
        """Yesterday's backup is put back by the command."""
        if self.backup is None or self.clock() - self.backup_at > timedelta(days=2):
            return
        if self.db.is_sqlite:
            done = restore(self.db, self.backup, self.folder, self.clock())
            assert done.kept is not None
            done.kept.unlink()
        else:
            put_back(self.db, self.backup)
            with self.db.begin() as session:
                epochs.begin(session, "restored", self.clock())

    def backup_put_back_by_hand(self, chance: random.Random) -> None:
        """Yesterday's file is copied over the database; nobody tells the server."""
        if self.backup is None or self.clock() - self.backup_at > timedelta(days=2):
            return
        if self.db.is_sqlite:
            self.db.dispose()
            for ending in ("-wal", "-shm"):
                Path(f"{self.db.url.database}{ending}").unlink(missing_ok=True)
            Path(str(self.db.url.database)).write_bytes(self.backup.read_bytes())
        else:
            put_back(self.db, self.backup)

    # --- what must hold ---

    def step(self, name: str, chance: random.Random) -> None:
        self.happened[name] += 1
        getattr(self, name)(chance)

    def settle(self) -> None:
        """The network is good for once: everything is sent. Then compare phones and server."""
        for _ in range(3):  # a restore is noticed by an answer; then receipts are sent, too
            for person in self.people:
                phone = self.phones[person.id]
                phone.skew, phone.tells_its_clock, phone.client = timedelta(), True, 1
                if phone.call("POST", "pull", person.id, {"known": {}}).status_code == 401:
                    phone.enrol(person)
                phone.pull(person)
                assert phone.drain(person.id) == 200
                phone.pull(person)
        with self.db.read() as session:
            stored = list(
                session.execute(select(FieldEvent.event_id, FieldEvent.user_id, FieldEvent.verdict, FieldEvent.visit_id))
            )
            visit_ids = set(session.scalars(select(Visit.id)))
            assert session.scalar(select(func.count()).select_from(Visit)) == len(visit_ids)
        ids = Counter(row.event_id for row in stored if row.verdict is not FieldVerdict.CONFLICT)
        for person in self.people:
            phone, made = self.phones[person.id], self.made[person.id]
            assert phone.outbox == []
            for report in made:
                assert ids[report["event_id"]] == 1, f"{report['event_id']} is stored {ids[report['event_id']]} times"
                verdict = phone.verdicts[report["event_id"]]
                assert verdict["message_vi"]
                assert verdict["verdict"] in ("accepted", "duplicate", "off_assignment", "quarantined")
            of_server = sum(row.user_id == person.id and row.verdict is not FieldVerdict.CONFLICT for row in stored)
            of_phone = phone.docs[person.id]["mine"]["body"]["stored_events"]
            assert of_server == of_phone == len({report["event_id"] for report in made})
        recorded = [row.visit_id for row in stored if row.visit_id]
        assert len(recorded) == len(set(recorded)), "no visit stands for two reports"
        assert set(recorded) <= visit_ids


def stamp(db: Database) -> None:
    """Write down of which revision the schema is, as `manage.py db upgrade` does: a backup is known by it."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with db.begin() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        session.execute(text("DELETE FROM alembic_version"))
        session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


def rows_of(db: Database) -> dict[str, bytes]:
    """Return every row of a PostgreSQL database, as it copies them out itself: of thousands of reports in a moment."""
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        found = {}
        for table in Base.metadata.sorted_tables:
            with cursor.copy(f'COPY "{table.name}" TO STDOUT (FORMAT BINARY)') as copying:
                found[table.name] = b"".join(copying)
        return found


def put_back(db: Database, rows: dict[str, bytes]) -> None:
    """Make a database what it was, its sequences too."""
    tables = ", ".join(f'"{t.name}"' for t in Base.metadata.sorted_tables)
    with db.begin() as session:
        watch.remove(session.connection())  # the copy has each household's share in it, as a restored file has
        session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        cursor = session.connection().connection.cursor()
        for table in Base.metadata.sorted_tables:
            with cursor.copy(f'COPY "{table.name}" FROM STDIN (FORMAT BINARY)') as copying:
                copying.write(rows[table.name])
            if "id" in table.c:
                sequence = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
                session.execute(text(f'SELECT setval({sequence}, coalesce(max(id), 0) + 1, false) FROM "{table.name}"'))
        watch.install(session.connection())
