"""The form of one row of a printed list, read into what `planner.services.paper` enters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from planner.domain.paper import PaperEntry, PaperPromise, PaperResult, TypedLine, day_of, hour_of
from planner.domain.vocabulary import NeedResult, Outcome, Period
from planner.services.paper import RowView
from web.forms import FormErrors, refuse_unknown_fields

LONGEST_NOTE = 1000
FIXED_FIELDS = (
    "outcome", "note", "stop", "happened_on", "happened_at", "callback_on", "callback_period", "callback_from", "callback_to",
    "police_on", "police_at", "corrects", "then",
)  # fmt: skip
YES_NO = {"yes": True, "no": False}


class RowForm:
    """What was typed for one row. A day without its year is the first such day from the shift's on."""

    def __init__(self, row: RowView, on_date: date) -> None:
        self.row = row
        self.on_date = on_date
        self.values: MultiDict[str, str] = request.form

    def read(self, errors: FormErrors) -> PaperEntry | None:
        """Return the entry; what cannot be read is added to `errors`, and None returned."""
        refuse_unknown_fields((*FIXED_FIELDS, *self._need_fields()))
        outcome = self._value("outcome")
        if outcome not in set(Outcome):
            errors.add("outcome", _("Chọn kết quả của lượt thăm: bấm chữ cái hoặc dùng phím mũi tên."))
        note = self._value("note")
        if len(note) > LONGEST_NOTE:
            errors.add("note", _("Ghi chú dài quá %(most)s ký tự.", most=LONGEST_NOTE))
        results = self._results(errors)
        callback = self._promise("callback", errors)
        police = self._promise("police", errors)
        happened_on = self._day("happened_on", errors, self.on_date)
        happened_at = self._hour("happened_at", errors)
        if errors:
            return None
        return PaperEntry(
            self.row.number, Outcome(outcome), results, callback, police, note, happened_on, happened_at, "stop" in self.values
        )

    def field_of(self, name: str) -> str:
        """Return the form's field for a field of the report, so that its error stands beside it."""
        if name.startswith("results."):
            answered = [need.number for need in self.row.needs if self._value(f"result-{need.number}")]
            position = int(name.split(".")[1])
            return f"result-{answered[position]}" if position < len(answered) else "outcome"
        known = {"callback": "callback_on", "police_appointment": "police_on", "results": "outcome", "occurred_at": "happened_at"}
        return known.get(name, name)

    def _need_fields(self) -> Iterable[str]:
        for need in self.row.needs:
            yield from (f"result-{need.number}", f"reason-{need.number}")
            yield from (f"device-{need.resident_id}", f"shown-{need.resident_id}")

    def _value(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def _results(self, errors: FormErrors) -> tuple[PaperResult, ...]:
        found = []
        for need in self.row.needs:
            name = f"result-{need.number}"
            answer = self._value(name)
            if not answer:
                continue
            if answer not in set(NeedResult):
                errors.add(name, _("Chọn một kết quả trong danh sách."))
                continue
            reason = self._value(f"reason-{need.number}")
            if len(reason) > 200:
                errors.add(f"reason-{need.number}", _("Lý do dài quá %(most)s ký tự.", most=200))
            device, shown = (YES_NO.get(self._value(f"{kind}-{need.resident_id}")) for kind in ("device", "shown"))
            found.append(PaperResult(need.number, NeedResult(answer), reason, device, shown))
        return tuple(found)

    def _promise(self, name: str, errors: FormErrors) -> PaperPromise | None:
        on_date = self._day(f"{name}_on", errors, self.on_date)
        if name == "police":
            starts = self._hour("police_at", errors)
            if starts and not on_date and not errors.of("police_on"):
                errors.add("police_on", _("Ghi cả ngày hẹn."))
            return PaperPromise(on_date, starts=starts) if on_date else None
        period = self._value("callback_period")
        starts, ends = self._hour("callback_from", errors), self._hour("callback_to", errors)
        if (period or starts or ends) and not on_date and not errors.of("callback_on"):
            errors.add("callback_on", _("Ghi cả ngày hẹn."))
        if on_date is None:
            return None
        return PaperPromise(on_date, Period(period) if period in set(Period) and not starts else None, starts, ends)

    def _day(self, name: str, errors: FormErrors, from_date: date) -> date | None:
        text = self._value(name)
        found = day_of(text, from_date) if text else None
        if text and found is None:
            errors.add(name, _("Ghi ngày như 25/11 hoặc 25/11/2026."))
        return found

    def _hour(self, name: str, errors: FormErrors) -> object:
        text = self._value(name)
        found = hour_of(text) if text else None
        if text and found is None:
            errors.add(name, _("Ghi giờ như 18:30 hoặc 18h30."))
        return found


def values_of(row: RowView) -> dict[str, str]:
    """Return what stands recorded for a row, as its form has it: a correction begins with what was said."""
    if row.visit is None:
        return {}
    numbers = {need.need_id: need.number for need in row.needs}
    said = {"outcome": row.visit.outcome.value, "note": row.visit.note, "corrects": row.visit.event_id}
    for line in row.visit.results:
        if line.need_id in numbers:
            number = numbers[line.need_id]
            said |= {f"result-{number}": line.result.value, f"reason-{number}": line.reason}
    return said


def typed_values(line: TypedLine) -> dict[str, str]:
    """Return a row typed in one line, as the form has it: nothing need be typed twice."""
    values = {"outcome": line.outcome.value if line.outcome else ""}
    values |= {f"result-{number}": result.value for number, result in line.results.items()}
    if line.happened_at is not None:
        values["happened_at"] = f"{line.happened_at:%H:%M}"
    if line.callback is not None:
        values["callback_on"] = f"{line.callback.on_date:%d/%m/%Y}"
        values["callback_period"] = line.callback.period.value if line.callback.period else ""
        for name, hour in (("callback_from", line.callback.starts), ("callback_to", line.callback.ends)):
            values[name] = f"{hour:%H:%M}" if hour else ""
    return values
