"""A person row while it is being read: mutable until households and duplicates are settled."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.domain.vocabulary import AccountState, DocumentState, Residence, Sex, StopReason, Work
from planner.sheets.births import PartialDate
from planner.sheets.place_units import Unit


@dataclass(slots=True)
class Draft:
    """One person row of a sheet, its cells read, not yet put into a household."""

    sheet: str
    row: int
    hamlet: str
    former: Unit | None = None  # the commune the hamlet was in, as its column, section or sheet says
    former_column: int = 0
    name: str = ""
    name_key: str = ""
    birth: PartialDate | None = None
    sex: Sex | None = None
    relation: str = ""
    is_head: bool = False
    address: str = ""
    address_column: int = 0
    lat: float | None = None
    lon: float | None = None
    place_refused: bool = False
    residence: Residence = Residence.UNKNOWN
    work: Work = Work.UNKNOWN
    account: AccountState = AccountState.UNKNOWN
    documents: dict[str, DocumentState] = field(default_factory=dict)
    phone: str = ""
    phone_column: int = 0
    citizen_id: str = ""
    id_column: int = 0
    id_disagrees: bool = False
    place_column: int = 0
    name_column: int = 0
    smartphone: str = ""
    languages: tuple[str, ...] = ()
    note: str = ""
    do_not_visit: StopReason | None = None
    household_code: str = ""
    household_number: str = ""
    order: str = ""
    head_name: str = ""
    opened: int = 0  # counts "Hộ số …" title rows: each opens a household
    household: int = -1
    has_error: bool = False
    dropped: bool = False
