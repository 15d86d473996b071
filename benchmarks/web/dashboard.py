"""The progress pages of a large ward while reports come in: how long the server takes, and is every figure right."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.web.world import WEDNESDAY_EVENING, Ward
from config import Settings
from planner.domain import tally
from planner.domain.calendar import local_date
from planner.domain.vocabulary import NeedResult, NeedState, Outcome, Role
from planner.models import Database, Household, Need, Service
from planner.services import accounts, campaigns, outcomes, tallies
from planner.services.actors import Actor
from planner.services.visit_forms import ResultLine, VisitForm
from web import create_app
from web.wsgi import spare_the_collector

LIMIT_MS = 300
PAGES = (
    (Role.VIEWER, "/reports/overview"),
    (Role.DESK, "/reports/overview"),
    (Role.VIEWER, "/reports/progress?by=hamlet"),
    (Role.VIEWER, "/reports/progress?by=group"),
    (Role.VIEWER, "/reports/progress?by=crew"),
    (Role.VIEWER, "/reports/progress?by=team"),
    (Role.VIEWER, "/reports/progress?by=organisation"),
    (Role.DESK, "/reports/figures/a1?part=lacking"),
    (Role.VIEWER, "/reports/figures/needs_done?page=40"),
    (Role.DESK, "/desk/settings/goals"),
)


@dataclass
class Took:
    name: str
    median_ms: float
    p95_ms: float
    worst_ms: float
    cpu_p95_ms: float  # of this process alone: what it took on a machine with other work too


def measure(db: Database, ward: Ward, rounds: int, seed: int = 1) -> Iterator[Took]:
    """Ask each page so many times, a visit recorded before each; then the same figures with nothing kept."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings(str(db.url), Path(folder), "benchmark " * 4, environment="test"), db=db, clock=lambda: WEDNESDAY_EVENING
        )
        spare_the_collector()  # as every server of ours does when it starts
        clients = {role: _client(app, db, ward, role) for role in (Role.VIEWER, Role.DESK)}
        writes: list[tuple[float, float]] = []
        for role, path in PAGES:
            took = []
            for number in range(rounds + 2):
                writes.append(_timed(lambda: record(db, ward, rng)))
                took.append(_timed(lambda: _get(clients[role], path)))  # noqa: B023 - called at once
                if number < 2:
                    took.clear()  # templates are compiled
            yield _took(f"{role.value}: {path}", took)
        yield _took("a visit recorded, with all that follows", writes)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    act()
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)


def _took(name: str, took: list[tuple[float, float]]) -> Took:
    walls, works = zip(*took, strict=True)
    return Took(name, statistics.median(walls), _p95(walls), max(walls), _p95(works))


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _client(app: Any, db: Database, ward: Ward, role: Role) -> Any:
    with db.begin() as session:
        link = accounts.issue_link(session, None, ward.users[role], WEDNESDAY_EVENING)
        device = accounts.redeem_link(session, link, "benchmark", WEDNESDAY_EVENING)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = device.device_token, True
    return client


def _get(client: Any, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")


def record(db: Database, ward: Ward, rng: random.Random) -> None:
    """Record a visit to a household with something to do, through the service that phones and desk use."""
    actor = Actor.cli(ward.commune_id)
    with db.begin() as session:
        first = rng.randrange(ward.residents // 4)
        row = session.execute(
            select(Need.household_id, Need.id)
            .join(Service, Service.id == Need.service_id)
            .where(Need.state == NeedState.OPEN, Need.household_id > first, Service.at_police.is_(False))
            .order_by(Need.household_id)
            .limit(1)
        ).one()
        form = VisitForm(
            event_id=str(uuid.UUID(int=rng.getrandbits(128), version=4)), household_id=row.household_id, assignment_uid=None,
            outcome=Outcome.MET, occurred_at=WEDNESDAY_EVENING,
            results=(ResultLine(row.id, rng.choice((NeedResult.DONE, NeedResult.DONE, NeedResult.NOT_DONE)), own_device=True),),
        )  # fmt: skip
        outcomes.record_visit(session, actor, form, WEDNESDAY_EVENING)


def difference(db: Database, ward: Ward) -> dict[str, tuple[int, int]]:
    """Return the figures that differ from those counted anew from every row: none may."""
    with db.read() as session:
        campaign = campaigns.active(session, Actor.cli(ward.commune_id))
        on_date = local_date(WEDNESDAY_EVENING)
        kept = tallies.total(tallies.sums(session, campaign, tally.SUMMED, on_date), tally.SUMMED)
        ids = session.scalars(select(Household.id).where(Household.commune_id == ward.commune_id)).all()
        anew = dict.fromkeys(tally.SUMMED, 0)
        for share in tallies.shares(session, campaign, ids, on_date):
            for name, value in share.counts.items():
                anew[name] += value
    return {name: (kept[name], anew[name]) for name in tally.SUMMED if kept[name] != anew[name]}
