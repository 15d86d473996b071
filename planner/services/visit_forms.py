"""What is reported from a door: the form, checked for what it can be checked for alone, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time
from typing import Any, NamedTuple

from planner.domain.calendar import instant, local_date
from planner.domain.errors import InvalidInput
from planner.domain.settings import CampaignSettings
from planner.domain.text import printable
from planner.domain.vocabulary import NeedResult, Outcome, Period

LONGEST_NOTE = 1000
LONGEST_REASON = 200
WITH_RESULTS = (Outcome.MET, Outcome.CALLBACK)
Span = tuple[datetime, datetime]


class ResultLine(NamedTuple):
    """What a visit did for one need. `own_device`: done on the resident's own phone; `teach_back`: they then showed it again
    by themselves; None where nobody said."""

    need_id: int
    result: NeedResult
    reason: str = ""
    own_device: bool | None = None
    teach_back: bool | None = None

    def said(self) -> dict[str, Any]:
        """Return what was said: reports from before anyone was asked for a teach-back keep their fingerprint."""
        return {name: value for name, value in self._asdict().items() if name != "teach_back" or value is not None}


@dataclass(frozen=True)
class Callback:
    """When the household asked to be visited: a date, and a period of the day or hours."""

    on_date: date
    period: Period | None = None
    starts: time | None = None
    ends: time | None = None

    def span(self, settings: CampaignSettings) -> Span:
        """Return the instants of the promised hours."""
        if self.period is not None and self.starts is None:
            starts, ends = settings.periods[self.period]
        elif self.starts is not None and self.ends is not None:
            starts, ends = self.starts, self.ends
        else:
            raise InvalidInput("callback_without_time", field="callback")
        if starts >= ends:
            raise InvalidInput("span_reversed", field="callback")
        if settings.is_quiet(starts):
            raise InvalidInput("callback_in_quiet_hours", field="callback")
        return instant(self.on_date, starts), instant(self.on_date, ends)


@dataclass(frozen=True)
class PoliceAppointment:
    """When a resident is to come to the police desk. Without a resident: the one of the first referred need."""

    on_date: date
    starts: time
    ends: time
    resident_id: int | None = None

    def span(self) -> Span:
        """Return the instants of the appointment."""
        if self.starts >= self.ends:
            raise InvalidInput("span_reversed", field="police_appointment")
        return instant(self.on_date, self.starts), instant(self.on_date, self.ends)


@dataclass(frozen=True)
class VisitForm:
    """A report of a visit, made where it was recorded.

    Parameters
    ----------
    event_id
        UUID made there: sent twice, it is one visit.
    assignment_uid
        The promise it keeps; None: outside any assignment.
    occurred_at
        As the device says, with its zone.
    callback
        With the outcome ``callback``, and where someone was met and more is to be done at an hour they name.
    corrects_event_id
        The report this one replaces.
    stop_whole_household
        They ask that nobody come any more. A refusal always means that.
    """

    event_id: str
    household_id: int
    outcome: Outcome
    occurred_at: datetime
    assignment_uid: str | None = None
    results: tuple[ResultLine, ...] = ()
    note: str = ""
    callback: Callback | None = None
    police_appointment: PoliceAppointment | None = None
    corrects_event_id: str | None = None
    stop_whole_household: bool = False

    def fingerprint(self) -> str:
        """Return a hash by which a replay is told from another report under the same id."""
        body: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        for promise in ("callback", "police_appointment"):
            body[promise] = asdict(body[promise]) if body[promise] is not None else None
        body["results"] = sorted([line.said() for line in self.results], key=lambda line: line["need_id"])
        return hashlib.sha256(json.dumps(body, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


def checked(form: VisitForm) -> VisitForm:
    """Return the form with its texts and ids in one spelling, or refuse what cannot be a report."""
    if form.occurred_at.tzinfo is None:
        raise InvalidInput("time_without_zone", field="occurred_at")
    if len(form.note) > LONGEST_NOTE:
        raise InvalidInput("value_too_long", field="note", longest=LONGEST_NOTE)
    for number, line in enumerate(form.results):
        if len(line.reason) > LONGEST_REASON:
            raise InvalidInput("value_too_long", field=f"results.{number}.reason", longest=LONGEST_REASON)
    if len({line.need_id for line in form.results}) < len(form.results):
        raise InvalidInput("need_twice", field="results")
    if form.results and form.outcome not in WITH_RESULTS:
        raise InvalidInput("results_without_meeting", field="results")
    if form.outcome is Outcome.CALLBACK and form.callback is None:
        raise InvalidInput("callback_without_time", field="callback")
    if form.callback is not None:
        if form.outcome not in WITH_RESULTS or form.stop_whole_household:
            raise InvalidInput("callback_without_meeting", field="callback")
        if form.callback.on_date < local_date(form.occurred_at):
            raise InvalidInput("callback_in_the_past", field="callback")
    if form.police_appointment is not None:
        if not any(line.result is NeedResult.REFERRED for line in form.results):
            raise InvalidInput("appointment_without_referral", field="police_appointment")
        if form.police_appointment.on_date < local_date(form.occurred_at):
            raise InvalidInput("callback_in_the_past", field="police_appointment")
    return VisitForm(
        **{
            **{name: getattr(form, name) for name in form.__dataclass_fields__},
            "note": printable(form.note).strip(),
            "results": tuple(line._replace(reason=printable(line.reason).strip()) for line in form.results),
            "event_id": _uuid(form.event_id, "event_id"),
            "assignment_uid": form.assignment_uid and _uuid(form.assignment_uid, "assignment_uid"),
            "corrects_event_id": form.corrects_event_id and _uuid(form.corrects_event_id, "corrects_event_id"),
        }
    )


def _uuid(text: str, field: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise InvalidInput("not_an_id", field=field) from None


def skew_seconds(form: VisitForm, at: datetime) -> int:
    """Return how far the device's clock is ahead of ours; 0 where it can be right."""
    return max(0, int((form.occurred_at - at).total_seconds()))
