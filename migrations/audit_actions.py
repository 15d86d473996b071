"""What an audit entry may say, changed by several revisions: each adds its own words to those the database allows by then."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from alembic import op

CHECK = "ck_audit_entry_audit_action"


def allow(new: Collection[str]) -> None:
    """Let audit entries name these actions, too."""
    _allow_only([*_allowed(), *new])


def forbid(new: Collection[str]) -> None:
    """Take that back, with the entries that name them."""
    entries = sa.table("audit_entry", sa.column("action"))
    op.execute(entries.delete().where(entries.c.action.in_(new)))
    _allow_only([action for action in _allowed() if action not in new])


def _allowed() -> list[str]:
    checks = sa.inspect(op.get_bind()).get_check_constraints("audit_entry")
    return re.findall(r"'([a-z_]+)'", next(c["sqltext"] for c in checks if c["name"] == CHECK))


def _allow_only(actions: Iterable[str]) -> None:
    listed = ", ".join(f"'{action}'" for action in actions)
    with op.batch_alter_table("audit_entry") as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.create_check_constraint(op.f(CHECK), sa.text(f"action IN ({listed})"))
