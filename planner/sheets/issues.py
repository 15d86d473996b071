"""What the reader found wrong or odd, cell by cell, and what it has to ask. One list for page, CLI and report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by

from planner.domain.messages import say
from planner.sheets.cells import column_letter
from planner.sheets.findings import Finding

_ERRORS = [
    "birth_future",
    "birth_no_such_day",
    "birth_swapped",
    "birth_unreadable",
    "birth_too_old",
    "id_scientific",
    "id_unreadable",
    "id_wrong_length",
    "id_looks_like_phone",
    "id_of_two_people",
    "phone_scientific",
    "phone_unreadable",
    "text_legacy_font",
    "formula_without_value",
    "error_value",
    "text_too_long",
    "name_missing",
    "person_twice",
    "hamlet_missing",
    "header_missing",
    "state_unreadable",
    "state_contradicts",
    "document_unreadable",
    "csv_ragged_row",
]
_WARNINGS = [
    "birth_serial",
    "birth_compact",
    "birth_two_digit_year",
    "birth_part_unknown",
    "birth_about",
    "id_lost_zero",
    "id_unknown_province",
    "id_old_card",
    "id_disagrees",
    "phone_old_prefix",
    "phone_two",
    "phone_with_text",
    "phone_of_two_households",
    "place_unreadable",
    "place_zero",
    "place_swapped",
    "place_outside",
    "place_far",
    "hidden_row",
    "hidden_sheet",
    "hidden_column",
    "duplicate_row",
    "state_missing",
    "note_moved",
    "note_deceased",
    "note_refused",
    "hamlet_near",
    "hamlet_new",
    "former_hamlet_apart",
    "former_commune_unknown",
    "commune_not_today",
    "hamlet_from_sheet_name",
    "hamlet_from_address",
    "hamlet_from_only_known",
    "sex_unreadable",
    "residence_unreadable",
    "work_unreadable",
    "smartphone_unreadable",
    "household_number_again",
    "household_number_missing",
    "household_without_marks",
    "column_doubled",
    "macro_ignored",
    "person_maybe_twice",
    "two_heads",
    "birth_missing",
    "volunteer_without_slots",
    "volunteer_same_phone",
    "availability_unreadable",
    "availability_odd",
    "availability_dates",
    "availability_date_unclear",
    "volunteer_twice",
]
SEVERITY: dict[str, str] = {**dict.fromkeys(_ERRORS, "error"), **dict.fromkeys(_WARNINGS, "warning")}  # all others: notice


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to tell about one place of the file.

    ``value`` is masked where personal; ``suggestion`` is what the cell may have meant (shown, never written by itself).
    ``scope`` says what an error refuses: ``cell``, ``row``, ``sheet`` or ``file``; warnings and notices refuse nothing.
    """

    code: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    field: str = ""
    value: str = ""
    facts: Mapping[str, object] = made_by(default_factory=dict)
    suggestion: str = ""
    scope: str = "cell"

    @property
    def severity(self) -> str:
        return SEVERITY.get(self.code, "notice")

    def message(self, lang: str = "vi") -> str:
        """Return what is wrong and the cure, in one or two sentences."""
        sentence = say(
            f"sheet_{self.code}", lang, **{"value": self.value, "field": self.field, "suggestion": self.suggestion, **self.facts}
        )
        if self.suggestion and self.suggestion not in sentence:
            sentence += f" Perhaps: {self.suggestion}" if lang == "en" else f" Có thể là: {self.suggestion}"
        return sentence

    @property
    def refuses_row(self) -> bool:
        return self.severity == "error" and self.scope == "row"

    def as_dict(self) -> dict[str, object]:
        return {
            "severity": self.severity,
            "code": self.code,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "field": self.field,
            "value": self.value,
            "suggestion": self.suggestion,
            "scope": self.scope,
            "message": self.message("vi"),
            "message_en": self.message("en"),
        }


def cell_issue(finding: Finding, sheet: str, row: int, column: int, name: str, shown: str, scope: str = "cell") -> Issue:
    """Return the issue of a finding at a cell."""
    return Issue(finding.code, sheet, row, column_letter(column), name, shown, finding.facts, finding.suggestion, scope)


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader could not decide. ``key`` names the answer in `ReadOptions.answers`; the first choice is what it did."""

    key: str
    code: str
    sheet: str = ""
    column: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # value, label
    facts: Mapping[str, object] = made_by(default_factory=dict)

    def message(self, lang: str = "vi") -> str:
        return say(f"ask_{self.code}", lang, **{"sheet": self.sheet, "column": self.column, **self.facts})

    def as_dict(self) -> dict[str, object]:
        return {
            "key": self.key, "code": self.code, "sheet": self.sheet, "column": self.column,
            "choices": [{"value": value, "label": label} for value, label in self.choices],
            "message": self.message("vi"), "message_en": self.message("en"),
        }  # fmt: skip
