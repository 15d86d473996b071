"""Paper in a real browser: what comes out of the printer, and entry without a mouse."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from planner.domain.paper import row_code
from planner.domain.vocabulary import Outcome
from planner.models import Database, Visit
from planner.services import evidence, paper
from tests import builders as make
from tests.browser.conftest import OFFICE, PHONE, Live, SignIn, assert_accessible, assert_no_sideways_scroll
from tests.browser.test_desk import LONG_NAME
from tests.builders import MONDAY
from tests.services.photos import a_photo, form_of
from tests.web.conftest import MONDAY_EVENING

PAGES_IN_PDF = re.compile(rb"/Type\s*/Page\b(?!s)")
MEDIA_BOX = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")
A4_POINTS, A5_POINTS = (595, 842), (420, 595)


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """How a page looks does not depend on the database."""
    return sqlite_db


@pytest.fixture
def printed(live: Live) -> tuple[int, ...]:
    """Number the lists of the week, with a long name and hints in the first; it is Tuesday morning."""
    with live.db.begin() as session:
        house = session.merge(live.world.households[0])
        house.head_name, house.note, house.languages, house.needs_woman = LONG_NAME, "Nhà có chó; đường tối", ["Thái"], True
        make.a_resident(session, house, LONG_NAME, **make.FACTS_OF_GROUP[2])
        make.rebuild(session, house)
        numbers = paper.make_lists(session, live.world.desk, MONDAY, live.clock())
    live.clock.at = MONDAY_EVENING + timedelta(hours=14)
    return numbers


def outcomes(live: Live) -> list[Outcome]:
    with live.db.read() as session:
        return list(session.scalars(select(Visit.outcome).order_by(Visit.id)))


def pdf_pages(page: Page) -> tuple[int, set[tuple[int, int]]]:
    """Return how many pages the printer would give, and their sizes in points."""
    made = page.pdf(prefer_css_page_size=True)
    return len(PAGES_IN_PDF.findall(made)), {(round(float(w)), round(float(h))) for w, h in MEDIA_BOX.findall(made)}


@pytest.mark.parametrize(("size", "points"), [("a4", A4_POINTS), ("a5", A5_POINTS)])
def test_each_crew_begins_on_a_page_of_its_own_of_the_size_asked_for(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, office: Page, size: str, points: tuple[int, int]
) -> None:
    sign_in(office, live.world.hoa)
    address = f"{live.url}/desk/paper/print?monday={MONDAY}&size={size}"
    with live.db.read() as session:
        shifts = [line.shift_id for line in paper.lists_of_week(session, live.world.desk, MONDAY)]
    alone = []
    for shift_id in shifts:
        office.goto(f"{address}&shift={shift_id}")
        alone.append(pdf_pages(office)[0])
    office.goto(address)
    together, sizes = pdf_pages(office)
    assert together == sum(alone) >= len(printed)
    assert all(abs(w - points[0]) <= 2 and abs(h - points[1]) <= 2 for w, h in sizes), sizes


def test_all_that_is_printed_is_fourteen_points_or_more(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, office: Page
) -> None:
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/paper/print?monday={MONDAY}&size=a5")
    office.emulate_media(media="print")
    small = office.evaluate(
        """() => [...document.querySelectorAll('.paper *')]
          .filter(e => e.checkVisibility() && !e.closest('svg, .visually-hidden'))
          .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
          .map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent.trim().slice(0, 40)])
          .filter(([px]) => px < 14 * 96 / 72)"""
    )
    assert small == []
    expect(office.locator("main button")).not_to_be_visible()
    wide = office.evaluate("() => [...document.querySelectorAll('.paper')].map(e => e.scrollWidth > e.clientWidth + 1)")
    assert wide == [False] * len(printed)


def test_the_boxes_of_a_task_stand_on_one_line_of_an_a4_sheet(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, office: Page
) -> None:
    """A second line for the last box of every task would make a list longer by a third."""
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/paper/print?monday={MONDAY}&size=a4")
    office.emulate_media(media="print")
    office.set_viewport_size({"width": round(186 / 25.4 * 96), "height": 1000})  # what the margins leave of the sheet
    lines = office.evaluate(
        """() => [...document.querySelectorAll('.paper__need .paper__boxes')]
          .map(boxes => new Set([...boxes.children].map(box => Math.round(box.getBoundingClientRect().top))).size)"""
    )
    assert lines
    assert set(lines) == {1}


def test_large_families_do_not_leave_pages_half_empty(live: Live, sign_in: SignIn, office: Page) -> None:
    """Five families of five, of which a page holds one and a half: where each has to stay together they take eight pages."""
    with live.db.begin() as session:
        for household in live.world.households:
            house = session.merge(household)
            for n in range(4):
                make.a_resident(session, house, f"Nguyễn Văn {n}", **make.FACTS_OF_GROUP[1])
            make.rebuild(session, house)
        paper.make_lists(session, live.world.desk, MONDAY, live.clock())
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/paper/print?monday={MONDAY}&size=a4")
    assert pdf_pages(office)[0] < 8
    rows = office.locator(".paper__rows tbody tr")
    assert [rows.nth(n).locator(".paper__of").all_inner_texts() for n in range(2)] == [["(Dòng 1)"] * 5, ["(Dòng 2)"] * 5]


def test_the_picture_beside_a_row_holds_its_code_and_nothing_else(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, office: Page
) -> None:
    """Read each picture off the screen, module by module, and compare it with the code's own."""
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/paper/print?monday={MONDAY}")
    rows = office.locator(".paper__rows tbody tr")
    assert rows.count() == 5
    for number, row in ((1, 0), (2, 3)):
        wanted = segno.make(row_code(number, 1), error="m", micro=False)
        assert rows.nth(row).locator(".paper__code").inner_text() == row_code(number, 1)
        size = wanted.symbol_size(border=4)[0]
        seen = rows.nth(row).locator("svg.qr").evaluate(READ_MODULES, size)
        assert seen == [[bool(module) for module in line] for line in wanted.matrix_iter(border=4)]


# Draws the picture into a canvas of one pixel a module times eight, and looks at the middle of each.
READ_MODULES = """async (svg, size) => {
  const copy = svg.cloneNode(true);
  copy.setAttribute('width', size * 8); copy.setAttribute('height', size * 8);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * 8;
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff'; context.fillRect(0, 0, size * 8, size * 8);
  context.scale(8, 8);
  for (const path of copy.querySelectorAll('path')) {
    const shape = new Path2D(path.getAttribute('d'));
    context.strokeStyle = path.getAttribute('stroke') || 'transparent';
    context.fillStyle = path.getAttribute('fill') || 'transparent';
    if (path.hasAttribute('stroke')) context.stroke(shape); else context.fill(shape);
  }
  const pixels = context.getImageData(0, 0, size * 8, size * 8).data;
  const dark = (x, y) => pixels[4 * ((y * 8 + 4) * size * 8 + x * 8 + 4)] < 128;
  return Array.from({length: size}, (_, y) => Array.from({length: size}, (_, x) => dark(x, y)));
}"""


def test_a_list_is_entered_without_touching_the_mouse(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, office: Page
) -> None:
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/paper?monday={MONDAY}")
    expect(office.locator("#code")).to_be_focused()
    office.keyboard.type("1\n")  # list 1
    office.wait_for_url("**/desk/paper/1")
    expect(office.locator("#line")).to_be_focused()
    office.keyboard.type("1 v @19:05\n")
    expect(office.get_by_role("status")).to_contain_text("Đã ghi dòng 1")
    expect(office.locator("#line")).to_be_focused()
    office.keyboard.type("2\n")  # the row alone: its form
    office.wait_for_url("**/desk/paper/1")
    expect(office.locator("h1")).to_have_text("Trần Thị Bình")
    office.keyboard.press("g")
    expect(office.get_by_role("radio", name="Gặp được")).to_be_checked()
    office.keyboard.press("Tab")
    office.keyboard.press("5")
    expect(office.locator("#result-1")).to_have_value("not_done")
    office.keyboard.press("Tab")
    office.keyboard.press("Enter")  # in a field of the form: saved, and on to the next row
    office.wait_for_url("**/desk/paper/1/3")
    assert outcomes(live) == [Outcome.ABSENT, Outcome.MET]
    office.keyboard.press("t")
    office.keyboard.press("Enter")
    office.wait_for_url("**/desk/paper/1")
    expect(office.get_by_text("Mọi dòng đã được ghi")).to_be_visible()
    assert outcomes(live) == [Outcome.ABSENT, Outcome.MET, Outcome.REFUSED]


def test_a_scanner_leads_from_row_to_row_and_never_fills_one_in(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, office: Page
) -> None:
    """A scanner types a code and Enter, wherever the focus is: its letters are outcomes' keys too."""
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/paper?monday={MONDAY}")
    expect(office.locator("#code")).to_be_focused()
    office.keyboard.type(f"{row_code(1, 1)}\n")
    office.wait_for_url("**/desk/paper/1/1")
    for number, row in ((1, 2), (2, 1), (1, 3)):
        office.keyboard.type(f"{row_code(number, row)}\n")
        office.wait_for_url(f"**/desk/paper/{number}/{row}")
        expect(office.locator("input[name=outcome]:checked")).to_have_count(0)
    assert outcomes(live) == []


def test_typing_a_row_otherwise_is_asked_about_and_corrected(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, office: Page
) -> None:
    sign_in(office, live.world.hoa)
    office.goto(f"{live.url}/desk/paper/1")
    expect(office.locator("#line")).to_be_focused()
    office.keyboard.type("1 v\n")
    expect(office.get_by_role("status")).to_contain_text("Đã ghi dòng 1")
    expect(office.locator("#line")).to_be_focused()
    office.keyboard.type("1 c\n")
    expect(office.get_by_role("alert")).to_contain_text("Vắng nhà")
    assert_accessible(office)
    office.get_by_role("button", name="Sửa theo giấy").click()
    expect(office.get_by_role("status")).to_contain_text("Đã chuyển đi")
    assert outcomes(live) == [Outcome.ABSENT, Outcome.MOVED]


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_every_paper_page_can_be_read_and_fits_the_screen(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, live.world.hoa)
    page.goto(f"{live.url}/desk/paper/2")
    page.locator("#line").fill("9 z")
    page.locator("#line").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    for address in (
        f"paper?monday={MONDAY}", "paper?monday=2026-12-14", "paper/find?code=abc", "paper/1", "paper/1/1", "paper/2/1",
        "paper/1/1/found", f"paper/print?monday={MONDAY}", f"paper/print?monday={MONDAY}&size=a5",
    ):  # fmt: skip
        page.goto(f"{live.url}/desk/{address}")
        expect(page.locator("h1")).to_have_count(1)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_somebody_and_a_household_found_are_typed_without_script(
    live: Live, printed: tuple[int, ...], browser: Browser, screen: str
) -> None:
    options = {"office": OFFICE, "phone": PHONE}[screen]
    context = browser.new_context(locale="vi-VN", java_script_enabled=False, **options)
    page = context.new_page()
    page.goto(live.link_for(live.world.hoa))
    page.locator("main form button").click()
    page.goto(f"{live.url}/desk/paper/1/1")
    page.get_by_role("link", name="Thêm người, thêm hộ gặp được").click()
    page.get_by_role("button", name="Lưu hộ mới").click()
    expect(page.get_by_role("alert")).to_contain_text("Ghi tên chủ hộ.")
    page.get_by_label("Tên chủ hộ").fill("Vàng A Sử")
    page.get_by_label("Địa chỉ").fill("cuối ngõ 3")
    page.get_by_role("button", name="Lưu hộ mới").click()
    page.get_by_role("link", name="Thêm người trong hộ này").click()
    page.get_by_label("Họ và tên").fill("Vàng Thị Mai")
    page.get_by_role("button", name="Lưu người mới").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi: Vàng Thị Mai")
    assert page.locator("#entered + ul li").count() == 2
    context.close()


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_the_pages_of_who_was_found_can_be_read_and_fit_the_screen(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, request: pytest.FixtureRequest, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, live.world.hoa)
    page.goto(f"{live.url}/desk/paper/1/1/found")
    page.get_by_role("button", name="Lưu người mới").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Tên chủ hộ").fill(LONG_NAME)
    page.get_by_label("Địa chỉ").fill("cuối ngõ 3")
    page.get_by_role("button", name="Lưu hộ mới").click()
    add_person = page.get_by_role("link", name="Thêm người trong hộ này")
    expect(add_person).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    add_person.click()
    expect(page.locator("h1")).to_have_text(LONG_NAME)
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_the_photos_can_be_seen_and_deleted(
    live: Live, printed: tuple[int, ...], sign_in: SignIn, request: pytest.FixtureRequest, data_dir: Path, screen: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    with live.db.read() as session:
        shift_id = paper.lists_of_week(session, live.world.desk, MONDAY)[0].shift_id
    folder, content = evidence.folder_of(data_dir), a_photo()
    for _ in range(2):
        evidence.store(live.db, live.world.volunteer, folder, form_of(content, shift_id), content, MONDAY_EVENING)
    sign_in(page, live.world.hoa)
    page.goto(f"{live.url}/photos?monday={MONDAY}")
    assert page.locator(".photos img").first.evaluate("e => e.decode().then(() => e.naturalWidth)") == 800
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.locator(".photos summary").first.click()
    assert_accessible(page)
    page.get_by_role("button", name="Xóa hẳn ảnh").click()
    expect(page.get_by_text("1 ảnh, 1 đã xóa")).to_be_visible()
    assert_accessible(page)
