"""A commune's lists come in: preview what a file would do, apply it in one transaction, undo the last one as a whole.

`importing` has the steps every list takes; `roster` and `volunteers` say how each is read, compared, written and undone.
These services take the `Database` and manage their own transactions: a file is read outside of any, and written in one.
"""

from planner.services.intake.batches import (
    BatchView,
    Imported,
    Preview,
    annotated_copy,
    batch,
    batches,
    last_applied,
    options_of,
    write_marked,
)
from planner.services.intake.importing import answer, apply, import_file, preview, undo

__all__ = [
    "BatchView",
    "Imported",
    "Preview",
    "annotated_copy",
    "answer",
    "apply",
    "batch",
    "batches",
    "import_file",
    "last_applied",
    "options_of",
    "preview",
    "undo",
    "write_marked",
]
