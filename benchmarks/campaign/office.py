"""What the desk hears days after a visit: who came to the police for an account, which integrations were approved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.campaign.doors import Happened
from benchmarks.campaign.lists import OpenNeed
from benchmarks.campaign.truth import Truth
from planner.domain.vocabulary import NeedState
from planner.models import Need
from planner.services.actors import Actor
from planner.services.settling import settle_many

POLICE_WAIT = timedelta(days=4)  # until the appointment at the police desk


@dataclass(frozen=True)
class News:
    """What becomes of a need that waits as `waiting`."""

    need_id: int
    waiting: NeedState
    becomes: NeedState


class Office:
    """Keeps what will be heard, day by day, and tells the planner when it is."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._ahead: dict[date, list[News]] = defaultdict(list)

    def note(self, happened: Happened, on_date: date) -> None:
        """Note what will follow from a visit."""
        for need in happened.referred:
            came = self._chance(self.truth.habits.appointment_kept, "came to the police", need)
            becomes = NeedState.DONE if came else NeedState.OPEN
            self._ahead[on_date + POLICE_WAIT].append(News(need.id, NeedState.REFERRED, becomes))
        for need in happened.submitted:
            approved = self._chance(self.truth.habits.approved, "approved", need)
            day = on_date + timedelta(days=self.truth.habits.approval_days)
            self._ahead[day].append(News(need.id, NeedState.SUBMITTED, NeedState.DONE if approved else NeedState.REJECTED))

    def tell(self, session: Session, desk: Actor, on_date: date, at: datetime) -> int:
        """Let the desk write down what is heard on a day; return how many needs that settled."""
        heard = {news.need_id: news for news in self._ahead.pop(on_date, ())}
        if not heard:
            return 0
        waiting = {row.id: row.state for row in session.execute(select(Need.id, Need.state).where(Need.id.in_(heard)))}
        # A later visit may have brought one of them further.
        news = {i: heard[i].becomes for i, state in waiting.items() if state is heard[i].waiting}
        settle_many(session, desk, news, at)
        return len(news)

    def _chance(self, probability: float, what: str, need: OpenNeed) -> bool:
        return self.truth.dice.chance(probability, what, need.resident_id, need.service.code)
