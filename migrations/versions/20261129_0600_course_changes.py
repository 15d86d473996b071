"""when an indicator turned: what people were last told of its forecast"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COURSES = ("reached", "on_course", "at_risk", "off_course", "unknown")


def upgrade() -> None:
    op.create_table(
        "course_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "course", sa.Enum(*COURSES, name="course", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_course_change_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_change")),
    )
    op.create_index("ix_course_change_campaign", "course_change", ["campaign_id"])


def downgrade() -> None:
    op.drop_index("ix_course_change_campaign", "course_change")
    op.drop_table("course_change")
