"""What only shows when all rows are read: people entered twice, one ID for two, one phone in two houses, strays on the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from planner.domain.vocabulary import BirthPrecision
from planner.sheets.cells import column_letter
from planner.sheets.cleaning import mask_digits, mask_name
from planner.sheets.coordinates import FAR_KM, km_between, middle
from planner.sheets.drafts import Draft
from planner.sheets.issues import Issue, Question


def find_duplicates(drafts: Iterable[Draft]) -> tuple[list[Issue], list[list[Draft]]]:
    """Drop the same person's later rows, refuse a later ID that belongs to another person.

    Returns
    -------
    list[Issue]
    list[list[Draft]]
        People who stand in several households: their rows, the first one first. See `settle_people_in_two_places`.
    """
    issues: list[Issue] = []
    places: dict[int, list[Draft]] = {}
    by_id: dict[str, Draft] = {}
    by_person: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        first = by_id.get(draft.citizen_id) if draft.citizen_id else None
        person = (draft.name_key, str(draft.birth)) if draft.name and _full(draft) else None
        if first is not None and _same_person(first, draft):
            if first.household == draft.household:
                issues.append(_drop(draft, first))
            else:
                draft.dropped = True
                places.setdefault(id(first), [first]).append(draft)
            continue
        if first is not None:
            facts = {"sheet": first.sheet, "row": first.row}
            issues.append(
                Issue(
                    "id_of_two_people",
                    draft.sheet,
                    draft.row,
                    column_letter(draft.id_column),
                    "cid",
                    mask_digits(draft.citizen_id),
                    facts,
                )
            )
            draft.citizen_id, draft.has_error = "", True
        elif draft.citizen_id:
            by_id[draft.citizen_id] = draft
        if person is None:
            continue
        twin = by_person.setdefault(person, draft)
        if twin is draft or (twin.citizen_id and draft.citizen_id):
            continue
        if twin.household == draft.household:
            issues.append(_drop(draft, twin))
        else:
            facts = {"sheet": twin.sheet, "row": twin.row}
            issues.append(
                Issue(
                    "person_maybe_twice",
                    draft.sheet,
                    draft.row,
                    column_letter(draft.name_column),
                    "name",
                    mask_name(draft.name),
                    facts,
                )
            )
    return issues, list(places.values())


def _full(draft: Draft) -> bool:
    return draft.birth is not None and draft.birth.precision is BirthPrecision.DAY


def _same_person(first: Draft, second: Draft) -> bool:
    if first.name and second.name and first.name_key != second.name_key:
        return False
    return first.birth is None or second.birth is None or first.birth == second.birth


def _drop(draft: Draft, first: Draft) -> Issue:
    """Leave out a row that repeats another of its household: the person is counted once."""
    draft.dropped = True
    shown, name, column = (
        (mask_digits(draft.citizen_id), "cid", draft.id_column)
        if draft.citizen_id
        else (mask_name(draft.name), "name", draft.name_column)
    )
    facts = {"sheet": first.sheet, "row": first.row}
    return Issue("duplicate_row", draft.sheet, draft.row, column_letter(column), name, shown, facts, scope="row")


def settle_people_in_two_places(
    places: Iterable[list[Draft]], answers: Mapping[str, str], ask: Callable[[Question], None]
) -> list[Issue]:
    """Keep people whom the file has in several households where the answer says; ask where there is none.

    Unanswered the first row stays and each other one is an error. Answered nothing is wrong any more: a notice is enough.
    """
    issues: list[Issue] = []
    for rows in places:
        first = rows[0]
        key = f"person_place:{_place(first)}"
        kept = next((draft for draft in rows if _place(draft) == answers.get(key)), None)
        if not first.dropped:
            choices = tuple((_place(draft), _place_label(draft)) for draft in rows)
            ask(Question(key, "person_place", first.sheet, choices=choices, facts={"name": mask_name(first.name)}))
        if kept is not None and not first.dropped:
            kept.dropped = False
        for draft in rows:
            if draft is (kept or first):
                continue
            draft.dropped, draft.has_error = True, kept is None
            facts = {"sheet": (kept or first).sheet, "row": (kept or first).row}
            code, column = "person_twice" if kept is None else "person_kept_elsewhere", column_letter(draft.name_column)
            issues.append(Issue(code, draft.sheet, draft.row, column, "name", mask_name(draft.name), facts, scope="row"))
    return issues


def _place(draft: Draft) -> str:
    return f"{draft.sheet}!{column_letter(draft.name_column)}{draft.row}"


def _place_label(draft: Draft) -> str:
    household = draft.household_code or draft.household_number
    told = (draft.hamlet, f"hộ {household}" if household else "", draft.address[:60], draft.relation)
    return f"{', '.join(part for part in told if part)} ({draft.sheet}, dòng {draft.row})"


def find_disagreeing_ids(drafts: Iterable[Draft]) -> list[Issue]:
    """Tell of ID numbers that contradict birth or sex, where no stronger complaint about them stands already."""
    return [
        Issue("id_disagrees", d.sheet, d.row, column_letter(d.id_column), "cid", mask_digits(d.citizen_id))
        for d in drafts
        if d.id_disagrees and d.citizen_id and not d.dropped
    ]


def find_shared_phones(drafts: Iterable[Draft]) -> list[Issue]:
    """Tell of a phone number that stands in two households; both keep it."""
    first: dict[str, Draft] = {}
    told: set[tuple[str, int]] = set()
    issues: list[Issue] = []
    for draft in drafts:
        if not draft.phone or draft.dropped:
            continue
        other = first.setdefault(draft.phone, draft)
        if other.household != draft.household and (draft.phone, draft.household) not in told:
            told.add((draft.phone, draft.household))
            facts = {"sheet": other.sheet, "row": other.row}
            column = column_letter(draft.phone_column)
            issues.append(
                Issue("phone_of_two_households", draft.sheet, draft.row, column, "phone", mask_digits(draft.phone), facts)
            )
    return issues


def find_strays(drafts: list[Draft]) -> list[Issue]:
    """Blank the places too far from all others to be of this commune."""
    placed = [d for d in drafts if d.lat is not None and d.lon is not None and not d.dropped]
    centre = middle([(d.lat, d.lon) for d in placed if d.lat is not None and d.lon is not None])
    issues: list[Issue] = []
    if centre is None or len(placed) < 5:
        return issues
    for draft in placed:
        if draft.lat is not None and draft.lon is not None:
            km = km_between((draft.lat, draft.lon), centre)
            if km > FAR_KM:
                place = f"{draft.lat}, {draft.lon}"
                issues.append(
                    Issue("place_far", draft.sheet, draft.row, column_letter(draft.place_column), "geo", place, {"km": round(km)})
                )
                draft.lat = draft.lon = None
    return issues


def find_two_heads(drafts: Iterable[Draft]) -> list[Issue]:
    heads: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.is_head and not draft.dropped:
            heads[draft.household].append(draft)
    return [
        Issue("two_heads", later.sheet, later.row, "", "relation", "", {"row": found[0].row})
        for found in heads.values()
        for later in found[1:]
    ]
