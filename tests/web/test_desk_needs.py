"""What the register, the police or the resident said of a need is noted on the household's page, or where it was waited for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from planner.domain.vocabulary import AccountState, AuditAction, NeedState, Outcome
from planner.models import AuditEntry, Database, Household, Need
from tests import builders as make
from tests.builders import NOW
from tests.web.at_the_desk import words
from tests.web.conftest import Browser, SignIn
from tests.worlds import World

S = NeedState


@pytest.fixture
def hoa(world: World, signed_in: SignIn) -> Browser:
    return signed_in(world.hoa)


def need_in(db: Database, household: Household, code: str, state: NeedState, days: int = 0) -> Need:
    """Return a household's need, put into a state that many days ago."""
    with db.begin() as session:
        need = make.needs_of(session, household)[code]
        need.state, need.state_since_at = state, NOW - timedelta(days=days)
        return need


def state_of(db: Database, need: Need) -> NeedState:
    with db.read() as session:
        return session.get_one(Need, need.id).state


def address(need: Need) -> str:
    return f"/desk/households/{need.household_id}/needs/{need.id}"


def step(seen: NeedState | str, to: NeedState | str, **more: object) -> dict[str, object]:
    return {"seen": str(seen), "to": str(to), **more}


# The household's page


@pytest.mark.parametrize(
    ("household", "code", "state", "offered"),
    [
        (0, "bhyt", S.SUBMITTED, ["Đã được duyệt", "Bị trả lại"]),
        (2, "register", S.REFERRED, ["Đã làm xong tại công an", "Chưa đến"]),
        (0, "bhyt", S.OPEN, ["Đã xong", "Đã gửi, chờ duyệt", "Người dân không làm"]),  # nobody goes to the police for a card
        (2, "register", S.OPEN, ["Đã xong", "Đã hẹn ra công an", "Người dân không làm"]),  # and no register approves an account
        (0, "bhyt", S.REJECTED, ["Làm lại từ đầu", "Đã được duyệt"]),
        (0, "bhyt", S.DECLINED, ["Đổi ý, muốn làm", "Đã xong"]),
        (0, "bhyt", S.DONE, ["Ghi nhầm: chưa xong, cần làm lại"]),
    ],
)
def test_each_need_offers_the_steps_there_are(
    db: Database, world: World, hoa: Browser, household: int, code: str, state: NeedState, offered: list[str]
) -> None:
    need = need_in(db, world.households[household], code, state)
    page = hoa.get(f"/desk/households/{need.household_id}").get_data(as_text=True)
    line = page.partition(f'<li id="need-{need.id}">')[2].partition("</li>")[0]
    buttons = [part.partition(">")[2].partition("<")[0] for part in line.split('name="to"')[1:]]
    assert buttons == offered
    waits = state in (S.SUBMITTED, S.REFERRED)
    assert ("<details>" not in line) is waits, "what nobody waits for is behind a press"


def test_an_approval_is_noted_and_told(db: Database, world: World, hoa: Browser) -> None:
    need = need_in(db, world.households[0], "bhyt", S.SUBMITTED)
    answer = hoa.post(address(need), step(S.SUBMITTED, S.DONE))
    assert (answer.status_code, answer.location) == (302, f"/desk/households/{need.household_id}")
    assert state_of(db, need) is S.DONE
    page = hoa.get(answer.location)
    assert "Đã ghi cho Nguyễn Văn An: Tích hợp thẻ BHYT – Đã xong." in words(page)
    assert f"#need-{need.id}" in page.get_data(as_text=True), "no step leads back: it says where to correct it"
    with db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.NEED_SETTLED)).one()
        assert (entry.user_id, entry.before, entry.after) == (world.hoa.id, {"state": "submitted"}, {"state": "done"})


def test_what_was_noted_is_undone_by_the_button_that_told_of_it(db: Database, world: World, hoa: Browser) -> None:
    need = need_in(db, world.households[2], "register", S.REFERRED)
    hoa.post(address(need), step(S.REFERRED, S.OPEN))
    told = hoa.get(f"/desk/households/{need.household_id}").get_data(as_text=True)
    undo = told.partition('role="status"')[2].partition("</form>")[0]
    assert f'action="{address(need)}"' in undo
    assert 'name="seen" value="open"' in undo
    assert 'name="to" value="referred"' in undo
    assert hoa.post(address(need), step(S.OPEN, S.REFERRED)).status_code == 302
    assert state_of(db, need) is S.REFERRED


def test_a_name_that_is_a_script_stays_a_name_in_what_is_told(db: Database, world: World, hoa: Browser) -> None:
    with db.begin() as session:
        household = make.a_household(session, world.hamlet)
        make.a_resident(session, household, "<script>alert(1)</script>", AccountState.NONE)
        make.rebuild(session, household)
    need = need_in(db, household, "register", S.REFERRED)
    told = hoa.get(hoa.post(address(need), step(S.REFERRED, S.OPEN)).location).get_data(as_text=True)
    assert "Đã ghi cho &lt;script&gt;" in told
    assert "<script>alert" not in told


def test_a_form_shown_before_someone_else_noted_it_changes_nothing(db: Database, world: World, hoa: Browser) -> None:
    need = need_in(db, world.households[0], "bhyt", S.DECLINED)
    answer = hoa.post(address(need), step(S.OPEN, S.DONE))  # from declined, too, there is a step to done
    assert answer.status_code == 409
    said = words(answer)
    assert "Đã có người thay đổi trước." in said
    assert "Hãy xem lại bản mới nhất rồi quyết định." in said
    assert "Người dân không làm" in said, "the page shows what it is now"
    assert state_of(db, need) is S.DECLINED
    with db.read() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.action == AuditAction.NEED_SETTLED)) == 0


def test_a_step_that_does_not_exist_changes_nothing(db: Database, world: World, hoa: Browser) -> None:
    need = need_in(db, world.households[0], "bhyt", S.SUBMITTED)
    assert hoa.post(address(need), step(S.SUBMITTED, S.DECLINED)).status_code == 409
    assert state_of(db, need) is S.SUBMITTED


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"seen": "open", "to": "forgotten"}, "to"),
        ({"seen": "open"}, "to"),
        ({"seen": "", "to": "done"}, "seen"),
        ({"seen": "open", "to": "done", "surprise": "1"}, "surprise"),
    ],
)
def test_a_state_that_is_none_is_refused_by_its_field(
    db: Database, world: World, hoa: Browser, form: dict[str, str], field: str
) -> None:
    need = need_in(db, world.households[0], "bhyt", S.OPEN)
    answer = hoa.post(address(need), form)
    assert answer.status_code == 422
    assert field in words(answer)
    assert state_of(db, need) is S.OPEN


def test_a_need_of_another_household_or_commune_is_not_there(db: Database, world: World, hoa: Browser, signed_in: SignIn) -> None:
    need = need_in(db, world.households[0], "bhyt", S.SUBMITTED)
    form = step(S.SUBMITTED, S.DONE)
    assert hoa.post(f"/desk/households/{world.households[1].id}/needs/{need.id}", form).status_code == 404
    assert hoa.post(f"/desk/households/{need.household_id}/needs/987654", form).status_code == 404
    assert signed_in(world.lan).post(address(need), form).status_code == 404
    assert state_of(db, need) is S.SUBMITTED


def test_only_the_desk_notes_it(db: Database, world: World, signed_in: SignIn) -> None:
    need = need_in(db, world.households[0], "bhyt", S.SUBMITTED)
    minh = signed_in(world.minh)
    assert minh.post(address(need), step(S.SUBMITTED, S.DONE)).status_code == 403
    assert minh.post("/desk/follow-ups", {"need": need.id, "to": "done"}).status_code == 403
    assert state_of(db, need) is S.SUBMITTED


def test_the_page_leads_to_the_card_on_which_a_visit_is_corrected(db: Database, world: World, hoa: Browser) -> None:
    household = world.households[0]
    with db.begin() as session:
        (promise,) = make.assignments_of(session, household)
        make.a_visit(session, household, Outcome.ABSENT, assignment=promise)
        make.a_visit(session, household, Outcome.ABSENT)  # off the plan there is no card
    page = hoa.get(f"/desk/households/{household.id}").get_data(as_text=True)
    assert page.count("Sửa lượt thăm này") == 1
    card = hoa.get(f"/my/visits/{promise.uid}").get_data(as_text=True)
    assert f'href="/my/visits/{promise.uid}"' in page
    assert "Sửa kết quả này" in card
    assert f'href="/desk/households/{household.id}"' in card


# Where answers are waited for


@pytest.fixture
def waiting(db: Database, world: World) -> list[Need]:
    """Return two cards sent in twelve days ago, and a third one sent in today."""
    with db.begin() as session:
        for name in ("Vi Văn Sáu", "Vi Thị Bảy"):
            home = make.a_household(session, world.hamlet, name, 0)
            world.households.append(home)
    homes = (world.households[0], *world.households[-2:])
    return [need_in(db, home, "bhyt", S.SUBMITTED, days) for home, days in zip(homes, (12, 12, 0), strict=True)]


def test_an_answer_is_noted_where_it_was_waited_for(db: Database, waiting: list[Need], hoa: Browser) -> None:
    here = "/desk/follow-ups?page=1"
    page = hoa.get(here).get_data(as_text=True)
    assert f'action="{address(waiting[0])}"' in page
    assert f'name="next" value="{here}"' in page
    answer = hoa.post(address(waiting[0]), step(S.SUBMITTED, S.REJECTED, next=here))
    assert (answer.status_code, answer.location) == (302, here)
    said = words(hoa.get(here))
    assert "Đã ghi cho Nguyễn Văn An: Tích hợp thẻ BHYT – Bị trả lại." in said
    assert "1 việc" in said
    assert state_of(db, waiting[0]) is S.REJECTED


def test_several_answers_are_noted_at_once(db: Database, waiting: list[Need], hoa: Browser) -> None:
    answer = hoa.post("/desk/follow-ups?page=1", {"need": [need.id for need in waiting[:2]], "to": "done"})
    assert (answer.status_code, answer.location) == (302, "/desk/follow-ups?page=1")
    assert "Đã ghi 2 việc: Đã được duyệt." in words(hoa.get(answer.location))
    assert [state_of(db, need) for need in waiting] == [S.DONE, S.DONE, S.SUBMITTED]


def test_where_one_was_answered_meanwhile_none_is_noted(db: Database, world: World, waiting: list[Need], hoa: Browser) -> None:
    need_in(db, world.households[0], "bhyt", S.REJECTED)
    answer = hoa.post("/desk/follow-ups", {"need": [need.id for need in waiting[:2]], "to": "done"})
    assert answer.status_code == 409
    assert "Đã có người thay đổi trước." in words(answer)
    assert [state_of(db, need) for need in waiting[:2]] == [S.REJECTED, S.SUBMITTED]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"to": "done"}, "Hãy chọn ít nhất một việc."),
        ({"to": "done", "need": "x"}, "Hãy chọn ít nhất một việc."),
        ({"need": "1", "to": "?"}, "to"),
    ],
)
def test_nothing_ticked_or_no_answer_says_so(waiting: list[Need], hoa: Browser, form: dict[str, str], said: str) -> None:
    answer = hoa.post("/desk/follow-ups", form)
    assert answer.status_code == 422
    assert said in words(answer)


def test_another_communes_need_is_not_answered_among_ones_own(
    db: Database, waiting: list[Need], signed_in: SignIn, world: World
) -> None:
    form = {"need": [need.id for need in waiting[:2]], "to": "done"}
    assert signed_in(world.lan).post("/desk/follow-ups", form).status_code == 404
    assert [state_of(db, need) for need in waiting[:2]] == [S.SUBMITTED] * 2
