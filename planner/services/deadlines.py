"""Reports and their deadlines: what is due when, what the desk says was handed in, and whom to remind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.calendar import local_date
from planner.domain.deadlines import Deadline, Reminder, ReportCode, ReportStep, deadlines, reached
from planner.domain.errors import Conflict, NotFound
from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import AuditAction
from planner.models import ReportSent, User
from planner.services import audit, campaigns, notices
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.campaigns.changing import locked

NAMES = {ReportCode.MONTHLY: ("Báo cáo tháng", "Monthly report"), ReportCode.FINAL: ("Báo cáo tổng kết", "Final report")}


@dataclass(frozen=True)
class DeadlineLine:
    """A report as the desk sees it: `days_left` is negative when it is late; `sent_at` None: nobody said it was handed in."""

    deadline: Deadline
    days_left: int
    sent_at: datetime | None
    sent_by: str

    @property
    def is_late(self) -> bool:
        return self.sent_at is None and self.days_left < 0


def lines(session: Session, actor: Actor, at: datetime) -> tuple[DeadlineLine, ...]:
    """Return the reports of the active campaign in the order of their days."""
    campaign = campaigns.active(session, actor)
    return _lines(session, campaign, at)


def _lines(session: Session, campaign: CampaignView, at: datetime) -> tuple[DeadlineLine, ...]:
    rows = session.execute(
        select(ReportSent, User.name)
        .outerjoin(User, User.id == ReportSent.marked_by_id)
        .where(ReportSent.campaign_id == campaign.id, ReportSent.undone_at.is_(None))
    )
    sent = {(row.code, row.due_on): (row.marked_at, name or "") for row, name in rows}
    today = local_date(at)
    return tuple(
        DeadlineLine(d, d.days_left(today), *sent.get((d.code.value, d.due_on), (None, "")))
        for d in deadlines(campaign.starts_on, campaign.ends_on, campaign.settings)
    )


def mark_sent(session: Session, actor: Actor, code: ReportCode, due_on: date, at: datetime) -> None:
    """Note that a report was handed in.

    Raises
    ------
    NotFound
        The campaign has no such report.
    Conflict
        ``report_marked_already``.
    """
    campaign = campaigns.view(locked(session, actor, None))  # two clicks at once are one after the other
    if Deadline(code, due_on) not in deadlines(campaign.starts_on, campaign.ends_on, campaign.settings):
        raise NotFound("not_found", what="report")
    if _mark(session, campaign.id, code, due_on) is not None:
        raise Conflict("report_marked_already")
    row = ReportSent(campaign_id=campaign.id, code=code.value, due_on=due_on, marked_at=at, marked_by_id=actor.user_id)
    session.add(row)
    session.flush()
    audit.record(session, actor, AuditAction.REPORT_SENT, "report_sent", row.id, at, after=_named(code, due_on))


def take_back(session: Session, actor: Actor, code: ReportCode, due_on: date, at: datetime) -> None:
    """Say that a report was not handed in after all."""
    campaign = locked(session, actor, None)
    row = _mark(session, campaign.id, code, due_on)
    if row is None:
        raise NotFound("nothing_to_undo")
    row.undone_at, row.undone_by_id = at, actor.user_id
    audit.record(session, actor, AuditAction.REPORT_TAKEN_BACK, "report_sent", row.id, at, before=_named(code, due_on))
    session.flush()


def _mark(session: Session, campaign_id: int, code: ReportCode, due_on: date) -> ReportSent | None:
    return session.scalars(
        select(ReportSent)
        .where(
            ReportSent.campaign_id == campaign_id, ReportSent.code == code.value, ReportSent.due_on == due_on,
            ReportSent.undone_at.is_(None),
        )
        .limit(1)
    ).one_or_none()  # fmt: skip


def _named(code: ReportCode, due_on: date) -> dict[str, str]:
    return {"report": code.value, "due_on": due_on.isoformat()}


def remind(session: Session, campaign: CampaignView, at: datetime) -> int:
    """Tell whose turn it is about each report that is not handed in; return how many people heard something new."""
    told = 0
    for line in _lines(session, campaign, at):
        if line.sent_at is not None:
            continue
        latest: dict[int, Reminder] = {}
        for reminder in reached(line.deadline, campaign.settings, at):
            latest |= dict.fromkeys(_people(session, campaign.commune_id, reminder.step), reminder)
        for user_id, reminder in latest.items():
            told += _tell(session, campaign, user_id, line, reminder, at)
    return told


def _people(session: Session, commune_id: int, step: ReportStep) -> list[int]:
    if step is ReportStep.LEADERS:
        return notices.leaders(session, commune_id)
    if step is ReportStep.DESK:
        return notices.desk(session, commune_id)
    return [*notices.desk(session, commune_id), *notices.viewers(session, commune_id)]


def _tell(session: Session, campaign: CampaignView, user_id: int, line: DeadlineLine, reminder: Reminder, at: datetime) -> int:
    vi, en = NAMES[line.deadline.code]
    facts = {
        "report": {"vi": vi, "en": en}, "due_on": line.deadline.due_on, "responsible": campaign.settings.desk_name,
        "days_left": max(0, line.days_left), "days_late": max(0, -line.days_left),
    }  # fmt: skip
    kind = NoticeKind.REPORT_OVERDUE if reminder.step is ReportStep.OVERDUE else NoticeKind.REPORT_DUE
    named = f"report:{campaign.id}:{line.deadline.code.value}:{line.deadline.due_on}:{reminder.step.value}:{reminder.number}"
    return notices.tell(session, [user_id], kind, facts, named, at)
