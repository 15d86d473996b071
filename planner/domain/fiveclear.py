"""The five clears of an assignment: rõ người, rõ việc, rõ tiến độ, rõ kết quả, rõ trách nhiệm.

Facts here, words in `render_five_clear`: the board, the phone, the printed sheet and the workbook all show the same.
The set is configurable: six clears (with thẩm quyền) where the province asks for them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from planner.domain.vocabulary import Clear, OutreachGroup, Period
from planner.domain.wording import hour_text, label, span_text


@dataclass(frozen=True, slots=True)
class CrewMember:
    """A member of the crew. `phone` is empty where the reader may not see it."""

    volunteer_id: int
    name: str
    phone: str = ""
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One need to be dealt with: which service for which resident, with which measurable result."""

    need_id: int
    resident_id: int
    resident: str
    service_code: str
    service_vi: str
    service_en: str
    result_vi: str
    result_en: str

    def service(self, lang: str) -> str:
        return self.service_en if lang == "en" else self.service_vi

    def result(self, lang: str) -> str:
        return self.result_en if lang == "en" else self.result_vi


@dataclass(frozen=True, slots=True)
class FiveClear:
    """The facts behind the clears of one assignment."""

    crew: tuple[CrewMember, ...]
    crew_number: int
    household: str
    address: str
    hamlet: str
    group: OutreachGroup | None
    tasks: tuple[TaskLine, ...]
    on_date: date
    period: Period
    starts_at: datetime
    ends_at: datetime
    visit_at: datetime
    position: int
    desk_name: str = ""
    desk_phone: str = ""
    reviewer: str = ""
    reserve: bool = False
    clears: tuple[Clear, ...] = (Clear.PERSON, Clear.TASK, Clear.SCHEDULE, Clear.RESULT, Clear.ACCOUNTABILITY)

    @property
    def lead(self) -> CrewMember | None:
        return next((m for m in self.crew if m.is_lead), self.crew[0] if self.crew else None)


@dataclass(frozen=True, slots=True)
class ClearText:
    """One clear as people read it."""

    clear: Clear
    label: str
    text: str


def render_five_clear(clear: FiveClear, lang: str = "vi") -> tuple[ClearText, ...]:
    """Return the clears in the configured order, label and text."""
    writers = {
        Clear.PERSON: _person,
        Clear.TASK: _task,
        Clear.SCHEDULE: _schedule,
        Clear.RESULT: _result,
        Clear.ACCOUNTABILITY: _accountability,
        Clear.AUTHORITY: _authority,
    }
    return tuple(ClearText(c, label(c, lang), writers[c](clear, lang)) for c in clear.clears)


def _person(clear: FiveClear, lang: str) -> str:
    crew = f"Crew {clear.crew_number}" if lang == "en" else f"Tổ {clear.crew_number}"
    lead = "lead" if lang == "en" else "tổ trưởng"
    people = [f"{m.name}{f' ({lead})' if m == clear.lead else ''}{f', {m.phone}' if m.phone else ''}" for m in clear.crew]
    return f"{crew}: {'; '.join(people)}"


def _task(clear: FiveClear, lang: str) -> str:
    by_resident: dict[tuple[int, str], list[str]] = {}
    for task in clear.tasks:
        by_resident.setdefault((task.resident_id, task.resident), []).append(task.service(lang))
    household = f"household of {clear.household}" if lang == "en" else f"hộ {clear.household}"
    place = ", ".join(part for part in (household, clear.address) if part)
    if clear.hamlet and clear.hamlet.casefold() not in clear.address.casefold():
        place += f", {clear.hamlet}"
    lines = [f"{name}: {', '.join(services)}" for (_, name), services in by_resident.items()]
    return f"{place[0].upper()}{place[1:]}" + (f". {'; '.join(lines)}" if lines else "")


def _schedule(clear: FiveClear, lang: str) -> str:
    """The hour of a reserve door is until when the crew may go there, not when it is there."""
    span, hour = span_text(clear.on_date, clear.period, clear.starts_at, clear.ends_at, lang), hour_text(clear.visit_at)
    if lang == "en":
        return f"{span}; visit no. {clear.position}{', a reserve, before' if clear.reserve else ' at about'} {hour}"
    return f"{span}; lượt {clear.position}, {'dự phòng, trước' if clear.reserve else 'khoảng'} {hour}"


def _result(clear: FiveClear, lang: str) -> str:
    """Counted: so many people with such a result, never merely "advised"."""
    counts = Counter(task.result(lang) for task in clear.tasks)
    return "; ".join(f"{number} × {result}" if lang == "en" else f"{number} người: {result}" for result, number in counts.items())


def _accountability(clear: FiveClear, lang: str) -> str:
    english = lang == "en"
    parts = []
    if clear.lead is not None:
        parts.append(
            f"{clear.lead.name} answers for the visit and its record"
            if english
            else f"{clear.lead.name} chịu trách nhiệm lượt thăm và ghi kết quả"
        )
    if clear.reviewer:
        parts.append(f"{clear.reviewer} reviews" if english else f"{clear.reviewer} kiểm tra")
    contact = " ".join(part for part in (clear.desk_name, clear.desk_phone) if part)
    if contact:
        parts.append(f"trouble: call {contact}" if english else f"vướng mắc gọi {contact}")
    return "; ".join(parts)


def _authority(clear: FiveClear, lang: str) -> str:
    decides = clear.reviewer or clear.desk_name
    if lang == "en":
        return f"The crew guides and records; {decides or 'the duty officer'} decides what goes beyond"
    return f"Tổ hướng dẫn và ghi kết quả; việc vượt thẩm quyền do {decides or 'trực ban Công an xã'} quyết định"
