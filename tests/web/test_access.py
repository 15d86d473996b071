"""Who may open what: every route times every role, one's own rows and others'."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from planner.domain.vocabulary import Role
from planner.models import Database
from tests import builders as make
from tests.web.conftest import Browser, SignIn
from tests.worlds import World
from web.access import SEATED_BLUEPRINT, allowed_roles, check_policies, seated

NOBODYS = {"int": "987654", "string": str(uuid.UUID(int=7)), "default": str(uuid.UUID(int=7))}
SIGNED_IN_ANYWHERE = {"account.sign_out"}


def routes(app: Flask) -> list[tuple[Rule, str, str]]:
    """Return (rule, method, an address of it that names rows nobody has), but for the phone app's API: it opens to seats."""
    listed = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{SEATED_BLUEPRINT}."):
            continue
        address = rule.rule
        for argument, converter in rule._converters.items():
            kind = "int" if isinstance(converter, IntegerConverter) else "default"
            for spelling in (f"<int:{argument}>", f"<string:{argument}>", f"<{argument}>", f"<any({argument})>"):
                address = address.replace(spelling, "absent" if argument == "outcome" else NOBODYS[kind])
        listed += [(rule, method, address) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return listed


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """Who may open what does not depend on the database."""
    return sqlite_db


def test_every_route_declares_who_may_open_it(app: Flask) -> None:
    assert [rule.endpoint for rule in app.url_map.iter_rules() if allowed_roles(app, rule.endpoint) is None] == []


def test_a_route_without_a_policy_stops_the_start(app: Flask) -> None:
    app.view_functions["stray"] = lambda: "anyone may read this"
    app.url_map.add(Rule("/stray", endpoint="stray"))
    with pytest.raises(RuntimeError, match="stray"):
        check_policies(app)


def test_only_the_phone_apps_api_may_ask_for_a_seat(app: Flask) -> None:
    """Its blueprint looks at seats; anywhere else the mark would open the route to everybody."""
    app.view_functions["stray"] = seated(lambda: "anyone may read this")
    app.url_map.add(Rule("/stray", endpoint="stray"))
    with pytest.raises(RuntimeError, match="stray"):
        check_policies(app)


def test_a_stranger_is_sent_to_sign_in_and_no_form_of_theirs_is_taken(app: Flask, anyone: Browser) -> None:
    wrong = {}
    for rule, method, address in routes(app):
        if not allowed_roles(app, rule.endpoint):
            continue
        answer = anyone.get(address) if method == "GET" else anyone.post(address)
        right = (302, f"/sign-in?next={address}") if method == "GET" else (401, None)
        if (answer.status_code, answer.headers.get("Location")) != right:
            wrong[method, address] = (answer.status_code, answer.headers.get("Location"))
    assert wrong == {}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_own_pages_and_no_others(app: Flask, db: Database, world: World, signed_in: SignIn, role: Role) -> None:
    with db.begin() as session:
        volunteer = make.a_volunteer(session, world.commune, "Ai Đó") if role in (Role.VOLUNTEER, Role.LEADER) else None
        user = make.a_user(session, world.commune, role, "Ai Đó", volunteer)
    browser = signed_in(user)
    wrong = {}
    for rule, method, address in routes(app):
        if rule.endpoint in SIGNED_IN_ANYWHERE or rule.endpoint.startswith("account.enter"):
            continue
        allowed = allowed_roles(app, rule.endpoint) or frozenset()
        answer = browser.get(address) if method == "GET" else browser.post(address)
        refused = answer.status_code == 403
        # 503: a page that starts a plan run, in an application that runs none
        if refused == (role in allowed or not allowed) or answer.status_code in (500, 501, 502):
            wrong[method, address] = answer.status_code
        answer.close()
    assert wrong == {}


def test_a_visit_of_another_crew_another_commune_or_nobody_reads_the_same(db: Database, world: World, signed_in: SignIn) -> None:
    with db.begin() as session:
        uid = make.assignments_of(session, world.households[0])[0].uid
        hai = make.a_user(session, world.commune, Role.VOLUNTEER, "Hải", world.volunteers[2])
    for user in (hai, world.lan):
        browser = signed_in(user)
        pages = set()
        for address in (f"/my/visits/{uid}", f"/my/visits/{uuid.uuid4()}", f"/my/visits/{uid}/record/met"):
            answer = browser.get(address)
            assert answer.status_code == 404
            pages.add(answer.get_data(as_text=True).split('id="main"')[1].split("</main>")[0])
        assert len(pages) == 1, "a foreign row must not be told from a missing one"


def test_a_user_without_a_volunteer_has_an_empty_week(db: Database, world: World, signed_in: SignIn) -> None:
    with db.begin() as session:
        leader = make.a_user(session, world.commune, Role.LEADER, "Bác Năm")
    assert signed_in(leader).get("/my/week").status_code == 200
