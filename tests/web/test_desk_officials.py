"""Cán bộ: marked from a pasted list or on the household's page, shown with what each still lacks."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from planner.domain.vocabulary import Role
from planner.models import Database, Resident
from tests import builders as make
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from tests.worlds import World

PAGE = "/desk/households/officials"


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def resident_of(db: Database, world: World, number: int) -> Resident:
    with db.read() as session:
        return session.scalars(select(Resident).where(Resident.household_id == world.households[number].id)).one()


def test_without_a_list_the_page_says_what_to_do_and_the_target_that_there_is_none(hoa: Browser) -> None:
    assert "Chưa có danh sách cán bộ" in words(hoa.get(PAGE))
    said = words(hoa.get("/reports/overview"))
    assert "Chưa có danh sách cán bộ Chỉ tiêu 100 %. Nhập danh sách cán bộ" in said
    assert "0 trên 0" not in said


def test_the_chairman_sees_that_there_is_no_list_but_no_page_of_the_desks(db: Database, world: World, signed_in: SignIn) -> None:
    with db.begin() as session:
        viewer = make.a_user(session, world.commune, Role.VIEWER, "Chủ tịch")
    said = words(signed_in(viewer).get("/reports/overview"))
    assert "Chưa có danh sách cán bộ" in said
    assert "Nhập danh sách cán bộ" not in said


def test_a_pasted_list_marks_and_shows_what_each_lacks(hoa: Browser) -> None:
    answer = hoa.post(PAGE, {"lines": "Nguyễn Văn An\r\nTrần Thị Bình\tTrạm y tế", "organisation": "UBND xã"})
    assert answer.status_code == 302
    said = words(hoa.get(PAGE))
    assert "Nguyễn Văn An Ấp 1 UBND xã Đã kích hoạt Chưa dùng thẻ BHYT" in said
    assert "Trần Thị Bình Ấp 1 Trạm y tế" in said
    assert "Trần Thị Bình" not in words(hoa.get(PAGE + "?q=an+ubnd")).split("Đánh dấu cán bộ theo")[0]
    assert "0 trên 2; chỉ tiêu 100 %" in words(hoa.get("/reports/overview"))


def test_lines_that_leave_a_doubt_are_shown_again_with_whom_they_may_mean(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        twin = make.a_household(session, world.hamlet, "Trần Thị Bình", 1)
    answer = hoa.post(PAGE, {"lines": "Nguyễn Văn An\nTrần Thị Bình\nNgười Lạ", "organisation": "UBND xã"})
    assert answer.status_code == 200
    said = words(answer)
    assert "Đã đánh dấu 1 người, 0 người đã có từ trước. Còn 2 dòng" in said
    assert "Người Lạ : không có trong danh sách hộ" in said
    page = answer.get_data(as_text=True)
    assert f'href="/desk/households/{twin.id}"' in page
    assert ">Trần Thị Bình\nNgười Lạ</textarea>" in page


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"lines": "", "organisation": "UBND xã"}, "lines"),
        ({"lines": "Nguyễn Văn An", "organisation": ""}, "organisation"),
        ({"lines": "Nguyễn Văn An", "organisation": "x" * 121}, "organisation"),
        ({"lines": "x" * 100_001, "organisation": "UBND"}, "lines"),
    ],
)
def test_a_list_that_cannot_be_taken_says_where(hoa: Browser, form: dict[str, str], field: str) -> None:
    answer = hoa.post(PAGE, form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.get_data(as_text=True)


def test_someone_of_a_household_is_marked_and_unmarked_on_its_page(db: Database, world: World, hoa: Browser) -> None:
    address = f"/desk/households/{world.households[0].id}"
    an = resident_of(db, world, 0)
    assert hoa.post(f"{address}/officials", {"resident": an.id, "organisation": "Công an xã"}).status_code == 302
    assert "Cán bộ: Công an xã" in words(hoa.get(address))
    assert hoa.post(f"{address}/officials", {"resident": an.id, "remove": "yes"}).status_code == 302
    assert "Cán bộ: Công an xã" not in words(hoa.get(address))


@pytest.mark.parametrize("organisation", ["", "x" * 121])
def test_what_is_wrong_with_a_mark_is_told_on_the_households_page(
    db: Database, world: World, hoa: Browser, organisation: str
) -> None:
    answer = hoa.post(
        f"/desk/households/{world.households[0].id}/officials",
        {"resident": resident_of(db, world, 0).id, "organisation": organisation},
    )
    assert answer.status_code == 422
    assert 'href="#organisation"' in answer.get_data(as_text=True)


def test_nobody_of_another_household_is_marked_here(db: Database, world: World, hoa: Browser) -> None:
    other = resident_of(db, world, 1)
    address = f"/desk/households/{world.households[0].id}/officials"
    assert hoa.post(address, {"resident": other.id, "organisation": "UBND xã"}).status_code == 422
    assert resident_of(db, world, 1).official_of == ""
