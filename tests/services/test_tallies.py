"""Sums over households are what a count of every row says, whatever wrote to the rows and whether it told anybody."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from planner.domain import tally
from planner.domain.calendar import local_date
from planner.domain.vocabulary import AccountState, NeedResult, NeedState, Outcome
from planner.models import Base, Database, Hamlet, Household, Need, Resident, Service, Visit, VisitResult, household_tally, watch
from planner.models.schema import migrate
from planner.services import campaigns, needs, outcomes, tallies, targets
from planner.services.visit_forms import ResultLine, VisitForm
from tests import builders as make
from tests.worlds import World, a_family_with_everything, one_alley

NOW = make.NOW


def kept(session: Session, world: World, at: datetime = NOW) -> dict[str, int]:
    campaign = campaigns.active(session, world.desk)
    return tallies.total(tallies.sums(session, campaign, tally.SUMMED, local_date(at)), tally.SUMMED)


def anew(session: Session, world: World, at: datetime = NOW) -> dict[str, int]:
    """Count every row of the commune, whatever is kept."""
    campaign = campaigns.active(session, world.desk)
    ids = session.scalars(select(Household.id).where(Household.commune_id == world.commune.id)).all()
    counted = dict.fromkeys(tally.SUMMED, 0)
    for share in tallies.shares(session, campaign, ids, local_date(at)):
        for name, value in share.counts.items():
            counted[name] += value
    return counted


def stale(session: Session) -> int:
    return len(session.scalars(select(household_tally.c.household_id).where(household_tally.c.fresh.is_(False))).all())


class Hands:
    """Writes of every kind, most of them past any service."""

    def __init__(self, session: Session, world: World, rng: random.Random) -> None:
        self.session, self.world, self.rng = session, world, rng

    def _one(self, model: type[Base]) -> int | None:
        ids = self.session.scalars(select(model.id)).all()  # type: ignore[attr-defined]
        return self.rng.choice(ids) if ids else None

    def account(self) -> None:
        self.session.execute(
            update(Resident).where(Resident.id == self._one(Resident)).values(account=self.rng.choice(list(AccountState)))
        )

    def documents(self) -> None:
        person = self.session.get(Resident, self._one(Resident))
        if person is not None:
            person.documents = {**person.documents, self.rng.choice(["bhyt", "portal"]): self.rng.choice(["owned", "integrated"])}

    def official(self) -> None:
        self.session.execute(
            update(Resident).where(Resident.id == self._one(Resident)).values(official_of=self.rng.choice(["", "Trạm Y tế"]))
        )

    def birth(self) -> None:
        birth = self.rng.choice(["", "2012", "2012-11", "2012-11-25", "1980-01-01"])
        self.session.execute(
            text("UPDATE resident SET birth = :birth WHERE id = :id"), {"birth": birth, "id": self._one(Resident)}
        )

    def move(self) -> None:
        self.session.execute(update(Resident).where(Resident.id == self._one(Resident)).values(household_id=self._one(Household)))

    def leave(self) -> None:
        self.session.execute(
            update(Resident).where(Resident.id == self._one(Resident)).values(left_at=self.rng.choice([None, NOW]))
        )

    def household_leaves(self) -> None:
        self.session.execute(
            update(Household).where(Household.id == self._one(Household)).values(left_at=self.rng.choice([None, NOW]))
        )

    def newcomer(self) -> None:
        household = self.session.get_one(Household, self._one(Household))
        make.a_resident(self.session, household, account=self.rng.choice(list(AccountState)), documents={"bhyt": "owned"})

    def new_home(self) -> None:
        make.a_household(self.session, self.session.get_one(Hamlet, self.world.hamlet.id), group=self.rng.randrange(5))

    def erased(self) -> None:
        person = self._one(Resident)
        needs_of_theirs = select(Need.id).where(Need.resident_id == person)
        self.session.execute(delete(VisitResult).where(VisitResult.need_id.in_(needs_of_theirs)))
        self.session.execute(delete(Need).where(Need.resident_id == person))
        self.session.execute(delete(Resident).where(Resident.id == person))

    def need(self) -> None:
        self.session.execute(update(Need).where(Need.id == self._one(Need)).values(state=self.rng.choice(list(NeedState))))

    def visit(self) -> None:
        household = self.session.get_one(Household, self._one(Household))
        corrected = select(Visit.corrects_id).where(Visit.corrects_id.is_not(None))
        standing = select(Visit.id).where(Visit.household_id == household.id, Visit.id.not_in(corrected))
        former = self.rng.choice([None, self.session.scalars(standing).first()])
        visit = make.a_visit(self.session, household, self.rng.choice(list(Outcome)), corrects_id=former)
        need = self.session.scalars(select(Need.id).where(Need.household_id == household.id)).first()
        if need is not None:
            self.session.add(VisitResult(visit_id=visit.id, need_id=need, result=NeedResult.DONE))

    def rebuild(self) -> None:
        needs.rebuild(self.session, self.world.commune.id, NOW, self.rng.choice([None, [self._one(Household)]]))

    def nightly(self) -> None:
        tallies.refresh(self.session, campaigns.active(self.session, self.world.desk), NOW)

    def anything(self) -> None:
        acts = [name for name in vars(Hands) if not name.startswith("_") and name != "anything"]
        getattr(self, self.rng.choice(acts))()
        self.session.flush()


@pytest.mark.parametrize("seed", range(2))
def test_whatever_writes_to_the_rows_the_sums_are_those_of_a_count_of_all(db: Database, seed: int) -> None:
    rng = random.Random(seed)
    with db.begin() as session:
        world = one_alley(session)
        a_family_with_everything(session)
    for _ in range(6):
        with db.begin() as session:
            hands = Hands(session, world, rng)
            for _ in range(8):
                hands.anything()
            assert kept(session, world) == anew(session, world)


def test_a_recorded_visit_leaves_nothing_to_count(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
    with db.begin() as session:
        assert kept(session, world)["needs_done"] == 0
        need = make.needs_of(session, world.households[0])["bhyt"]
        form = VisitForm(
            event_id="00000000-0000-4000-8000-0000000000aa", household_id=world.households[0].id, assignment_uid=None,
            outcome=Outcome.MET, occurred_at=NOW, results=(ResultLine(need.id, NeedResult.DONE, own_device=True),),
        )  # fmt: skip
        outcomes.record_visit(session, world.desk, form, NOW)
        own = household_tally.c.household_id == world.households[0].id
        assert session.scalar(select(household_tally.c.fresh).where(own)) is True
        assert session.scalar(select(household_tally.c.needs_done).where(own)) == 1
        assert kept(session, world)["bhyt_integrated"] == 1


def test_a_birthday_is_counted_on_its_day_without_any_write(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        make.a_resident(session, world.households[0], "Nguyễn Thị Em", AccountState.NA, "2012-12-01")
        make.rebuild(session, world.households[0])
    with db.read() as session:
        before = kept(session, world, datetime(2026, 11, 30, 5, tzinfo=UTC))
        after = kept(session, world, datetime(2026, 12, 1, 5, tzinfo=UTC))
        assert after["residents_14"] == before["residents_14"] + 1
        assert after["unknown_14"] == before["unknown_14"] + 1


def test_a_setting_that_changes_what_is_counted_takes_hold_at_once(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        make.a_resident(session, world.households[0], "Nguyễn Thị Em", AccountState.ACTIVATED, "2014-05-01")
        make.rebuild(session)
        campaigns.change_settings(session, world.desk, {"account_age": 12}, NOW)
        assert kept(session, world) == anew(session, world)
        assert targets.counts(session, world.desk, NOW)["residents_14"] == 6


def test_another_commune_is_another_sum(db: Database) -> None:
    with db.begin() as session:
        world = one_alley(session)
        assert kept(session, world)["households"] == 5
        other = campaigns.active(session, world.stranger)
        found = tallies.sums(session, other, ["households"], date(2026, 11, 22))
        assert tallies.total(found, ["households"]) == {"households": 1}


def test_a_migration_leaves_the_watch_in_place(sqlite_db: Database, tmp_path: object) -> None:
    """Tables copied anew on SQLite lose their triggers; the environment of the migrations brings them back."""
    fresh = Database(f"sqlite:///{tmp_path}/migrated.sqlite3", durable=False)
    migrate(fresh)
    with fresh.begin() as session, sqlite_db.begin() as other:
        migrated, made = ({name for name, _ in watch.installed(s.connection())} for s in (session, other))
    assert migrated == made
    assert migrated
    with fresh.begin() as session:
        world = one_alley(session)
        assert stale(session) == 0
        session.execute(update(Resident).values(account=AccountState.NONE))
        assert stale(session) == 5  # the other commune's too; one had none already
        assert kept(session, world) == anew(session, world)
    fresh.dispose()


def test_the_desks_settled_need_counts_at_once(db: Database) -> None:
    from planner.services import settling

    with db.begin() as session:
        world = one_alley(session)
        need = make.needs_of(session, world.households[0])["bhyt"]
        settling.settle(session, world.desk, need.id, NeedState.DONE, NOW + timedelta(days=1))
        assert kept(session, world)["needs_done"] == 1
        assert session.scalars(select(Service.code).where(Service.id == need.service_id)).one() == "bhyt"
        assert not session.scalars(select(VisitResult)).all()


def test_a_program_that_counts_otherwise_counts_all_anew_at_its_first_start(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.begin() as session:
        world = one_alley(session)
    assert tallies.refresh_all(db, NOW) == 0
    monkeypatch.setattr(tally, "RULES", tally.RULES + 1)
    monkeypatch.setattr(tallies, "ALL_AT_ONCE", 2)
    with db.begin() as session:
        assert len(list(tallies.counted_now(session, campaigns.active(session, world.desk), local_date(NOW)))) == 5
        assert kept(session, world) == anew(session, world), "until then nobody is shown what the older one counted"
    assert tallies.refresh_all(db, NOW) == 6  # Lan's commune too
    assert tallies.refresh_all(db, NOW) == 0
