"""How long and how a week is searched."""

from dataclasses import dataclass

MAX_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class SolveParams:
    """Limits and seed of one run.

    Parameters
    ----------
    time_limit_seconds
        Wall clock for the whole run, more than 0 and at most a day. Ignored where `iterations` is given.
    iterations
        Rounds of improvement, 0 or more. With it the clock is never asked, so the same input gives the same plan.
    seed
        Any integer from 0 to 2**31 - 1.
    threads
        1 to 64; from 2 on the proof goes on beside the search, from 3 on searches with other seeds go on beside the first (each
        some tens of megabytes more), and CP-SAT uses so many workers.

    Raises
    ------
    ValueError
        Names the parameter and its value.
    """

    time_limit_seconds: float = 60.0
    iterations: int | None = None
    seed: int = 1
    threads: int = 2

    def __post_init__(self) -> None:
        if isinstance(self.time_limit_seconds, bool) or not isinstance(self.time_limit_seconds, (int, float)):
            raise ValueError(f"time_limit_seconds: {self.time_limit_seconds!r} is not a number")
        if not 0 < self.time_limit_seconds <= MAX_SECONDS:
            raise ValueError(f"time_limit_seconds: {self.time_limit_seconds} is not more than 0 and at most {MAX_SECONDS:.0f}")
        if self.iterations is not None:
            _whole("iterations", self.iterations, 0, 10**9)
        _whole("seed", self.seed, 0, 2**31 - 1)
        _whole("threads", self.threads, 1, 64)


def _whole(name: str, value: object, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name}: {value!r} is not an integer from {least} to {most}")
