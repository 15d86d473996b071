"""May we knock there, and from when? Refusal is final and neutral; people are not quotas."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.domain.calendar import local_time
from planner.domain.settings import CampaignSettings
from planner.domain.visits import VisitFacts, effective
from planner.domain.vocabulary import Outcome, StopReason

# Someone spoke to us: the count of unanswered calls starts anew.
ANSWERED = (Outcome.MET, Outcome.CALLBACK)
# The crew stood at the door. `not_reached` (flood, dark road) and `wrong_address` disturbed nobody of this household.
KNOCKED = (Outcome.MET, Outcome.CALLBACK, Outcome.ABSENT, Outcome.UNSAFE, Outcome.REFUSED)
UNANSWERED = (Outcome.ABSENT, Outcome.UNSAFE)

STOPS: dict[Outcome, StopReason] = {
    Outcome.REFUSED: StopReason.REFUSED,
    Outcome.MOVED: StopReason.MOVED,
    Outcome.WRONG_ADDRESS: StopReason.WRONG_ADDRESS,
}


@dataclass(frozen=True, slots=True)
class ContactStanding:
    """Whether a household may be visited. `reason` is a code where not: a stop's reason or ``max_attempts``."""

    allowed: bool
    reason: str = ""
    attempts: int = 0
    not_before_at: datetime | None = None


def attempts(visits: Iterable[VisitFacts]) -> tuple[VisitFacts, ...]:
    """Return the unanswered calls since someone last answered.

    Being met, or asked to come another time, starts the count anew: those are no attempts at someone who stays away.
    A crew that never got to the door made no attempt either.
    """
    unanswered: list[VisitFacts] = []
    for visit in effective(visits):
        if visit.outcome in ANSWERED:
            unanswered.clear()
        elif visit.outcome in UNANSWERED:
            unanswered.append(visit)
    return tuple(unanswered)


def not_before(visits: Iterable[VisitFacts], settings: CampaignSettings) -> datetime | None:
    """Return the instant before which nobody knocks again, or None."""
    knocks = [v.happened_at for v in effective(visits) if v.outcome in KNOCKED]
    return max(knocks) + timedelta(hours=settings.hours_between_attempts) if knocks else None


def standing(visits: Iterable[VisitFacts], stops: Collection[StopReason], settings: CampaignSettings) -> ContactStanding:
    """Return whether a household may be visited, apart from promised hours.

    Parameters
    ----------
    visits
        All visits of the household.
    stops
        Reasons of the stops in force on the whole household.
    """
    listed = tuple(visits)
    tried = len(attempts(listed))
    earliest = not_before(listed, settings)
    if stops:
        return ContactStanding(False, sorted(stops)[0].value, tried, earliest)
    if tried >= settings.max_attempts:
        return ContactStanding(False, "max_attempts", tried, earliest)
    return ContactStanding(True, "", tried, earliest)


def may_knock(contact: ContactStanding, at: datetime, settings: CampaignSettings, *, promised: bool = False) -> str:
    """Return "" when a crew may knock at an instant, else the code of what forbids it.

    `promised`: the household itself asked for this hour. Neither the count of attempts nor the time between them holds
    then, stops and quiet hours do.
    """
    if not contact.allowed and not (promised and contact.reason == "max_attempts"):
        return contact.reason
    if settings.is_quiet(local_time(at)):
        return "quiet_hours"
    if not promised and contact.not_before_at is not None and at < contact.not_before_at:
        return "too_soon"
    return ""
