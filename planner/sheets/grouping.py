"""Which rows make up one household: by its code, its number on the first row, its head, or the word Chủ hộ."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.domain.text import match_key
from planner.sheets.drafts import Draft

DENSE = 0.7  # filled on most rows: the value belongs to the row, not to the household's first row


@dataclass(slots=True)
class Grouping:
    """The households of a whole file, numbered as they appear, and the oddities met on the way (code, draft)."""

    count: int = 0
    oddities: list[tuple[str, Draft, dict[str, object]]] = field(default_factory=list)
    _seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def add_sheet(self, drafts: list[Draft], has_relation: bool) -> None:
        """Give each draft of one sheet its household."""
        if not drafts:
            return
        marks = self._marks(drafts, has_relation)
        current, hamlet, opened, head_name = -1, "", 0, ""
        with_head: set[int] = set()
        for draft, (mark, dense) in zip(drafts, marks, strict=True):
            if draft.hamlet != hamlet or draft.opened != opened:
                current, hamlet, opened, head_name = -1, draft.hamlet, draft.opened, ""
            if mark is not None and dense is None:
                if mark != head_name or current < 0 or (draft.is_head and current in with_head):
                    current = self._open()
                head_name = mark
            elif mark is not None:
                current = self._by_mark(draft, mark, bool(dense), current, with_head)
            elif current < 0 or (draft.is_head and current in with_head):
                if draft.is_head and current in with_head and dense is False:
                    self.oddities.append(("household_number_missing", draft, {}))
                current = self._open()
            draft.household = current
            if draft.is_head:
                with_head.add(current)

    def _open(self) -> int:
        self.count += 1
        return self.count - 1

    def _marks(self, drafts: list[Draft], has_relation: bool) -> list[tuple[str | None, bool | None]]:
        """Return each row's household mark and how to take it: True on every row, False on first rows, None a head's name."""
        total = len(drafts)
        ids = [d.household_code or d.household_number for d in drafts]
        filled = sum(1 for text in ids if text)
        if filled:
            dense = filled >= DENSE * total and not _each_its_own(ids, drafts)
            return [(text or None, dense) for text in ids]
        heads = [match_key(d.head_name) for d in drafts]
        if any(heads):
            return [(head or None, None) for head in heads]
        if any(d.opened for d in drafts) or any(d.is_head for d in drafts):
            return [(None, None)] * total
        orders = [d.order for d in drafts]
        numbered = sum(1 for text in orders if text)
        if 0 < numbered < DENSE * total:
            return [(text or None, False) for text in orders]
        addresses = [f"@{match_key(d.address)}" if d.address else None for d in drafts]
        if any(addresses):
            dense = sum(1 for a in addresses if a) >= DENSE * total
            return [(address, dense) for address in addresses]
        if not has_relation:
            self.oddities.append(("household_without_marks", drafts[0], {}))
            return [(f"#{d.row}", True) for d in drafts]
        return [(None, None)] * total

    def _by_mark(self, draft: Draft, mark: str, dense: bool, current: int, with_head: set[int]) -> int:
        scope = () if draft.household_code else (draft.sheet, str(draft.opened))
        key = (*scope, draft.hamlet, "code" if draft.household_code else "number", match_key(mark))
        known = self._seen.get(key)
        if known is None:
            self._seen[key] = self._open()
            return self._seen[key]
        if known == current and not (not dense and draft.is_head and current in with_head):
            return known
        if dense and not (draft.is_head and known in with_head):
            return known
        if draft.is_head and known in with_head:
            # The same number with another head: two households share it by mistake; keep them apart, and say so.
            self.oddities.append(("household_number_again", draft, {"number": mark}))
            self._seen[key] = self._open()
            return self._seen[key]
        return known


def _each_its_own(ids: list[str], drafts: list[Draft]) -> bool:
    """Say whether a dense number is really sparse: every household has one member, so first rows are all rows."""
    return len(set(ids)) == len(ids) and any(d.is_head for d in drafts) and not all(d.is_head for d in drafts)
