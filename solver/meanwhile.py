"""A plain plan at once, and better ones of the same crews while prices are found: whoever waits or cancels has something."""

from threading import Event, Thread
from types import TracebackType

from solver.crews import Estimates, form_crews
from solver.proof import guess
from solver.search import Search
from solver.watch import Watch
from solver.week import Snapshot, Week

STEPS = 500
"""Steps between two looks at whether the prices are there: some 25 ms of them."""
LAST = 1.0
"""As cold as at the end of a search: there are seconds only, and what is warm does not rise in seconds."""


class Meanwhile:
    """Crews formed greedily, improved by a thread beside whoever finds prices; use it in a `with` statement.

    The week is empty again afterwards, as it was before.
    """

    def __init__(self, week: Week, estimate: Estimates, seed: int, watch: Watch) -> None:
        self._watch = watch
        form_crews(week, estimate, watch.is_late)
        self._search = Search(week, guess(week.world), seed)
        week.restore(Snapshot(()))
        watch.tell(self._search.total, None)
        self._enough = Event()
        self._thread = Thread(target=self._go_on, name="meanwhile", daemon=True)

    def _go_on(self) -> None:
        while not self._enough.is_set() and not self._watch.is_late():
            self._search.run(STEPS, LAST)
            self._watch.tell(self._search.total, None)

    def __enter__(self) -> "Meanwhile":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._enough.set()
        self._thread.join()

    @property
    def total(self) -> int:
        """The best total met, milli-points."""
        return self._search.total

    def put_back(self, week: Week) -> None:
        """Make the week the best one met, where that ranks higher: a larger total makes good for no broken pin."""
        before, rank = week.snapshot(), week.rank()
        self._search.return_to_best()
        self._search.put_back(week)
        if week.rank() <= rank:
            week.restore(before)
