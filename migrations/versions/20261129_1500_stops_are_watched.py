"""whom nobody calls for any more has nothing left to do: the triggers watch stops, too

No table changes. Whoever migrates gets the triggers of `models.watch` anew (`env.py`); this revision is the occasion.
"""

from __future__ import annotations

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing but the triggers, which stand outside of revisions."""


def downgrade() -> None:
    """Nothing: triggers that watch more than an older program counts do no harm."""
