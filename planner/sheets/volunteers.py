"""Read the volunteers and when they can come: a grid of crosses, or free text, found by its header like the roster."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from planner.domain.text import match_key
from planner.sheets import words
from planner.sheets.availability import Slot, slot_name
from planner.sheets.cells import CellFault, Row, Sheet, as_text, column_letter, is_blank
from planner.sheets.cleaning import clean, mask_digits, mask_name, plain_words
from planner.sheets.findings import Finding
from planner.sheets.hamlets import resolve, tidy
from planner.sheets.issues import Issue, Question
from planner.sheets.legacy import legacy_reading
from planner.sheets.numbers import read_phone
from planner.sheets.reading import Progress, ReadOptions
from planner.sheets.refusals import SheetRefused
from planner.sheets.roster import open_table
from planner.sheets.rowkinds import header_texts, is_footer, is_sum, lone_text, numbers_columns, repeats_header
from planner.sheets.volunteer_rows import VolunteerRow, VolunteersReading
from planner.sheets.volunteer_slots import slots_of_row
from planner.sheets.volunteer_table import VolunteerTable, find_table, org_of_sheet


def read_volunteers(
    path: Path, *, options: ReadOptions | None = None, known_hamlets: Iterable[str] = (), progress: Progress | None = None
) -> VolunteersReading:
    """Read a list of volunteers.

    Raises
    ------
    SheetRefused
        The file cannot be read as a whole.
    """
    options = options or ReadOptions()
    book = open_table(path, options.encoding)
    if not any(sheet.rows for sheet in book.sheets):
        raise SheetRefused("file_no_data")
    run = _Run(tuple(known_hamlets), options)
    for code, facts in book.remarks:
        run.issues.append(Issue(code, facts=facts, scope="file"))
    for done, sheet in enumerate(book.sheets):
        if sheet.rows and sheet.name not in options.skip_sheets:
            run.sheet(sheet, alone=len(book.sheets) == 1)
        if progress is not None:
            progress((done + 1) / len(book.sheets), "reading")
    run.check_people()
    return VolunteersReading(path.name, tuple(run.people), tuple(run.issues), tuple(run.questions), run.refused)


@dataclass(slots=True)
class _Run:
    known: tuple[str, ...]
    options: ReadOptions
    people: list[VolunteerRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    refused: int = 0
    _repaired: Counter[str] = field(default_factory=Counter)
    _phone_columns: dict[str, str] = field(default_factory=dict)

    def sheet(self, sheet: Sheet, alone: bool) -> None:
        if sheet.state != "visible" and not self.options.include_hidden:
            self.issues.append(Issue("hidden_sheet", sheet.name, scope="sheet"))
            return
        table = find_table(sheet, {**self.options.columns.get("*", {}), **self.options.columns.get(sheet.name, {})})
        if table is None:
            self.issues.append(Issue("header_missing" if alone else "sheet_skipped", sheet.name, scope="sheet"))
            return
        names = [table.columns["name"], *([table.columns["given_name"]] if "given_name" in table.columns else [])]
        marks = [table.columns[f] for f in ("phone", "sex", "org") if f in table.columns]
        texts = header_texts(table.titles)
        self._repaired.clear()
        self._phone_columns[sheet.name] = column_letter(table.columns.get("phone", 0))
        for column in (c for f, c in table.columns.items() if f == "sensitive"):
            self.issues.append(Issue("sensitive_column", sheet.name, None, column_letter(column), scope="column"))
        if table.dates:
            facts = {"first": table.dates[0], "last": table.dates[-1]}
            self.issues.append(Issue("availability_dates", sheet.name, scope="sheet", facts=facts))
        for column in table.odd_dates:
            title = {"title": table.titles[column][:60]}
            self.issues.append(Issue("availability_date_unclear", sheet.name, None, column_letter(column), "slots", facts=title))
        signed = False
        for number in sorted(n for n in sheet.rows if n > table.header_rows[-1]):
            row = sheet.rows[number]
            if repeats_header(row, texts) or numbers_columns(row, names) or is_sum(row, names, marks):
                continue
            if is_footer(row, names, marks):
                signed = True
                continue
            named = any(not is_blank(row.get(column)) for column in names)
            known = sum(1 for column in marks if not is_blank(row.get(column)))
            if not named and not signed and not known and table.by_row and self.people and self.people[-1].sheet == sheet.name:
                self._more_slots(sheet, table, number, row)
                continue
            if (signed and not known) or (not named and known < 2) or (lone_text(row) and marks):
                continue
            self._person(sheet, table, number, row, names)
        for kind, count in sorted(self._repaired.items()):
            self.issues.append(Issue(f"text_{kind}", sheet.name, facts={"count": count}, scope="sheet"))

    def _person(self, sheet: Sheet, table: VolunteerTable, number: int, row: Row, names: list[int]) -> None:
        at = table.columns
        name = " ".join(filter(None, (self._text(sheet, row, number, column, "name") for column in names)))
        if not name:
            if not any(i.row == number and i.sheet == sheet.name and i.severity == "error" for i in self.issues):
                self.issues.append(Issue("name_missing", sheet.name, number, column_letter(names[0]), "name", scope="row"))
            self.refused += 1
            return
        phone, finding = read_phone(row.get(at["phone"])) if "phone" in at and not is_blank(row.get(at["phone"])) else ("", None)
        self._tell(finding, sheet, number, at.get("phone", 0), "phone", mask_digits(as_text(row.get(at.get("phone", 0)))))
        sex_word = plain_words(clean(row.get(at.get("sex", 0))))
        sex = words.SEXES.get(sex_word)
        if sex_word and sex is None:
            self._tell(Finding("sex_unreadable"), sheet, number, at["sex"], "sex", sex_word[:20])
        slots = self._slots(sheet, table, number, row)
        if not slots and not table.by_row:
            self.issues.append(_without_slots(sheet.name, number, column_letter(names[0]), name))
        lead = plain_words(clean(row.get(at.get("lead", 0))))
        limit = re.search(r"\d+", as_text(row.get(at.get("max_shifts", 0))))
        languages = self._text(sheet, row, number, at.get("languages", 0), "languages")
        skills = self._text(sheet, row, number, at.get("skills", 0), "skills")
        person = VolunteerRow(
            sheet=sheet.name,
            row=number,
            name=name,
            phone=phone,
            sex=sex,
            org=self._text(sheet, row, number, at.get("org", 0), "org") or ("" if "org" in at else org_of_sheet(sheet.name)),
            hamlet=self._hamlet(sheet, table, number, row),
            skills=_pieces(skills),
            languages=words.languages_of(languages, plain_words(languages)),
            slots=tuple(slot_name(slot) for slot in sorted(slots, key=_in_order)),
            can_lead=lead in words.YES or "truong" in lead,
            max_shifts=int(limit[0]) if limit is not None and 0 < int(limit[0]) <= 21 else None,
            note=self._text(sheet, row, number, at.get("note", 0), "note"),
        )
        self.people.append(person)

    def _slots(self, sheet: Sheet, table: VolunteerTable, number: int, row: Row) -> set[Slot]:
        return slots_of_row(table, row, lambda finding, column, text: self._tell(finding, sheet, number, column, "slots", text))

    def _more_slots(self, sheet: Sheet, table: VolunteerTable, number: int, row: Row) -> None:
        """Give the person above the slots of a row that names nobody: one row a part of the day, the name on the first."""
        above = self.people[-1]
        slots = sorted(self._slots(sheet, table, number, row), key=_in_order)
        self.people[-1] = replace(above, slots=tuple(dict.fromkeys((*above.slots, *map(slot_name, slots)))))

    def _hamlet(self, sheet: Sheet, table: VolunteerTable, number: int, row: Row) -> str:
        written = self._text(sheet, row, number, table.columns.get("hamlet", 0), "hamlet")
        if not written:
            return ""
        answer = self.options.answers.get(f"hamlet_name:{written}")
        guess = resolve(answer or written, self.known)
        if guess.how in ("near", "new") and self.known and answer is None:
            facts = {"hamlet": guess.name, "near": guess.near or "–"}
            column = column_letter(table.columns["hamlet"])
            self.issues.append(Issue(f"hamlet_{guess.how}", sheet.name, number, column, "hamlet", written, facts, guess.near))
        return guess.name if guess.how in ("same", "like") else tidy(written)

    def _text(self, sheet: Sheet, row: Row, number: int, column: int, name: str) -> str:
        value = row.get(column) if column else None
        if value is None:
            return ""
        if isinstance(value, CellFault):
            code = "formula_without_value" if value.kind == "formula" else "error_value"
            self._tell(Finding(code), sheet, number, column, name, value.text[:20])
            return ""
        legacy = legacy_reading(value.strip()) if isinstance(value, str) else None
        if legacy is not None:
            self._tell(
                Finding("text_legacy_font", {"encoding": legacy[0]}, legacy[1]),
                sheet,
                number,
                column,
                name,
                mask_name(clean(value)),
            )
            return ""
        text = clean(value, self._repaired)
        longest = 1000 if name in ("note", "skills") else 120
        if len(text) > longest:
            finding = Finding("text_too_long", {"length": len(text), "longest": longest})
            self._tell(finding, sheet, number, column, name, f"{text[:12]}…")
            return ""
        return text

    def _tell(self, finding: Finding | None, sheet: Sheet, row: int, column: int, name: str, shown: str) -> None:
        if finding is not None:
            facts = finding.facts
            self.issues.append(
                Issue(finding.code, sheet.name, row, column_letter(column), name, shown, facts, finding.suggestion)
            )

    def check_people(self) -> None:
        """Join the same volunteer's later rows; tell of a phone two people share."""
        kept: dict[str, int] = {}
        phones: dict[str, VolunteerRow] = {}
        people: list[VolunteerRow] = []
        for person in self.people:
            key = f"{match_key(person.name)}|{person.phone}"
            if person.phone and key in kept:
                first = people[kept[key]]
                people[kept[key]] = replace(first, slots=tuple(dict.fromkeys((*first.slots, *person.slots))))
                self.issues.append(
                    Issue(
                        "volunteer_twice",
                        person.sheet,
                        person.row,
                        "",
                        "name",
                        mask_name(person.name),
                        {"row": first.row},
                        "",
                        "row",
                    )
                )
                continue
            if person.phone:
                other = phones.setdefault(person.phone, person)
                if other is not person:
                    self._tell_same_phone(person, other)
                    self._tell_same_phone(other, person)
            kept[key] = len(people)
            people.append(person)
        self.people = people
        told = {(i.sheet, i.row) for i in self.issues if i.code == "volunteer_without_slots"}
        for person in people:
            if not person.slots and (person.sheet, person.row) not in told:
                self.issues.append(_without_slots(person.sheet, person.row, "", person.name))

    def _tell_same_phone(self, person: VolunteerRow, other: VolunteerRow) -> None:
        column = self._phone_columns.get(person.sheet, "")
        issue = Issue(
            "volunteer_same_phone", person.sheet, person.row, column, "phone", mask_digits(person.phone), {"row": other.row}
        )
        if issue not in self.issues:
            self.issues.append(issue)


def _without_slots(sheet: str, row: int, column: str, name: str) -> Issue:
    return Issue("volunteer_without_slots", sheet, row, column, "name", mask_name(name), {"name": name})


def _in_order(slot: Slot) -> tuple[int, int]:
    return slot[0], "SCT".index(slot[1].value)


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.strip() for piece in re.split(r"[,;\n/]", text) if piece.strip()))
