"""What a row tells of a person's circumstances: residence, work, account, documents, smartphone."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.vocabulary import AccountState, DocumentState, Residence, StopReason, Work
from planner.sheets import words
from planner.sheets.accounts import account_state, means_yes
from planner.sheets.cell_reader import CellReader
from planner.sheets.cells import CellFault, CellValue, Row, is_blank
from planner.sheets.cleaning import mask_digits, plain_words
from planner.sheets.drafts import Draft
from planner.sheets.findings import Finding
from planner.sheets.reading import DOCUMENT_FIELDS

NEEDS_ACCOUNT_FROM_AGE = 14
_STATE_FLAGS = {"state_activated": AccountState.ACTIVATED, "state_issued": AccountState.ISSUED, "state_none": AccountState.NONE}
_BARE_NO = frozenset(["chua", "khong", "ko", "k", "0", "false", "no", "n", "chua co", "khong co"])
_RESIDENCE_FLAGS = {"is_permanent": Residence.PERMANENT, "is_temporary": Residence.TEMPORARY, "is_absent": Residence.ABSENT}


@dataclass(slots=True)
class Circumstances(CellReader):
    """The part of a person's row that decides needs and when to call."""

    def _residence(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        for name, residence in _RESIDENCE_FLAGS.items():
            if name in columns and self._word(row.get(columns[name])) in words.YES:
                draft.residence = residence
        value = row.get(columns["residence"]) if "residence" in columns else None
        if self._says_nothing(value):
            return
        word = self._coded(value, "residence") or self._word(value)
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
        if self._says_nothing(value) or isinstance(value, int | float):
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
        if not self._says_nothing(value):
            draft.account = self._account_word(draft, value)
            return
        marked = [name for name in flags if self._word(row.get(columns[name])) in words.YES]
        if "state_none" in marked and len(marked) > 1:
            self.tell(Finding("state_contradicts"), draft.row, "state", None, column=columns[marked[0]])
            return
        if marked:
            draft.account = _STATE_FLAGS[marked[0]]
            return
        written = next(
            (n for n in flags if self._word(row.get(columns[n])) and self._word(row.get(columns[n])) not in words.NO), ""
        )
        if written:  # a phrase where a tick is due
            draft.account = self._account_word(draft, row.get(columns[written]), columns[written])
            return
        if "state" not in columns and not flags:
            return
        denied = [name for name in flags if self._word(row.get(columns[name])) in words.NO]
        if len(denied) == len(flags) and {"state_activated", "state_issued"} <= set(denied):
            draft.account = AccountState.NONE
            return
        if draft.birth is not None and draft.birth.age_on(self.counted_on) < NEEDS_ACCOUNT_FROM_AGE:
            draft.account = AccountState.NA
            return
        name = "state" if "state" in columns else flags[0]
        self.tell(Finding("state_missing"), draft.row, "state", None, column=columns[name])

    def _account_word(self, draft: Draft, value: CellValue, column: int = 0) -> AccountState:
        if isinstance(value, CellFault):
            finding = Finding("formula_without_value" if value.kind == "formula" else "error_value")
            self.tell(finding, draft.row, "state", value, column=column)
            return AccountState.UNKNOWN
        word = self._coded(value, "state") or self._word(value.replace("<", "dưới ") if isinstance(value, str) else value)
        if means_yes(word):
            self.yes_under_state += 1
            return self.yes_means or self.header_says()
        if word in _BARE_NO and self._about_activation():
            self.no_under_state += 1
            return self.no_means or AccountState.ISSUED
        found = account_state("khong" if word in ("0", "false") else word)
        if found is None:
            self.tell(Finding("state_unreadable"), draft.row, "state", value, column=column)
        return found or AccountState.UNKNOWN

    def _about_activation(self) -> bool:
        """Say whether a bare "Chưa" may mean that the account is only not activated yet."""
        title = plain_words(self.layout.titles.get(self.layout.columns.get("state", 0), ""))
        return ("kich hoat" in title or "activated" in title) and "chua" not in title

    def header_says(self) -> AccountState:
        """Return what a bare "Có" means by the header: activated under "Kích hoạt", at least issued under "Có tài khoản"."""
        title = plain_words(self.layout.titles.get(self.layout.columns.get("state", 0), ""))
        only_issued = "kich hoat" not in title and ("cap" in title.split() or title.startswith("co "))
        return AccountState.ISSUED if only_issued else AccountState.ACTIVATED

    def _documents(self, draft: Draft, row: Row) -> None:
        columns = self.layout.columns
        for name in DOCUMENT_FIELDS:
            state: DocumentState | None = None
            if name in columns:
                state = self._document(draft, name, row.get(columns[name]))
            owned = f"{name}_owned"
            if self._ticked(row, f"{name}_none") or self._ticked(row, f"{name}_lacking"):
                ticks = DocumentState.NONE if self._ticked(row, f"{name}_none") else DocumentState.OWNED
                if state not in (None, DocumentState.UNKNOWN):
                    self.tell(Finding("document_unreadable", {"document": name}), draft.row, name, row.get(columns[name]))
                    ticks = DocumentState.UNKNOWN
                state = ticks
            if owned in columns and state in (None, DocumentState.UNKNOWN, DocumentState.OWNED, DocumentState.NONE):
                state = self._owning(row.get(columns[owned]), state)
            if state is not None:
                draft.documents[name] = state

    def _ticked(self, row: Row, name: str) -> bool:
        column = self.layout.columns.get(name)
        return column is not None and self._word(row.get(column)) in words.YES

    def _document(self, draft: Draft, name: str, value: CellValue) -> DocumentState:
        if self._says_nothing(value):
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
