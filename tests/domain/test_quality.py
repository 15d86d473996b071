"""What is proven of a plan is told truly: never better than it is, and nothing where nothing is proven."""

import pytest

from planner.domain.quality import better_by_percent, quality_text


@pytest.mark.parametrize(
    ("total", "bound", "percent"),
    [
        (1000, 1031, 3.1),
        (1000, 1030, 3.0),
        (100_000, 103_001, 3.1),  # a little more than 3 %
        (100_000, 100_001, 0.1),  # not proven the best, so never 0
        (1000, 1000, 0.0),
        (1000, None, None),
        (None, 1000, None),
        (0, 1000, None),
        (-50, 1000, None),
    ],
)
def test_what_could_be_better_is_rounded_up(total: int | None, bound: int | None, percent: float | None) -> None:
    assert better_by_percent(total, bound) == percent


def test_a_plan_that_nothing_can_beat_says_so_and_one_without_proof_says_nothing() -> None:
    assert quality_text(0.0) == "Không có cách xếp nào tốt hơn."
    assert quality_text(None) == ""


def test_the_percentage_is_written_as_the_reader_writes_it() -> None:
    assert "3,1 %" in quality_text(3.1)
    assert "3.1 %" in quality_text(3.1, "en")
