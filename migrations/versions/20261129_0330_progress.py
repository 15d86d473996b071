"""each household's share in the figures, and what stood in the books on each day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DOCUMENTS = ("bhyt", "gplx", "gcn", "mst", "npt", "portal")
SUMMED = (
    "residents", "residents_14", "activated_14", "issued_14", "none_14", "unknown_14", "level2", "activated_portal_14",
    "guided_activated", "guided_activated_portal", "guided_registered", "register_needs",
    "officials", "officials_account", "officials_activated", "officials_activated_portal", "officials_papers", "officials_family",
    *(f"{code}_{what}" for code in DOCUMENTS for what in ("owned", "integrated", "owned_level2", "integrated_level2", "guided")),
    "people_helped", "papers_done", "needs_done", "needs_waiting", "needs_open",
    *(f"{code}_by_visit" for code in ("activate", "register", *DOCUMENTS)),
    "households", "households_visited", "households_helped", "attempts",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "household_tally",
        sa.Column("household_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("hamlet_id", sa.Integer(), nullable=False),
        sa.Column("outreach_group", sa.Integer(), nullable=True),
        sa.Column("fresh", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("basis", sa.String(length=16), server_default="", nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("holds_until", sa.Date(), nullable=True),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in SUMMED),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_household_tally_household_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_household_tally_commune_id")),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_household_tally")),
    )
    op.create_index("ix_household_tally_commune", "household_tally", ["commune_id"])
    op.execute(
        "INSERT INTO household_tally (household_id, commune_id, hamlet_id) SELECT id, commune_id, hamlet_id FROM household"
    )
    op.create_table(
        "indicator_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_indicator_day_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_day")),
        sa.UniqueConstraint("campaign_id", "on_date", name=op.f("uq_indicator_day_campaign_id_on_date")),
    )


def downgrade() -> None:
    op.drop_table("indicator_day")
    op.drop_index("ix_household_tally_commune", "household_tally")
    op.drop_table("household_tally")
