"""The clock as the desk reads it: each job's last and next run, how late, and what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.jobs import JOBS, runs
from planner.jobs.job import Job, slots_within
from planner.jobs.runs import RunLine
from planner.services import campaigns
from planner.services.actors import Actor
from planner.services.campaigns import CampaignView
from planner.services.notices.queues import Queue, queues

AHEAD = (timedelta(days=2), timedelta(days=9), timedelta(days=400))  # most jobs are due daily: nobody looks a year ahead for them


@dataclass(frozen=True)
class JobLine:
    """A job. `last`: its latest slot that is over, None where there was none; `next_due_at` None: it is not due any more."""

    name: str
    title_vi: str
    title_en: str
    last: RunLine | None
    next_due_at: datetime | None

    def title(self, lang: str) -> str:
        return self.title_en if lang == "en" else self.title_vi


@dataclass(frozen=True)
class Overview:
    """All jobs, the slots that failed or wait, and how the sending of notices stands."""

    jobs: tuple[JobLine, ...]
    troubles: tuple[RunLine, ...]
    queues: tuple[Queue, ...]


def overview(session: Session, actor: Actor, at: datetime) -> Overview:
    """Return how the jobs of the actor's commune stand."""
    actor.require_desk()
    campaign = campaigns.find_active(session, actor.commune_id)
    last = runs.last_of_each(session, actor)
    lines = tuple(JobLine(job.name, *job.title, last.get(job.name), _next(job, campaign, at)) for job in JOBS)
    return Overview(lines, runs.waiting(session, actor, at), queues(session, actor, at))


def title_of(name: str, lang: str) -> str:
    """Return what people call a job; one that this version does not know by its name."""
    return next((job.title[lang == "en"] for job in JOBS if job.name == name), name)


def _next(job: Job, campaign: CampaignView | None, at: datetime) -> datetime | None:
    if campaign is None:
        return None
    for span in AHEAD:
        due = slots_within(job, campaign, at, at + span)
        if due:
            return due[0]
    return None
