"""Read one row of a list into a draft of a person, telling every cell it could not take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from planner.domain.text import match_key
from planner.domain.vocabulary import AccountState, DocumentState, Residence, Sex, StopReason, Work
from planner.sheets import words
from planner.sheets.births import read_birth
from planner.sheets.cells import CellFault, CellValue, Row, as_text, is_blank
from planner.sheets.cleaning import clean, mask_birth, mask_digits, mask_name, plain_words
from planner.sheets.coordinates import read_pair, read_point
from planner.sheets.drafts import Draft
from planner.sheets.findings import Finding
from planner.sheets.issues import Issue, cell_issue
from planner.sheets.layout import Layout
from planner.sheets.legacy import legacy_reading
from planner.sheets.numbers import id_disagrees, read_citizen_id, read_phone
from planner.sheets.reading import DOCUMENT_FIELDS

LONGEST = {"name": 120, "address": 300, "note": 1000, "relation": 60, "head_name": 120, "household": 60}
NEEDS_ACCOUNT_FROM_AGE = 14
_STATE_FLAGS = {"state_activated": AccountState.ACTIVATED, "state_issued": AccountState.ISSUED, "state_none": AccountState.NONE}
_RESIDENCE_FLAGS = {"is_permanent": Residence.PERMANENT, "is_temporary": Residence.TEMPORARY, "is_absent": Residence.ABSENT}


@dataclass(slots=True)
class PersonReader:
    """Reads the rows of one sheet under one layout."""

    sheet: str
    layout: Layout
    as_of: date
    us_order: bool = False
    yes_means: AccountState | None = None  # what "Có" under the account column stands for
    issues: list[Issue] = field(default_factory=list)
    repaired: Counter[str] = field(default_factory=Counter)
    ambiguous_dates: int = 0
    day_first_dates: int = 0  # whose first number is over 12
    swapped_dates: int = 0
    yes_under_state: int = 0
    _words: dict[str, str] = field(default_factory=dict)
    _error_row: int = 0

    def read(self, number: int, row: Row, hamlet: str) -> Draft:
        """Return the draft of the person on a row."""
        draft = Draft(self.sheet, number, hamlet)
        self._error_row = 0
        columns = self.layout.columns
        self._name(draft, row)
        self._birth(draft, row)
        self._sex(draft, row)
        if "cid" in columns:
            self._citizen_id(draft, row)
        self._phones(draft, row)
        self._texts(draft, row)
        self._place(draft, row)
        self._residence(draft, row)
        self._work(draft, row)
        self._account(draft, row)
        self._documents(draft, row)
        self._smartphone(draft, row)
        self._household_marks(draft, row)
        self._note(draft, row)
        draft.has_error = self._error_row == number
        return draft

    # --- telling ---------------------------------------------------------------------------------------------------

    def tell(
        self, finding: Finding | None, row: int, name: str, value: CellValue, mask: Callable[[str], str] = str, column: int = 0
    ) -> None:
        if finding is None:
            return
        place = column or self.layout.columns.get(name, 0)
        shown = mask(as_text(value)[:80]) if finding.code != "formula_without_value" else as_text(value)[:20]
        issue = cell_issue(finding, self.sheet, row, place, name, shown)
        self.issues.append(issue)
        if issue.severity == "error":
            self._error_row = row

    def _text(self, row: Row, number: int, name: str, field_name: str, column: int = 0, personal: bool = False) -> str:
        """Return a cell's clean text; refuse faults, texts of old fonts and texts no field can hold."""
        at = column or self.layout.columns.get(name, 0)
        value = row.get(at) if at else None
        if value is None:
            return ""
        if isinstance(value, CellFault):
            self.tell(
                Finding("formula_without_value" if value.kind == "formula" else "error_value"),
                number,
                field_name,
                value,
                column=at,
            )
            return ""
        text = clean(value, self.repaired)
        if isinstance(value, str):
            legacy = legacy_reading(value.strip())
            if legacy is not None:
                finding = Finding("text_legacy_font", {"encoding": legacy[0]}, legacy[1])
                self.tell(finding, number, field_name, text, mask_name if personal else str, column=at)
                return ""
        longest = LONGEST.get(field_name, 300)
        if len(text) > longest:
            finding = Finding("text_too_long", {"length": len(text), "longest": longest})
            self.tell(finding, number, field_name, f"{text[:12]}…", column=at)
            return ""
        return text

    def _word(self, value: CellValue) -> str:
        """Return a cell's words, remembered: the same few stand in thousands of rows."""
        text = value if isinstance(value, str) else as_text(value)
        found = self._words.get(text)
        if found is None:
            found = self._words[text] = plain_words(clean(text)) or ("x" if text.strip() in ("✓", "✔", "√", "☑", "+") else "")
        return found

    # --- fields ----------------------------------------------------------------------------------------------------

    def _name(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        if "given_name" in columns and "name" not in columns:
            draft.name_column = columns["given_name"]
            parts = [self._text(row, draft.row, part, "name", personal=True) for part in ("family_name", "given_name")]
            draft.name = " ".join(part for part in parts if part)
        else:
            draft.name_column = columns.get("name", 0)
            draft.name = self._text(row, draft.row, "name", "name", personal=True)
        draft.name_key = match_key(draft.name)
        if not draft.name and self._error_row != draft.row:
            self.tell(Finding("name_missing"), draft.row, "name", None, column=draft.name_column)

    def _birth(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        if "birth_day" in columns or ("birth_month" in columns and "birth_year" in columns):
            parts = [
                as_text(row.get(columns[name])).strip() if name in columns else ""
                for name in ("birth_day", "birth_month", "birth_year")
            ]
            if parts[2]:
                given = "/".join(part or "00" for part in parts[:2]) + f"/{parts[2]}"
                value: CellValue = given if parts[0] or parts[1] else parts[2]
                draft.birth, finding = read_birth(value, self.as_of)
                self.tell(finding, draft.row, "birth", value, mask_birth, column=columns["birth_year"])
            return
        for name, sex in (("birth", None), ("birth_male", Sex.MALE), ("birth_female", Sex.FEMALE), ("birth_year", None)):
            column = columns.get(name)
            value = row.get(column) if column else None
            if is_blank(value):
                continue
            if sex is not None:
                draft.sex = sex
                if isinstance(value, str) and self._word(value) == "x":
                    continue
            draft.birth, finding = read_birth(value, self.as_of, self.us_order)
            self.tell(finding, draft.row, "birth", value, mask_birth, column=column or 0)
            if isinstance(value, str) and draft.birth is not None:
                head = value.strip()[:2].strip("/.- ")
                if head.isdigit() and int(head) > 12:
                    self.day_first_dates += 1
                elif draft.birth.precision.value == "day":
                    self.ambiguous_dates += draft.birth.value.day <= 12
            elif finding is not None and finding.code == "birth_swapped":
                self.swapped_dates += 1
            if draft.birth is not None or finding is not None:
                return

    def _sex(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        for name, sex in (("mark_male", Sex.MALE), ("mark_female", Sex.FEMALE)):
            column = columns.get(name)
            value = row.get(column) if column else None
            if is_blank(value) or self._word(value) in ("0", "khong"):
                continue
            draft.sex = sex
            if draft.birth is None and "birth" not in columns and self._word(value) != "x":
                draft.birth, finding = read_birth(value, self.as_of, self.us_order)
                self.tell(finding, draft.row, "birth", value, mask_birth, column=column or 0)
        if "mark_female" in columns and "mark_male" not in columns and draft.sex is None:
            draft.sex = Sex.MALE  # the customary single column Nữ with a cross for women
        value = row.get(columns["sex"]) if "sex" in columns else None
        if is_blank(value):
            return
        found = words.SEXES.get(self._word(value))
        if found is None:
            self.tell(Finding("sex_unreadable"), draft.row, "sex", value)
        else:
            draft.sex = found

    def _citizen_id(self, draft: Draft, row: Row) -> None:
        column = self.layout.columns["cid"]
        value = row.get(column)
        if is_blank(value):
            return
        draft.id_column = column
        draft.citizen_id, finding = read_citizen_id(value)
        self.tell(finding, draft.row, "cid", value, mask_digits)
        if draft.citizen_id and finding is None and id_disagrees(draft.citizen_id, draft.birth, draft.sex):
            self.tell(Finding("id_disagrees"), draft.row, "cid", value, mask_digits)

    def _phones(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        places = [columns["phone"]] if "phone" in columns else []
        places += self.layout.more.get("phone", [])
        if "head_phone" in columns:
            places.append(columns["head_phone"])
        for column in places:
            value = row.get(column)
            if is_blank(value):
                continue
            number, finding = read_phone(value)
            self.tell(finding, draft.row, "phone", value, mask_digits, column=column)
            if number and not draft.phone:
                draft.phone, draft.phone_column = number, column

    def _texts(self, draft: Draft, row: Row) -> None:
        draft.relation = self._text(row, draft.row, "relation", "relation")
        draft.is_head = words.is_head(self._word(draft.relation))
        places = [
            c
            for name in ("address_now", "address")
            if name in self.layout.columns
            for c in (self.layout.columns[name], *self.layout.more.get(name, []))
        ]
        for column in places:
            if not draft.address:
                draft.address = self._text(row, draft.row, "address", "address", column=column)
        language = self._text(row, draft.row, "language", "language")
        draft.languages = words.languages_of(language, self._word(language)) if language else ()

    def _place(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        if "geo" in columns:
            name, value = "geo", row.get(columns["geo"])
            point, finding = read_point(value) if not is_blank(value) else (None, None)
        elif "lat" in columns and "lon" in columns:
            name, value = "lat", row.get(columns["lat"])
            point, finding = read_pair(value, row.get(columns["lon"]))
        else:
            return
        self.tell(finding, draft.row, name, value)
        draft.place_column = columns[name]
        if point is not None:
            draft.lat, draft.lon = point
        draft.place_refused = finding is not None

    def _residence(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        for name, residence in _RESIDENCE_FLAGS.items():
            if name in columns and self._word(row.get(columns[name])) in words.YES:
                draft.residence = residence
        value = row.get(columns["residence"]) if "residence" in columns else None
        if is_blank(value):
            return
        word = self._word(value)
        found = words.RESIDENCES.get(word)
        if found is None:
            reason = words.stop_reason(word)
            if reason:
                draft.residence, draft.do_not_visit = Residence.ABSENT, StopReason(reason)
                self.tell(Finding(f"note_{reason}"), draft.row, "residence", value)
                return
            found = next((residence for key, residence in words.RESIDENCE_HINTS if key in word), None)
        if found is None:
            self.tell(Finding("residence_unreadable"), draft.row, "residence", value)
        else:
            draft.residence = found

    def _work(self, draft: Draft, row: Row) -> None:
        column = self.layout.columns.get("work")
        if column is None:
            return
        value = row.get(column)
        if is_blank(value) or isinstance(value, int | float):
            draft.work = Work.NA
            return
        found = words.work_of(self._word(value))
        if found is None:
            self.tell(Finding("work_unreadable"), draft.row, "work", value)
        else:
            draft.work = found

    def _account(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        flags = [name for name in _STATE_FLAGS if name in columns]
        value = row.get(columns["state"]) if "state" in columns else None
        if not is_blank(value):
            draft.account = self._account_word(draft, value)
            return
        marked = [name for name in flags if self._word(row.get(columns[name])) in words.YES]
        if marked:
            draft.account = _STATE_FLAGS[marked[0]]
            return
        if "state" not in columns and not flags:
            return
        denied = [name for name in flags if self._word(row.get(columns[name])) in words.NO]
        if len(denied) == len(flags) and {"state_activated", "state_issued"} <= set(denied):
            draft.account = AccountState.NONE
            return
        if draft.birth is not None and draft.birth.age_on(self.as_of) < NEEDS_ACCOUNT_FROM_AGE:
            draft.account = AccountState.NA
            return
        name = "state" if "state" in columns else flags[0]
        self.tell(Finding("state_missing"), draft.row, "state", None, column=columns[name])

    def _account_word(self, draft: Draft, value: CellValue) -> AccountState:
        word = self._word(value)
        if (word in words.YES and word not in words.STATES) or word == "roi":
            self.yes_under_state += 1
            return self.yes_means or self._header_says()
        found = words.STATES.get(word)
        if found is not None:
            return found
        for key, state in words.STATE_HINTS:
            if key in word:
                return state
        if not isinstance(value, CellFault):
            self.tell(Finding("state_unreadable"), draft.row, "state", value)
        else:
            self.tell(Finding("formula_without_value" if value.kind == "formula" else "error_value"), draft.row, "state", value)
        return AccountState.UNKNOWN

    def _header_says(self) -> AccountState:
        """Return what a bare "Có" means by the header: activated under "Kích hoạt", at least issued under "Có tài khoản"."""
        title = plain_words(self.layout.titles.get(self.layout.columns["state"], ""))
        only_issued = "kich hoat" not in title and ("cap" in title.split() or title.startswith("co "))
        return AccountState.ISSUED if only_issued else AccountState.ACTIVATED

    def _documents(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        for name in DOCUMENT_FIELDS:
            state: DocumentState | None = None
            if name in columns:
                state = self._document(draft, name, row.get(columns[name]))
            owned = f"{name}_owned"
            if owned in columns and state in (None, DocumentState.UNKNOWN, DocumentState.OWNED, DocumentState.NONE):
                state = self._owning(row.get(columns[owned]), state)
            if state is not None:
                draft.documents[name] = state

    def _document(self, draft: Draft, name: str, value: CellValue) -> DocumentState:
        if is_blank(value):
            return DocumentState.UNKNOWN
        word = self._word(value)
        found = words.DOCUMENTS.get(word)
        if found is not None:
            return found
        for key, state in (
            ("chua tich hop", DocumentState.OWNED),
            ("khong co", DocumentState.NONE),
            ("da tich hop", DocumentState.INTEGRATED),
        ):
            if key in word:
                return state
        if word.replace(" ", "").isalnum() and sum(c.isdigit() for c in word) >= 6:
            return DocumentState.OWNED  # somebody wrote the document's number
        finding = Finding("document_unreadable", {"document": name})
        if isinstance(value, CellFault):
            finding = Finding("formula_without_value" if value.kind == "formula" else "error_value")
        self.tell(finding, draft.row, name, value, mask_digits)
        return DocumentState.UNKNOWN

    def _owning(self, value: CellValue, integrated: DocumentState | None) -> DocumentState:
        word = self._word(value)
        if is_blank(value):
            return integrated or DocumentState.UNKNOWN
        if word in words.NO:
            return DocumentState.NONE
        return DocumentState.OWNED

    def _smartphone(self, draft: Draft, row: Row) -> None:
        column = self.layout.columns.get("smartphone")
        value = row.get(column) if column else None
        if is_blank(value):
            return
        word = self._word(value)
        if word.isdigit() and len(word) <= 2:
            draft.smartphone = str(int(word))
        elif word in words.YES or word.startswith("co "):
            draft.smartphone = "yes"
        elif word in words.NO:
            draft.smartphone = "no"
        else:
            count = [part for part in word.split() if part.isdigit() and len(part) <= 2]
            draft.smartphone = str(int(count[0])) if len(count) == 1 else ""
            if not draft.smartphone:
                self.tell(Finding("smartphone_unreadable"), draft.row, "smartphone", value, mask_digits)

    def _household_marks(self, draft: Draft, row: Row) -> None:
        draft.household_code = self._text(row, draft.row, "household_code", "household")
        draft.household_number = self._text(row, draft.row, "household_number", "household")
        draft.order = as_text(row.get(self.layout.columns.get("order", 0)))
        head = self._text(row, draft.row, "head_name", "head_name", personal=True)
        if head and self._word(head) in ("x", "chu ho", "ch"):
            draft.is_head = True
        else:
            draft.head_name = head

    def _note(self, draft: Draft, row: Row) -> None:
        columns: Mapping[str, int] = self.layout.columns
        if "note" not in columns:
            return
        pieces = []
        for column in (columns["note"], *self.layout.more.get("note", [])):
            text = self._text(row, draft.row, "note", "note", column=column)
            if text:
                pieces.append(text)
                reason = words.stop_reason(self._word(text))
                if reason and draft.do_not_visit is None:
                    draft.do_not_visit = StopReason(reason)
                    self.tell(Finding(f"note_{reason}"), draft.row, "note", text, column=column)
        draft.note = "; ".join(pieces)
