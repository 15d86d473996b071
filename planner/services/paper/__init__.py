"""The paper way: a crew's list printed, and what came back on it entered as the events a phone would have sent."""

from planner.services.paper.entering import Entered, enter
from planner.services.paper.files import FileEntered, SheetRefused, enter_file
from planner.services.paper.finding import (
    Found,
    FoundHousehold,
    FoundPerson,
    enter_household,
    enter_person,
    found_of_row,
    new_household,
)
from planner.services.paper.lists import (
    ENTERED_BY,
    CrewOfWeek,
    ListLine,
    ListView,
    RowView,
    crews_of_week,
    find,
    lists_of_week,
    make_lists,
    view,
)
from planner.services.paper.needs import PaperNeed
from planner.services.paper.sheets import Sheet, SheetRow, sheets

__all__ = [
    "ENTERED_BY",
    "CrewOfWeek",
    "Entered",
    "FileEntered",
    "Found",
    "FoundHousehold",
    "FoundPerson",
    "ListLine",
    "ListView",
    "PaperNeed",
    "RowView",
    "Sheet",
    "SheetRefused",
    "SheetRow",
    "crews_of_week",
    "enter",
    "enter_file",
    "enter_household",
    "enter_person",
    "find",
    "found_of_row",
    "lists_of_week",
    "make_lists",
    "new_household",
    "sheets",
    "view",
]
