"""Which hamlet the rows of a sheet belong to: by answer, column, sheet name, title; one name for all its spellings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from planner.domain.text import match_key
from planner.sheets import hamlets as hamlet_names
from planner.sheets.cells import Sheet, column_letter, is_blank
from planner.sheets.drafts import Draft
from planner.sheets.former_places import parted
from planner.sheets.issues import Issue, Question
from planner.sheets.layout import Layout
from planner.sheets.reading import ReadOptions
from planner.sheets.sections import title_texts


@dataclass(slots=True)
class HamletFinder:
    """Knows the hamlets met so far in a file. `tell` and `ask` take issues and questions."""

    known: tuple[str, ...]
    options: ReadOptions
    tell: Callable[[Issue], None]
    ask: Callable[[Question], None]
    _kept: dict[str, str] = field(default_factory=dict)  # match key as written → name kept

    def in_column(self, sheet: Sheet, layout: Layout) -> bool:
        """Say whether the sheet has a column of hamlets with something in it."""
        column = layout.columns.get("hamlet")
        return column is not None and any(
            not is_blank(row.get(column)) for number, row in sheet.rows.items() if number >= layout.first_data_row
        )

    def of_sheet(self, sheet: Sheet, layout: Layout) -> str:
        """Return the hamlet of a whole sheet: as answered, by the sheet's name, by a title; else "" (sections may tell)."""
        name = sheet.name
        answered = self.options.sheet_hamlets.get(name) or self.options.answers.get(f"hamlet_of_sheet:{name}")
        if answered:
            return self.keep(answered)
        titles = (parted(text)[1] for text in title_texts(sheet, layout.top_row))
        titled = next(filter(None, (hamlet_names.in_title(text, self.known) for text in titles)), "")
        by_name = hamlet_names.in_sheet_name(parted(name)[1], self.known)
        if by_name and titled and hamlet_names.bare(by_name) == hamlet_names.bare(titled):
            return self.keep(titled if by_name.isascii() else by_name)
        return self.keep(by_name or titled) if by_name or titled else ""

    def settle(self, sheet: Sheet, drafts: list[Draft]) -> None:
        """Give people without a hamlet the best there is, and say so; refuse their rows where there is nothing."""
        without = [draft for draft in drafts if not draft.hamlet]
        if without and any(draft.address for draft in without):
            self._by_addresses(sheet.name, without)
            without = [draft for draft in drafts if not draft.hamlet]
        if not without:
            return
        name = sheet.name
        choices = tuple((h, h) for h in self.known)
        if not hamlet_names.is_generic(name):
            kept = self.keep(hamlet_names.tidy(name))
            self.tell(Issue("hamlet_from_sheet_name", name, scope="sheet", field="hamlet", facts={"hamlet": kept}))
            self.ask(Question(f"hamlet_of_sheet:{name}", "hamlet_of_sheet", name, choices=((kept, kept), *choices)))
        elif len(self.known) == 1:
            kept = self.known[0]
            self.tell(Issue("hamlet_from_only_known", name, scope="sheet", field="hamlet", facts={"hamlet": kept}))
        else:
            self.tell(Issue("hamlet_missing", name, without[0].row, scope="sheet", field="hamlet", facts={"count": len(without)}))
            self.ask(Question(f"hamlet_of_sheet:{name}", "hamlet_of_sheet", name, choices=choices))
            for draft in without:
                draft.dropped = draft.has_error = True
            return
        for draft in without:
            draft.hamlet = kept

    def _by_addresses(self, sheet: str, drafts: list[Draft]) -> None:
        """Take the hamlets addresses name ("Số 3, Khu phố Chợ") where most do; a row without address lives with the row above."""
        named = [hamlet_names.in_title(parted(draft.address)[1], self.known) for draft in drafts]
        if sum(map(bool, named)) < 0.6 * sum(1 for draft in drafts if draft.address):
            return
        last, count = "", 0
        for draft, hamlet in zip(drafts, named, strict=True):
            last = self.keep(hamlet) if hamlet else ("" if draft.address else last)
            draft.hamlet = last
            count += bool(last)
        self.tell(Issue("hamlet_from_address", sheet, scope="sheet", field="hamlet", facts={"count": count}))

    def keep(self, written: str) -> str:
        """Return the one name under which a hamlet is kept, whatever its spellings in the file."""
        key = match_key(written)
        if key not in self._kept:
            guess = hamlet_names.resolve(written, self._met())
            self._kept[key] = guess.name if guess.how in ("same", "like") else hamlet_names.tidy(written)
        return self._kept[key]

    def written(self, text: str, sheet: str, row: int, layout: Layout) -> str:
        """Return the name to keep for the text of a hamlet cell."""
        key = match_key(text)
        if key in self._kept:
            return self._kept[key]
        answer = self.options.answers.get(f"hamlet_name:{text}")
        if answer:
            self._kept[key] = self.keep(answer)
            return self._kept[key]
        column = layout.columns.get("hamlet", 0)
        title = layout.titles.get(column, "").strip()
        # A column headed Ấp that holds 1, 2, 3 means Ấp 1, Ấp 2, Ấp 3.
        named = f"{title} {int(text)}" if text.isdecimal() and not self.known and len(title.split()) <= 3 and title else text
        guess = hamlet_names.resolve(named, self._met())
        letter = column_letter(column)
        if guess.how in ("near", "new") and self.known:
            facts = {"hamlet": guess.name, "near": guess.near or "–"}
            self.tell(Issue(f"hamlet_{guess.how}", sheet, row, letter, "hamlet", text, facts, guess.near))
            choices = tuple((h, h) for h in dict.fromkeys(filter(None, (guess.name, guess.near, *self.known))))
            self.ask(Question(f"hamlet_name:{text}", "hamlet_name", sheet, letter, choices, {"written": text}))
        elif guess.how == "like" and guess.name != text:
            self.tell(Issue("hamlet_like", sheet, row, letter, "hamlet", text, {"hamlet": guess.name}))
        self._kept[key] = guess.name
        return guess.name

    def _met(self) -> tuple[str, ...]:
        return (*self.known, *dict.fromkeys(self._kept.values()))
