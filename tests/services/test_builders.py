"""The builders and worlds that other tests stand on."""

from planner.domain.vocabulary import Role
from planner.models import Database
from tests import builders as make
from tests import worlds


def test_a_household_of_each_group_is_put_into_that_group_by_the_rules(db: Database) -> None:
    with db.begin() as session:
        world = worlds.one_alley(session)
        session.expire_all()
        assert [h.outreach_group for h in world.households] == [0, 1, 2, 3, 4]
        assert all(h.open_needs == 1 for h in world.households)


def test_a_running_week_has_its_assignments_in_order(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        for position, household in enumerate(world.households[:3], start=1):
            (assignment,) = make.assignments_of(session, household)
            assert assignment.position == position
            assert assignment.need_ids


def test_the_cast_is_of_two_communes(db: Database) -> None:
    with db.begin() as session:
        world = worlds.one_alley(session)
        assert world.hoa.commune_id == world.minh.commune_id != world.lan.commune_id
        assert world.volunteer.role is Role.VOLUNTEER
