"""A week's plan: revisions, the runs that made them, shifts of crews, and the promises (assignments)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.domain.vocabulary import Period, RuleKind, RunKind, RunState, SlotClass, WeekState
from planner.models.base import Base, word
from planner.models.crews import Volunteer
from planner.models.places import Hamlet, Household


class WeekPlan(Base):
    """One revision of a week's plan. At most one revision of a week is published; publishing the next supersedes it."""

    __tablename__ = "week_plan"
    __table_args__ = (
        UniqueConstraint("campaign_id", "monday", "revision"),
        Index(  # the database itself keeps two planners from publishing the same week
            "uq_week_plan_published",
            "campaign_id",
            "monday",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    monday: Mapped[date]
    revision: Mapped[int]
    state: Mapped[WeekState] = mapped_column(word(WeekState, "week_state"), default=WeekState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)  # optimistic lock: grows with every change of the row
    base_id: Mapped[int | None] = mapped_column(ForeignKey("week_plan.id"))  # the published revision this one was drafted from
    base_version: Mapped[int | None]  # … as it was then
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]
    unplaced: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # [{"household_id", "reason", …}] worth telling

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own protocol


class PlanRun(Base):
    """One run of the solver: what went in, with what it was asked, what became of it. Its answer is never changed."""

    __tablename__ = "plan_run"
    __table_args__ = (Index("ix_plan_run_campaign", "campaign_id", "monday"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    monday: Mapped[date]
    kind: Mapped[RunKind] = mapped_column(word(RunKind, "run_kind"))
    state: Mapped[RunState] = mapped_column(word(RunState, "run_state"), default=RunState.QUEUED)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # null: the clock
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    alive_at: Mapped[datetime | None]  # the runner's heartbeat: silent for a minute means lost
    cancel_at: Mapped[datetime | None]  # someone asked to stop
    input_digest: Mapped[str] = mapped_column(String(64), default="")
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    versions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    seed: Mapped[int] = mapped_column(default=1)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {"fraction", "stage", "total", "bound"}
    total: Mapped[int | None]
    bound: Mapped[int | None]
    duration_ms: Mapped[int | None]
    error_code: Mapped[str] = mapped_column(String(80), default="")
    error_facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    log: Mapped[str] = mapped_column(Text, default="")
    problem_gz: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # gzip of the problem file, for the judge
    plan_gz: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    insight: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)  # {"what_if", "changes"}: see solver.explain
    week_plan_id: Mapped[int | None] = mapped_column(ForeignKey("week_plan.id"))  # the draft it made


class Shift(Base):
    """A crew in a slot of a date."""

    __tablename__ = "shift"
    __table_args__ = (Index("ix_shift_week", "week_plan_id", "on_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    week_plan_id: Mapped[int] = mapped_column(ForeignKey("week_plan.id"))
    on_date: Mapped[date]
    period: Mapped[Period] = mapped_column(word(Period, "period"))
    slot_class: Mapped[SlotClass] = mapped_column(word(SlotClass, "slot_class"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    number: Mapped[int]  # Tổ 1, Tổ 2 … of that slot
    hamlet_id: Mapped[int | None] = mapped_column(ForeignKey("hamlet.id"))  # where most of its visits are

    members: Mapped[list[ShiftMember]] = relationship(
        cascade="all, delete-orphan", order_by="ShiftMember.position", back_populates="shift"
    )
    hamlet: Mapped[Hamlet | None] = relationship()


class ShiftMember(Base):
    """A volunteer in a shift; the first is the lead, who answers for the shift's results."""

    __tablename__ = "shift_member"
    __table_args__ = (UniqueConstraint("shift_id", "volunteer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id", ondelete="CASCADE"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    position: Mapped[int]
    is_lead: Mapped[bool] = mapped_column(default=False)

    shift: Mapped[Shift] = relationship(back_populates="members")
    volunteer: Mapped[Volunteer] = relationship()


class Assignment(Base):
    """The promise: this crew visits this household in this shift. Missed is computed, withdrawn is a fact."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("uid"),
        Index("ix_assignment_shift", "shift_id", "position"),
        Index("ix_assignment_household", "household_id"),
        Index("ix_assignment_week", "week_plan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))  # what a phone or a printed sheet knows it by
    week_plan_id: Mapped[int] = mapped_column(ForeignKey("week_plan.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    position: Mapped[int]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    need_ids: Mapped[list[int]] = mapped_column(JSON, default=list)  # what it was planned for
    reserve: Mapped[bool] = mapped_column(default=False, server_default=false())  # left out when the shift grows long, no blame
    reason: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # why this crew and slot: codes and facts
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(60), default="")  # code: reassigned, refused, member_absent …
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))  # the missed or moved one it stands for

    shift: Mapped[Shift] = relationship()
    household: Mapped[Household] = relationship()


class HouseholdRule(Base):
    """What the desk decided about a household: pinned to a slot or volunteer, or forbidden (a volunteer, a slot, at all)."""

    __tablename__ = "household_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    kind: Mapped[RuleKind] = mapped_column(word(RuleKind, "rule_kind"))
    monday: Mapped[date | None]  # null: every week until removed
    on_date: Mapped[date | None]
    period: Mapped[Period | None] = mapped_column(word(Period, "period"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id"))
    note: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
