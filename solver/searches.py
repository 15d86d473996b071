"""Several searches side by side where there are more than two processor cores: the best of them counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from solver.bound import KnownRoute, Prices
from solver.search import Search
from solver.week import Week


class Searches:
    """Searches from the same week that differ by their seeds; use it in a `with` statement.

    They share nothing while they run, so that what comes out depends on their number but not on who was faster; compiled code
    holds no interpreter lock, so that threads will do.
    """

    def __init__(self, week: Week, prices: Prices, seed: int, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="search")
        self._each = list(self._pool.map(lambda n: Search(week, prices, seed + n), range(count)))

    def __enter__(self) -> "Searches":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown()

    def _all(self, do: Callable[[Search], None]) -> None:
        if len(self._each) == 1:
            do(self._each[0])
        else:
            list(self._pool.map(do, self._each))

    @property
    def _best(self) -> Search:
        return max(self._each, key=lambda search: search.total)

    @property
    def total(self) -> int:
        """The best total met by any, milli-points."""
        return self._best.total

    @property
    def crews(self) -> int:
        """How many crews go out now."""
        return self._best.crews

    def reprice(self, prices: Prices) -> None:
        """Take other prices from now on."""
        for search in self._each:
            search.reprice(prices)

    def run(self, steps: int, share: float) -> None:
        """Take so many steps each; `share` is how much of the search is over, from 0 to 1."""
        self._all(lambda search: search.run(steps, share))

    def heat_up(self) -> None:
        """Let each go on from the best week it met, hotter than at first."""
        for search in self._each:
            search.heat_up()

    def routes(self) -> list[KnownRoute]:
        """Return who is visited now by each crew of each search."""
        return [route for search in self._each for route in search.routes()]

    def finish(self, week: Week) -> None:
        """Make the week the best one met by any."""
        self._best.finish(week)
