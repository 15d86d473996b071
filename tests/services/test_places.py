"""Where households are, also where the roster says nothing or nonsense."""

from __future__ import annotations

import math

import pytest

from planner.services.bridge.places import HAMLET_METRES, HamletPlace, Home, Places, find_places, house_number_key

LAT, LON = 11.84, 106.61


def home(
    number: int, lat: float | None = None, lon: float | None = None, hamlet_id: int = 1, lane: str = "đường 1", house: str = ""
) -> Home:
    return Home(number, hamlet_id, lane, house or str(number), number, lat, lon)


def places(*homes: Home, hamlets: int = 1, centre: tuple[float | None, float | None] = (None, None)) -> Places:
    return find_places(homes, [HamletPlace(n, n, *centre) for n in range(1, hamlets + 1)])


def distance(found: Places, first: int, second: int) -> float:
    return math.dist(found.homes[first], found.homes[second])


def test_distances_are_those_on_the_ground() -> None:
    found = places(home(1, LAT, LON), home(2, LAT + 0.01, LON), home(3, LAT, LON + 0.01))
    assert distance(found, 1, 2) == pytest.approx(1113.2, rel=1e-3)
    assert distance(found, 1, 3) == pytest.approx(1113.2 * math.cos(math.radians(LAT)), rel=1e-3)
    assert not found.guessed


@pytest.mark.parametrize("wrong", [(LON, LAT), (0.0, 0.0), (float("nan"), LON), (LAT, 16.61), (91.0, LON)])
def test_coordinates_that_cannot_be_right_count_as_none(wrong: tuple[float, float]) -> None:
    found = places(home(1, LAT, LON), home(2, LAT + 0.001, LON), home(3, LAT + 0.002, LON), home(9, *wrong))
    assert found.too_far == {9}
    assert distance(found, 1, 9) < 1000


def test_a_home_without_coordinates_stands_in_its_lane() -> None:
    found = places(
        home(1, LAT, LON, lane="ngõ 1"), home(2, LAT + 0.01, LON, lane="ngõ 2"), home(3, lane="ngõ 2"), centre=(LAT, LON)
    )
    assert distance(found, 2, 3) < 1
    assert found.guessed == {3}


def test_without_a_lane_it_stands_at_the_centre_of_its_hamlet() -> None:
    found = places(home(1, LAT, LON), home(2, LAT + 0.02, LON), home(3, lane=""))
    assert found.homes[3] == pytest.approx(found.hamlets[1])
    assert distance(found, 1, 3) == pytest.approx(distance(found, 2, 3), rel=1e-3)


def test_homes_of_a_lane_stand_in_the_order_of_their_numbers() -> None:
    found = places(*(home(n, house=text) for n, text in enumerate(["10", "2", "12A", "12"], 1)))
    assert sorted(found.homes, key=lambda n: found.homes[n]) == [2, 1, 4, 3]


def test_house_numbers_sort_as_one_walks_past_them() -> None:
    assert sorted(["10", "2", "12B", "12", "12A", "1"], key=house_number_key) == ["1", "2", "10", "12", "12A", "12B"]


def test_hamlets_nothing_is_known_of_lie_apart_from_each_other_and_the_rest() -> None:
    found = places(home(1, LAT, LON, hamlet_id=1), home(2, hamlet_id=2), home(3, hamlet_id=3), hamlets=3)
    assert found.invented_hamlets == {2, 3}
    assert all(distance(found, a, b) >= HAMLET_METRES * 0.9 for a, b in ((1, 2), (1, 3), (2, 3)))


def test_a_roster_without_any_coordinates_still_has_places() -> None:
    found = places(*(home(n, hamlet_id=n % 3 + 1) for n in range(1, 31)), hamlets=3)
    assert len(set(found.homes.values())) == 30
    assert found.guessed == set(range(1, 31))


def test_a_long_lane_does_not_run_across_the_next_hamlet() -> None:
    found = places(*(home(n) for n in range(1, 401)))
    assert distance(found, 1, 400) < HAMLET_METRES


def test_the_same_roster_gives_the_same_places() -> None:
    homes = [home(n, lane=f"ngõ {n % 4}") for n in range(1, 40)]
    assert places(*homes) == places(*homes)
