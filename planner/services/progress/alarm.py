"""Telling chairman and desk, once, that a target is expected to be missed, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date, monday_of
from planner.domain.forecast import Forecast
from planner.domain.notices import NoticeKind
from planner.domain.pace import Course, is_to_tell, to_note
from planner.models import CourseChange
from planner.services import campaigns, notices
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.progress.overview import overview
from planner.services.progress.views import IndicatorLine


@dataclass(frozen=True)
class Alarm:
    """What was noted: the indicators that turned, by code, and how many notices went out."""

    turned: Mapping[str, Course]
    told: int


def alarm(session: Session, actor: Actor, at: datetime) -> Alarm:
    """Note which indicators of the active campaign have turned since they were last noted, and tell of those for the worse."""
    campaign = campaigns.active(session, actor)
    noted = latest(session, campaign)
    turned: dict[str, Course] = {}
    told = 0
    for line in overview(session, actor, at).lines:
        code, last = line.target.code, noted.get(line.target.code)
        before = last.course if last else None
        another_week = last is not None and monday_of(local_date(at)) > monday_of(local_date(last.changed_at))
        course = to_note(before, line.course, another_week=another_week)
        if course is None:
            continue
        row = CourseChange(campaign_id=campaign.id, code=code, course=course, changed_at=at)
        session.add(row)
        session.flush()
        turned[code] = course
        if is_to_tell(before, course) and line.forecast is not None:
            told += _tell(session, campaign, line, line.forecast, row, at)
    return Alarm(turned, told)


def latest(session: Session, campaign: CampaignView) -> dict[str, CourseChange]:
    """Return, by indicator, the last turn that was noted."""
    newest = select(func.max(CourseChange.id)).where(CourseChange.campaign_id == campaign.id).group_by(CourseChange.code)
    return {row.code: row for row in session.scalars(select(CourseChange).where(CourseChange.id.in_(newest)))}


def _tell(
    session: Session, campaign: CampaignView, line: IndicatorLine, forecast: Forecast, turn: CourseChange, at: datetime
) -> int:
    people = [*notices.desk(session, campaign.commune_id), *notices.viewers(session, campaign.commune_id)]
    return notices.tell(
        session, people, NoticeKind.FORECAST_SHORT, _facts(campaign, line, forecast), f"forecast-short:{turn.id}", at
    )


def _facts(campaign: CampaignView, line: IndicatorLine, forecast: Forecast) -> dict[str, Any]:
    target, names = line.target, {gap.hamlet_id: gap.name for gap in line.gaps}
    return {
        "indicator": {"vi": target.name_vi, "en": target.name_en},
        "target": target.target_percent,
        "expected": round(line.percent(forecast.expected), 1),
        "low": round(line.percent(forecast.low), 1),
        "high": round(line.percent(forecast.high), 1),
        "ends_on": campaign.ends_on,
        "extra_shifts_a_week": forecast.extra_shifts_a_week or None,
        "beyond_shifts": forecast.needed_shifts_a_week is None,
        "hamlets": [names[hamlet_id] for hamlet_id in forecast.hamlets],
    }
