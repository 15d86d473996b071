"""After a campaign's end residents' data go: counted first, proposed by one person, approved by another, erased, and noted."""

from planner.services.retention.copies import Cleansed, cleanse
from planner.services.retention.counting import Found, count, due_on, is_due
from planner.services.retention.deciding import ErasureView, approve, cancel, erasures, propose
from planner.services.retention.erasing import erase_files
from planner.services.retention.ledger import note_missing, replay

__all__ = [
    "Cleansed",
    "ErasureView",
    "Found",
    "approve",
    "cancel",
    "cleanse",
    "count",
    "due_on",
    "erase_files",
    "erasures",
    "is_due",
    "note_missing",
    "propose",
    "replay",
]
