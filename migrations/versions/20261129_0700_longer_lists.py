"""lists go on beyond their slot instead of ending before it: settings that say so"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CAMPAIGN = sa.table("campaign", sa.column("id", sa.Integer), sa.column("settings", sa.JSON))


def upgrade() -> None:
    _forget("margin_percent")


def downgrade() -> None:
    _forget("extra_percent", "helped_points", "appointment_chance")


def _forget(*names: str) -> None:
    """Take settings away that the code of that side does not know; its defaults hold."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(CAMPAIGN)).all():
        kept = {name: value for name, value in row.settings.items() if name not in names}
        if kept != row.settings:
            connection.execute(sa.update(CAMPAIGN).where(CAMPAIGN.c.id == row.id).values(settings=kept))
