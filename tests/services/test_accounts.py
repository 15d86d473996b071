"""People sign in by a one-time link or by passphrase, on devices that can be revoked at once."""

from __future__ import annotations

import hashlib
import threading
import time
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from planner.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from planner.domain.vocabulary import AuditAction, Role
from planner.models import AuditEntry, Database, Device, SignInLink, User
from planner.services import accounts, passphrases
from planner.services.accounts import UserFilter, UserForm
from tests import builders as make
from tests import worlds
from tests.builders import NOW

SECRET = "bốn con trâu lội suối"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def actions(session: Session) -> list[AuditAction]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_link_signs_in_once_on_a_remembered_device(db: Database) -> None:
    with db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.issue_link(session, world.desk, world.minh.id, NOW)
    with db.begin() as session:
        signed_in = accounts.redeem_link(session, token, "Chrome, Android", NOW + HOUR)
        assert signed_in.actor == world.volunteer
        assert signed_in.language == "vi"
        assert accounts.device_user(session, signed_in.device_token, NOW + DAY) == world.volunteer
    with pytest.raises(NotFound) as caught, db.begin() as session:
        accounts.redeem_link(session, token, "Chrome, Android", NOW + HOUR)
    assert caught.value.code == "link_not_valid"


@pytest.mark.parametrize("later", [timedelta(hours=24), timedelta(days=3)])
def test_a_link_ends_after_24_hours(sqlite_db: Database, later: timedelta) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.issue_link(session, world.desk, world.minh.id, NOW)
        with pytest.raises(NotFound):
            accounts.redeem_link(session, token, "", NOW + later)


def test_a_newer_link_ends_the_older(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        first, second = (accounts.issue_link(session, world.desk, world.minh.id, NOW) for _ in range(2))
        with pytest.raises(NotFound):
            accounts.redeem_link(session, first, "", NOW)
        assert accounts.redeem_link(session, second, "", NOW).actor == world.volunteer


def test_of_two_who_use_a_link_at_once_one_gets_in(db: Database) -> None:
    with db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.issue_link(session, world.desk, world.minh.id, NOW)
    entered: list[str] = []
    refused: list[str] = []
    start = threading.Barrier(4)

    def use() -> None:
        start.wait()
        try:
            with db.begin() as session:
                entered.append(accounts.redeem_link(session, token, "", NOW).device_token)
        except NotFound as error:
            refused.append(error.code)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(entered), refused) == (1, ["link_not_valid"] * 3)


@pytest.mark.parametrize("token", ["", "x", "\x00", "../../etc/passwd", "a" * 10_000])
def test_a_made_up_link_does_not_work(db: Database, token: str) -> None:
    with pytest.raises(NotFound), db.begin() as session:
        accounts.redeem_link(session, token, "", NOW)


def test_only_hashes_of_tokens_are_kept(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.issue_link(session, world.desk, world.minh.id, NOW)
        device = accounts.redeem_link(session, token, "", NOW).device_token
        assert session.scalars(select(SignInLink.token_hash)).all() == [hashlib.sha256(token.encode()).hexdigest()]
        assert session.scalars(select(Device.token_hash)).all() == [hashlib.sha256(device.encode()).hexdigest()]


def test_only_the_communes_desk_issues_links(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(NotFound):
            accounts.issue_link(session, world.stranger, world.minh.id, NOW)
        with pytest.raises(NotAllowed):
            accounts.issue_link(session, world.volunteer, world.hoa.id, NOW)
        with pytest.raises(InvalidInput):
            accounts.issue_link(session, world.desk, world.minh.id, NOW, hours=25)
        assert accounts.issue_link(session, None, world.minh.id, NOW)  # the command line


def test_a_disabled_person_gets_no_link_and_theirs_stops_working(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.issue_link(session, world.desk, world.minh.id, NOW)
        accounts.disable(session, world.desk, world.minh.id, NOW)
        with pytest.raises(NotFound):
            accounts.redeem_link(session, token, "", NOW)
        with pytest.raises(Conflict):
            accounts.issue_link(session, world.desk, world.minh.id, NOW)


@pytest.fixture(scope="module")
def hashed() -> str:
    """Return the hash of `SECRET`: hashing takes its time."""
    return passphrases.hash_of(SECRET)


def with_passphrase(session: Session, hashed: str) -> worlds.World:
    world = worlds.one_alley(session)
    world.hoa.login, world.hoa.passphrase_hash = "hoa.le", hashed
    session.flush()
    return world


@pytest.mark.parametrize("login", ["hoa.le", "HOA.LE", " Hoa.Lê "])
def test_login_and_passphrase_sign_in(db: Database, hashed: str, login: str) -> None:
    with db.begin() as session:
        world = with_passphrase(session, hashed)
        signed_in = accounts.sign_in(session, login, SECRET, "Edge, Windows", False, NOW)
        assert signed_in is not None
        assert signed_in.actor == world.desk
        assert AuditAction.SIGNED_IN in actions(session)


@pytest.mark.parametrize(
    ("login", "passphrase"),
    [
        ("hoa.le", "bốn con trâu"),
        ("nobody", SECRET),
        ("", ""),
        ("hoa.le", ""),
        ("hoa\x00.le", SECRET + "x"),
        ("%", SECRET),
        ("x" * 9999, "y" * 9999),
    ],
)
def test_what_does_not_fit_stays_outside_and_leaves_the_same_trace(
    db: Database, hashed: str, login: str, passphrase: str
) -> None:
    with db.begin() as session:
        with_passphrase(session, hashed)
        before = len(actions(session))
        assert accounts.sign_in(session, login, passphrase, "", True, NOW) is None
        assert actions(session)[before:] == [AuditAction.SIGN_IN_FAILED]
        assert session.scalars(select(Device)).all() == []


def test_a_person_without_a_passphrase_or_disabled_does_not_get_in_by_one(sqlite_db: Database, hashed: str) -> None:
    with sqlite_db.begin() as session:
        world = with_passphrase(session, hashed)
        assert accounts.sign_in(session, world.minh.login, "", "", True, NOW) is None
        world.hoa.disabled_at = NOW
        session.flush()
        assert accounts.sign_in(session, "hoa.le", SECRET, "", True, NOW) is None


def test_trying_tells_nothing_by_its_time(sqlite_db: Database, hashed: str) -> None:
    with sqlite_db.begin() as session:
        with_passphrase(session, hashed)

        def seconds(login: str) -> float:
            begin = time.perf_counter()
            accounts.sign_in(session, login, "not the passphrase", "", True, NOW)
            return time.perf_counter() - begin

        seconds("warm up")
        times = [(seconds("hoa.le"), seconds("nobody")) for _ in range(15)]
        known, unknown = (median(pair[i] for pair in times) for i in (0, 1))
        assert 0.5 < known / unknown < 2  # without the dummy hash an unknown login answers fifty times faster


def test_a_device_that_is_not_remembered_ends_with_the_day(sqlite_db: Database, hashed: str) -> None:
    with sqlite_db.begin() as session:
        with_passphrase(session, hashed)
        signed_in = accounts.sign_in(session, "hoa.le", SECRET, "", False, NOW)
        assert signed_in is not None
        assert accounts.device_user(session, signed_in.device_token, NOW + timedelta(hours=12)) is not None
        assert accounts.device_user(session, signed_in.device_token, NOW + timedelta(hours=12, seconds=1)) is None


def test_a_remembered_device_lasts_as_long_as_it_is_used(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.redeem_link(session, accounts.issue_link(session, None, world.minh.id, NOW), "", NOW).device_token
    assert accounts.device_seen(sqlite_db, token, NOW + 50 * DAY) == world.volunteer
    assert accounts.device_seen(sqlite_db, token, NOW + 100 * DAY) == world.volunteer  # seen in between
    assert accounts.device_seen(sqlite_db, token, NOW + 161 * DAY) is None


def test_looking_a_device_up_writes_only_now_and_then(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.redeem_link(session, accounts.issue_link(session, None, world.minh.id, NOW), "", NOW).device_token
    for minutes, seen in ((9, NOW), (11, NOW + timedelta(minutes=11)), (20, NOW + timedelta(minutes=11))):
        accounts.device_seen(sqlite_db, token, NOW + timedelta(minutes=minutes))
        with sqlite_db.read() as session:
            assert session.scalars(select(Device.seen_at)).one() == seen


def test_looking_a_device_up_waits_for_nobody_who_writes(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.redeem_link(session, accounts.issue_link(session, None, world.minh.id, NOW), "", NOW).device_token
    began = time.perf_counter()
    with sqlite_db.begin():  # as an import does for seconds
        assert accounts.device_seen(sqlite_db, token, NOW + HOUR) == world.volunteer
    assert time.perf_counter() - began < 5
    assert accounts.device_seen(sqlite_db, token, NOW + 2 * HOUR) == world.volunteer
    with sqlite_db.read() as session:
        assert session.scalars(select(Device.seen_at)).one() == NOW + 2 * HOUR, "noted by the next request"


def test_a_revoked_device_is_out_at_its_next_request(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.redeem_link(
            session, accounts.issue_link(session, None, world.minh.id, NOW), "Zalo, iPhone", NOW
        ).device_token
        (device,) = accounts.devices(session, world.volunteer, device_token=token)
        assert (device.label, device.is_this, device.remembered) == ("Zalo, iPhone", True, True)
        accounts.revoke_device(session, world.volunteer, device.id, NOW)
        assert accounts.device_user(session, token, NOW) is None
        assert accounts.devices(session, world.volunteer) == ()
        assert AuditAction.DEVICE_REVOKED in actions(session)


def test_the_desk_revokes_anyones_device_of_its_commune_and_nobody_elses(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        for person in (world.minh, world.hoa):
            accounts.redeem_link(session, accounts.issue_link(session, None, person.id, NOW), "", NOW)
        (of_minh,) = accounts.devices(session, world.desk, world.minh.id)
        (of_hoa,) = accounts.devices(session, world.desk)
        for actor, device in ((world.volunteer, of_hoa), (world.stranger, of_minh)):
            with pytest.raises(NotFound):
                accounts.revoke_device(session, actor, device.id, NOW)
        with pytest.raises(NotFound):
            accounts.devices(session, world.volunteer, world.hoa.id)
        accounts.revoke_device(session, world.desk, of_minh.id, NOW)
        assert accounts.devices(session, world.desk, world.minh.id) == ()


def test_signing_out_ends_this_device_only(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        one, other = (
            accounts.redeem_link(session, accounts.issue_link(session, None, world.minh.id, NOW), "", NOW).device_token
            for _ in range(2)
        )
        accounts.sign_out(session, world.volunteer, one, NOW)
        assert accounts.device_user(session, one, NOW) is None
        assert accounts.device_user(session, other, NOW) == world.volunteer


def test_disabling_signs_out_everywhere_and_enabling_signs_in_nowhere(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        token = accounts.redeem_link(session, accounts.issue_link(session, None, world.minh.id, NOW), "", NOW).device_token
        assert accounts.disable(session, world.desk, world.minh.id, NOW).disabled
        assert accounts.device_user(session, token, NOW) is None
        assert not accounts.enable(session, world.desk, world.minh.id, NOW).disabled
        assert accounts.device_user(session, token, NOW) is None


def test_the_last_desk_cannot_be_disabled_or_made_something_else(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        for attempt in (
            lambda: accounts.disable(session, world.desk, world.hoa.id, NOW),
            lambda: accounts.change_user(session, world.desk, world.hoa.id, UserForm("Hoa", Role.VIEWER), NOW),
        ):
            with pytest.raises(Conflict) as caught:
                attempt()
            assert caught.value.code == "last_desk"
        second = accounts.create_user(session, world.desk, UserForm("Lê Thị Mai", Role.DESK), NOW)
        assert accounts.disable(session, world.desk, second.id, NOW).disabled


def test_setting_a_passphrase_asks_for_the_old_one_and_signs_other_devices_out(sqlite_db: Database, hashed: str) -> None:
    with sqlite_db.begin() as session:
        world = with_passphrase(session, hashed)
        here, elsewhere = (accounts.sign_in(session, "hoa.le", SECRET, "", True, NOW) for _ in range(2))
        assert here is not None
        assert elsewhere is not None
        new = "ghế tre chiều mưa 27"
        with pytest.raises(InvalidInput) as caught:
            accounts.set_passphrase(session, world.desk, new, NOW, current="sai rồi", device_token=here.device_token)
        assert (caught.value.code, caught.value.facts["field"]) == ("passphrase_wrong", "current")
        accounts.set_passphrase(session, world.desk, new, NOW, current=SECRET, device_token=here.device_token)
        assert accounts.device_user(session, here.device_token, NOW) == world.desk
        assert accounts.device_user(session, elsewhere.device_token, NOW) is None
        assert accounts.sign_in(session, "hoa.le", SECRET, "", True, NOW) is None
        assert accounts.sign_in(session, "hoa.le", new, "", True, NOW) is not None
        assert AuditAction.PASSPHRASE_SET in actions(session)


@pytest.mark.parametrize("passphrase", ["Xã Lộc Hòa 2026", "minh-tran-quang-1990", "matkhau12345"])
def test_a_passphrase_of_names_or_common_words_is_refused(sqlite_db: Database, passphrase: str) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        world.minh.name = "Trần Quang Minh"
        session.flush()
        with pytest.raises(InvalidInput):
            accounts.set_passphrase(session, world.volunteer, passphrase, NOW)
        assert session.get_one(User, world.minh.id).passphrase_hash == ""


def test_a_login_is_made_from_the_name_and_numbered_where_taken(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        made = [accounts.create_user(session, world.desk, UserForm("Đỗ Thị Hường", Role.VIEWER), NOW).login for _ in range(3)]
        assert made == ["huong.do", "huong.do2", "huong.do3"]
        assert accounts.create_user(session, world.desk, UserForm("Y Bhơn", Role.VIEWER, login="Y Bhơn"), NOW).login == "y.bhon"
        assert accounts.create_user(session, world.desk, UserForm("山", Role.VIEWER), NOW).login


@pytest.mark.parametrize(
    ("form", "code", "field"),
    [
        (UserForm("  ", Role.VIEWER), "value_empty", "name"),
        (UserForm("x" * 121, Role.VIEWER), "value_too_long", "name"),
        (UserForm("Nga", Role.VOLUNTEER), "role_needs_volunteer", "volunteer"),
        (UserForm("Nga", Role.LEADER), "role_needs_volunteer", "volunteer"),
    ],
)
def test_an_account_needs_a_name_and_crews_their_volunteer(sqlite_db: Database, form: UserForm, code: str, field: str) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(InvalidInput) as caught:
            accounts.create_user(session, world.desk, form, NOW)
        assert (caught.value.code, caught.value.facts["field"]) == (code, field)


def test_a_volunteer_has_one_account(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(InvalidInput) as caught:
            accounts.create_user(session, world.desk, UserForm("Minh", Role.VOLUNTEER, world.volunteers[0].id), NOW)
        assert caught.value.code == "volunteer_has_user"
        assert accounts.create_user(
            session, world.desk, UserForm("Nga", Role.VOLUNTEER, world.volunteers[1].id), NOW
        ).volunteer_id


def test_another_communes_volunteer_is_not_linked(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        with pytest.raises(NotFound):
            accounts.create_user(session, world.stranger, UserForm("Nga", Role.VOLUNTEER, world.volunteers[1].id), NOW)


def test_the_list_of_users_is_searched_and_only_the_desks(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        accounts.redeem_link(session, accounts.issue_link(session, None, world.minh.id, NOW), "", NOW)
        everyone = accounts.users(session, world.desk, UserFilter())
        assert [(u.name, u.devices) for u in everyone.rows] == [("Hoa", 0), ("Minh", 1)]
        assert [u.name for u in accounts.users(session, world.desk, UserFilter(role=Role.VOLUNTEER)).rows] == ["Minh"]
        assert [u.name for u in accounts.users(session, world.desk, UserFilter(q="HÒA")).rows] == ["Hoa"]
        with pytest.raises(NotAllowed):
            accounts.users(session, world.volunteer, UserFilter())
        for person in (world.hoa.id, world.minh.id):
            with pytest.raises(NotFound):
                accounts.user(session, world.stranger, person)


def test_everyone_sees_themselves_and_chooses_their_language(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        world = worlds.one_alley(session)
        accounts.set_language(session, world.volunteer, "en", NOW)
        mine = accounts.me(session, world.volunteer)
        assert (mine.name, mine.role, mine.language, mine.has_passphrase) == ("Minh", Role.VOLUNTEER, "en", False)
        with pytest.raises(InvalidInput):
            accounts.set_language(session, world.volunteer, "fr", NOW)


def test_a_first_start_makes_one_person_a_role_and_the_volunteer_has_a_shift(db: Database) -> None:
    with db.begin() as session:
        world = worlds.a_running_week(session)
        session.execute(update(User).where(User.id == world.minh.id).values(disabled_at=NOW))
        people = accounts.ensure_role_users(session, world.commune.id, NOW)
        assert set(people) == set(Role)
        assert people[Role.DESK].id == world.hoa.id
        volunteer, leader = people[Role.VOLUNTEER].volunteer_id, people[Role.LEADER].volunteer_id
        planned = {v.id for v in world.volunteers}
        assert {volunteer, leader} <= planned
        assert volunteer != leader
        assert world.volunteers[1].id in (volunteer, leader)  # goes out first
        assert accounts.ensure_role_users(session, world.commune.id, NOW) == people


def test_a_first_start_without_volunteers_makes_the_others(sqlite_db: Database) -> None:
    with sqlite_db.begin() as session:
        commune = make.a_commune(session)
        assert set(accounts.ensure_role_users(session, commune.id, NOW)) == {Role.DESK, Role.VIEWER, Role.INSPECTOR}
