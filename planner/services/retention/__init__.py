"""After a campaign's end residents' data go: counted first, proposed by one person, approved by another, erased, and noted."""

from planner.services.retention.counting import Found, count, due_on, is_due
from planner.services.retention.deciding import ErasureView, approve, cancel, erasures, propose
from planner.services.retention.ledger import note_missing, replay

__all__ = [
    "ErasureView",
    "Found",
    "approve",
    "cancel",
    "count",
    "due_on",
    "erasures",
    "is_due",
    "note_missing",
    "propose",
    "replay",
]
