"""what other people and rules would be worth, and why promises change: kept with the run that found it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plan_run", sa.Column("insight", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("plan_run", "insight")
