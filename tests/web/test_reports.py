"""The progress pages: a verdict anybody understands, the same to desk and chairman but for names, and nothing to others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from planner.domain.vocabulary import Role
from planner.models import Campaign, Database
from planner.services import accounts, campaigns
from tests import builders as make
from tests.services.test_progress import TODAY, a_street, helped, three_weeks
from tests.web.conftest import Browser, Clock, SignIn
from tests.worlds import World, one_alley
from web import create_app


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", text).strip()


Pages = tuple[World, Browser, Browser]


@pytest.fixture(scope="module")
def pages(sqlite_template: Path, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Return the world of three weeks, made once, and the browsers of Hoa and of the chairman: nothing here writes."""
    path = tmp_path_factory.mktemp("reports") / "reports.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    db = Database(f"sqlite:///{path}", durable=False)
    with db.begin() as session:
        world = three_weeks(session)
        chairman = make.a_user(session, world.commune, Role.VIEWER, "Chủ tịch")
        links = [accounts.issue_link(session, world.desk, user.id, TODAY) for user in (world.hoa, chairman)]
    settings = Settings(database_url="", data_dir=data_dir, secret_key="a key only tests know, of 32 letters", environment="test")
    app = create_app(settings, db=db, clock=Clock(TODAY))
    browsers = [Browser(app.test_client()) for _ in links]
    for browser, link in zip(browsers, links, strict=True):
        assert browser.post(f"/enter/{link}").status_code == 302
    yield world, *browsers
    db.dispose()


def test_the_chairman_reads_whether_it_will_be_in_time_and_what_would_help(pages: Pages) -> None:
    _, hoa, chairman = pages
    said = words(chairman.get("/reports/overview"))
    assert "Có kịp không?" in said
    assert "10 trên 45; chỉ tiêu 80 %" in said
    assert "Đầu đợt: 1 Trong đợt làm thêm: 9" in said
    assert re.search(r"Dự báo đến 31/01/2027: [\d,]+ %, bốn phần năm khả năng là từ [\d,]+ % đến [\d,]+ %\.", said)
    assert re.search(r"Để đạt 80 % trước 31/01/2027 cần thêm khoảng \d+ ca/tuần, nhất là ở Ấp Sậy", said) or "là kịp" in said
    assert "Hai tuần nay không xong thêm việc nào" in said
    assert "Trần Văn" not in said
    assert "10 trên 45; chỉ tiêu 80 %" in words(hoa.get("/reports/overview"))


def test_each_figure_opens_its_rows_with_names_for_the_desk_alone(pages: Pages) -> None:
    _, hoa, chairman = pages
    page = chairman.get("/reports/overview").get_data(as_text=True)
    links = sorted(set(re.findall(r'href="(/reports/(?:figures|progress)[^"]*)"', page)))
    assert len(links) > 12
    for link in links:
        answer = chairman.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        assert "Trần Văn" not in answer.get_data(as_text=True)
    assert "Trần Văn 0" in words(hoa.get("/reports/figures/a1"))


WORDS = {
    "hamlet": "Ấp Bàu", "group": "Nhóm 1", "crew": "Trần Quang Minh 3 9 9", "team": "Đoàn Thanh niên",
    "organisation": "Chưa có danh sách cán bộ",
}  # fmt: skip


def test_the_figures_are_broken_down_in_five_ways(pages: Pages) -> None:
    for browser in pages[1:]:
        for by, expected in WORDS.items():
            assert expected in words(browser.get(f"/reports/progress?by={by}"))


def test_the_figures_of_crews_and_organisations_open_their_rows_too(pages: Pages) -> None:
    _, hoa, chairman = pages
    for by in ("crew", "team"):
        page = hoa.get(f"/reports/progress?by={by}").get_data(as_text=True)
        links = sorted(set(re.findall(r'href="(/reports/doers/[^"]*)"', page)))
        assert len(links) == 4
        for link in links:
            assert "Trần Văn 0" in words(hoa.get(link.replace("&amp;", "&"))), link
            assert "Trần Văn" not in words(chairman.get(link.replace("&amp;", "&"))), link


NOT_THERE = (
    "/reports/doers/nobody/met", "/reports/doers/crew/met?who=1-2-x", "/reports/doers/crew/households?who=1",
    "/reports/doers/team/met",
    "/reports/progress?by=nobody", "/reports/figures/a9", "/reports/figures/a1?part=x", "/reports/figures/a1?hamlet=-1",
    "/reports/figures/a1?hamlet=99999", "/reports/figures/a1?group=" + "9" * 30,
)  # fmt: skip


def test_what_there_is_not_is_not_found(pages: Pages) -> None:
    assert {path: pages[1].get(path).status_code for path in NOT_THERE} == dict.fromkeys(NOT_THERE, 404)


def test_on_the_first_day_the_page_says_when_there_will_be_more(db: Database, clock: Clock, signed_in: SignIn) -> None:
    with db.begin() as session:
        world = a_street(session)
        session.flush()
    clock.at = TODAY.replace(day=2)
    said = words(signed_in(world.hoa).get("/reports/overview"))
    assert "Chưa đoán được: dự báo có sau tuần làm việc trọn vẹn đầu tiên." in said
    assert "Xem được sau hai tuần đầu." in said


def test_a_hamlet_without_officials_has_its_row_in_the_table_of_the_quota(db: Database, signed_in: SignIn) -> None:
    """Or the rows would not add up to the whole commune: its residents were guided all the same."""
    with db.begin() as session:
        world = one_alley(session)
        campaigns.create_campaign(session, world.desk, "plan_b", "", date(2026, 11, 2), date(2027, 1, 31), TODAY)
        world.campaign = session.get_one(Campaign, campaigns.active(session, world.desk).id)
        far = make.a_household(session, make.a_hamlet(session, world.commune, "Ấp Sậy"), "Ngô Thị Bảy", 1)
        make.a_resident(session, world.households[0], "Đỗ Thị Cán", official_of="Trạm Y tế")
        make.rebuild(session)
        helped(session, world, far, TODAY)
    said = words(signed_in(world.hoa).get("/reports/progress?by=hamlet"))
    assert "Ấp Sậy 1 – –" in said
    assert "Ấp 1 0 10 0,0 %" in said


def test_in_english_too(pages: Pages) -> None:
    chairman = pages[2]
    chairman.post("/language", {"language": "en", "next": "/reports/overview"})
    said = words(chairman.get("/reports/overview"))
    assert "Will it be in time?" in said
    assert "four times out of five between" in said
