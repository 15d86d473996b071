"""What reading a roster yields: people and households as values, issues and questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from planner.domain.vocabulary import AccountState, DocumentState, Residence, Sex, StopReason, Work
from planner.sheets.births import PartialDate
from planner.sheets.issues import Issue, Question

Progress = Callable[[float, str], None]  # fraction 0–1, code of what is being done


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person decided where the reader asks.

    Attributes
    ----------
    answers
        Question key → chosen value.
    include_hidden
        Read hidden sheets too.
    sheet_hamlets
        Sheet name → hamlet.
    columns
        Sheet name (or ``*``) → {column letter or header text → field, or ``ignore``}.
    skip_sheets
        Sheets to leave out.
    encoding
        Of a CSV file; found out by itself when empty.
    commune
        The commune with its kind (``xã Lộc Hòa``): another one in a list is a former one, or the wrong file.
    former_places
        Former commune or hamlet → today's (see `former_places`).
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    include_hidden: bool = False
    sheet_hamlets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    skip_sheets: tuple[str, ...] = ()
    encoding: str = ""
    commune: str = ""
    former_places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One resident as the roster tells, blanks where a cell was refused. `citizen_id` must not be stored."""

    sheet: str
    row: int
    household: int  # index into RosterReading.households
    hamlet: str
    household_number: str
    head_name: str
    name: str
    birth: PartialDate | None
    sex: Sex | None
    relation: str
    is_head: bool
    address: str
    lat: float | None
    lon: float | None
    residence: Residence
    work: Work
    account: AccountState
    documents: Mapping[str, DocumentState]
    phone: str
    citizen_id: str
    smartphone: str  # a number, "yes", "no" or ""
    languages: tuple[str, ...]
    note: str
    do_not_visit: StopReason | None
    has_error: bool

    def age_on(self, day: date) -> int | None:
        return None if self.birth is None else self.birth.age_on(day)


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household, put together from its members' rows."""

    index: int
    hamlet: str
    number: str
    head_name: str
    address: str
    lat: float | None
    lon: float | None
    smartphone: str
    languages: tuple[str, ...]
    sheet: str
    row: int  # of its first member


@dataclass(frozen=True, slots=True)
class RosterReading:
    """Everything found in a file. `as_of` is the day the file tells of.

    With errors it may be applied only without the faulty (`--skip-faulty`)."""

    file_name: str
    as_of: date
    people: tuple[PersonRow, ...]
    households: tuple[HouseholdRow, ...]
    hamlets: tuple[str, ...]
    issues: tuple[Issue, ...]
    questions: tuple[Question, ...]
    refused: int  # person rows left out
    fields: frozenset[str]  # what the file says anything about: the rest of the database stays as it is

    @property
    def has_errors(self) -> bool:
        return any(issue.severity == "error" for issue in self.issues)

    def counts(self) -> dict[str, object]:
        """Return the counts of an import of all but what errors refuse."""
        people, day = self.people, self.as_of
        ages = [person.age_on(day) for person in people]
        grown = [p for p, age in zip(people, ages, strict=True) if age is not None and age >= 14]
        documents = {name: Counter(p.documents[name].value for p in people if name in p.documents) for name in DOCUMENT_FIELDS}
        return {
            "households": len(self.households),
            "residents": len(people),
            "hamlets": dict(Counter(h.hamlet for h in self.households)),
            "state": {state.value: sum(1 for p in people if p.account is state) for state in AccountState},
            "residence": dict(Counter(p.residence.value for p in people)),
            "work": dict(Counter(p.work.value for p in people)),
            **{name: dict(count) for name, count in documents.items() if count},
            "residents_14_and_over": len(grown),
            "birth_unknown": sum(1 for p in people if p.birth is None),
            "state_14_and_over": dict(Counter(p.account.value for p in grown)),
            "households_with_smartphone": sum(1 for h in self.households if h.smartphone not in ("", "0", "no")),
        }


DOCUMENT_FIELDS = ("bhyt", "gplx", "gcn", "mst", "npt", "portal")


def report_dict(reading: RosterReading, created: int = 0, updated: int = 0, unchanged: int = 0) -> dict[str, object]:
    """Return the import report in its agreed shape; created, updated and unchanged count residents."""
    counts = reading.counts()
    return {
        "households": counts["households"],
        "residents": counts["residents"],
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "refused": reading.refused,
        "hamlets": counts["hamlets"],
        "state": counts["state"],
        "issues": [issue.as_dict() for issue in reading.issues],
        "questions": [question.as_dict() for question in reading.questions],
        "counts": counts,
    }
