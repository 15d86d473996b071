"""No bad day of phones and server loses a report, or stores one twice. The long run: `python -m benchmarks.field chaos`."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from config import Settings
from planner.domain.vocabulary import Role
from planner.models import Database
from tests import builders as make
from tests.conftest import empty
from tests.web.chaos import MISFORTUNES, Chaos
from tests.web.conftest import MONDAY_EVENING, Clock
from tests.worlds import a_running_week
from web import create_app


def a_world(db: Database, folder: Path, settings: Settings) -> Chaos:
    """Make Minh's, Nga's and Hải's phones: Minh and Nga go to the same doors."""
    clock = Clock(MONDAY_EVENING)
    with db.begin() as session:
        world = a_running_week(session)
        nga = make.a_user(session, world.commune, Role.VOLUNTEER, "Nga", world.volunteers[1])
        hai = make.a_user(session, world.commune, Role.LEADER, "Hải", world.volunteers[2])
        promises: dict[int, list[tuple[int, str, int]]] = {}
        for person, houses in ((world.minh, world.households[:3]), (nga, world.households[:3]), (hai, world.households[3:])):
            promises[person.id] = [
                (house.id, make.assignments_of(session, house)[0].uid, next(iter(make.needs_of(session, house).values())).id)
                for house in houses
            ]
    app = create_app(replace(settings, data_dir=folder), db=db, clock=clock)
    return Chaos(app, db, clock, folder, promises)


@pytest.mark.parametrize("seed", [1])
def test_sixty_misfortunes_in_a_row_lose_nothing(db: Database, tmp_path: Path, settings: Settings, seed: int) -> None:
    chance = random.Random(seed)
    chaos = a_world(db, tmp_path, settings)
    for _ in range(60):
        chaos.step(chance.choice(MISFORTUNES), chance)
    chaos.settle()
    assert sum(map(len, chaos.made.values())) > 20
    assert len(chaos.happened) > 8


def test_no_string_of_misfortunes_loses_a_report(
    db: Database, tmp_path_factory: pytest.TempPathFactory, settings: Settings, sqlite_template: Path
) -> None:
    class Days(RuleBasedStateMachine):
        """Whatever happens in whatever order; Hypothesis shortens what fails."""

        def __init__(self) -> None:
            super().__init__()
            if db.is_sqlite:
                db.dispose()
                Path(str(db.url.database)).write_bytes(sqlite_template.read_bytes())
            else:
                empty(db)
            self.chaos = a_world(db, tmp_path_factory.mktemp("days"), settings)

        @rule(name=st.sampled_from(MISFORTUNES), chance=st.randoms(use_true_random=False))
        def happens(self, name: str, chance: random.Random) -> None:
            self.chaos.step(name, chance)

        def teardown(self) -> None:
            self.chaos.settle()

    short = hypothesis_settings(
        max_examples=2, stateful_step_count=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Days, settings=short)
