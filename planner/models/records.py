"""The record of what people and jobs did: audit entries, imports, and the clock's due slots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.vocabulary import AuditAction, ImportKind, ImportState, JobState
from planner.models.base import Base, word


class AuditEntry(Base):
    """Who did what, when; before and after. Appended only."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_subject", "subject", "subject_id"), Index("ix_audit_commune", "commune_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("commune.id"))
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # null: a job or the command line
    actor: Mapped[str] = mapped_column(String(80))  # user:12, job:missed, cli
    action: Mapped[AuditAction] = mapped_column(word(AuditAction, "audit_action"))
    subject: Mapped[str] = mapped_column(String(40))  # table name
    subject_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ImportBatch(Base):
    """One import: its file, its report, and the changes by which it can be undone as a whole."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    kind: Mapped[ImportKind] = mapped_column(word(ImportKind, "import_kind"))
    state: Mapped[ImportState] = mapped_column(word(ImportState, "import_state"))
    file_name: Mapped[str] = mapped_column(String(200))  # as the person named it; the stored one has a name of ours
    stored_name: Mapped[str] = mapped_column(String(80), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what the person decided where the reader asked
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changes_gz: Mapped[bytes | None] = mapped_column(LargeBinary)  # gzip JSON: what undo needs
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class JobRun(Base):
    """A due slot of the clock. One process wins it by a conditional update; a crashed winner's lease runs out."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "campaign_id", "due_at"), Index("ix_job_run_state", "state", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    due_at: Mapped[datetime]
    state: Mapped[JobState] = mapped_column(word(JobState, "job_state"), default=JobState.DUE)
    owner: Mapped[str] = mapped_column(String(80), default="")
    lease_until_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    not_before_at: Mapped[datetime | None]  # postponed after a failure
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
