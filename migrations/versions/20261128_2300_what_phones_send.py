"""the ledger of what phones send, the desk's decisions about it, seats of the phone app, the life of the database"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from migrations import audit_actions

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW_ACTIONS = ("backup_restored", "phone_report_decided")
INSTALLATION = sa.table(
    "installation", sa.column("epoch"), sa.column("since_at", sa.DateTime(timezone=True)), sa.column("reason")
)


def upgrade() -> None:
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("seat_hash", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("client", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("contact_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("pulled_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_unique_constraint("uq_device_seat_hash", ["seat_hash"])
    op.add_column("resident", sa.Column("smartphone", sa.Boolean(), nullable=True))
    op.add_column("visit_result", sa.Column("teach_back", sa.Boolean(), nullable=True))
    _make_ledger()
    _make_decisions()
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("epoch", name=op.f("uq_installation_epoch")),
    )
    op.execute(INSTALLATION.insert().values(epoch=str(uuid.uuid4()), since_at=datetime.now(UTC), reason="first"))
    audit_actions.allow(NEW_ACTIONS)


def downgrade() -> None:
    audit_actions.forbid(NEW_ACTIONS)
    op.drop_table("installation")
    op.drop_table("field_decision")
    op.drop_table("field_event")
    op.drop_column("visit_result", "teach_back")
    op.drop_column("resident", "smartphone")
    with op.batch_alter_table("device") as batch:
        batch.drop_constraint("uq_device_seat_hash", type_="unique")
        for column in ("pulled_at", "contact_at", "client", "seat_hash"):
            batch.drop_column(column)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _make_ledger() -> None:
    op.create_table(
        "field_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("sent_id", sa.String(length=100), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            _word(
                "field_kind", "visit", "found_resident", "found_household", "facts", "availability", "decline", "undecline",
                "unreadable",
            ),
            nullable=False,
        ),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("client", sa.Integer(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=True),
        sa.Column("plan_version", sa.BigInteger(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_minutes", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "verdict",
            _word("field_verdict", "accepted", "duplicate", "off_assignment", "quarantined", "conflict"),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("waits_for", sa.String(length=36), nullable=True),
        sa.Column("effect", sa.JSON(), nullable=False),
        sa.Column("needs_look", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_field_event_commune_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_field_event_user_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_field_event_device_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_field_event_household_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_field_event_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_field_event_event_id")),
    )  # fmt: skip
    op.create_index("ix_field_event_look", "field_event", ["commune_id", "needs_look", "id"])
    op.create_index("ix_field_event_person", "field_event", ["user_id", "verdict"])
    op.create_index(op.f("ix_field_event_household_id"), "field_event", ["household_id"])
    op.create_index(op.f("ix_field_event_waits_for"), "field_event", ["waits_for"])


def _make_decisions() -> None:
    op.create_table(
        "field_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_event_id", sa.Integer(), nullable=False),
        sa.Column("kind", _word("field_decision_kind", "accepted", "dismissed", "settled", "reopened"), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("effect", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["field_event_id"], ["field_event.id"], name=op.f("fk_field_decision_field_event_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_field_decision_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_decision")),
    )
    op.create_index(op.f("ix_field_decision_field_event_id"), "field_decision", ["field_event_id"])
