"""The weekly problem: frozen data, and its reader, which names every fault of a document at once.

Times are whole seconds since Monday 00:00 of the planned week, lengths metres, rewards and weights points.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from solver.fields import Fields

FORMAT = "weekly-problem/1"
FARTHEST_M = 1e9


class InvalidProblem(ValueError):
    """The document is no weekly problem; `faults` has one line per fault, with JSON path and value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults

    def __reduce__(self) -> tuple[type["InvalidProblem"], tuple[list[str]]]:
        return InvalidProblem, (self.faults,)


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the plane, metres."""

    id: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Travel:
    """Either a full matrix in the order of the locations, or pace in the plane."""

    matrix_seconds: tuple[tuple[int, ...], ...] | None = None
    metres_per_second: float = 1.0
    detour: float = 1.0
    fixed_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which crews can be out; `kind` is the class that rewards refer to."""

    id: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A person, where they start and when they can work."""

    id: str
    start: str
    slots: frozenset[str]
    max_shifts: int
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CrewRule:
    """What every crew must be like."""

    size: int = 1
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Household:
    """A door to knock at. `visit_seconds` and `reward` are by slot class; `windows` None means any time."""

    id: str
    location: str
    visit_seconds: Mapping[str, int]
    reward: Mapping[str, int]
    windows: tuple[tuple[int, int], ...] | None = None
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pin:
    """This household is visited, in that slot and by those volunteers where given."""

    household: str
    slot: str | None = None
    volunteers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BaseVisit:
    """A visit of the plan in force."""

    household: str
    slot: str
    volunteers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weights:
    """Points a travel hour, an extra shift, a new face and a change cost."""

    travel_per_hour: int = 0
    extra_shift: int = 0
    new_face: int = 0
    change: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole week; see ``docs/solver-format.md``."""

    name: str
    locations: tuple[Location, ...]
    travel: Travel
    slots: tuple[Slot, ...]
    volunteers: tuple[Volunteer, ...]
    crew: CrewRule
    households: tuple[Household, ...]
    pins: tuple[Pin, ...] = ()
    base: tuple[BaseVisit, ...] = ()
    max_changes: int | None = None
    weights: Weights = field(default_factory=Weights)


def parse_problem(document: object) -> Problem:
    """Read a problem from JSON-like data.

    Unknown keys are ignored. References of pins, of `base`, of `avoid` and of `known` may name people, slots and
    households that are gone: last week's plan does.

    Raises
    ------
    InvalidProblem
        With all faults of the document.
    """
    f = Fields()
    top = f.record(document, "problem")
    if f.faults:
        raise InvalidProblem(f.faults)
    if top.get("format") != FORMAT:
        f.fault("format", top.get("format"), f'is not "{FORMAT}"')
    name = top.get("name", "")
    if not isinstance(name, str):
        f.fault("name", name, "is not a text")
    matrix_given = isinstance(top.get("travel"), dict) and "seconds" in top["travel"]
    locations = tuple(_location(f, x, f"locations[{n}]", matrix_given) for n, x in enumerate(f.items(top, "locations", "")))
    slots = tuple(_slot(f, x, f"slots[{n}]") for n, x in enumerate(f.items(top, "slots", "")))
    volunteers = tuple(_volunteer(f, x, f"volunteers[{n}]") for n, x in enumerate(f.items(top, "volunteers", "")))
    kinds = [s.kind for s in slots]
    households = tuple(_household(f, x, f"households[{n}]", kinds) for n, x in enumerate(f.items(top, "households", "")))
    pins = tuple(_pin(f, x, f"pins[{n}]") for n, x in enumerate(f.items(top, "pins", "", optional=True)))
    base = f.record(top.get("base", {}), "base")
    visits = tuple(_base_visit(f, x, f"base.visits[{n}]") for n, x in enumerate(f.items(base, "visits", "base", optional=True)))
    most = f.whole(top["max_changes"], "max_changes") if "max_changes" in top else None
    travel, crew, weights = _travel(f, top, len(locations)), _crew_rule(f, top), _weights(f, top)
    problem = Problem(str(name), locations, travel, slots, volunteers, crew, households, pins, visits, most, weights)
    _references(f, problem)
    if f.faults:
        raise InvalidProblem(f.faults)
    return problem


def _location(f: Fields, value: object, path: str, matrix_given: bool) -> Location:
    record = f.record(value, path)
    if matrix_given and "x" not in record and "y" not in record:
        return Location(f.text(record, "id", path), 0.0, 0.0)
    x, y = (f.number_at(record, key, path, -FARTHEST_M, FARTHEST_M) for key in ("x", "y"))
    return Location(f.text(record, "id", path), x, y)


def _slot(f: Fields, value: object, path: str) -> Slot:
    record = f.record(value, path)
    before = len(f.faults)
    slot = Slot(
        f.text(record, "id", path),
        f.text(record, "class", path),
        f.whole_at(record, "start", path),
        f.whole_at(record, "end", path),
    )
    if len(f.faults) == before and slot.end <= slot.start:
        f.fault(f"{path}.end", slot.end, f"is not after the start {slot.start}")
    return slot


def _volunteer(f: Fields, value: object, path: str) -> Volunteer:
    record = f.record(value, path)
    return Volunteer(
        f.text(record, "id", path),
        f.text(record, "start", path),
        frozenset(f.texts(record, "slots", path, optional=False)),
        f.whole_at(record, "max_shifts", path),
        frozenset(f.texts(record, "skills", path)),
        frozenset(f.texts(record, "languages", path)),
    )


def _household(f: Fields, value: object, path: str, kinds: list[str]) -> Household:
    record = f.record(value, path)
    reward = {}
    if "reward" not in record:
        f.missing(record, f"{path}.reward")
    else:
        for kind, points in f.keyed(f.record(record["reward"], f"{path}.reward"), f"{path}.reward").items():
            reward[kind] = f.whole(points, f"{path}.reward.{kind}")
    return Household(
        f.text(record, "id", path),
        f.text(record, "location", path),
        _visit_seconds(f, record, path, reward, kinds),
        reward,
        f.spans(record, "windows", path),
        *(frozenset(f.texts(record, key, path, nullable=True)) for key in ("skills", "languages", "avoid", "known")),
    )


def _visit_seconds(f: Fields, record: dict[str, Any], path: str, reward: Iterable[str], kinds: list[str]) -> dict[str, int]:
    """Return the length by slot class, whichever of its two forms the file uses."""
    value = record.get("visit_seconds")
    if not isinstance(value, dict):
        seconds = f.whole_at(record, "visit_seconds", path, least=1)
        return dict.fromkeys([*reward, *kinds], seconds)
    for kind in reward:
        if kind not in value:
            f.faults.append(f"{path}.visit_seconds.{kind}: missing, though the reward has this class")
    lengths = f.keyed(value, f"{path}.visit_seconds")
    return {kind: f.whole(length, f"{path}.visit_seconds.{kind}", least=1) for kind, length in lengths.items()}


def _pin(f: Fields, value: object, path: str) -> Pin:
    record = f.record(value, path)
    slot = f.text(record, "slot", path) if record.get("slot") is not None else None
    return Pin(f.text(record, "household", path), slot, frozenset(f.texts(record, "volunteers", path, nullable=True)))


def _base_visit(f: Fields, value: object, path: str) -> BaseVisit:
    record = f.record(value, path)
    people = frozenset(f.texts(record, "volunteers", path, optional=False))
    return BaseVisit(f.text(record, "household", path), f.text(record, "slot", path), people)


def _crew_rule(f: Fields, top: dict[str, Any]) -> CrewRule:
    if "crew" not in top:
        return CrewRule()
    record = f.record(top["crew"], "crew")
    size = f.whole_at(record, "size", "crew", least=1)
    if size > 20:
        f.fault("crew.size", size, "is more than 20")
    return CrewRule(size, f.texts(record, "skills", "crew"))


def _weights(f: Fields, top: dict[str, Any]) -> Weights:
    record = f.record(top.get("weights", {}), "weights")
    return Weights(*(f.whole(record.get(x.name, 0), f"weights.{x.name}") for x in fields(Weights)))


def _travel(f: Fields, top: dict[str, Any], places: int) -> Travel:
    if "travel" not in top:
        f.faults.append("travel: missing")
        return Travel()
    record = f.record(top["travel"], "travel")
    if "seconds" not in record:
        return Travel(
            None,
            f.number_at(record, "metres_per_second", "travel", 1e-3, 1e6),
            f.number_at(record, "detour", "travel", 0, 1000),
            f.whole_at(record, "fixed_seconds", "travel"),
        )
    return Travel(f.square(record, "seconds", "travel", places))


def _references(f: Fields, problem: Problem) -> None:
    """Check that ids are unique and that what a problem cannot do without exists."""
    for path, rows in (
        ("locations", problem.locations),
        ("slots", problem.slots),
        ("volunteers", problem.volunteers),
        ("households", problem.households),
    ):
        f.unique([row.id for row in rows], path)
    places, slots = {p.id for p in problem.locations}, {s.id for s in problem.slots}
    for n, person in enumerate(problem.volunteers):
        if person.start and person.start not in places:
            f.fault(f"volunteers[{n}].start", person.start, "is no location")
        for slot in sorted(person.slots - slots):
            f.fault(f"volunteers[{n}].slots", slot, "is no slot")
    for n, house in enumerate(problem.households):
        if house.location and house.location not in places:
            f.fault(f"households[{n}].location", house.location, "is no location")
