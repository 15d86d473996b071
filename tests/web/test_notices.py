"""Notices on the pages: the bell of every role, the list, choices, the calendar's address, texts for the group chat."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings
from planner.domain.notices import SPECS, Channel, NoticeKind, open_path
from planner.domain.notices.kinds import CHOICES_PATH
from planner.domain.vocabulary import Role
from planner.models import Database, NoticeChoice, User
from planner.notices.webpush import new_private_key
from planner.services import notices
from planner.services.notices import outbox
from tests import builders as make
from tests.builders import MONDAY, NOW
from tests.notices.samples import SAMPLES
from tests.web.conftest import Browser, Clock, SignIn
from tests.worlds import World
from web import create_app

FACTS = {"monday": MONDAY, "shifts": 2}
UNREAD = re.compile(r"(\d+) chưa đọc")


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """What the pages show does not depend on the database; the services' tests run on both."""
    return sqlite_db


def tell(db: Database, *people: User, kind: NoticeKind = NoticeKind.WEEK_PUBLISHED, key: str = "week:1") -> None:
    with db.begin() as session:
        notices.tell(session, [person.id for person in people], kind, {**SAMPLES[kind], **FACTS}, key, NOW)


def page_of(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status
    return unescape(answer.get_data(as_text=True))


def unread_in(page: str) -> int:
    found = UNREAD.search(page)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("role", list(Role))
def test_the_bell_is_on_every_page_of_every_role_with_the_number_unread(
    db: Database, world: World, signed_in: SignIn, role: Role
) -> None:
    with db.begin() as session:
        volunteer = make.a_volunteer(session, world.commune, "Ai Đó") if role in (Role.VOLUNTEER, Role.LEADER) else None
        user = make.a_user(session, world.commune, role, "Ai Đó", volunteer)
    browser = signed_in(user)
    assert unread_in(page_of(browser, "/me")) == 0
    tell(db, user, world.hoa)
    tell(db, user, key="week:2")
    for address in ("/me", "/notices", CHOICES_PATH):
        page = page_of(browser, address)
        assert 'class="bell" href="/notices"' in page
        assert unread_in(page) == 2
    missing = browser.get("/no-such-page").get_data(as_text=True)
    assert 'class="bell"' in missing


def test_opening_a_notice_leads_to_its_page_and_marks_it_read(db: Database, world: World, signed_in: SignIn) -> None:
    tell(db, world.minh)
    browser = signed_in(world.minh)
    (link,) = re.findall(r'href="(/notices/\d+)"', page_of(browser, "/notices"))
    assert link == open_path(int(link.rpartition("/")[2]))
    assert browser.get(link).headers["Location"] == "/my/week"
    assert unread_in(page_of(browser, "/notices")) == 0


def test_a_notice_about_a_page_of_another_role_leads_to_the_list(db: Database, world: World, signed_in: SignIn) -> None:
    tell(db, world.hoa, kind=NoticeKind.APPOINTMENT_SOON, key="appointment:1")  # nobody is sent there: the desk hears of it
    browser = signed_in(world.hoa)
    (link,) = re.findall(r'href="(/notices/\d+)"', page_of(browser, "/notices"))
    assert browser.get(link).headers["Location"] == f"/notices#notice-{link.rpartition('/')[2]}"


def test_another_persons_notice_is_not_there(db: Database, world: World, signed_in: SignIn) -> None:
    tell(db, world.minh)
    assert signed_in(world.hoa).get("/notices/1").status_code == 404
    assert unread_in(page_of(signed_in(world.minh), "/notices")) == 1


def test_all_are_marked_read_and_taken_back_by_one_press_each(
    db: Database, world: World, signed_in: SignIn, clock: Clock
) -> None:
    for number in range(3):
        tell(db, world.minh, key=f"week:{number}")
    browser = signed_in(world.minh)
    browser.post("/notices/read", {"notice": "1", "page": "1"})
    clock.go(minutes=1)
    assert unread_in(page_of(browser, "/notices")) == 2
    back = browser.post("/notices/read").headers["Location"]
    page = page_of(browser, back)
    assert unread_in(page) == 0
    marked = re.search(r'name="marked" value="([^"]+)"', page)
    assert marked is not None
    browser.post("/notices/unread", {"marked": marked[1]})
    assert unread_in(page_of(browser, "/notices")) == 2, "the one read before stays read"


def test_a_form_nobody_filled_in_is_refused(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.minh)
    for path, form in (
        ("/notices/read", {"notice": "²"}),
        ("/notices/unread", {"marked": "hôm qua"}),
        ("/notices/unread", {}),
        ("/notices/unread", {"marked": "0001-01-01T00:00+14:00"}),
        ("/notices/unread", {"marked": "9999-12-31T23:59-14:00"}),
    ):
        assert browser.post(path, form).status_code == 404


def test_a_long_list_comes_in_pages(db: Database, world: World, signed_in: SignIn) -> None:
    for number in range(31):
        tell(db, world.minh, key=f"week:{number}")
    browser = signed_in(world.minh)
    assert page_of(browser, "/notices").count('class="told__one ') == 30
    assert page_of(browser, "/notices?page=2").count('class="told__one ') == 1


def test_every_kind_leads_to_a_page_there_is(app: Flask) -> None:
    assert {spec.endpoint for spec in SPECS.values()} <= set(app.view_functions)


def test_every_kind_is_shown_in_both_languages(db: Database, world: World, signed_in: SignIn) -> None:
    for kind in NoticeKind:
        tell(db, world.minh, kind=kind, key=kind.value)
    browser = signed_in(world.minh)
    assert "Anh/chị có lịch đi thăm hộ" in page_of(browser, "/notices")
    browser.post("/language", {"language": "en", "next": "/notices"})
    assert "You are out on" in page_of(browser, "/notices")


def test_a_person_chooses_where_they_are_told_what(db: Database, world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.minh)
    form = {"email": "minh@example.vn", "language": "en", "on": ["shifts.email", "week.push", "of.none"]}
    assert browser.post(CHOICES_PATH, form).status_code == 302
    with db.read() as session:
        chosen = session.get_one(NoticeChoice, world.minh.id)
        assert (chosen.email, sorted(chosen.off)) == ("minh@example.vn", ["shifts.push", "week.email"])
        assert session.get_one(User, world.minh.id).language == "en"
    page = page_of(browser, CHOICES_PATH)
    assert 'value="minh@example.vn"' in page
    assert "My shifts" in page


def test_a_wrong_address_is_shown_at_its_field_and_nothing_is_saved(db: Database, world: World, signed_in: SignIn) -> None:
    answer = signed_in(world.minh).post(CHOICES_PATH, {"email": "minh", "language": "en"})
    assert answer.status_code == 422
    page = unescape(answer.get_data(as_text=True))
    assert 'id="email-error"' in page
    assert 'value="minh"' in page
    with db.read() as session:
        assert session.get(NoticeChoice, world.minh.id) is None
        assert session.get_one(User, world.minh.id).language == "vi"


def test_the_desk_notes_an_address_for_someone(db: Database, world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.hoa)
    address = f"/desk/users/{world.minh.id}"
    assert browser.post(f"{address}/email", {"email": "sai"}).status_code == 422
    assert browser.post(f"{address}/email", {"email": "minh@example.vn"}).status_code == 302
    assert 'value="minh@example.vn"' in page_of(browser, address)


def test_a_calendar_is_fetched_without_signing_in_until_its_address_is_taken_back(
    app: Flask, world: World, signed_in: SignIn
) -> None:
    browser = signed_in(world.minh)
    browser.post("/notices/feed", {"do": "renew"})
    found = re.search(r"http://[^<]+(/calendar/\d+/[^<]+\.ics)", page_of(browser, CHOICES_PATH))
    assert found is not None
    anyone = Browser(app.test_client())
    answer = anyone.get(found[1])
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.get_data().startswith(b"BEGIN:VCALENDAR")
    assert anyone.get(found[1].replace(".ics", "x.ics")).status_code == 404
    browser.post("/notices/feed", {"do": "stop"})
    assert anyone.get(found[1]).status_code == 404


def test_who_goes_on_no_visits_is_offered_no_calendar(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.hoa)
    assert "/notices/feed" not in page_of(browser, CHOICES_PATH)
    assert browser.post("/notices/feed", {"do": "renew"}).status_code == 403


def test_push_is_offered_where_it_is_set_up_and_only_then(
    db: Database, world: World, settings: Settings, clock: Clock, signed_in: SignIn
) -> None:
    keys = {"endpoint": "https://fcm.googleapis.com/send/1", "p256dh": "p" * 87, "auth": "a" * 22}
    without = signed_in(world.minh)
    assert "data-push=" not in page_of(without, CHOICES_PATH)
    assert without.post("/notices/browser", keys).status_code == 404
    equipped = replace(settings, push_private_key=new_private_key(), push_contact="mailto:a@b.vn")
    browser = Browser(create_app(equipped, db=db, clock=clock).test_client())
    for cookie in without.client._cookies.values():  # the same browser
        browser.client.set_cookie(cookie.key, cookie.value, domain=cookie.domain, path=cookie.path)
    assert re.search(r'data-push="[\w-]{87}"', page_of(browser, CHOICES_PATH))
    assert browser.post("/notices/browser", {**keys, "endpoint": "https://127.0.0.1/"}).status_code == 422
    assert browser.post("/notices/browser", keys).status_code == 302
    assert "Số máy đang bật: 1." in page_of(browser, CHOICES_PATH)
    browser.post("/notices/browser/stop")
    assert "Số máy đang bật: 0." in page_of(browser, CHOICES_PATH)


def test_texts_for_the_group_chat_name_crews_and_hamlets_and_no_residents(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world.hoa)
    page = page_of(browser, f"/notices/chat?monday={MONDAY}")
    assert "- Tổ 1: Trần Quang Minh, Lê Thu Nga. Ấp 1 (3 hộ)" in page
    assert page.count("<textarea") == 3, "the week and two crews"
    for household in world.households:
        assert household.head_name not in page
    assert "Tuần này chưa công bố" in page_of(browser, "/notices/chat?monday=2026-12-07")
    assert page_of(browser, "/notices/chat?monday=0001-01-01")


def test_the_group_chats_texts_are_the_desks(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.minh).get("/notices/chat").status_code == 403


def test_the_row_of_choices_of_somebody_else_is_never_shown(db: Database, world: World, signed_in: SignIn) -> None:
    signed_in(world.minh).post(CHOICES_PATH, {"email": "minh@example.vn", "language": "vi"})
    assert "minh@example.vn" not in page_of(signed_in(world.lan), CHOICES_PATH)
    with db.read() as session:
        assert session.scalars(select(NoticeChoice.user_id)).all() == [world.minh.id]


def test_a_letter_that_was_given_up_is_told_to_the_person_and_the_desk(
    db: Database, world: World, signed_in: SignIn, clock: Clock
) -> None:
    minh, hoa = signed_in(world.minh), signed_in(world.hoa)
    minh.post(CHOICES_PATH, {"email": "minh@example.vn", "language": "vi", "on": ["week.email"]})
    tell(db, world.minh)
    (held,) = outbox.claim(db, "one", Channel.EMAIL, NOW, 1)
    outbox.failed(db, held, NOW, "smtp_550", permanent=True)
    for browser, address in ((minh, CHOICES_PATH), (hoa, f"/desk/users/{world.minh.id}")):
        assert "Thư gần nhất không tới: không có hộp thư này (12:00 Chủ nhật 22/11)" in page_of(browser, address)
