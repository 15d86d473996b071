"""The campaign's progress as everybody reads it: one query layer, whatever page shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain import forecast as forecasting
from planner.domain import indicators, tally
from planner.domain.calendar import local_date
from planner.domain.forecast import Forecast
from planner.domain.pace import Course, days_gone
from planner.domain.vocabulary import OutreachGroup, Role
from planner.models import Hamlet
from planner.services import campaigns, scope, tallies, targets
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.progress.capacity import shifts_ahead
from planner.services.progress.history import History, history, point_of
from planner.services.progress.views import FEWEST, HamletGap, IndicatorLine, Overview, Still
from planner.services.targets import Target

MAY_SEE_FIGURES = (Role.DESK, Role.VIEWER)
TWO_WEEKS = timedelta(days=14)
COUNTED = ("residents", *tally.OF_HELP, *tally.OF_HOUSEHOLDS)
# The campaign's own doing in a figure; of others nobody can tell whose doing they are.
_RESULT_OF = {
    "activated_14": "activate_by_visit", "guided_activated": "activate_by_visit", "guided_registered": "register_by_visit",
    "activated_portal_14": "portal_by_visit", "guided_activated_portal": "portal_by_visit",
}  # fmt: skip
# What could still be gained, where the denominator is a quota and not the people concerned.
POOL_OF = {"guided_activated_portal": ("residents_14", "activated_portal_14")}


def overview(session: Session, actor: Actor, at: datetime) -> Overview:
    """Return the figures, forecasts and troubles of the active campaign; nobody is named."""
    actor.require(*MAY_SEE_FIGURES)
    campaign = campaigns.active(session, actor)
    found = _history(session, campaign, at)
    now = tally.with_quota(_totals(found), campaign.settings)
    standing = targets.standing_of(session, campaign, now)
    names = {hamlet.id: hamlet.name for hamlet in session.scalars(scope.hamlets(actor).order_by(Hamlet.position, Hamlet.id))}
    ahead = shifts_ahead(session, campaign, found.shifts_held(), at)
    lines = tuple(_line(campaign, target, found, now, ahead, names) for target in standing.targets)
    return Overview(
        found.now.on_date, standing, lines, _standing_still(found, names), {name: now[name] for name in COUNTED},
        len(ahead), sum(ahead) / len(ahead) if ahead else None, len(found.mondays),
    )  # fmt: skip


def forecast(session: Session, actor: Actor, at: datetime) -> tuple[Forecast, ...]:
    """Return the forecast of each indicator that has one."""
    return tuple(line.forecast for line in overview(session, actor, at).lines if line.forecast is not None)


def _history(session: Session, campaign: CampaignView, at: datetime) -> History:
    names = asked_for(session, campaign)
    on_date = local_date(at)
    return history(session, campaign, point_of(tallies.sums(session, campaign, names, on_date), on_date, 0))


def asked_for(session: Session, campaign: CampaignView) -> list[str]:
    """Return the counts that the campaign's indicators and the figures beside them need: a third of all."""
    rows = targets.indicator_rows(session, campaign)
    asked = {name for row in rows for name in (row.numerator, row.denominator, _result_of(row.numerator))}
    asked |= {*COUNTED, "officials", *(name for pool in POOL_OF.values() for name in pool)}
    return [name for name in tally.SUMMED if name in asked]


def _totals(found: History) -> dict[str, int]:
    names = {name for counts in found.now.hamlets.values() for name in counts} | set(COUNTED)
    return {name: found.now.value(name) for name in names}


def _result_of(numerator: str) -> str:
    code, _, what = numerator.partition("_")
    if code in indicators.DOCUMENTS and what.startswith(("integrated", "guided")):
        return f"{code}_by_visit"
    return _RESULT_OF.get(numerator, "")


def _line(
    campaign: CampaignView,
    target: Target,
    found: History,
    now: Mapping[str, int],
    ahead: tuple[float, ...],
    names: Mapping[int, str],
) -> IndicatorLine:
    numerator, whole = target.numerator, target.measured.denominator or 0
    count, baseline = now.get(numerator, 0), found.baseline.value(numerator)
    results = min(now.get(_result_of(numerator), 0), max(0, count - baseline)) if _result_of(numerator) else None
    gaps = _gaps(found, target, names)
    aim = math.ceil(round(whole * target.target_percent / 100, 6)) if whole else None
    pool = POOL_OF.get(numerator)
    lacking = now.get(pool[0], 0) - now.get(pool[1], 0) if pool else now.get(target.denominator, whole) - count
    predicted = None
    if whole >= FEWEST:
        predicted = forecasting.forecast(
            forecasting.Course(
                target.code, count, max(0, lacking), aim, found.gains(numerator), found.shifts_held(), ahead,
                tuple((gap.hamlet_id, gap.gap) for gap in gaps), found.gained_since(numerator),
            )
        )  # fmt: skip
    return IndicatorLine(
        target, course(target, predicted), baseline, results, count - baseline - (results or 0),
        _pace(campaign, found, count, baseline, aim), predicted,
        tuple((point.on_date, 100 * point.value(numerator) / whole) for point in found.points) if whole else (), gaps,
    )  # fmt: skip


def course(target: Target, predicted: Forecast | None) -> Course:
    """Return whether an indicator is on course, by where its target lies in the forecast."""
    if target.measured.reached:
        return Course.REACHED
    if predicted is None or predicted.target is None:
        return Course.UNKNOWN
    if predicted.expected >= predicted.target:
        return Course.ON_COURSE
    return Course.AT_RISK if predicted.high >= predicted.target else Course.OFF_COURSE


def _pace(campaign: CampaignView, found: History, count: int, baseline: int, aim: int | None) -> int | None:
    """Return the count against that of a straight way from the baseline to the target, at the end of yesterday."""
    if aim is None:
        return None
    gone, days = days_gone(campaign.starts_on, campaign.ends_on, found.now.on_date)
    return count - baseline - math.ceil(max(0, aim - baseline) * gone / days)


def _gaps(found: History, target: Target, names: Mapping[int, str]) -> tuple[HamletGap, ...]:
    """Return what each hamlet lacks of the target, by the roster's own denominator; the widest gap first."""
    gaps = []
    for hamlet_id, counts in found.now.hamlets.items():
        aim = math.ceil(round(counts.get(target.denominator, 0) * target.target_percent / 100, 6))
        gap = aim - counts.get(target.numerator, 0)
        if gap > 0 and hamlet_id in names:
            gaps.append(HamletGap(hamlet_id, names[hamlet_id], gap))
    return tuple(sorted(gaps, key=lambda gap: (-gap.gap, gap.hamlet_id)))


def _standing_still(found: History, names: Mapping[int, str]) -> tuple[Still, ...]:
    """Return the hamlets and groups in which nothing was done for two weeks though there is something to do."""
    then = found.before(found.now.on_date - TWO_WEEKS)
    if then is None:
        return ()
    still = []
    for hamlet_id, name in names.items():
        counts = found.now.hamlets.get(hamlet_id, {})
        before = then.hamlets.get(hamlet_id, {})
        if counts.get("needs_open", 0) and counts.get("needs_done", 0) <= before.get("needs_done", 0):
            still.append(Still(hamlet_id, None, name, counts["needs_open"]))
    for group, households in sorted(found.now.groups.items()):
        if then.groups.get(group, 0) and households >= then.groups[group]:
            still.append(Still(None, OutreachGroup(group), "", households))
    return tuple(still)
