"""What reading a list of volunteers yields."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from planner.domain.vocabulary import Sex
from planner.sheets.issues import Issue, Question


@dataclass(frozen=True, slots=True)
class VolunteerRow:
    """A volunteer as the sheet tells. ``slots`` are ids of every week's slots, ``mon_S`` … ``sun_T``."""

    sheet: str
    row: int
    name: str
    phone: str
    sex: Sex | None
    org: str
    hamlet: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    slots: tuple[str, ...]
    can_lead: bool
    max_shifts: int | None
    note: str


@dataclass(frozen=True, slots=True)
class VolunteersReading:
    file_name: str
    people: tuple[VolunteerRow, ...]
    issues: tuple[Issue, ...]
    questions: tuple[Question, ...]
    refused: int

    @property
    def has_errors(self) -> bool:
        return any(issue.severity == "error" for issue in self.issues)

    def by_slot(self) -> dict[str, int]:
        return dict(sorted(Counter(slot for person in self.people for slot in person.slots).items()))


def volunteers_report(reading: VolunteersReading, created: int = 0, updated: int = 0, unchanged: int = 0) -> dict[str, object]:
    """Return the import report of volunteers in its agreed shape."""
    return {
        "volunteers": len(reading.people),
        "slots": sum(len(person.slots) for person in reading.people),
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "refused": reading.refused,
        "by_slot": reading.by_slot(),
        "issues": [issue.as_dict() for issue in reading.issues],
        "questions": [question.as_dict() for question in reading.questions],
    }
