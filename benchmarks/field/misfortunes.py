"""Ten thousand reports through bad days: the long, seeded run of `tests/web/chaos.py`."""

from __future__ import annotations

import random
from pathlib import Path

from config import Settings
from planner.models import Database
from tests.builders import NOW
from tests.web.chaos import MISFORTUNES, Chaos
from tests.web.conftest import MONDAY_EVENING, Clock
from web import create_app

from .serving import SECRET
from .world import a_commune_of_crews

PEOPLE, VISITS = 8, 60


def bad_days(db: Database, folder: Path, reports: int, seed: int) -> Chaos:
    """Let misfortunes happen until so many reports were made, then compare phones and server.

    Raises
    ------
    AssertionError
        Something was lost, stored twice, or counted otherwise on phone and server.
    """
    with db.begin() as session:
        people = a_commune_of_crews(session, PEOPLE, VISITS, NOW.replace(day=23))
    clock = Clock(MONDAY_EVENING)
    settings = Settings(database_url="", data_dir=folder, secret_key=SECRET, environment="test")
    app = create_app(settings, db=db, clock=clock)
    chaos = Chaos(app, db, clock, folder, {person.user_id: person.visits for person in people})
    chance = random.Random(seed)
    checked = 0
    while (made := sum(map(len, chaos.made.values()))) < reports:
        chaos.step(chance.choice(MISFORTUNES), chance)
        if made - checked >= 1000:
            checked = made
            chaos.settle()
            print(f"{made} reports, all accounted for", flush=True)
    chaos.settle()
    return chaos
