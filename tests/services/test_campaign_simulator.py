"""The simulated campaign in small: two hamlets, forty households, two weeks. In full: `python -m benchmarks.campaign run`."""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from benchmarks.campaign import page, results
from benchmarks.campaign.by_hand import ByHand, in_register_order
from benchmarks.campaign.commune import make_commune
from benchmarks.campaign.dice import Dice
from benchmarks.campaign.intervals import Interval, student_t
from benchmarks.campaign.profiles import DELTA, HABITS, STARTS_ON
from benchmarks.campaign.season import Season, Setting
from benchmarks.campaign.truth import Hour, Truth
from benchmarks.campaign.ways import WAYS
from planner.domain.calendar import slot_on
from planner.domain.contact import KNOCKED
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import Outcome, Period
from planner.models import Appointment, PlanRun, Visit, VisitResult
from planner.services import bridge

ROOT = Path(__file__).resolve().parents[2]
SMALL = replace(DELTA, households=40, hamlets=2)
WEEKS = 2
FOUR = ("a", "b", "c", "d")


def a_season(way: str, seed: int = 1) -> Season:
    return Season(Setting(SMALL, seed, weeks=WEEKS, iterations=50), WAYS[way])


def play(way: str, seed: int = 1) -> dict[str, Any]:
    season = a_season(way, seed)
    document = season.play()
    season.close()
    return document


@pytest.fixture(scope="module")
def seasons() -> dict[str, tuple[Season, dict[str, Any]]]:
    """Return the same small commune's campaign in the four ways, played to the end."""
    found = {}
    for way in FOUR:
        season = a_season(way)
        found[way] = season, season.play()
    return found


def test_every_way_plays_to_its_end_and_helps_people(seasons: dict[str, tuple[Season, dict[str, Any]]]) -> None:
    for way, (_, document) in seasons.items():
        assert len(document["weeks"]) == WEEKS, way
        assert 0 < document["helped"] <= document["in_need"]
        assert all(week["crews"] > 0 and week["visits"] > 0 for week in document["weeks"])
        assert document["weeks"][-1]["indicators"]["a1"] >= document["weeks"][0]["indicators"]["a1"] > 0


@pytest.mark.parametrize("way", ["a", "d"])
def test_the_same_seed_gives_the_same_figures(way: str, seasons: dict[str, tuple[Season, dict[str, Any]]]) -> None:
    first, again = seasons[way][1], play(way)
    timeless = {"seconds": None, "cpu_seconds": None}
    assert {**first, **timeless} == {**again, **timeless}


def test_another_seed_is_another_commune() -> None:
    assert make_commune(SMALL, 1).people != make_commune(SMALL, 2).people


def test_all_ways_meet_the_same_people_at_the_same_hours(seasons: dict[str, tuple[Season, dict[str, Any]]]) -> None:
    """The first visit to a household in a slot ends alike, whoever planned it."""
    outcomes: dict[tuple[int, Any, Any], set[str]] = defaultdict(set)
    ways: dict[tuple[int, Any, Any], int] = defaultdict(int)
    for season, _ in seasons.values():
        seen = set()
        with season.db.read() as session:
            for visit in session.scalars(select(Visit).order_by(Visit.occurred_at)):
                if visit.household_id not in seen:
                    seen.add(visit.household_id)
                    key = visit.household_id, visit.occurred_at.date(), visit.occurred_at.hour < 10
                    outcomes[key].add(visit.outcome.value)
                    ways[key] += 1
    shared = [key for key, count in ways.items() if count > 1]
    assert len(shared) >= 5
    assert all(len(outcomes[key]) == 1 for key in shared)


def test_chance_does_not_depend_on_the_order_of_questions() -> None:
    first, second = Dice("truth", 7), Dice("truth", 7)
    questions = [("home", n, "T") for n in range(20)]
    assert [first.unit(*q) for q in questions] == [second.unit(*q) for q in reversed(questions)][::-1]
    assert Dice("truth", 8).unit("home", 1) != first.unit("home", 1)


def test_a_household_is_met_as_often_as_its_rate_says() -> None:
    truth = Truth(SMALL, HABITS, 3)
    commune = make_commune(SMALL, 3)
    home = next(h for h in commune.homes if not truth.never(h))
    person = home.people[0]
    hours = [Hour.of(slot_on(STARTS_ON + timedelta(days=7 * n), Period.EVENING, CampaignSettings())) for n in range(600)]
    met = sum(truth.at_home(home, person, hour) for hour in hours)
    assert met / len(hours) == pytest.approx(truth.presence(home, person, hours[0]), abs=0.07)


def test_refusals_attempts_and_the_time_between_them_hold_in_every_way(
    seasons: dict[str, tuple[Season, dict[str, Any]]],
) -> None:
    settings = CampaignSettings()
    for season, _ in seasons.values():
        with season.db.read() as session:
            promised = {
                (a.household_id, a.starts_at.date()) for a in session.scalars(select(Appointment).where(~Appointment.at_police))
            }
            visits: dict[int, list[Visit]] = defaultdict(list)
            for visit in session.scalars(select(Visit).order_by(Visit.occurred_at)):
                visits[visit.household_id].append(visit)
        for household_id, listed in visits.items():
            for earlier, later in itertools.pairwise(listed):
                assert earlier.outcome not in (Outcome.REFUSED, Outcome.MOVED, Outcome.WRONG_ADDRESS)
                if earlier.outcome in KNOCKED and (household_id, later.occurred_at.date()) not in promised:
                    assert later.occurred_at - earlier.occurred_at >= timedelta(hours=settings.hours_between_attempts)


def test_what_is_counted_as_done_is_what_rows_prove(seasons: dict[str, tuple[Season, dict[str, Any]]]) -> None:
    for season, document in seasons.values():
        with season.db.read() as session:
            worked_on = set(session.scalars(select(VisitResult.need_id)))
        assert document["needs_done"] <= len(worked_on)
        helped = sum(pair[0] for pair in document["shares"]["hamlet"].values())
        assert helped == sum(pair[0] for pair in document["shares"]["group"].values()) == document["helped"]


def test_a_list_by_hand_keeps_the_rules_of_the_week() -> None:
    """A list no longer than the evening is a plan the solver's judge accepts, but for its total, which nobody counts."""
    from solver.check import check_plan
    from solver.rules.registry import RULES, name_of

    season = a_season("a")
    season._first_week()
    with season.db.read() as session:
        run = session.scalars(select(PlanRun)).one()
        problem = bridge.build(session, run, bridge.scope_of(session, run)).document
    short = ByHand(season.db, season.place.commune_id, in_register_order, shortest_way=False, stretch=1.0)
    plan = short.solve(problem, {}, lambda _: False).plan
    rules = [rule for rule in RULES if name_of(rule) != "true_total"]
    assert sum(len(crew["visits"]) for crew in plan["crews"]) > 10
    assert check_plan(problem, plan, rules).faults == ()
    season.close()


def test_nothing_that_plans_can_read_the_truth() -> None:
    for path in [*(ROOT / "planner").rglob("*.py"), *(ROOT / "solver").rglob("*.py")]:
        assert not re.search(r"^\s*(from|import) benchmarks", path.read_text(encoding="utf-8"), re.MULTILINE), path


def test_ways_by_hand_know_only_the_register(seasons: dict[str, tuple[Season, dict[str, Any]]]) -> None:
    hidden = {"truth", "doors", "evening", "season", "office"}
    for name in ("ways", "by_hand", "register"):
        assert not imports_of(ROOT / "benchmarks" / "campaign" / f"{name}.py") & hidden
    for season, _ in seasons.values():
        assert not any(isinstance(value, Truth) for value in vars(season.engine).values())


def imports_of(path: Path) -> set[str]:
    """Return every part of the dotted names that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {part for alias in node.names for part in alias.name.split(".")}
        elif isinstance(node, ast.ImportFrom):
            found |= {*(node.module or "").split("."), *(alias.name for alias in node.names)}
    return found


def test_an_interval_is_students() -> None:
    interval = Interval.of([10, 12, 14])
    assert (interval.mean, round(interval.half, 3)) == (12, round(4.303 * 2 / 3**0.5, 3))
    assert student_t(40) == pytest.approx(2.021, abs=0.001)
    assert Interval.of([5]).text() == "5"


def test_the_page_tells_what_was_stored(tmp_path: Path, seasons: dict[str, tuple[Season, dict[str, Any]]]) -> None:
    folder = tmp_path / "figures" / "delta-40"
    folder.mkdir(parents=True)
    for way, (_, document) in seasons.items():
        for seed in (1, 2):
            stored = {**document, "seed": seed, "commit": "abc", "date": "2026-11-29"}
            (folder / f"{way}-{seed:03}.json").write_text(json.dumps(stored), encoding="utf-8")
    text = tmp_path / "page.md"
    text.write_text("# Trang\n\n<!-- results -->\n<!-- end -->\n", encoding="utf-8")
    page.write_page(tmp_path / "figures", text)
    told = text.read_text(encoding="utf-8")
    assert f"| residents helped | {seasons['a'][1]['helped']:,} ± 0 |" in told
    assert "d over a" in told
    drawing = (tmp_path / "images" / "campaign-delta-40-points.svg").read_text(encoding="utf-8")
    assert drawing.count("<polyline") == 4
    assert results.load(tmp_path / "figures")[0].ways == ["a", "b", "c", "d"]
