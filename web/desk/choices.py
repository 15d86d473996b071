"""Options of the filters several pages share."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from planner.services import households
from web.context import actor


def hamlet_choices(session: Any) -> list[tuple[object, str]]:
    """Return all hamlets of the commune for a filter, and "all" first."""
    return [("", _("Tất cả")), *((hamlet.id, hamlet.name) for hamlet in households.hamlets(session, actor()))]
