"""How long the server takes for each list page, with a whole commune in the database.

    .venv/bin/python -m benchmarks.pages --database-url sqlite:///big.sqlite3 [--rounds 40]

Asks each page in turn through the application itself (no network), as the desk and as a volunteer, and prints median and
95th percentile in milliseconds. The database is one that `manage.py roster import`, `volunteers import`, `week draft`
and `week publish` have filled.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config import Settings
from planner.domain.calendar import local_date, monday_of
from planner.domain.vocabulary import Role
from planner.services import accounts, planning
from planner.services.actors import Actor
from planner.services.campaigns import sole_commune
from planner.services.store import Database, open_database
from web import create_app
from web.wsgi import spare_the_collector

LIMIT_MS = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    db = open_database(given.database_url)
    at = datetime.now(UTC)
    people, monday = prepare(db, at)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(given.database_url, Path(folder), "benchmark " * 4, environment="test")
        app = create_app(settings, db=db, clock=lambda: at)
        spare_the_collector()  # as every server of ours does when it starts
        slow = 0
        print(f"{'page':<58} {'bytes':>9} {'median':>8} {'p95':>8}  ms")
        for role, paths in pages(monday).items():
            client = app.test_client()
            with db.begin() as session:
                device = accounts.redeem_link(session, accounts.issue_link(session, None, people[role], at), "benchmark", at)
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = device.device_token, True
            for path in paths:
                took_ms, size = measure(client, path, given.rounds)
                p95 = statistics.quantiles(took_ms, n=20)[-1]
                slow += p95 > LIMIT_MS
                print(f"{path:<58} {size:>9,} {statistics.median(took_ms):>8.1f} {p95:>8.1f}{'  over' if p95 > LIMIT_MS else ''}")
    db.dispose()
    return 1 if slow else 0


def prepare(db: Database, at: datetime) -> tuple[dict[Role, int], str]:
    """Return one person a role, and the Monday of the planned week."""
    with db.begin() as session:
        commune = sole_commune(session)
        people = {role: user.id for role, user in accounts.ensure_role_users(session, commune.id, at).items()}
        this = monday_of(local_date(at))
        planned = planning.is_planned(session, Actor.cli(commune.id), this)
    return people, (this if planned else this + timedelta(days=7)).isoformat()


def pages(monday: str) -> dict[Role, list[str]]:
    return {
        Role.DESK: [
            f"/desk/week?monday={monday}",
            f"/desk/board?monday={monday}",
            f"/desk/board?monday={monday}&page=20",
            f"/desk/missed?monday={monday}",
            f"/desk/plan?monday={monday}",
            "/desk/households",
            "/desk/households?page=100",
            "/desk/households?q=nguyen+van",
            "/desk/households?q=tran+thi&group=1",
            "/desk/households/4000",
            "/desk/volunteers",
            f"/desk/volunteers/availability?monday={monday}",
            "/desk/imports",
            "/desk/users",
            "/desk/journal",
            "/desk/settings",
        ],
        Role.VOLUNTEER: [f"/my/week?monday={monday}", f"/my/availability?monday={monday}"],
    }


def measure(client: object, path: str, rounds: int) -> tuple[list[float], int]:
    took_ms, size = [], 0
    for round_ in range(rounds + 2):
        began = time.perf_counter()
        answer = client.get(path)  # type: ignore[attr-defined]
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
        size = len(answer.data)
        if round_ >= 2:  # the first two compile templates and fill caches
            took_ms.append(1000 * (time.perf_counter() - began))
    return took_ms, size


if __name__ == "__main__":
    raise SystemExit(main())
