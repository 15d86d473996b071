"""Session photos: stored without their metadata, shown to whom they concern, erased when their time is over."""

from planner.services.evidence.checking import Findings, check, tidy
from planner.services.evidence.deleting import delete, expire, expired
from planner.services.evidence.files import folder_of
from planner.services.evidence.storing import MOST_BYTES, EvidenceForm, Stored, store
from planner.services.evidence.views import EvidenceView, ShiftPhotos, opened, photos

__all__ = [
    "MOST_BYTES",
    "EvidenceForm",
    "EvidenceView",
    "Findings",
    "ShiftPhotos",
    "Stored",
    "check",
    "delete",
    "expire",
    "expired",
    "folder_of",
    "opened",
    "photos",
    "store",
    "tidy",
]
