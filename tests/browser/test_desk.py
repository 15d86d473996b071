"""The desk's pages in a real browser: nothing axe would say, no sideways scroll, and no script that is needed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from planner.domain.vocabulary import (
    AccountState,
    ImportKind,
    MeetKind,
    NeedState,
    Outcome,
    Role,
    RuleKind,
    RunKind,
    RunState,
    SlotClass,
    StopReason,
    WeekState,
)
from planner.models import Appointment, Database, PlanRun, WeekPlan
from planner.services import goals, households, intake, learning, officials, planning
from planner.services.learning import OverruleForm
from tests import builders as make
from tests.browser.conftest import OFFICE, PHONE, Live, SignIn, assert_accessible, assert_no_sideways_scroll
from tests.builders import MONDAY, NOW
from tests.services.plans import drafted, published
from tests.web.at_the_desk import Held
from tests.worlds import World
from web.desk import import_tasks, imports
from web.desk.background import AT_ONCE

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
LONG_NAME = "Công Tằng Tôn Nữ Thị Nguyễn Phước Hoàng Thiên Kim Ngọc Diễm Huyền Trân"


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """How a page looks does not depend on the database."""
    return sqlite_db


@pytest.fixture
def full(live: Live, tmp_path: Path) -> dict[str, int]:
    """Fill the commune with all that the pages can show; return the ids that addresses need."""
    world, db = live.world, live.db
    with db.begin() as session:
        family = make.a_household(session, world.hamlet, "Bùi Văn Giang", 4)
        make.a_resident(session, family, "Hồ Thị Hạnh", AccountState.NONE, "1983", work="shift", documents={"bhyt": "owned"})
        make.a_resident(session, family, "Bùi Minh Tâm", AccountState.NA, "2019-06-01", work="na", documents={"bhyt": "owned"})
        make.rebuild(session, family)
        long = make.a_household(session, world.hamlet, LONG_NAME, 1, note="Nhà có chó\nĐường tối", languages=["Thái", "Mông"])
        make.a_resident(session, long, LONG_NAME, phone="0912345678")
        make.a_visit(session, long, Outcome.ABSENT, note="Không ai mở cửa")
        make.a_volunteer(session, world.commune, LONG_NAME, slots=("mon_S",))
        make.a_user(session, world.commune, Role.LEADER, LONG_NAME, world.volunteers[1])
        rule = planning.RuleForm(long.id, RuleKind.PIN, MONDAY, MONDAY, None, world.volunteers[0].id, "Hàng xóm quen")
        planning.add_rule(session, world.desk, rule, NOW)
        households.stop_contact(session, world.desk, world.households[4].id, StopReason.REFUSED, NOW)
        officials.mark_listed(session, world.desk, f"{LONG_NAME}\nHồ Thị Hạnh; Trạm y tế", "Trường THCS Lộc Hòa", NOW)
        goals.change(session, world.desk, {"indicators": {"a1": {"target_percent": 85}}}, NOW)
        learning.overrule(session, world.desk, OverruleForm(MeetKind.USUAL, SlotClass.WEEKDAY_EVENING, None, 45, LONG_NAME), NOW)
        for days in (1, 12):  # a promise in danger, and one of a later week
            starts = NOW + timedelta(days=days)
            session.add(Appointment(household_id=long.id, starts_at=starts, ends_at=starts + timedelta(hours=1), made_at=NOW))
    draft = drafted(db, world.desk)
    with db.begin() as session:
        run_id = planning.request_draft(session, world.desk, MONDAY + timedelta(days=7), RunKind.DRAFT, {}, NOW)
        run = session.get_one(PlanRun, run_id)
        run.state, run.started_at, run.alive_at = RunState.RUNNING, NOW, NOW
        run.progress = {"fraction": 0.4, "stage": "solving", "total": 51_230_000, "bound": 53_100_000}
    seen = intake.preview(
        db, world.desk, ImportKind.ROSTER, ROSTERS / "lon-xon-mau.xlsx", "Danh sách lộn xộn.xlsx", intake.options_of({}),
        tmp_path, NOW,
    )  # fmt: skip
    assert draft.week_plan_id is not None
    live.clock.at = NOW + timedelta(days=2)  # Monday's visits are missed
    return {
        "household": long.id, "family": family.id, "volunteer": world.volunteers[0].id, "user": world.minh.id,
        "draft": draft.week_plan_id, "run": run_id, "batch": seen.batch_id,
    }  # fmt: skip


@pytest.fixture
def answers(live: Live) -> list[str]:
    """Let a card of a long name wait for its answer for twelve days, and an account for the police; return their pages."""
    with live.db.begin() as session:
        waits = make.a_household(session, live.world.hamlet, LONG_NAME, 0)
        (card,) = make.needs_of(session, waits).values()
        card.state, card.state_since_at = NeedState.SUBMITTED, NOW - timedelta(days=12)
        account = make.needs_of(session, live.world.households[2])["register"]
        account.state = NeedState.REFERRED
        return ["follow-ups", f"households/{waits.id}", f"households/{account.household_id}"]


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_what_was_heard_of_a_need_is_noted_with_a_thumb(
    live: Live, answers: list[str], sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, live.world.hoa)
    for address in answers:
        page.goto(f"{live.url}/desk/{address}")
        steps = page.locator(".need-steps button:visible")
        assert all(box["height"] >= 48 for button in steps.all() if (box := button.bounding_box()))
        expect(steps).to_have_count(2)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    steps.filter(has_text="Chưa đến").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Lê Văn Cường: Đăng ký tài khoản")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.locator("summary", has_text="Ghi kết quả khác").click()
    expect(steps).to_have_count(3)
    assert_accessible(page)
    page.get_by_role("status").get_by_role("button", name="Hoàn tác").click()
    expect(steps.filter(has_text="Chưa đến")).to_be_visible()


def test_answers_are_noted_without_script(live: Live, answers: list[str], scriptless: Callable[..., Page]) -> None:
    page = scriptless(PHONE)
    page.goto(live.link_for(live.world.hoa))
    page.locator("main form button").click()
    page.goto(f"{live.url}/desk/{answers[0]}")
    page.get_by_role("button", name="Bị trả lại", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy chọn ít nhất một việc.")
    page.get_by_role("checkbox", name="Chọn việc").check()
    page.get_by_role("button", name="Bị trả lại", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi 1 việc: Bị trả lại.")


PAGES = [
    "week", "week?monday=2026-12-14", "plan", "plan/drafts/{draft}", "plan/drafts/{draft}/unplaced", "missed/drafts/{draft}",
    "plan/runs/{run}", "board", "board?state=missed", "board/print", "missed", "missed?monday=2026-12-14", "households",
    "households?q=zzz", "households/{household}", "households/{family}", "households/{household}/edit", "volunteers",
    "households/officials", "volunteers/{volunteer}", "volunteers/availability", "imports", "imports/new/roster",
    "imports/{batch}", "settings", "settings/goals", "settings/quotas", "users", "chances", "chances/usual/weekday_evening",
    "promises",
    "users/{user}", "users/new", "journal", "clock", "follow-ups", "retention", "phones", "phones?show=decided",
]  # fmt: skip


def test_the_menu_is_one_line_on_an_office_screen(live: Live, office: Page, sign_in: SignIn) -> None:
    sign_in(office, live.world.hoa)
    tops = office.evaluate("[...document.querySelectorAll('.menu a')].map(entry => entry.getBoundingClientRect().top)")
    assert len(tops) == 9
    assert len(set(tops)) == 1


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_every_page_can_be_read_and_fits_the_screen(
    live: Live, full: dict[str, int], sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, live.world.hoa)
    for address in PAGES:
        page.goto(f"{live.url}/desk/{address.format(**full)}")
        expect(page.locator("h1")).to_have_count(1)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_the_pages_can_be_read_in_the_dark_and_in_english(
    live: Live, full: dict[str, int], sign_in: SignIn, office: Page
) -> None:
    sign_in(office, live.world.hoa)
    office.emulate_media(color_scheme="dark")
    office.get_by_role("button", name="English").click()
    for address in ("week", "plan/drafts/{draft}", "board", "missed", "households/{household}", "imports/{batch}", "settings"):
        office.goto(f"{live.url}/desk/{address.format(**full)}")
        assert office.locator("html").get_attribute("lang") == "en"
        assert_accessible(office)


def test_an_empty_commune_says_what_to_do_on_every_page(live: Live, sign_in: SignIn, phone: Page) -> None:
    with live.db.begin() as session:
        commune = make.a_commune(session, name="Xã Mới")
        make.a_campaign(session, commune)
        user = make.a_user(session, commune, name="Mai")
    sign_in(phone, user)
    for address in ("week", "plan", "board", "missed", "households", "volunteers", "volunteers/availability", "imports"):
        phone.goto(f"{live.url}/desk/{address}")
        assert phone.locator("main .empty, main .next-step, main form, main .import-doors").count() > 0
        assert_accessible(phone)
        assert_no_sideways_scroll(phone)


def test_a_wrong_setting_is_listed_on_top_and_the_link_leads_to_its_field(live: Live, sign_in: SignIn, office: Page) -> None:
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/settings")
    office.get_by_label("Số người mỗi tổ").fill("9")
    office.get_by_role("button", name="Lưu thiết lập").click()
    expect(office.get_by_role("alert")).to_be_focused()
    office.get_by_role("alert").get_by_role("link").click()
    expect(office.locator("#crew_size")).to_be_visible()
    assert_accessible(office)


def test_the_progress_of_a_run_moves_without_a_reload(live: Live, full: dict[str, int], sign_in: SignIn, office: Page) -> None:
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/plan/runs/{full['run']}")
    expect(office.locator("progress")).to_have_attribute("value", "40")
    office.evaluate("window.stillTheSamePage = true")
    with live.db.begin() as session:
        run = session.get_one(PlanRun, full["run"])
        run.state, run.week_plan_id = RunState.DONE, full["draft"]
    expect(office.get_by_role("link", name="Xem bản nháp")).to_be_visible()
    assert office.evaluate("window.stillTheSamePage")


@pytest.fixture
def held(live: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Hold the import of a roster until the test lets it go on, and show its progress at once."""
    service = Held(intake)
    monkeypatch.setattr(imports, "intake", service)
    monkeypatch.setattr(import_tasks, "PATIENCE_SECONDS", 0)
    yield service
    service.go.set()


def ask_to_import(page: Page, live: Live) -> None:
    """Upload a roster; its progress is shown."""
    page.goto(f"{live.url}/desk/imports/new/roster")
    page.set_input_files("#file", ROSTERS / "lon-xon-mau.xlsx")
    page.get_by_role("button", name="Đọc và xem trước").click()
    page.wait_for_url("**/imports/tasks/*")


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_the_progress_of_an_import_can_be_read_and_leads_to_its_preview(
    live: Live, held: Held, sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, live.world.hoa)
    ask_to_import(page, live)
    expect(page.locator("progress")).to_have_attribute("value", "40")
    expect(page.get_by_label("Đang kiểm tra từng dòng")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    task = page.url
    page.goto(f"{live.url}/desk/imports")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("link", name="Xem tiến độ").click()
    page.wait_for_url(task)
    held.go.set()
    expect(page.get_by_role("heading", name="lon-xon-mau.xlsx")).to_be_visible()
    page.goto(f"{live.url}/desk/imports/tasks/of-the-server-before")
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_an_import_that_waits_for_another_shows_a_bar_without_a_figure(
    live: Live, held: Held, sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, live.world.hoa)
    ask_to_import(page, live)
    for _ in range(AT_ONCE):
        ask_to_import(page, live)
    expect(page.locator("progress")).to_be_visible()
    assert page.locator("progress").get_attribute("value") is None
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_who_publishes_second_can_read_what_differs(
    live: Live, sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    mine = drafted(live.db, live.world.desk)
    sign_in(page, live.world.hoa)
    page.goto(f"{live.url}/desk/plan/drafts/{mine.week_plan_id}")
    published(live.db, live.world.desk, drafted(live.db, live.world.desk))
    with live.db.begin() as session:
        session.get_one(WeekPlan, mine.week_plan_id).state = WeekState.DRAFT
    page.get_by_role("button", name="Công bố").click()
    expect(page.get_by_role("heading", name="Đã có người công bố trước")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_what_is_wrong_with_goals_officials_and_volunteers_can_be_read(
    live: Live, full: dict[str, int], sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, live.world.hoa)
    page.goto(f"{live.url}/desk/settings/goals")
    page.get_by_label("Phải đạt (phần trăm)").first.fill("101")
    page.get_by_label("Số phút mỗi người, Tích hợp mã số thuế").fill("0")
    page.get_by_role("button", name="Lưu việc và chỉ tiêu").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.goto(f"{live.url}/desk/settings/goals")
    with live.db.begin() as session:
        goals.change(session, live.world.desk, {"indicators": {"a1": {"target_percent": 90}}}, NOW)
    page.get_by_role("button", name="Lưu việc và chỉ tiêu").click()
    expect(page.get_by_text("Người khác vừa sửa thiết lập này.")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.goto(f"{live.url}/desk/households/officials")
    page.get_by_label("Mỗi dòng một người").fill(f"{LONG_NAME}; 1901\nTrần Thị Bình")
    page.get_by_label("Cơ quan, đơn vị của những dòng không ghi").fill("UBND xã")
    page.get_by_role("button", name="Đánh dấu", exact=True).click()
    expect(page.get_by_text("không có trong danh sách hộ").first).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.goto(f"{live.url}/desk/households/{full['household']}")
    page.locator("summary", has_text="Thêm yêu cầu").click()
    page.get_by_label("Tình nguyện viên").fill("i")
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.get_by_label("Tình nguyện viên").select_option(label="Phạm Văn Hải (Ấp 1)")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_text("Ghim: với Phạm Văn Hải").first).to_be_visible()


def test_the_progress_of_an_import_needs_no_script(live: Live, held: Held, scriptless: Callable[..., Page]) -> None:
    page = scriptless(PHONE)
    page.goto(live.link_for(live.world.hoa))
    page.locator("main form button").click()
    ask_to_import(page, live)
    expect(page.locator("progress")).to_have_attribute("value", "40")
    held.go.set()
    expect(page.get_by_role("heading", name="lon-xon-mau.xlsx")).to_be_visible(timeout=10_000)


def test_ticking_the_head_of_the_list_ticks_or_frees_all(live: Live, answers: list[str], sign_in: SignIn, office: Page) -> None:
    live.clock.at = NOW + timedelta(days=2)
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/missed?monday={MONDAY}")
    boxes = office.locator("input[name=household]")
    expect(boxes).to_have_count(3)
    office.locator("[data-tick-all]").uncheck()
    assert [box.is_checked() for box in boxes.all()] == [False] * 3
    office.goto(f"{live.url}/desk/{answers[0]}")
    office.locator("[data-tick-all]").check()
    expect(office.get_by_role("checkbox", name="Chọn việc")).to_be_checked()


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_page(options: dict[str, object] = OFFICE) -> Page:
        contexts.append(browser.new_context(locale="vi-VN", java_script_enabled=False, **options))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


def test_the_desk_works_without_script(live: Live, sign_in: SignIn, scriptless: Callable[..., Page]) -> None:
    page = scriptless(PHONE)
    page.goto(live.link_for(live.world.hoa))
    page.locator("main form button").click()
    page.goto(f"{live.url}/desk/households")
    page.get_by_label("Tên, địa chỉ hoặc số hộ, không cần dấu").fill("binh")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Trần Thị Bình").click()
    page.get_by_text("Thêm yêu cầu").click()
    page.get_by_label("Buổi").select_option(label="Tối")
    page.get_by_label("Tình nguyện viên").fill("le thu nga")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_text("Ghim: buổi tối, với Lê Thu Nga").first).to_be_visible()
    page.goto(f"{live.url}/desk/imports/new/roster")
    page.set_input_files("#file", {"name": "rỗng.xlsx", "mimeType": "application/zip", "buffer": io.BytesIO(b"").read()})
    page.get_by_role("button", name="Đọc và xem trước").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_each_crew_prints_on_sheets_of_its_own(live: Live, sign_in: SignIn, browser: Browser, office: Page) -> None:
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/board/print?monday={MONDAY}")
    office.emulate_media(media="print")
    expect(office.locator(".masthead")).to_be_hidden()
    expect(office.get_by_role("button", name="In", exact=True)).to_be_hidden()
    pdf = office.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 2


def test_a_name_that_is_a_script_runs_nowhere(live: Live, sign_in: SignIn, office: Page) -> None:
    payload = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    with live.db.begin() as session:
        world: World = live.world
        household = make.a_household(session, world.hamlet, payload, 1, note=payload)
        volunteer = make.a_volunteer(session, world.commune, payload[:120])
        make.a_published_week(session, [("thu_T", [volunteer], [household])], world.campaign, MONDAY + timedelta(days=7))
    sign_in(office, live.world.hoa)
    later = (MONDAY + timedelta(days=7)).isoformat()
    for address in (
        f"households/{household.id}", "households", f"board?monday={later}", f"board/print?monday={later}",
        f"week?monday={later}", "volunteers", f"volunteers/{volunteer.id}", "users/new",
    ):  # fmt: skip
        office.goto(f"{live.url}/desk/{address}")
        assert office.title() != "broken"
