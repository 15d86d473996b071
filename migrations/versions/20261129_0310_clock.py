"""heartbeats of the clock, weeks closed for availability, reports sent, erasures"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import audit_actions

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW_ACTIONS = (
    "availability_closed",
    "availability_reopened",
    "report_sent",
    "report_taken_back",
    "job_retried",
    "erasure_proposed",
    "erasure_cancelled",
    "data_erased",
)


def upgrade() -> None:
    audit_actions.allow(NEW_ACTIONS)
    op.create_table(
        "clock_process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_process")),
        sa.UniqueConstraint("owner", name=op.f("uq_clock_process_owner")),
    )
    op.create_index("ix_clock_process_ticked", "clock_process", ["ticked_at"])
    op.create_table(
        "availability_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_availability_closing_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_closing")),
        sa.UniqueConstraint("campaign_id", "monday", name=op.f("uq_availability_closing_campaign_id_monday")),
    )
    op.create_table(
        "report_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_report_sent_campaign_id")),
        sa.ForeignKeyConstraint(["marked_by_id"], ["user_account.id"], name=op.f("fk_report_sent_marked_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user_account.id"], name=op.f("fk_report_sent_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_sent")),
    )
    op.create_index("ix_report_sent_campaign", "report_sent", ["campaign_id", "due_on"])
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_erasure_commune_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_erasure_campaign_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_erasure_proposed_by_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user_account.id"], name=op.f("fk_erasure_approved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_commune", "erasure", ["commune_id"])


def downgrade() -> None:
    for table in ("erasure", "report_sent", "availability_closing", "clock_process"):
        op.drop_table(table)
    audit_actions.forbid(NEW_ACTIONS)
