"""Read a commune's roster as it is: sheets, headers, hamlets, people, households; everything odd told, nothing kept on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from planner.domain.vocabulary import AccountState
from planner.sheets.assembling import assemble
from planner.sheets.births import day_in_title
from planner.sheets.cells import Sheet, Workbook, column_letter, is_blank
from planner.sheets.crosschecks import (
    find_disagreeing_ids,
    find_duplicates,
    find_shared_phones,
    find_strays,
    find_two_heads,
    settle_people_in_two_places,
)
from planner.sheets.delimited import read_delimited
from planner.sheets.drafts import Draft
from planner.sheets.former_places import FormerPlaces
from planner.sheets.grouping import Grouping
from planner.sheets.hamlet_finder import HamletFinder
from planner.sheets.issues import Issue, Question
from planner.sheets.layout import FIELD_CHOICES, Layout, find_layout
from planner.sheets.merged_communes import MergedCommunes, commune_of_titles
from planner.sheets.package import kind_of_file
from planner.sheets.people import PersonReader
from planner.sheets.place_units import Unit
from planner.sheets.reading import Progress, ReadOptions, RosterReading
from planner.sheets.refusals import SheetRefused
from planner.sheets.sections import SheetWalk, title_texts
from planner.sheets.side_by_side import tables_of
from planner.sheets.xlsx import read_xlsx

_OLDEST_FILE = timedelta(days=400)
_PARSING = 0.25  # how far the reading is when the file is unpacked,
_ROWS_READ = 0.8  # when every row has been read,
_PLACES_SETTLED = 0.95  # and when each has its hamlet


def read_roster(
    path: Path,
    *,
    as_of: date,
    options: ReadOptions | None = None,
    known_hamlets: Iterable[str] = (),
    progress: Progress | None = None,
) -> RosterReading:
    """Read a roster, whatever its layout.

    Parameters
    ----------
    path
        An .xlsx or .csv file; what it is is told by its content.
    as_of
        Today: nobody is born later. Ages are counted on the day the file tells of (its title, or when it was saved).
    known_hamlets
        The commune's hamlets: spellings are compared with them.
    progress
        Called with a fraction 0–1 and the code of the stage.

    Raises
    ------
    SheetRefused
        The file as a whole cannot be read. Everything less is an issue of the reading.
    """
    book = open_table(
        path, options.encoding if options else "", (lambda f: progress(f * _PARSING, "reading")) if progress else None
    )
    run = _Run(as_of, options or ReadOptions(), tuple(known_hamlets), progress)
    for code, facts in book.remarks:
        run.issues.append(Issue(code, facts=facts, scope="file"))
    return run.read(book, path.name)


def open_table(path: Path, encoding: str, on_fraction: object = None) -> Workbook:
    """Return the file's sheets, an .xlsx or a .csv alike."""
    if kind_of_file(path) == "xlsx":
        return read_xlsx(path, on_fraction if callable(on_fraction) else None)
    return Workbook([read_delimited(path, encoding)])


@dataclass(slots=True)
class _Run:
    """One reading in progress."""

    as_of: date
    options: ReadOptions
    known: tuple[str, ...]
    progress: Progress | None
    issues: list[Issue] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    places: FormerPlaces = field(init=False)
    hamlets: HamletFinder = field(init=False)
    counted_on: date | None = None
    _asked: set[str] = field(default_factory=set)
    _done: int = 0
    _total: int = 1

    def __post_init__(self) -> None:
        self.places = FormerPlaces.listed(self.options.commune, self.options.former_places)
        self.hamlets = HamletFinder(self.known, self.options, self.issues.append, self._ask)

    def read(self, book: Workbook, file_name: str) -> RosterReading:
        grouping = Grouping()
        self._total = sum(len(sheet.rows) for sheet in book.sheets) or 1
        if not any(sheet.rows for sheet in book.sheets):
            raise SheetRefused("file_no_data")
        walks = [w for sheet in book.sheets for table in tables_of(sheet) if (w := self._sheet(table, book)) is not None]
        drafts: list[Draft] = [draft for walk in walks for draft in walk.drafts]
        MergedCommunes(self.places, self.hamlets).settle(drafts)
        self._tell(_PLACES_SETTLED)
        for walk in walks:
            grouping.add_sheet(walk.drafts, "relation" in walk.layout.columns)
        found, in_two_places = find_duplicates(drafts)
        self.issues += found + settle_people_in_two_places(in_two_places, self.options.answers, self._ask)
        self.issues += find_disagreeing_ids(drafts)
        self.issues += find_strays(drafts)
        self.issues += find_shared_phones(drafts)
        self.issues += find_two_heads(drafts)
        for code, draft, facts in grouping.oddities:
            if not draft.dropped:
                scope = "sheet" if code == "household_without_marks" else "row"
                self.issues.append(Issue(code, draft.sheet, draft.row, field="household", facts=facts, scope=scope))
        refused = sum(1 for draft in drafts if draft.dropped and draft.has_error)
        people, households = assemble(drafts)
        names = list(dict.fromkeys(h.hamlet for h in households))
        order = {sheet.name: i for i, sheet in enumerate(book.sheets)}
        issues = tuple(sorted(self.issues, key=lambda i: (order.get(i.sheet, -1), i.row or 0, len(i.column), i.column)))
        if self.progress is not None:
            self.progress(1.0, "read")
        return RosterReading(
            file_name,
            self.counted_on or self.as_of,
            people,
            households,
            tuple(names),
            issues,
            tuple(self.questions),
            refused,
            frozenset(self.fields),
        )

    # --- a sheet ---------------------------------------------------------------------------------------------------

    def _sheet(self, sheet: Sheet, book: Workbook) -> SheetWalk | None:
        name = sheet.name
        if name in self.options.skip_sheets or not any(not is_blank(v) for row in sheet.rows.values() for v in row.values()):
            return None
        if sheet.state != "visible" and not self._hidden_wanted(sheet):
            return None
        layout = find_layout(sheet, self._forced(name))
        if layout is None or not layout.looks_like_roster:
            self._without_list(sheet, layout, book)
            return None
        self._tell_columns(sheet, layout)
        in_column = self.hamlets.in_column(sheet, layout) and name not in self.options.sheet_hamlets
        hamlet = "" if in_column else self.hamlets.of_sheet(sheet, layout)
        reader = PersonReader(
            name,
            layout,
            self.as_of,
            self._counted_on(sheet, layout, book),
            us_order=self._answer(f"date_order:{name}") == "mdy",
            yes_means=self._state_answer(f"state_yes:{name}"),
            no_means=self._state_answer(f"state_no:{name}"),
        )
        if not hamlet and not in_column:
            layout.columns.pop("hamlet", None)
        walk = SheetWalk(
            sheet, layout, reader, hamlet, self.known, lambda text, row: self.hamlets.written(text, name, row, layout),
            commune=self._commune(sheet, layout, hamlet),
        )  # fmt: skip
        walk.run(self._tick)
        if not walk.drafts:
            self.issues.append(Issue("sheet_without_people", name, scope="sheet"))
            return None
        self.hamlets.settle(sheet, walk.drafts)
        self.fields |= layout.columns.keys()
        self.issues += reader.issues
        self.issues += walk.issues
        self._tell_reader(sheet, reader)
        return walk

    def _commune(self, sheet: Sheet, layout: Layout, hamlet: str) -> Unit | None:
        """Return the former commune a whole sheet is about, by its name or its titles."""
        by_name = commune_of_titles([sheet.name], self.places) or self.places.in_sheet_name(sheet.name, hamlet)
        return by_name or commune_of_titles(title_texts(sheet, layout.top_row), self.places)

    def _hidden_wanted(self, sheet: Sheet) -> bool:
        key = f"include_hidden:{sheet.name}"
        wanted = self.options.include_hidden or self._answer(key) == "yes"
        self.issues.append(Issue("hidden_sheet", sheet.name, scope="sheet", facts={"included": "✓" if wanted else "–"}))
        if not wanted:
            self._ask(Question(key, "include_hidden", sheet.name, choices=(("no", "–"), ("yes", "✓"))))
        return wanted

    def _without_list(self, sheet: Sheet, layout: Layout | None, book: Workbook) -> None:
        """Leave out a sheet of sums or instructions with a notice; ask for the columns where people may be lost."""
        rows = list(sheet.rows.values())
        long_rows = sum(1 for row in rows if len(row) >= 3)
        texts = [value for row in rows for value in row.values() if isinstance(value, str)]
        dated = sum(
            1 for row in rows if sum(1 for v in row.values() if isinstance(v, date) or (isinstance(v, str) and _dated(v))) >= 1
        )
        summary = long_rows < 3 or dated < max(2, long_rows // 2)
        if summary or not texts:
            self.issues.append(Issue("sheet_skipped", sheet.name, scope="sheet"))
            if not summary or len(book.sheets) == 1:
                self._no_header(sheet, layout)
            return
        self._no_header(sheet, layout)

    def _no_header(self, sheet: Sheet, layout: Layout | None) -> None:
        self.issues.append(Issue("header_missing", sheet.name, scope="sheet"))
        known = {column: name for name, column in layout.columns.items()} if layout is not None else {}
        columns = sorted({column for row in list(sheet.rows.values())[:50] for column in row})[:40]
        for column in columns:
            if column not in known:
                letter = column_letter(column)
                self._ask(Question(f"column:{sheet.name}:{letter}", "column", sheet.name, letter, FIELD_CHOICES))

    def _forced(self, sheet: str) -> dict[str, str]:
        forced = {**self.options.columns.get("*", {}), **self.options.columns.get(sheet, {})}
        start = f"column:{sheet}:"
        forced |= {key[len(start) :]: value for key, value in self.options.answers.items() if key.startswith(start) and value}
        return forced

    def _tell_columns(self, sheet: Sheet, layout: Layout) -> None:
        for column in layout.sensitive:
            self.issues.append(
                Issue("sensitive_column", sheet.name, None, column_letter(column), facts=_title(layout, column), scope="column")
            )
        for column in layout.unknown:
            self.issues.append(
                Issue("unknown_column", sheet.name, None, column_letter(column), facts=_title(layout, column), scope="column")
            )
        for column, name, used in layout.doubled:
            facts = {**_title(layout, column), "used": column_letter(used)}
            self.issues.append(
                Issue("column_doubled", sheet.name, layout.top_row, column_letter(column), name, facts=facts, scope="column")
            )
        for column in sorted(sheet.hidden_columns & layout.titles.keys()):
            self.issues.append(
                Issue("hidden_column", sheet.name, None, column_letter(column), facts=_title(layout, column), scope="column")
            )

    def _tell_reader(self, sheet: Sheet, reader: PersonReader) -> None:
        name = sheet.name
        for kind, count in sorted(reader.repaired.items()):
            self.issues.append(Issue(f"text_{kind}", name, facts={"count": count}, scope="sheet"))
        if reader.ambiguous_dates:
            column = next(
                (column_letter(reader.layout.columns[f]) for f in ("birth", "birth_male") if f in reader.layout.columns), ""
            )
            self.issues.append(
                Issue("birth_day_first", name, None, column, "birth", facts={"count": reader.ambiguous_dates}, scope="sheet")
            )
        if reader.swapped_dates >= 3 and reader.day_first_dates == 0:
            key = f"date_order:{name}"
            self._ask(Question(key, "date_order", name, choices=(("dmy", "ngày/tháng/năm"), ("mdy", "tháng/ngày/năm"))))
        if reader.yes_under_state and reader.yes_means is None:
            taken = reader.header_says()  # stands first: what is taken where nobody answers
            states = sorted((AccountState.ACTIVATED, AccountState.ISSUED), key=lambda state: state is not taken)
            self._ask_state("state_yes", name, reader, reader.yes_under_state, tuple(states))
        if reader.no_under_state and reader.no_means is None:
            self._ask_state("state_no", name, reader, reader.no_under_state, (AccountState.ISSUED, AccountState.NONE))

    def _ask_state(self, kind: str, name: str, reader: PersonReader, count: int, states: tuple[AccountState, ...]) -> None:
        """Ask what a bare "Có" or "Chưa" under the account column means."""
        columns = reader.layout.columns
        column = next(columns[f] for f in ("state", "state_issued", "state_activated", "state_none") if f in columns)
        choices = tuple((s.value, s.value) for s in states)
        self._ask(Question(f"{kind}:{name}", kind, name, column_letter(column), choices, {"count": count}))

    def _counted_on(self, sheet: Sheet, layout: Layout, book: Workbook) -> date:
        """Return the day a sheet tells of: by its title, else when the file was saved, else today.

        The same file must mean the same on every day it is read: a blank state is fine for a child of 13, and the child grows.
        """
        titled = (day_in_title(text) for text in title_texts(sheet, layout.top_row))
        found = next(filter(None, titled), None) or book.saved_on
        day = found if found is not None and timedelta(0) <= self.as_of - found <= _OLDEST_FILE else self.as_of
        self.counted_on = max(self.counted_on or day, day)
        return day

    # --- small things ----------------------------------------------------------------------------------------------

    def _answer(self, key: str) -> str:
        return self.options.answers.get(key, "")

    def _state_answer(self, key: str) -> AccountState | None:
        answer = self._answer(key)
        return AccountState(answer) if answer in set(AccountState) else None

    def _ask(self, question: Question) -> None:
        if question.key not in self._asked and not self._answer(question.key):
            self._asked.add(question.key)
            self.questions.append(question)

    def _tick(self) -> None:
        self._done += 1
        if self._done % 500 == 0:
            self._tell(_PARSING + (_ROWS_READ - _PARSING) * min(1.0, self._done / self._total))

    def _tell(self, fraction: float) -> None:
        if self.progress is not None:
            self.progress(fraction, "checking")


def _title(layout: Layout, column: int) -> dict[str, object]:
    return {"title": layout.titles.get(column, "")[:60]}


def _dated(text: str) -> bool:
    digits = Counter(c for c in text if c.isdigit())
    return ((text.count("/") == 2 or text.count("-") == 2) and sum(digits.values()) >= 6) or sum(digits.values()) in (9, 10, 12)
