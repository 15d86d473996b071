"""What the reader is told of places: the commune's own name, and its list of former communes and hamlets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from planner.domain.wording import label
from planner.models import Commune
from planner.services import campaigns
from planner.services.actors import Actor


def told(session: Session, actor: Actor, for_this_file: Mapping[str, str]) -> dict[str, Any]:
    """Return the reader's options about places: the campaign's list, and what was said for one file, which goes first."""
    commune = session.get_one(Commune, actor.commune_id)
    campaign = campaigns.find_active(session, actor.commune_id)
    listed = campaign.settings.former_places if campaign is not None else {}
    return {"commune": f"{label(commune.kind).casefold()} {commune.name}", "former_places": {**listed, **for_this_file}}
