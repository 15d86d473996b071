"""The form a crew fills in at a door, read into the report that `planner.services.outcomes` records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from planner.domain.calendar import instant
from planner.domain.errors import InvalidInput
from planner.domain.vocabulary import NeedResult, Outcome, Period
from planner.services.outcomes import Callback, PoliceAppointment, ResultLine, VisitForm
from web.forms import FormErrors, refuse_unknown_fields

# Outcomes of the first row of buttons: nine in ten visits end so.
COMMON = (Outcome.MET, Outcome.ABSENT, Outcome.REFUSED, Outcome.CALLBACK)
RARE = (Outcome.MOVED, Outcome.WRONG_ADDRESS, Outcome.UNSAFE, Outcome.NOT_REACHED)
POLICE_VISIT = timedelta(hours=1)  # how long the police desk expects someone for, ASSUMPTION
YEARS = range(2020, 2101)  # beyond them a date is a slip of the thumb, and at the calendar's ends a zone overflows
FIXED_FIELDS = (
    "event_id", "opened_at", "corrects", "note", "stop", "happened_on", "happened_at",
    "callback_on", "callback_period", "callback_from", "callback_to", "police_on", "police_at",
)  # fmt: skip


class OutcomeForm:
    """What was filled in for one household.

    Parameters
    ----------
    need_ids
        The needs the form asks about, in its order.
    residents
        Whose need each is: need id → resident id.
    """

    def __init__(self, outcome: Outcome, household_id: int, assignment_uid: str, residents: dict[int, int]) -> None:
        self.outcome = outcome
        self.household_id = household_id
        self.assignment_uid = assignment_uid
        self.residents = residents
        self.values: MultiDict[str, str] = request.form

    def read(self, errors: FormErrors) -> VisitForm | None:
        """Return the report; what cannot be read is added to `errors`, and None returned."""
        refuse_unknown_fields((*FIXED_FIELDS, *self._need_fields()))
        form = VisitForm(
            event_id=self.values.get("event_id", ""),
            household_id=self.household_id,
            outcome=self.outcome,
            occurred_at=self._occurred_at(errors),
            assignment_uid=self.assignment_uid,
            results=self._results(errors),
            note=self.values.get("note", "").strip(),
            callback=self._callback(errors),
            police_appointment=self._police_appointment(errors),
            corrects_event_id=self.values.get("corrects") or None,
            stop_whole_household="stop" in self.values,
        )
        return None if errors else form

    def field_of(self, name: str) -> str:
        """Return the form's field for a field of the report, so that its error stands beside it."""
        if name.startswith("results."):
            position = int(name.split(".")[1])
            answered = [need_id for need_id in self.residents if self.values.get(f"result-{need_id}")]
            return f"result-{answered[position]}" if position < len(answered) else "results"
        return {"callback": "callback_on", "police_appointment": "police_on", "occurred_at": "happened_on"}.get(name, name)

    def _need_fields(self) -> Iterable[str]:
        for need_id, resident_id in self.residents.items():
            yield from (f"result-{need_id}", f"reason-{need_id}", f"device-{resident_id}")

    def _occurred_at(self, errors: FormErrors) -> datetime:
        """Return when it was: as said, else when the form was opened, so that sending it twice is the same report."""
        opened = _instant(self.values.get("opened_at", ""))
        if not self.values.get("happened_on") and not self.values.get("happened_at"):
            return opened
        on_date = _date(self.values.get("happened_on", ""), "happened_on", errors)
        at = _time(self.values.get("happened_at", ""), "happened_at", errors)
        return instant(on_date, at) if on_date and at else opened

    def _results(self, errors: FormErrors) -> tuple[ResultLine, ...]:
        lines = []
        for need_id, resident_id in self.residents.items():
            answer = self.values.get(f"result-{need_id}")
            if not answer:
                continue
            result = _word(NeedResult, answer, f"result-{need_id}")
            reason = self.values.get(f"reason-{need_id}", "").strip()
            if result is NeedResult.REJECTED and not reason:
                errors.add(f"reason-{need_id}", _("Bị trả lại vì sao? Ghi ngắn gọn, ví dụ: sai số giấy phép, còn CMND cũ."))
            device = self.values.get(f"device-{resident_id}") if result in (NeedResult.DONE, NeedResult.SUBMITTED) else None
            lines.append(ResultLine(need_id, result, reason, {"own": True, "other": False}.get(device or "")))
        if self.outcome is Outcome.MET and self.residents and not lines:
            errors.add(f"result-{next(iter(self.residents))}", _("Đã gặp được thì ghi kết quả ít nhất một việc."))
        return tuple(lines)

    def _callback(self, errors: FormErrors) -> Callback | None:
        said = any(self.values.get(f"callback_{part}") for part in ("on", "from", "to"))
        if self.outcome not in (Outcome.CALLBACK, Outcome.MET) or (self.outcome is Outcome.MET and not said):
            return None
        on_date = _date(self.values.get("callback_on", ""), "callback_on", errors, _("Chọn ngày người dân hẹn."))
        if self.values.get("callback_from") or self.values.get("callback_to"):
            starts = _time(self.values.get("callback_from", ""), "callback_from", errors)
            ends = _time(self.values.get("callback_to", ""), "callback_to", errors)
            return Callback(on_date, None, starts, ends) if on_date and starts and ends else None
        period = self.values.get("callback_period")
        if not period:
            errors.add("callback_period", _("Chọn buổi, hoặc ghi giờ người dân hẹn."))
            return None
        return Callback(on_date, _word(Period, period, "callback_period")) if on_date else None

    def _police_appointment(self, errors: FormErrors) -> PoliceAppointment | None:
        if not self.values.get("police_on") and not self.values.get("police_at"):
            return None
        on_date = _date(self.values.get("police_on", ""), "police_on", errors)
        starts = _time(self.values.get("police_at", ""), "police_at", errors)
        if not on_date or not starts:
            return None
        return PoliceAppointment(on_date, starts, (datetime.combine(on_date, starts) + POLICE_VISIT).time())


def _word(words: type, text: str, field: str) -> object:
    try:
        return words(text)
    except ValueError:
        raise InvalidInput("value_unknown", field=field, known=", ".join(w.value for w in words)) from None


def _instant(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("time_without_zone", field="happened_on") from None
    if value.tzinfo is None or value.year not in YEARS:
        raise InvalidInput("time_without_zone", field="happened_on")
    return value


def _date(text: str, field: str, errors: FormErrors, words: str = "") -> date | None:
    try:
        value = date.fromisoformat(text)
    except ValueError:
        value = date.min
    if value.year not in YEARS:
        errors.add(field, words or _("Chọn một ngày."))
        return None
    return value


def _time(text: str, field: str, errors: FormErrors) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        errors.add(field, _("Ghi giờ, ví dụ 18:30."))
        return None
