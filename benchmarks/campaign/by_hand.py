"""How communes plan without a program: pairs of one hamlet in the slots most of them have, each with a list of its own doors.

Both ways made by hand stand behind the planner's seam for engines, as the solver does: the same households may be visited
(refusals, attempts and the time between them are the services'), the same volunteers come, and what is planned is stored,
published and counted alike.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.campaign.register import Entry, Register
from planner.domain.chances import GROUP_WEIGHT
from planner.domain.vocabulary import OutreachGroup
from planner.models import Database
from planner.services.solving import Solved, Watch

Document = dict[str, Any]
Order = Callable[[Entry], tuple[Any, ...]]
LEAD = "lead"
# A list by hand is longer than an evening is expected to hold: a crew that finds many doors closed goes on to the next ones.
STRETCH = 1.3
PROMISE_LEAD_SECONDS = 600  # a crew sets out to a promised hour so long before


def in_register_order(entry: Entry) -> tuple[Any, ...]:
    """Last week's absent once more, then on where the register was left, then whoever still lacks something."""
    return not entry.was_out, entry.visited, entry.position


def by_group(entry: Entry) -> tuple[Any, ...]:
    """The groups as the police rank them, whoever was not visited yet first."""
    return -GROUP_WEIGHT[OutreachGroup(entry.group)], entry.visited, entry.position


@dataclass(frozen=True)
class Team:
    """A pair for a slot; the first leads."""

    slot: Document
    members: tuple[Document, ...]
    hamlet_id: int


class ByHand:
    """An engine that plans as people do.

    Parameters
    ----------
    order
        Which of a hamlet's doors come first.
    shortest_way
        Walk a list from each door to the nearest next one; else as the order says.
    """

    def __init__(self, db: Database, commune_id: int, order: Order, *, shortest_way: bool, stretch: float = STRETCH) -> None:
        self.db, self.commune_id, self.order = db, commune_id, order
        self.shortest_way, self.stretch = shortest_way, stretch

    def solve(self, problem: Document, parameters: Document, watch: Watch) -> Solved:
        with self.db.read() as session:
            register = Register.read(session, self.commune_id)
        table = _Table(problem)
        homes: dict[int, list[Document]] = defaultdict(list)
        for home in sorted(problem["households"], key=lambda h: self.order(register.homes[h["id"]])):
            homes[register.homes[home["id"]].hamlet_id].append(home)
        crews, listed = [], set()
        for team in teams(problem, register):
            candidates = [h for h in homes[team.hamlet_id] if h["id"] not in listed and _may(h, team)]
            visits = self._list(table, team, candidates)
            listed |= {visit["household"] for visit in visits}
            if visits:
                crews.append(
                    {
                        "slot": team.slot["id"],
                        "volunteers": sorted(member["id"] for member in team.members),
                        "start": team.members[0]["start"],
                        "visits": visits,
                    }
                )
        left = [{"household": h["id"], "reason": "no_room"} for h in problem["households"] if h["id"] not in listed]
        plan = {"format": "weekly-plan/1", "crews": crews, "unassigned": left, "rejected_pins": [], "total": 0}
        return Solved(plan, {"assignments": [], "unassigned": left}, {})

    def _list(self, table: _Table, team: Team, candidates: Sequence[Document]) -> list[Document]:
        promised = [home for home in candidates if home["id"] in table.promised]
        others = [home for home in candidates if home["id"] not in table.promised]
        visits = table.walk(team, promised, others, self.stretch)
        if not self.shortest_way:
            return visits
        chosen = {visit["household"] for visit in visits}
        near = table.nearest_first(team, [home for home in others if home["id"] in chosen])
        return table.walk(team, [home for home in promised if home["id"] in chosen], near, math.inf)


def teams(problem: Document, register: Register) -> Iterator[Team]:
    """Yield the pairs of a week in the order of their hours: first within each hamlet, then of whoever is left over."""
    size, with_lead = problem["crew"]["size"], LEAD in problem["crew"]["skills"]
    left = {person["id"]: person["max_shifts"] for person in problem["volunteers"]}
    taken: set[tuple[str, str]] = set()
    found: list[Team] = []
    own: dict[int, list[Document]] = defaultdict(list)
    for person in problem["volunteers"]:
        own[register.hamlet_of[person["id"]]].append(person)
    for people in (*own.values(), problem["volunteers"]):
        free = {slot["id"]: [p for p in people if slot["id"] in p["slots"]] for slot in problem["slots"]}
        for slot in sorted(problem["slots"], key=lambda s: (-len(free[s["id"]]), s["start"])):
            while True:
                here = [p for p in free[slot["id"]] if left[p["id"]] > 0 and (p["id"], slot["id"]) not in taken]
                here.sort(key=lambda p: -left[p["id"]])
                lead = next((p for p in here if LEAD in p["skills"] or not with_lead), None)
                if lead is None or len(here) < size:
                    break
                crew = (lead, *[p for p in here if p is not lead][: size - 1])
                for person in crew:
                    left[person["id"]] -= 1
                    taken.add((person["id"], slot["id"]))
                found.append(Team(slot, crew, register.hamlet_of[lead["id"]]))
    yield from sorted(found, key=lambda team: team.slot["start"])


def _may(home: Document, team: Team) -> bool:
    """Tell whether a crew may visit a household in its slot."""
    if team.slot["class"] not in home["reward"] or _opening(home, team.slot) is None:
        return False
    if {member["id"] for member in team.members} & set(home.get("avoid", ())):
        return False
    skills = {skill for member in team.members for skill in member["skills"]}
    languages = {language for member in team.members for language in member["languages"]}
    return skills >= set(home.get("skills", ())) and (not home.get("languages") or bool(languages & set(home["languages"])))


def _opening(home: Document, slot: Document) -> tuple[int, int] | None:
    """Return the first span of a slot in which a visit may begin."""
    for opens, closes in home.get("windows", [(slot["start"], slot["end"])]):
        if max(opens, slot["start"]) <= min(closes, slot["end"]):
            return max(opens, slot["start"]), min(closes, slot["end"])
    return None


class _Table:
    """A problem's ways and promised hours."""

    def __init__(self, problem: Document) -> None:
        self.places = {place["id"]: (place["x"], place["y"]) for place in problem["locations"]}
        self.travel: Mapping[str, Any] = problem["travel"]
        self.promised = {pin["household"] for pin in problem["pins"]}

    def way(self, a: str, b: str) -> int:
        """Return the seconds from one place to another, as the format says."""
        if a == b:
            return 0
        metres = math.dist(self.places[a], self.places[b]) * self.travel["detour"]
        return int(self.travel["fixed_seconds"] + math.ceil(metres / self.travel["metres_per_second"]))

    def walk(self, team: Team, promised: Sequence[Document], others: Sequence[Document], stretch: float) -> list[Document]:
        """Return a crew's list: the promised doors at their hours, the others in between until the evening is full."""
        slot, start = team.slot, team.members[0]["start"]
        full = slot["start"] + stretch * (slot["end"] - slot["start"])
        hours = sorted(((_opening(home, slot) or (0, 0)), home["id"], home) for home in promised)
        waiting, rest = [home for _, _, home in hours], list(others)
        now, here, visits = slot["start"], start, []
        while waiting or rest:
            due = bool(waiting) and (not rest or (_opening(waiting[0], slot) or (0, 0))[0] <= now + PROMISE_LEAD_SECONDS)
            home = waiting.pop(0) if due else rest.pop(0)
            opens, closes = _opening(home, slot) or (0, 0)
            begin = max(now + self.way(here, home["location"]), opens)
            if due and begin > closes:
                continue  # an hour that this crew cannot make any more
            end = begin + home["visit_seconds"][slot["class"]]
            if not due and end + self.way(home["location"], start) > full:
                break
            visits.append({"household": home["id"], "start": min(begin, slot["end"] - 60)})
            now, here = end, home["location"]
        return visits

    def nearest_first(self, team: Team, homes: Sequence[Document]) -> list[Document]:
        rest, here, ordered = list(homes), team.members[0]["start"], []
        while rest:
            home = min(rest, key=lambda h: (self.way(here, h["location"]), h["id"]))
            rest.remove(home)
            ordered.append(home)
            here = home["location"]
        return ordered
