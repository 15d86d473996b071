"""Signing in and out, one-time links, devices, passphrases, languages."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from planner.domain.vocabulary import AuditAction, Role
from planner.models import AuditEntry, Database, Device, User
from planner.services import accounts
from tests import builders as make
from tests.web.conftest import TOKEN, Browser, Clock, SignIn
from tests.worlds import World
from web.account.browsers import device_label
from web.links import safe_next

PASSPHRASE = "bon con vit bau di chợ"


@pytest.fixture
def hoa(db: Database, world: World) -> User:
    """Return the desk's Hoa, with a passphrase."""
    with db.begin() as session:
        return make.a_user(session, world.commune, Role.DESK, "Nguyễn Thị Hoa", passphrase=PASSPHRASE, login="hoa.nguyen")


def sign_in(browser: Browser, login: str = "hoa.nguyen", passphrase: str = PASSPHRASE, **more: str) -> int:
    return browser.post("/sign-in", {"login": login, "passphrase": passphrase, **more}).status_code


def is_in(browser: Browser) -> bool:
    return browser.get("/me").status_code == 200


def test_login_and_passphrase_let_a_person_in_and_their_name_is_on_screen(anyone: Browser, hoa: User) -> None:
    assert sign_in(anyone) == 302
    assert "Nguyễn Thị Hoa" in anyone.get("/me").get_data(as_text=True)


def test_a_wrong_passphrase_and_an_unknown_login_read_the_same(anyone: Browser, hoa: User) -> None:
    pages = []
    for login in ("hoa.nguyen", "nobody.here"):
        answer = anyone.post("/sign-in", {"login": login, "passphrase": "not the right one"})
        assert answer.status_code == 422
        pages.append(TOKEN.sub("", answer.get_data(as_text=True)).replace(login, "…"))
    assert pages[0] == pages[1]
    assert "error-summary" in pages[0]
    assert not is_in(anyone)


def test_guessing_is_slowed_down_for_that_login_and_for_no_other(app: Flask, anyone: Browser, hoa: User, db: Database) -> None:
    statuses = [sign_in(anyone, passphrase=f"guess number {i}") for i in range(9)]
    assert statuses == [422] * 8 + [429]
    assert sign_in(anyone) == 429, "even the right one waits, or the limit would tell which was right"
    with db.begin() as session:
        make.a_user(session, role=Role.DESK, name="Bình", passphrase=PASSPHRASE, login="binh")
    assert sign_in(Browser(app.test_client()), "binh") == 302


def test_a_forwarded_address_does_not_reset_the_count(anyone: Browser, hoa: User) -> None:
    statuses = [
        anyone.post(
            "/sign-in", {"login": "hoa.nguyen", "passphrase": f"guess {i}"}, headers={"X-Forwarded-For": f"203.0.113.{i}"}
        ).status_code
        for i in range(9)
    ]
    assert statuses[-1] == 429


def test_a_sign_in_and_a_failed_one_leave_their_trace(anyone: Browser, hoa: User, db: Database) -> None:
    sign_in(anyone, passphrase="wrong wrong wrong")
    sign_in(anyone)
    with db.read() as session:
        actions = list(session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == hoa.id)))
        kept = " ".join(str(e.after) for e in session.scalars(select(AuditEntry)))
    assert AuditAction.SIGN_IN_FAILED in actions
    assert AuditAction.SIGNED_IN in session_actions(db)
    assert "wrong wrong" not in kept


def session_actions(db: Database) -> set[AuditAction]:
    with db.read() as session:
        return set(session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example", " //evil.example", "/\t/evil.example", "/\n/evil.example", "evil.example", "https:/evil.example",
        "//evil.example/%2f..", "/%09//evil.example\r\nSet-Cookie: a=b", "data:text/html,x", "", "//[::1", "/a\u2028b",
    ],
)  # fmt: skip
def test_after_signing_in_nobody_is_led_to_another_site(target: str) -> None:
    led = safe_next(target, "/home")
    assert led == "/home" or (led.startswith("/") and not led.startswith("//") and "evil.example" not in led)


def test_after_signing_in_one_is_where_one_wanted_to_go(anyone: Browser, hoa: User) -> None:
    answer = anyone.post("/sign-in", {"login": "hoa.nguyen", "passphrase": PASSPHRASE, "next": "/me?x=1"})
    assert answer.headers["Location"] == "/me?x=1"


def link_for(db: Database, user: User, clock: Clock) -> str:
    from planner.services.actors import Actor

    with db.begin() as session:
        return accounts.issue_link(session, Actor.cli(user.commune_id), user.id, clock())


def test_looking_at_a_one_time_link_does_not_use_it_up(app: Flask, world: World, db: Database, clock: Clock) -> None:
    token = link_for(db, world.minh, clock)
    preview = Browser(app.test_client())
    for _ in range(3):
        assert preview.get(f"/enter/{token}").status_code == 200
    assert not is_in(preview)
    assert Browser(app.test_client()).post(f"/enter/{token}").status_code == 302


def test_a_one_time_link_works_once(app: Flask, world: World, db: Database, clock: Clock) -> None:
    token = link_for(db, world.minh, clock)
    first, second = Browser(app.test_client()), Browser(app.test_client())
    assert first.post(f"/enter/{token}").status_code == 302
    refused = second.post(f"/enter/{token}")
    assert 400 <= refused.status_code < 500
    assert is_in(first)
    assert not is_in(second)


def test_a_one_time_link_ends_after_a_day(anyone: Browser, world: World, db: Database, clock: Clock) -> None:
    token = link_for(db, world.minh, clock)
    clock.go(hours=25)
    assert 400 <= anyone.post(f"/enter/{token}").status_code < 500
    assert not is_in(anyone)


def test_a_remembered_device_stays_in_when_its_browser_closes(anyone: Browser, hoa: User) -> None:
    sign_in(anyone, remember="1")
    anyone.client.delete_cookie("namro")
    assert is_in(anyone)


def test_a_device_not_remembered_is_out_when_its_browser_closes(anyone: Browser, hoa: User) -> None:
    sign_in(anyone)
    anyone.client.delete_cookie("namro")
    assert not is_in(anyone)


def test_moving_from_wifi_to_mobile_data_keeps_one_in(anyone: Browser, hoa: User) -> None:
    sign_in(anyone)
    assert anyone.client.get("/me", environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 200


def test_a_revoked_device_is_out_at_its_next_request(app: Flask, hoa: User, db: Database) -> None:
    office, phone = Browser(app.test_client()), Browser(app.test_client())
    sign_in(office)
    sign_in(phone, remember="1")
    with db.read() as session:
        device = session.scalars(select(Device).where(Device.remembered)).one()
    assert office.post(f"/me/devices/{device.id}/revoke").status_code == 302
    assert not is_in(phone)
    assert is_in(office)


def test_nobody_revokes_a_device_of_someone_else(hoa: User, world: World, signed_in: SignIn, db: Database) -> None:
    minh = signed_in(world.minh)
    with db.read() as session:
        device = session.scalars(select(Device).where(Device.user_id == world.minh.id)).one()
    assert signed_in(world.lan).post(f"/me/devices/{device.id}/revoke").status_code == 404
    assert is_in(minh)


def test_signing_out_ends_the_device_for_good_and_clears_the_browser(anyone: Browser, hoa: User) -> None:
    sign_in(anyone, remember="1")
    kept = anyone.client.get_cookie("namro_device")
    assert kept is not None
    answer = anyone.post("/sign-out")
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert not is_in(anyone)
    anyone.client.set_cookie("namro_device", kept.value)
    assert not is_in(anyone), "a copied remember cookie must not outlive the sign-out"


def test_a_disabled_person_is_out_at_once(hoa: User, world: World, signed_in: SignIn, db: Database, clock: Clock) -> None:
    browser = signed_in(world.minh)
    with db.begin() as session:
        session.get_one(User, world.minh.id).disabled_at = clock()
    assert not is_in(browser)


@pytest.mark.parametrize(
    ("new", "again"), [("short", "short"), ("123456789012", "123456789012"), ("xa loc hoa 2026", "xa loc hoa 2026")]
)
def test_a_weak_passphrase_is_refused_beside_its_field(world: World, signed_in: SignIn, new: str, again: str) -> None:
    browser = signed_in(world.minh)
    answer = browser.post("/me/passphrase", {"passphrase": new, "again": again})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#passphrase"' in page
    assert 'id="passphrase-error"' in page
    assert new not in page


def test_two_spellings_of_a_new_passphrase_are_told(world: World, signed_in: SignIn) -> None:
    answer = signed_in(world.minh).post("/me/passphrase", {"passphrase": PASSPHRASE, "again": PASSPHRASE + "x"})
    assert answer.status_code == 422
    assert 'href="#again"' in answer.get_data(as_text=True)


def test_a_new_passphrase_lets_one_in_on_another_device(app: Flask, world: World, signed_in: SignIn) -> None:
    assert signed_in(world.minh).post("/me/passphrase", {"passphrase": PASSPHRASE, "again": PASSPHRASE}).status_code == 302
    assert sign_in(Browser(app.test_client()), world.minh.login) == 302


def test_changing_a_passphrase_asks_for_the_one_in_use(anyone: Browser, hoa: User, app: Flask) -> None:
    sign_in(anyone)
    new = "mot passphrase khac han"
    refused = anyone.post("/me/passphrase", {"passphrase": new, "again": new, "current": "not it, surely"})
    assert refused.status_code == 422
    assert 'href="#current"' in refused.get_data(as_text=True)
    assert anyone.post("/me/passphrase", {"passphrase": new, "again": new, "current": PASSPHRASE}).status_code == 302
    assert sign_in(Browser(app.test_client()), passphrase=new) == 302


def test_english_is_a_switch_that_the_next_device_remembers(anyone: Browser, app: Flask, hoa: User) -> None:
    assert "Đăng nhập" in anyone.get("/sign-in").get_data(as_text=True)
    sign_in(anyone)
    answer = anyone.post("/language", {"language": "en", "next": "/me"})
    assert answer.headers["Location"] == "/me"
    page = anyone.get("/me").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert "Sign out" in page
    other = Browser(app.test_client())
    sign_in(other)
    assert '<html lang="en">' in other.get("/me").get_data(as_text=True)


def test_an_unknown_language_is_vietnamese(anyone: Browser) -> None:
    anyone.client.set_cookie("namro_lang", "xx")
    assert '<html lang="vi">' in anyone.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize("field", ["role", "commune_id", "user_id"])
def test_a_made_up_field_is_refused(anyone: Browser, hoa: User, field: str) -> None:
    assert sign_in(anyone, **{field: "desk"}) == 422
    assert not is_in(anyone)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)  # fmt: skip
def test_a_device_is_called_what_its_owner_calls_it(agent: str, label: str) -> None:
    assert device_label(agent) == label
