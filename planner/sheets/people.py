"""Read one row of a list into a draft of a person, telling every cell it could not take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.text import match_key
from planner.domain.vocabulary import Sex, StopReason
from planner.sheets import words
from planner.sheets.births import read_birth
from planner.sheets.cells import CellValue, Row, as_text, is_blank
from planner.sheets.circumstances import Circumstances
from planner.sheets.cleaning import mask_birth, mask_digits
from planner.sheets.coordinates import read_pair, read_point
from planner.sheets.drafts import Draft
from planner.sheets.findings import Finding
from planner.sheets.numbers import id_disagrees, read_citizen_id, read_phone


@dataclass(slots=True)
class PersonReader(Circumstances):
    """Reads the rows of one sheet under one layout."""

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
        if self._says_nothing(value):
            return
        found = words.SEXES.get(self._coded(value, "sex") or self._word(value))
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
        draft.id_disagrees = bool(draft.citizen_id) and finding is None and id_disagrees(draft.citizen_id, draft.birth, draft.sex)

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
        draft.is_head = self.layout.heads_only or words.is_head(self._word(draft.relation))
        places = [
            c
            for name in ("address_now", "address")
            if name in self.layout.columns
            for c in (self.layout.columns[name], *self.layout.more.get(name, []))
        ]
        for column in places:
            if not draft.address:
                draft.address = self._text(row, draft.row, "address", "address", column=column)
                draft.address_column = column
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
