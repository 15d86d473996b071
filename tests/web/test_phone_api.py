"""The API of the phone app: who gets in, what is refused and how, seats, the list of a person."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from planner.domain.vocabulary import Role, StopReason
from planner.models import ContactStop, Database, Device, Household
from planner.services import accounts
from tests import builders as make
from tests.web.conftest import MONDAY_EVENING, Clock, SignIn
from tests.web.phone import API, Phone, absent
from tests.worlds import World
from web.access import asks_for_a_seat
from web.context import QUEUE
from web.field.api.routes import CLIENT, MOST_WAITING, OLDEST_CLIENT

PASSPHRASE = "bốn con trâu ngủ trưa"


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """What is asked here does not depend on the database."""
    return sqlite_db


@pytest.fixture
def phone(app: Flask, db: Database, clock: Clock, world: World) -> Phone:
    clock.at = MONDAY_EVENING
    found = Phone(app, db, clock)
    found.enrol(world.minh)
    return found


def routes(app: Flask) -> Iterator[tuple[str, str, bool]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("field_api."):
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT"}):
                yield method, rule.rule.removeprefix(f"{API}/"), asks_for_a_seat(app, rule.endpoint)


def code_of(answer: Any) -> tuple[int, str]:
    assert answer.mimetype == "application/json"
    assert "Location" not in answer.headers
    return answer.status_code, answer.get_json()["error"]["code"]


def test_every_answer_to_someone_without_a_seat_is_json_and_never_a_redirect(app: Flask, db: Database, clock: Clock) -> None:
    stranger = Phone(app, db, clock)
    for method, path, seat in routes(app):
        if path == "openapi.json":
            continue
        assert code_of(stranger.browser.client.open(f"{API}/{path}", method=method)) == (403, "client_header_missing")
        assert code_of(stranger.call(method, path, 1, {}, Origin="https://elsewhere.vn")) == (403, "foreign_origin")
        if seat:
            assert code_of(stranger.call(method, path, 1, {})) == (401, "not_enrolled")
    assert code_of(stranger.call("GET", "nowhere", 1)) == (404, "not_found")
    assert code_of(stranger.call("GET", "pull", 1))[0] == 405


def test_being_signed_in_on_the_pages_opens_nothing_of_the_api(world: World, signed_in: SignIn) -> None:
    hoa = signed_in(world.hoa)
    headers = {"X-Namro-Client": "1", "X-Namro-Person": str(world.hoa.id)}
    answer = hoa.client.post(f"{API}/pull", json={"known": {}}, headers=headers)
    assert code_of(answer) == (401, "not_enrolled")
    assert hoa.client.get(f"{API}/hello", headers=headers).get_json()["people"] == []


def test_the_own_origin_is_let_in_and_no_token_is_asked_for(phone: Phone, world: World) -> None:
    answer = phone.call("POST", "pull", world.minh.id, {"known": {}}, Origin="http://localhost")
    assert answer.status_code == 200


def test_a_link_enrols_the_browser_by_a_cookie_no_script_reads(app: Flask, db: Database, world: World, clock: Clock) -> None:
    clock.at = MONDAY_EVENING
    phone = Phone(app, db, clock)
    phone.enrol(world.minh)
    cookie = phone.browser.client.get_cookie(f"namro_seat_{world.minh.id}", path="/field/api")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Strict", "/field/api")
    hello = phone.hello()
    assert hello["people"] == [
        {"user_id": world.minh.id, "name": "Minh", "role": "volunteer", "language": "vi", "volunteer_id": world.volunteers[0].id}
    ]
    assert hello["client"] == {"current": CLIENT, "oldest": OLDEST_CLIENT}
    assert cookie.value not in json.dumps(hello)


def test_several_people_share_a_phone_and_none_sends_for_another(phone: Phone, world: World, db: Database) -> None:
    with db.begin() as session:
        nga = make.a_user(session, world.commune, Role.LEADER, "Nga", world.volunteers[1])
    assert phone.call("POST", "events", nga.id, {"events": []}).status_code == 401
    phone.enrol(nga)
    assert [p["user_id"] for p in phone.hello()["people"]] == [world.minh.id, nga.id]
    assert phone.call("POST", "sign-out", world.minh.id, {}).status_code == 200
    assert [p["user_id"] for p in phone.hello()["people"]] == [nga.id]
    assert code_of(phone.call("POST", "pull", world.minh.id, {"known": {}})) == (401, "not_enrolled")


def test_only_roles_of_the_field_get_a_seat(app: Flask, db: Database, world: World, clock: Clock) -> None:
    phone = Phone(app, db, clock)
    phone.enrol(world.hoa)
    assert phone.hello()["people"] == []
    assert phone.browser.client.get_cookie("namro_field") is None


def test_signing_in_with_a_passphrase_enrols_too(app: Flask, db: Database, world: World, clock: Clock) -> None:
    with db.begin() as session:
        user = make.a_user(session, world.commune, Role.VOLUNTEER, "Hải", world.volunteers[2], passphrase=PASSPHRASE)
    phone = Phone(app, db, clock)
    sent = {"login": user.login, "passphrase": PASSPHRASE, "remember": "1"}
    assert phone.browser.post("/sign-in", sent).status_code == 302
    assert [p["name"] for p in phone.hello()["people"]] == ["Hải"]


def test_signing_out_of_the_pages_erases_nothing_the_phone_may_still_have_to_send(
    phone: Phone, world: World, signed_in: SignIn
) -> None:
    answer = phone.browser.post("/sign-out")
    assert "Clear-Site-Data" not in answer.headers
    assert phone.browser.get("/my/week").status_code == 302
    assert phone.call("POST", "pull", world.minh.id, {"known": {}}).status_code == 200
    assert phone.call("POST", "sign-out", world.minh.id, {}).status_code == 200
    assert phone.hello()["people"] == []
    phone.enrol(world.hoa)  # no seat is left here; of somebody whose seat ended there may still be something unsent
    assert "Clear-Site-Data" not in phone.browser.post("/sign-out").headers
    assert "storage" in signed_in(world.hoa).post("/sign-out").headers["Clear-Site-Data"]


@pytest.mark.parametrize("remember", [True, False])
def test_a_phone_that_is_used_keeps_its_seat_and_the_sign_of_it_outlives_any_page_sign_in(
    app: Flask, world: World, db: Database, clock: Clock, remember: bool
) -> None:
    with db.begin() as session:
        user = make.a_user(session, world.commune, Role.VOLUNTEER, "Hải", world.volunteers[2], passphrase=PASSPHRASE)
    phone = Phone(app, db, clock)
    phone.browser.post("/sign-in", {"login": user.login, "passphrase": PASSPHRASE, **({"remember": "1"} if remember else {})})
    seat = (f"namro_seat_{user.id}", "/field/api")
    given = phone.browser.client.get_cookie(seat[0], path=seat[1])
    assert given is not None
    phone.browser.client.delete_cookie("namro_field")
    phone.browser.client.set_cookie(seat[0], given.value, path=seat[1], max_age=60)
    assert phone.hello()["people"]
    renewed, sign = phone.browser.client.get_cookie(seat[0], path=seat[1]), phone.browser.client.get_cookie("namro_field")
    assert renewed is not None
    assert sign is not None
    assert (renewed.value, renewed.max_age) == (given.value, 60 * 24 * 3600 if remember else None)
    assert sign.max_age == 400 * 24 * 3600


@pytest.mark.parametrize("how", ["device revoked", "person disabled", "passphrase changed elsewhere"])
def test_a_seat_ended_on_purpose_is_told(phone: Phone, world: World, db: Database, how: str, clock: Clock) -> None:
    with db.begin() as session:
        if how == "device revoked":
            device = session.scalars(select(Device).where(Device.user_id == world.minh.id)).one()
            accounts.revoke_device(session, world.desk, device.id, clock())
        elif how == "person disabled":
            accounts.disable(session, world.desk, world.minh.id, clock())
        else:
            accounts.set_passphrase(session, world.volunteer, PASSPHRASE, clock(), device_token="another phone's")
    assert code_of(phone.call("POST", "events", world.minh.id, {"events": []})) == (401, "not_enrolled")
    hello = phone.hello()
    assert (hello["people"], hello["revoked"]) == ([], [world.minh.id])


def test_choosing_a_passphrase_on_the_phone_keeps_its_seat(phone: Phone, world: World, db: Database) -> None:
    again = {"passphrase": PASSPHRASE, "again": PASSPHRASE, "login": world.minh.login}
    assert phone.browser.post("/me/passphrase", again).status_code == 302
    assert phone.call("POST", "pull", world.minh.id, {"known": {}}).status_code == 200


def test_a_token_nobody_knows_is_not_called_ended(phone: Phone, world: World, db: Database) -> None:
    """After a restored backup a seat may be unknown: the phone must not erase its list for that."""
    with db.begin() as session:
        session.scalars(select(Device).where(Device.user_id == world.minh.id)).one().seat_hash = "9" * 64
    hello = phone.hello()
    assert (hello["people"], hello["revoked"]) == ([], [])


def test_what_is_too_large_or_no_json_is_refused_as_json(phone: Phone, world: World) -> None:
    headers = {"X-Namro-Client": "1", "X-Namro-Person": str(world.minh.id)}
    client = phone.browser.client
    assert code_of(client.post(f"{API}/events", data=b"x" * 300_000, headers=headers))[0] == 413
    for data in (b"", b"[]", b"{", b'{"events": NaN}', b"[" * 100_000, "ỹ".encode("utf-16")):
        assert code_of(client.post(f"{API}/events", data=data, headers=headers)) == (422, "not_json")
    for body, code, field in (
        ({"events": [], "extra": 1}, "unknown_field", "extra"),
        ({"events": "x"}, "value_of_wrong_kind", "events"),
        ({"events": [{}] * 51}, "too_many_events", "events"),
    ):
        answer = phone.call("POST", "events", world.minh.id, body)
        assert code_of(answer) == (422, code)
        assert answer.get_json()["error"]["field"] == field
    assert code_of(phone.call("POST", "pull", world.minh.id, {"known": {"a": 1}})) == (422, "value_of_wrong_kind")


@pytest.mark.parametrize("value", ["1e999", "-1e999", "Infinity", "NaN", "[" * 900 + "]" * 900])
def test_what_no_database_takes_is_no_json(phone: Phone, world: World, value: str) -> None:
    body = f'{{"events": [{{"event_id": "x", "kind": "visit", "body": {{"a": {value}}}}}]}}'
    headers = {"X-Namro-Client": "1", "X-Namro-Person": str(world.minh.id), "Content-Type": "application/json"}
    answer = phone.browser.client.post(f"{API}/events", data=body, headers=headers)
    assert code_of(answer) == (422, "not_json")


def test_an_old_app_may_send_but_not_fetch(phone: Phone, world: World, promised: list[Any], db: Database) -> None:
    phone.client = 0
    assert code_of(phone.call("POST", "pull", world.minh.id, {"known": {}})) == (409, "client_too_old")
    (verdict,) = phone.send(world.minh, [phone.event(world.minh, "visit", **absent(promised[0]))])
    assert verdict["verdict"] == "accepted"


def test_while_all_hands_are_busy_a_phone_is_told_when_to_come_again(
    phone: Phone, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.field.api.views.WAIT_SECONDS", 0.0)
    monkeypatch.setattr("web.field.api.views._turn", __import__("threading").BoundedSemaphore(1))
    from web.field.api import views

    with views._turn:
        answer = phone.post_events(world.minh.id, [])
    assert code_of(answer) == (503, "server_busy")
    assert 2 <= int(answer.headers["Retry-After"]) <= 20
    assert phone.post_events(world.minh.id, []).status_code == 200


def test_the_list_is_what_the_week_page_shows(phone: Phone, world: World, promised: list[Any]) -> None:
    pulled = phone.pull(world.minh)
    docs = phone.docs[world.minh.id]
    assert pulled["person"]["name"] == "Minh"
    assert pulled["expires_at"] == "2026-11-30T17:00:00+00:00", "midnight in Việt Nam, a day after the week"
    kinds = [doc["kind"] for doc in pulled["put"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "campaign": 1,
        "shift": 1,
        "visit": 3,
        "availability": 5,
        "desk": 1,
        "mine": 1,
    }
    visit = docs[f"visit:{promised[0].uid}"]["body"]
    assert (visit["head_name"], visit["position"], visit["house_number"]) == ("Nguyễn Văn An", 1, "1")
    assert visit["residents"][0]["birth_year"] == 1985
    assert visit["residents"][0]["working_pattern"] == "home"
    assert [clear["key"] for clear in visit["five_clear"]] == ["person", "task", "schedule", "result", "accountability"]
    assert (visit["state"], visit["recorded"], visit["promise"], visit["last"]) == ("due", None, None, None)
    shift = docs[f"shift:{promised[0].shift_id}"]["body"]
    assert [(m["name"], m["is_lead"]) for m in shift["crew"]] == [("Trần Quang Minh", True), ("Lê Thu Nga", False)]
    assert (shift["period"], shift["monday"], shift["week_version"]) == ("evening", "2026-11-23", 1)
    assert "Phạm Thị Dung" not in json.dumps(docs, ensure_ascii=False), "another crew's household"


def test_a_second_pull_fetches_nothing_and_a_change_only_what_changed(
    phone: Phone, world: World, promised: list[Any], db: Database
) -> None:
    phone.pull(world.minh)
    assert phone.pull(world.minh)["put"] == []
    phone.send(world.minh, [phone.event(world.minh, "visit", **absent(promised[0]))])
    put = {doc["key"]: doc["body"] for doc in phone.pull(world.minh)["put"]}
    assert set(put) == {f"visit:{promised[0].uid}", "mine"}
    recorded = put[f"visit:{promised[0].uid}"]["recorded"]
    assert (recorded["outcome"], recorded["mine"], recorded["can_correct"]) == ("absent", True, True)


def test_what_is_gone_says_why(phone: Phone, world: World, promised: list[Any], db: Database, clock: Clock) -> None:
    phone.pull(world.minh)
    with db.begin() as session:
        for promise, reason in zip(promised, ("reassigned", "refused", "left_roster"), strict=True):
            row = session.merge(promise)
            row.withdrawn_at = clock()
            if reason == "refused":
                session.add(ContactStop(household_id=row.household_id, reason=StopReason.REFUSED, since_at=clock()))
            if reason == "left_roster":
                session.get_one(Household, row.household_id).left_at = clock()
        other = make.assignments_of(session, world.households[3])[0]
        make.an_assignment(session, session.get_one(type(other.shift), other.shift_id), world.households[0], 3)
    gone = {g["key"]: g["reason"] for g in phone.pull(world.minh)["gone"]}
    assert [gone[f"visit:{p.uid}"] for p in promised] == ["reassigned", "refused", "left_roster"]
    phone.docs[world.minh.id]["visit:" + make.uuid.uuid4().hex] = {"rev": "x"}
    for nonsense in ("shift:nonsense", "visit:\ud800", "visit:a\x00b"):
        phone.docs[world.minh.id][nonsense] = {"rev": "x"}
    assert {g["reason"] for g in phone.pull(world.minh)["gone"]} == {"not_yours"}
    clock.go(days=14)
    reasons = {g["reason"] for g in phone.pull(world.minh)["gone"]}
    assert reasons == {"week_over"}


def test_a_promise_made_at_the_door_and_the_last_visit_are_in_the_list(
    phone: Phone, world: World, promised: list[Any], db: Database
) -> None:
    callback = {"on_date": "2026-11-25", "starts": "19:00", "ends": "20:00"}
    made = phone.event(
        world.minh, "visit", **{**absent(promised[0], note="hỏi bác Tư"), "outcome": "callback", "callback": callback}
    )
    phone.send(world.minh, [made])
    phone.pull(world.minh)
    body = phone.docs[world.minh.id][f"visit:{promised[0].uid}"]["body"]
    assert body["promise"] == {"starts_at": "2026-11-25T12:00:00+00:00", "ends_at": "2026-11-25T13:00:00+00:00"}
    assert body["last"] == {"outcome": "callback", "on_date": "2026-11-23", "note": "hỏi bác Tư"}


def test_the_police_desk_tells_its_free_places(phone: Phone, world: World, promised: list[Any], db: Database) -> None:
    need = make.needs_of
    with db.read() as session:
        (referred,) = need(session, world.households[2]).values()
    phone.pull(world.minh)
    days = phone.docs[world.minh.id]["desk"]["body"]["days"]
    assert days[0]["on_date"] == "2026-11-23"
    assert days[0]["slots"][0] == {"starts": "07:30", "ends": "08:30", "free": 4}
    assert all(d["on_date"] not in ("2026-11-28", "2026-11-29") for d in days), "closed at weekends"
    body = {**absent(promised[2]), "outcome": "met", "results": [{"need_id": referred.id, "result": "referred"}],
            "police_appointment": {"on_date": "2026-11-26", "starts": "07:30", "resident_id": None}}  # fmt: skip
    assert phone.send(world.minh, [phone.event(world.minh, "visit", **body)])[0]["verdict"] == "accepted"
    phone.pull(world.minh)
    thursday = next(d for d in phone.docs[world.minh.id]["desk"]["body"]["days"] if d["on_date"] == "2026-11-26")
    assert thursday["slots"][0]["free"] == 3


def test_long_answers_are_compressed_for_slow_networks(phone: Phone, world: World) -> None:
    answer = phone.call("POST", "pull", world.minh.id, {"known": {}}, **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.get_data()))["person"]["name"] == "Minh"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_contract_is_served_by_the_app_itself(app: Flask, db: Database, clock: Clock) -> None:
    answer = app.test_client().get(f"{API}/openapi.json")
    document = answer.get_json()
    assert document["openapi"].startswith("3.1")
    described = {(method.upper(), path.lstrip("/")) for path, item in document["paths"].items() for method in item}
    assert described == {(method, path.replace("<", "{").replace(">", "}")) for method, path, _ in routes(app)}
    kinds = [e["properties"]["kind"]["const"] for e in document["components"]["schemas"]["Event"]["oneOf"]]
    assert kinds == ["visit", "found_resident", "found_household", "facts", "availability", "decline", "undecline"]


def test_the_phones_last_word_is_kept(phone: Phone, world: World, db: Database, clock: Clock) -> None:
    phone.pull(world.minh)
    clock.go(minutes=30)
    phone.send(world.minh, [phone.event(world.minh, "undecline", shift_id=1)])
    with db.read() as session:
        device = session.scalars(select(Device).where(Device.user_id == world.minh.id)).one()
    assert (device.client, device.pulled_at, device.contact_at) == (1, MONDAY_EVENING, clock())


def test_a_person_without_a_place_in_the_crews_has_an_empty_list(app: Flask, db: Database, world: World, clock: Clock) -> None:
    with db.begin() as session:
        leader = make.a_user(session, world.commune, Role.LEADER, "Bác Năm")
    phone = Phone(app, db, clock)
    phone.enrol(leader)
    assert {doc["kind"] for doc in phone.pull(leader)["put"]} == {"campaign", "desk", "mine"}


def test_a_phone_in_a_long_queue_is_sent_away_at_once_but_the_desk_is_not(
    phone: Phone, world: World, app: Flask, signed_in: SignIn
) -> None:
    app.extensions[QUEUE] = lambda: MOST_WAITING + 1
    assert code_of(phone.post_events(world.minh.id, [])) == (503, "server_busy")
    assert signed_in(world.hoa).get("/desk/week").status_code == 200
    app.extensions[QUEUE] = lambda: MOST_WAITING
    assert phone.post_events(world.minh.id, []).status_code == 200
