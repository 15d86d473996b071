"""Hộ dân: found without diacritics, known in full, left in peace when they say so."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from planner.domain.vocabulary import AuditAction, Outcome
from planner.models import AuditEntry, ContactStop, Database, Household, HouseholdRule
from tests import builders as make
from tests.builders import MONDAY
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from tests.worlds import World


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def page_of(household: Household) -> str:
    return f"/desk/households/{household.id}"


@pytest.mark.parametrize("typed", ["Bình", "binh", "TRAN THI BINH", "  thi   binh "])
def test_a_household_is_found_without_diacritics(hoa: Browser, typed: str) -> None:
    said = words(hoa.get("/desk/households", query_string={"q": typed}))
    assert "Trần Thị Bình" in said
    assert "1 hộ" in said


def test_the_list_is_filtered_by_group_and_by_what_is_needed(hoa: Browser) -> None:
    assert "Lê Văn Cường" in words(hoa.get("/desk/households?group=2"))
    said = words(hoa.get("/desk/households?need=bhyt"))
    assert "Nguyễn Văn An" in said
    assert "Lê Văn Cường" not in said


def test_the_list_is_filtered_by_hamlet(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        other = make.a_hamlet(session, world.commune, "Ấp Suối Đá")
        make.a_household(session, other, "Điểu Ích", 1)
    said = words(hoa.get(f"/desk/households?hamlet={other.id}"))
    assert "Điểu Ích" in said
    assert "1 hộ" in said


def test_nothing_found_says_how_to_go_on(hoa: Browser) -> None:
    assert "Không có hộ nào khớp" in words(hoa.get("/desk/households?q=zzz"))


@pytest.mark.parametrize(
    "query", ["group=9", "group=x", "hamlet=99999999999999999999", "page=0", "page=-3", "page=99", "need=%27"]
)
def test_a_senseless_filter_is_no_fault(hoa: Browser, query: str) -> None:
    assert hoa.get(f"/desk/households?{query}").status_code == 200


def test_a_long_list_comes_in_pages(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        for number in range(60):
            make.a_household(session, world.hamlet, f"Lò Văn {number}")
    assert "Trang 1/2, 65 mục" in words(hoa.get("/desk/households"))
    assert "Lò Văn 59" in words(hoa.get("/desk/households?page=2"))


def test_a_household_shows_its_people_with_their_needs(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        family = make.a_household(session, world.hamlet, "Bùi Văn Giang", 2, note="Nhà có chó\nGọi cửa sau")
    said = words(hoa.get(page_of(family)))
    assert "Bùi Văn Giang" in said
    assert "sinh 2/3/1985" in said
    assert "Đăng ký tài khoản định danh mức 2" in said
    assert "Cần làm" in said
    assert "Gọi cửa sau" in said


def test_a_household_shows_its_visits_and_promises(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        make.a_visit(session, world.households[0], Outcome.ABSENT, note="Không ai mở cửa")
    said = words(hoa.get(page_of(world.households[0])))
    assert "Vắng nhà" in said
    assert "Không ai mở cửa" in said
    assert "thứ Hai 23/11, tối 18:30–21:00" in said


def test_of_a_reserve_door_the_household_s_page_says_until_when(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        (promise,) = make.assignments_of(session, world.households[0])
        promise.reserve = True
    said = words(hoa.get(page_of(world.households[0])))
    assert "trước 18:30" in said
    assert "khoảng 18:30" not in said


def test_a_phone_number_shows_only_when_asked_for_and_the_look_is_recorded(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        household = make.a_household(session, world.hamlet, "Ngô Thị Mai")
        resident = make.a_resident(session, household, "Ngô Thị Mai", phone="0912345678")
    before = hoa.get(page_of(household)).get_data(as_text=True)
    assert "0912" not in before
    assert "•••••••678" in before
    shown = words(hoa.post(f"{page_of(household)}/residents/{resident.id}/phone"))
    assert "0912 345 678" in shown
    with db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.PHONE_REVEALED)).one()
        assert entry.user_id == world.hoa.id


def test_what_crews_must_know_can_be_changed(db: Database, world: World, hoa: Browser) -> None:
    household = world.households[0]
    answer = hoa.post(
        f"{page_of(household)}/edit",
        {"note": "Gọi cửa sau", "languages": "Thái, Mông", "needs_woman": "1", "lat": "11,84", "lon": "106.61"},
    )
    assert answer.status_code == 302
    with db.read() as session:
        row = session.get_one(Household, household.id)
        assert (row.note, row.languages, row.needs_woman, row.lat) == ("Gọi cửa sau", ["Thái", "Mông"], True, 11.84)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"lat": "106.61", "lon": "11.84"}, "Tọa độ không nằm trong Việt Nam"),
        ({"lat": "nan", "lon": "nan"}, "Tọa độ không nằm trong Việt Nam"),
        ({"lat": "phía bắc", "lon": ""}, "Hãy nhập số"),
        ({"note": "a" * 1001}, "1000"),
    ],
)
def test_a_wrong_value_is_told_on_top_and_beside_its_field(
    db: Database, world: World, hoa: Browser, typed: dict[str, str], said: str
) -> None:
    answer = hoa.post(f"{page_of(world.households[0])}/edit", typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert page.count(said) >= 2
    assert 'aria-invalid="true"' in page
    with db.read() as session:
        assert session.get_one(Household, world.households[0].id).note == ""


def test_a_household_that_asks_for_peace_is_left_in_peace(db: Database, world: World, hoa: Browser) -> None:
    household = world.households[0]
    hoa.post(f"{page_of(household)}/stop", {"reason": "do_not_contact"})
    said = words(hoa.get(page_of(household)))
    assert "Không đến hộ này nữa" in said
    with db.read() as session:
        assert all(a.withdrawn_at is not None for a in make.assignments_of(session, household))


def test_visits_begin_again_only_at_their_own_wish(db: Database, world: World, hoa: Browser) -> None:
    household = world.households[0]
    hoa.post(f"{page_of(household)}/stop", {"reason": "refused"})
    with db.read() as session:
        stop = session.scalars(select(ContactStop)).one()
    assert hoa.post(f"{page_of(household)}/stops/{stop.id}/lift", {"because": " "}).status_code == 422
    assert hoa.post(f"{page_of(household)}/stops/{stop.id}/lift", {"because": "Ông An gọi lại"}).status_code == 302
    assert "Không đến hộ này nữa" not in words(hoa.get(page_of(household)))


def test_a_household_is_pinned_and_unpinned(db: Database, world: World, hoa: Browser) -> None:
    household, nga = world.households[0], world.volunteers[1]
    form = {"household": household.id, "kind": "pin", "on_date": "2026-11-25", "period": "T", "volunteer": nga.id}
    assert hoa.post("/desk/rules", form).status_code == 302
    assert "Ghim: thứ Tư 25/11, buổi tối, với Lê Thu Nga" in words(hoa.get(page_of(household)))
    with db.read() as session:
        rule = session.scalars(select(HouseholdRule)).one()
        assert rule.monday == MONDAY
    assert hoa.post(f"/desk/rules/{rule.id}/remove").status_code == 302
    assert "Ghim: thứ Tư" not in words(hoa.get(page_of(household)))


@pytest.mark.parametrize("typed", ["Lê Thu Nga (Ấp 1)", "le thu nga", "  NGA  ", "nga ap 1"])
def test_a_volunteer_is_named_by_a_part_of_the_name_without_diacritics(world: World, hoa: Browser, typed: str) -> None:
    form = {"household": world.households[0].id, "kind": "pin", "period": "T", "volunteer": typed}
    assert hoa.post("/desk/rules", form).status_code == 302
    assert "Ghim: buổi tối, với Lê Thu Nga" in words(hoa.get(page_of(world.households[0])))


def test_of_several_volunteers_meant_one_is_chosen_on_the_same_page(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        other = make.a_volunteer(session, world.commune, "Hồ Thúy Nga")
    form = {"household": world.households[0].id, "kind": "pin", "period": "T", "note": "Quen nhà", "volunteer": "nga"}
    answer = hoa.post("/desk/rules", form)
    assert answer.status_code == 422
    assert "Có 2 người khớp. Hãy chọn một người trong danh sách." in words(answer)
    page = answer.get_data(as_text=True)
    assert f'<option value="{other.id}">Hồ Thúy Nga (Đoàn Thanh niên)</option>' in page
    assert 'value="Quen nhà"' in page
    assert hoa.post("/desk/rules", form | {"volunteer": other.id}).status_code == 302
    assert "với Hồ Thúy Nga" in words(hoa.get(page_of(world.households[0])))


def test_a_volunteer_who_is_none_is_told_beside_the_field_with_what_was_typed(world: World, hoa: Browser) -> None:
    answer = hoa.post("/desk/rules", {"household": world.households[0].id, "kind": "pin", "volunteer": "Zorro"})
    assert answer.status_code == 422
    assert "Không có tình nguyện viên nào tên như vậy" in words(answer)
    assert 'value="Zorro"' in answer.get_data(as_text=True)


def test_all_volunteers_can_be_chosen_however_many_there_are(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        for number in range(250):
            make.a_volunteer(session, world.commune, f"Người Thứ {number}", ())
    for address in (page_of(world.households[0]), "/desk/users/new"):
        assert hoa.get(address).get_data(as_text=True).count('<option value="Người Thứ ') == 250


@pytest.mark.parametrize(
    "form",
    [{"kind": "pin"}, {"kind": "wish"}, {"kind": "pin", "on_date": "31/02"}, {"kind": "forbid", "surprise": "1"}],
)
def test_a_decision_that_says_nothing_is_refused(db: Database, world: World, hoa: Browser, form: dict[str, str]) -> None:
    assert hoa.post("/desk/rules", {"household": world.households[0].id, **form}).status_code == 422
    with db.read() as session:
        assert session.scalars(select(HouseholdRule)).all() == []


def test_a_script_for_a_name_stays_a_name(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        household = make.a_household(session, world.hamlet, "<script>alert(1)</script>", note="<img src=x onerror=alert(1)>")
    for address in ("/desk/households?q=script", page_of(household)):
        page = hoa.get(address).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_roster_leaves_as_a_workbook_and_that_is_recorded(db: Database, world: World, hoa: Browser) -> None:
    answer = hoa.post("/desk/households/export")
    assert answer.data[:2] == b"PK"
    assert "danh-sach-ho" in answer.headers["Content-Disposition"]
    with db.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.ROSTER_EXPORTED)).one()


def test_another_communes_household_is_not_there(world: World, signed_in: SignIn, hoa: Browser) -> None:
    lan = signed_in(world.lan)
    page = page_of(world.households[0])
    assert lan.get(page).status_code == 404
    assert words(lan.get(page)) == words(lan.get("/desk/households/987654"))
    assert lan.get(f"{page}/edit").status_code == 404
    assert lan.post(f"{page}/edit", {"note": "x"}).status_code == 404
    assert lan.post(f"{page}/stop", {"reason": "moved"}).status_code == 404
    assert lan.post("/desk/rules", {"household": world.households[0].id, "kind": "forbid"}).status_code == 404
    assert "Nguyễn Văn An" not in words(lan.get("/desk/households"))


def test_a_volunteer_sees_no_roster(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.minh).get("/desk/households").status_code == 403
