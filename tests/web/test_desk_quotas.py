"""Chỉ tiêu của từng đơn vị: set by the desk, told where it is wrong, never over another's change, seen by the chairman."""

from __future__ import annotations

import pytest

from planner.domain.text import match_key
from planner.domain.vocabulary import Role
from planner.models import Database
from planner.services import team_quotas
from tests import builders as make
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from tests.web.test_desk_goals import as_shown
from tests.worlds import World

PAGE = "/desk/settings/quotas"


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def stored(db: Database, world: World) -> dict[str, int | None]:
    with db.read() as session:
        return {team.name: team.quota for team in team_quotas.quotas(session, world.desk).teams}


def test_quotas_are_set_shown_with_their_pace_and_taken_away(db: Database, world: World, hoa: Browser, signed_in: SignIn) -> None:
    form = as_shown(hoa, PAGE)
    assert form["team-0"] == f"organisation:{match_key('Đoàn Thanh niên')}"
    assert hoa.post(PAGE, form | {"quota-0": "1.200", "quota-1": "30"}).status_code == 302
    assert stored(db, world) == {"Đoàn Thanh niên": 1200, "Ấp 1": 30}
    with db.begin() as session:
        son = make.a_user(session, world.commune, Role.VIEWER, "Sơn")
    chairman = signed_in(son)
    said = words(chairman.get("/reports/progress?by=organisation"))
    assert "Đoàn Thanh niên 4 0 / 1.200 263 0 Chậm 263 người" in said  # 20 of 91 days are over
    assert "Ấp 1 tổ thôn 4 0 / 30 6 0 Chậm 6 người" in said
    assert chairman.get("/reports/doers/hamlet/guided?who=ấp 1").status_code == 200
    assert hoa.post(PAGE, as_shown(hoa, PAGE) | {"quota-1": ""}).status_code == 302
    assert stored(db, world) == {"Đoàn Thanh niên": 1200, "Ấp 1": None}
    assert "Chỉ tiêu hướng dẫn của tổ thôn" in words(hoa.get("/desk/journal"))


@pytest.mark.parametrize(("value", "said"), [("nhiều", "Hãy nhập một số nguyên."), ("0", "phải từ 1 đến 1000000")])
def test_a_wrong_quota_is_told_at_its_place_and_nothing_is_saved(
    db: Database, world: World, hoa: Browser, value: str, said: str
) -> None:
    answer = hoa.post(PAGE, as_shown(hoa, PAGE) | {"quota-0": "40", "quota-1": value})
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'href="#quota-1"' in answer.get_data(as_text=True)
    assert 'value="40"' in answer.get_data(as_text=True)
    assert set(stored(db, world).values()) == {None}


def test_two_officers_never_overwrite_each_other(db: Database, world: World, hoa: Browser) -> None:
    form = as_shown(hoa, PAGE)
    assert hoa.post(PAGE, form | {"quota-0": "40"}).status_code == 302
    answer = hoa.post(PAGE, form | {"quota-0": "50"})
    assert answer.status_code == 409
    assert 'value="50"' in answer.get_data(as_text=True)
    assert stored(db, world)["Đoàn Thanh niên"] == 40


def test_only_the_desk_sets_quotas(world: World, minh: Browser) -> None:
    assert minh.get(PAGE).status_code == 403
    assert minh.post(PAGE, {"version": "1"}).status_code == 403
