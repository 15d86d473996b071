"""printed lists that can be entered again, photos of shifts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import audit_actions

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_ACTIONS = ("list_printed", "evidence_stored", "evidence_deleted")


def upgrade() -> None:
    audit_actions.allow(NEW_ACTIONS)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("deleted_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_evidence_commune_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_evidence_shift_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_evidence_user_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["user_account.id"], name=op.f("fk_evidence_deleted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("uuid", name=op.f("uq_evidence_uuid")),
        sa.UniqueConstraint("file_name", name=op.f("uq_evidence_file_name")),
    )
    op.create_index("ix_evidence_shift", "evidence", ["shift_id"])
    op.create_index("ix_evidence_commune", "evidence", ["commune_id"])
    op.create_table(
        "paper_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_paper_list_commune_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_paper_list_shift_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_paper_list_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_list")),
        sa.UniqueConstraint("commune_id", "number", name=op.f("uq_paper_list_commune_id_number")),
    )
    op.create_index(op.f("ix_paper_list_shift_id"), "paper_list", ["shift_id"])
    op.create_table(
        "paper_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("need_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["paper_list.id"], name=op.f("fk_paper_row_list_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_paper_row_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_row")),
        sa.UniqueConstraint("list_id", "number", name=op.f("uq_paper_row_list_id_number")),
    )
    op.create_index(op.f("ix_paper_row_assignment_id"), "paper_row", ["assignment_id"])


def downgrade() -> None:
    op.drop_table("paper_row")
    op.drop_table("paper_list")
    op.drop_table("evidence")
    audit_actions.forbid(NEW_ACTIONS)
