"""Crews are formed in no time, however much is asked of them."""

import time

from solver.crews import complete, needs_of
from solver.problem import parse_problem
from solver.world import World
from tests.solver.worlds import a_household, a_volunteer, one_lane, only


def test_a_crew_for_needs_that_twelve_people_cannot_meet_together_is_given_up_soon() -> None:
    # a pair for each of fourteen needs, and twelve seats
    skills = [f"skill {n}" for n in range(14)]
    people = [a_volunteer(f"v{n}", skills=[skills[n % 14]]) for n in range(84)]
    problem = only(
        one_lane(), volunteers=people, crew={"size": 12, "skills": []}, households=[a_household("odd", "m300", skills=skills)]
    )
    world = World(parse_problem(problem))
    started = time.process_time()
    assert complete(world, (), range(84), needs_of(world, [0])) is None
    assert time.process_time() - started < 5
