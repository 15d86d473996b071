"""what visits teach: learned tables, chances set by hand, doors of reserve"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import audit_actions

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEW_ACTIONS = ("chances_learned", "chance_overruled", "overrule_removed")
KINDS = ("usual", "no_account", "low_tech", "commuter", "rotating_shift", "away")
CLASSES = ("weekday_day", "weekday_evening", "weekend_day", "weekend_evening")


def upgrade() -> None:
    audit_actions.allow(NEW_ACTIONS)
    op.create_table(
        "learned_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_learned_table_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_table")),
    )
    op.create_index("ix_learned_table_campaign", "learned_table", ["campaign_id", "id"])
    op.create_table(
        "chance_overrule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="meet_kind", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column(
            "slot_class",
            sa.Enum(*CLASSES, name="slot_class", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("hamlet_id", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_chance_overrule_campaign_id")),
        sa.ForeignKeyConstraint(["hamlet_id"], ["hamlet.id"], name=op.f("fk_chance_overrule_hamlet_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_chance_overrule_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chance_overrule")),
    )
    op.create_index(op.f("ix_chance_overrule_campaign_id"), "chance_overrule", ["campaign_id"])
    op.add_column("assignment", sa.Column("reserve", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("assignment", "reserve")
    op.drop_table("chance_overrule")
    op.drop_table("learned_table")
    audit_actions.forbid(NEW_ACTIONS)
