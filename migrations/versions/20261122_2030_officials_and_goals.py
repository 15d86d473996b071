"""officials of organisations, goals the desk may change, denominators with a source of their own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = (
    ("campaign", "version", sa.Integer(), "1"),
    ("resident", "official_of", sa.String(length=120), ""),
    ("service", "active", sa.Boolean(), sa.true()),
    ("indicator", "active", sa.Boolean(), sa.true()),
    ("indicator", "denominator_source", sa.String(length=300), ""),
)
# What plans A and B ask of officials: in the templates from now on, and in the campaigns made from them before.
A4 = (
    ("a4", "Cán bộ, công chức, viên chức, lực lượng đã tích hợp mọi giấy tờ",
     "Officials who have integrated all their papers", "officials_papers", "Plan A, A4"),
    ("a4_family", "Cán bộ có mọi người thân trong hộ đã kích hoạt tài khoản",
     "Officials whose whole household has activated", "officials_family", "Plan A, A4"),
)  # fmt: skip
B1 = (
    ("b1_account", "Cán bộ, công chức, viên chức có tài khoản định danh",
     "Officials with an e-ID account", "officials_account", "Plan B, B1"),
    ("b1_activated", "Cán bộ, công chức, viên chức đã kích hoạt tài khoản",
     "Officials who have activated their account", "officials_activated", "Plan B, B1"),
)  # fmt: skip
INDICATOR = sa.table(
    "indicator",
    *(sa.column(name) for name in ("campaign_id", "code", "position", "name_vi", "name_en", "numerator", "denominator")),
    *(sa.column(name) for name in ("target_percent", "source", "active", "denominator_source")),
)


def upgrade() -> None:
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    for campaign_id, last in _campaigns_with("a1"):
        _add(campaign_id, A4, last + 1)
    for campaign_id, _last in _campaigns_with("b1"):
        of_campaign = INDICATOR.c.campaign_id == campaign_id
        op.execute(INDICATOR.update().where(of_campaign).values(position=INDICATOR.c.position + len(B1)))
        op.execute(INDICATOR.update().where(of_campaign, INDICATOR.c.code == "b1").values(code="b1_portal"))
        _add(campaign_id, B1, 0)


def _campaigns_with(code: str) -> list[tuple[int, int]]:
    """Return the campaigns with an indicator of that code, each with the last position of its indicators."""
    with_code = sa.select(INDICATOR.c.campaign_id).where(INDICATOR.c.code == code)
    rows = op.get_bind().execute(
        sa.select(INDICATOR.c.campaign_id, sa.func.max(INDICATOR.c.position))
        .where(INDICATOR.c.campaign_id.in_(with_code))
        .group_by(INDICATOR.c.campaign_id)
    )
    return [(campaign_id, last) for campaign_id, last in rows]


def _add(campaign_id: int, indicators: tuple[tuple[str, str, str, str, str], ...], first: int) -> None:
    op.bulk_insert(
        INDICATOR,
        [
            {
                "campaign_id": campaign_id, "code": code, "position": first + number, "name_vi": name_vi, "name_en": name_en,
                "numerator": numerator, "denominator": "officials", "target_percent": 100, "source": source, "active": True,
                "denominator_source": "",
            }
            for number, (code, name_vi, name_en, numerator, source) in enumerate(indicators)
        ],
    )  # fmt: skip


def downgrade() -> None:
    added = [code for code, *_rest in (*A4, *B1)]
    for campaign_id, _last in _campaigns_with("b1_portal"):
        of_campaign = INDICATOR.c.campaign_id == campaign_id
        op.execute(INDICATOR.update().where(of_campaign, INDICATOR.c.code == "b1_portal").values(code="b1"))
        op.execute(INDICATOR.update().where(of_campaign).values(position=INDICATOR.c.position - len(B1)))
    op.execute(INDICATOR.delete().where(INDICATOR.c.code.in_(added)))
    for table, name, *_rest in reversed(COLUMNS):
        op.drop_column(table, name)
