"""Numbers and words no database takes, in addresses and forms: no such page, or read without them; never a defect."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from planner.domain.vocabulary import RuleKind
from planner.models import Database, HouseholdRule
from planner.services import planning
from planner.services.planning import RuleForm
from tests.builders import NOW
from tests.web.conftest import Browser, SignIn
from tests.worlds import World

TOO_LARGE = ("2147483648", "99999999999999999999", "9" * 5000)


@pytest.mark.parametrize("number", TOO_LARGE)
def test_a_number_no_row_has_leads_to_no_page(world: World, anyone: Browser, signed_in: SignIn, number: str) -> None:
    assert anyone.get(f"/calendar/{number}/x.ics").status_code == 404
    hoa = signed_in(world.hoa)
    for page in (f"/desk/households/{number}", f"/desk/paper/1/{number}/found", f"/notices/{number}"):
        assert hoa.get(page).status_code == 404


@pytest.mark.parametrize("address", ["/desk/households?need=%00", "/desk/households/officials?org=%00"])
def test_a_filter_is_read_without_what_nobody_can_type(world: World, signed_in: SignIn, address: str) -> None:
    assert signed_in(world.hoa).get(address).status_code == 200


@pytest.mark.parametrize("address", ["/reports/doers/organisation/guided?who=%00", "/my/visits/%00", "/photos/%00.jpg"])
def test_nobody_is_called_nul(world: World, signed_in: SignIn, address: str) -> None:
    assert signed_in(world.hoa).get(address).status_code == 404


def test_a_decisions_note_is_kept_without_control_characters(db: Database, world: World, signed_in: SignIn) -> None:
    form = {"household": world.households[0].id, "kind": "forbid", "note": "chó dữ\0"}
    assert signed_in(world.hoa).post("/desk/rules", form).status_code == 302
    with db.begin() as session:
        planning.add_rule(session, world.desk, RuleForm(world.households[1].id, RuleKind.FORBID, note="\0xa nhà"), NOW)
    with db.read() as session:
        assert session.scalars(select(HouseholdRule.note).order_by(HouseholdRule.id)).all() == ["chó dữ", "xa nhà"]
