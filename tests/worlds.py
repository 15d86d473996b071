"""Named worlds: a commune at a telling moment, with the cast.

Hoa is the desk, Minh a volunteer, Lan the desk of another commune.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner import models
from planner.domain.notices import NoticeKind
from planner.domain.pace import Course
from planner.domain.vocabulary import (
    AccountState,
    AuditAction,
    FieldDecisionKind,
    FieldKind,
    FieldVerdict,
    ImportKind,
    ImportState,
    MeetKind,
    NeedResult,
    Outcome,
    Period,
    Role,
    RuleKind,
    RunKind,
    RunState,
    SlotClass,
    StopReason,
)
from planner.models import Campaign, Commune, Hamlet, Household, User, Volunteer, WeekPlan
from planner.services import notices
from planner.services.actors import Actor
from tests import builders as make


@dataclass
class World:
    """What there is. Ids and names of its rows stay readable after their transaction; change rows only within one."""

    commune: Commune
    campaign: Campaign
    hamlet: Hamlet
    households: list[Household]
    volunteers: list[Volunteer]
    hoa: User
    minh: User
    lan: User
    week: WeekPlan | None = None

    def __post_init__(self) -> None:
        self.desk = Actor.of_user(self.hoa)
        self.volunteer = Actor.of_user(self.minh)
        self.stranger = Actor.of_user(self.lan)  # the desk of another commune


def one_alley(session: Session) -> World:
    """Five households of one lane, one of each group (0–4, in that order), four volunteers, no plan yet."""
    elsewhere = make.a_commune(session, name="Bình Lương")
    make.a_campaign(session, elsewhere)
    far = make.a_hamlet(session, elsewhere, "Thôn Đông")
    make.a_household(session, far, "Hoàng Văn Xa", 1)
    commune = make.a_commune(session)
    campaign = make.a_campaign(session, commune)
    hamlet = make.a_hamlet(session, commune)
    heads = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Đỗ Văn Đức"]
    households = make.a_lane(session, hamlet, [(head, group) for group, head in enumerate(heads)])
    minh = make.a_volunteer(session, commune, "Trần Quang Minh", hamlet=hamlet)
    others = [
        make.a_volunteer(session, commune, name, ("mon_T", "wed_T", "sat_S"), hamlet, phone=f"090000000{i}")
        for i, name in enumerate(("Lê Thu Nga", "Phạm Văn Hải", "Võ Thị Yến"), start=2)
    ]
    return World(
        commune, campaign, hamlet, households, [minh, *others],
        hoa=make.a_user(session, commune, Role.DESK, "Hoa"),
        minh=make.a_user(session, commune, Role.VOLUNTEER, "Minh", volunteer=minh),
        lan=make.a_user(session, elsewhere, Role.DESK, "Lan"),
    )  # fmt: skip


def a_running_week(session: Session) -> World:
    """`one_alley` with its week published: Minh and Nga on Monday evening visit the first three, Hải and Yến on Wednesday
    evening the other two."""
    world = one_alley(session)
    first, second = world.volunteers[:2], world.volunteers[2:]
    world.week = make.a_published_week(
        session, [("mon_T", first, world.households[:3]), ("wed_T", second, world.households[3:])], world.campaign
    )
    return world


def a_family_with_everything(session: Session) -> Household:
    """One more household: grandmother, commuting parents, a pupil and a child, lacking a bit of everything."""
    household = make.a_household(session, head_name="Bùi Văn Giang")
    people = [
        ("Bùi Văn Giang", AccountState.ISSUED, "1980-01-05", {"work": "worker", "documents": {"bhyt": "owned", "gplx": "owned"}}),
        ("Hồ Thị Hạnh", AccountState.NONE, "1983", {"work": "shift", "documents": {"bhyt": "owned"}}),
        ("Vũ Thị Lan", AccountState.ACTIVATED, "1949", {"documents": {"bhyt": "integrated"}}),
        ("Bùi Minh Khoa", AccountState.UNKNOWN, "2010-06-01", {"work": "pupil", "documents": {}}),
        ("Bùi Minh Tâm", AccountState.NA, "2019-06-01", {"work": "na", "documents": {"bhyt": "owned"}}),
    ]
    for name, account, birth, fields in people:
        make.a_resident(session, household, name, account, birth, **fields)
    make.rebuild(session, household)
    return household


def a_full_week(session: Session) -> World:
    """`a_running_week` after its first shift, with at least one row in every table: what a migration must carry over."""
    world = a_running_week(session)
    household = a_family_with_everything(session)
    first = session.scalars(select(models.Assignment).order_by(models.Assignment.id)).first()
    need = session.scalars(select(models.Need).where(models.Need.household_id == first.household_id)).first()
    run = models.PlanRun(
        campaign_id=world.campaign.id, monday=world.week.monday, kind=RunKind.DRAFT, state=RunState.DONE, requested_at=make.NOW,
        week_plan_id=world.week.id, problem_gz=b"\x1f\x8b", total=1,
    )  # fmt: skip
    visit = models.Visit(
        event_id="00000000-0000-4000-8000-000000000001", body_hash="0" * 64, household_id=first.household_id,
        assignment_id=first.id, recorded_by_id=world.minh.id, volunteer_id=world.volunteers[0].id, occurred_at=make.NOW,
        received_at=make.NOW, outcome=Outcome.MET, results=[models.VisitResult(need_id=need.id, result=NeedResult.DONE)],
    )  # fmt: skip
    session.add_all([run, visit])
    session.flush()
    session.add_all(
        [
            models.Appointment(
                household_id=household.id, starts_at=make.NOW, ends_at=make.NOW, visit_id=visit.id, made_at=make.NOW
            ),
            models.ContactStop(household_id=household.id, reason=StopReason.REFUSED, since_at=make.NOW, visit_id=visit.id),
            models.HouseholdRule(
                campaign_id=world.campaign.id, household_id=household.id, kind=RuleKind.FORBID, made_at=make.NOW
            ),
            models.AvailabilityChange(
                volunteer_id=world.volunteers[1].id,
                on_date=world.week.monday,
                period=Period.EVENING,
                available=False,
                changed_at=make.NOW,
            ),
            models.Evidence(
                uuid="00000000-0000-4000-8000-000000000002",
                commune_id=world.commune.id,
                shift_id=first.shift_id,
                user_id=world.minh.id,
                sha256="3" * 64,
                file_name=f"{'4' * 32}.jpg",
                size_bytes=1,
                consent=True,
                taken_at=make.NOW,
                received_at=make.NOW,
            ),
            models.PaperList(
                uid="00000000-0000-4000-8000-000000000003",
                commune_id=world.commune.id,
                number=1,
                shift_id=first.shift_id,
                made_at=make.NOW,
                rows=[models.PaperRow(number=1, assignment_id=first.id, need_ids=[need.id])],
            ),
            models.SignInLink(user_id=world.minh.id, token_hash="1" * 64, issued_at=make.NOW, expires_at=make.NOW),
            models.Device(user_id=world.minh.id, token_hash="2" * 64, signed_in_at=make.NOW, seen_at=make.NOW),
            models.ImportBatch(
                commune_id=world.commune.id,
                kind=ImportKind.ROSTER,
                state=ImportState.APPLIED,
                file_name="hộ.xlsx",
                sha256="3" * 64,
                changes_gz=b"\x1f\x8b",
                made_at=make.NOW,
            ),
            models.AuditEntry(
                commune_id=world.commune.id,
                at=make.NOW,
                actor="cli",
                action=AuditAction.WEEK_PUBLISHED,
                subject="week_plan",
                subject_id=world.week.id,
            ),
            _from_a_phone(world, first.household_id, visit.id),
            models.Installation(epoch="00000000-0000-4000-8000-00000000000a", since_at=make.NOW, reason="first"),
            models.IndicatorDay(campaign_id=world.campaign.id, on_date=world.week.monday, figures={"hamlets": {}}),
            models.CourseChange(campaign_id=world.campaign.id, code="a1", course=Course.AT_RISK, changed_at=make.NOW),
            models.JobRun(job="missed", campaign_id=world.campaign.id, due_at=make.NOW),
            models.ClockProcess(owner="a clock", started_at=make.NOW, ticked_at=make.NOW),
            models.AvailabilityClosing(campaign_id=world.campaign.id, monday=world.week.monday, closed_at=make.NOW),
            models.ReportSent(
                campaign_id=world.campaign.id,
                code="monthly",
                due_on=world.week.monday,
                marked_at=make.NOW,
                marked_by_id=world.hoa.id,
            ),
            models.Erasure(
                commune_id=world.commune.id,
                campaign_id=world.campaign.id,
                proposed_at=make.NOW,
                proposed_by_id=world.hoa.id,
                cancelled_at=make.NOW,
            ),
            models.LearnedTable(campaign_id=world.campaign.id, made_at=make.NOW, digest="5" * 64, figures={}, parameters={}),
            models.ChanceOverrule(
                campaign_id=world.campaign.id,
                kind=MeetKind.COMMUTER,
                slot_class=SlotClass.WEEKDAY_EVENING,
                percent=40,
                made_at=make.NOW,
            ),
        ]
    )
    session.flush()
    _a_notice(session, world)
    event = session.scalars(select(models.FieldEvent)).one()
    session.add(models.FieldDecision(field_event_id=event.id, kind=FieldDecisionKind.ACCEPTED, at=make.NOW, by_id=world.hoa.id))
    session.flush()
    return world


def _a_notice(session: Session, world: World) -> None:
    """Tell Minh of his week in the app, by e-mail and on his phone."""
    device = session.scalars(select(models.Device)).one()
    session.add_all(
        [
            models.NoticeChoice(user_id=world.minh.id, email="minh@example.vn", changed_at=make.NOW),
            models.PushSubscription(
                user_id=world.minh.id, device_id=device.id, endpoint="https://push.example/1", endpoint_hash="5" * 64,
                p256dh="p", auth="a", made_at=make.NOW,
            ),
        ]
    )  # fmt: skip
    session.flush()
    facts = {"monday": world.week.monday, "shifts": 1}
    assert notices.tell(session, [world.minh.id], NoticeKind.WEEK_PUBLISHED, facts, "week-published:1", make.NOW) == 1


def _from_a_phone(world: World, household_id: int, visit_id: int) -> models.FieldEvent:
    return models.FieldEvent(
        event_id="00000000-0000-4000-8000-000000000002", sent_id="00000000-0000-4000-8000-000000000002", body_hash="4" * 64,
        kind=FieldKind.VISIT, sent={}, commune_id=world.commune.id, user_id=world.minh.id, client=1, counter=1,
        occurred_at=make.NOW, offset_minutes=420, received_at=make.NOW, verdict=FieldVerdict.QUARANTINED, needs_look=True,
        household_id=household_id, visit_id=visit_id,
    )  # fmt: skip
