"""A household's share: the sum of the shares is the count of the whole, and each says until when it holds."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain import indicators, tally
from planner.domain.groups import ResidentFacts, account_state, is_of_age
from planner.domain.indicators import Counted
from planner.domain.settings import CampaignSettings
from planner.domain.tally import Home, help_of, holds_until, share, with_quota
from planner.domain.vocabulary import AccountState, NeedState, Outcome

ON = date(2026, 11, 23)
PLAIN = CampaignSettings()
OFFERED = {"activate", "bhyt", "portal"}
births = st.one_of(
    st.just(""),
    st.integers(1930, 2026).map(str),
    st.dates(date(2009, 1, 1), date(2015, 12, 31)).map(date.isoformat),
    st.dates(date(2009, 1, 1), date(2015, 12, 31)).map(lambda day: f"{day:%Y-%m}"),
)
people = st.builds(
    Counted,
    st.builds(
        ResidentFacts,
        st.sampled_from(AccountState),
        births,
        documents=st.dictionaries(st.sampled_from(indicators.DOCUMENTS), st.sampled_from(["owned", "integrated", "none"])),
    ),
    st.dictionaries(st.sampled_from(["activate", "register", "bhyt", "mst", "portal"]), st.sampled_from(NeedState)),
    official=st.booleans(),
    worked_on=st.frozensets(st.sampled_from(["activate", "register", "bhyt", "mst", "portal"])),
    stopped=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(people, max_size=4), max_size=5))
def test_the_shares_of_households_add_up_to_the_count_of_the_whole(households: list[list[Counted]]) -> None:
    homes = [[replace(one, household_id=number) for one in members] for number, members in enumerate(households)]
    shares = [share(Home(number, 1, None, people=members), ON, PLAIN, OFFERED) for number, members in enumerate(homes)]
    added = {name: sum(one[name] for one in shares) for name in tally.SUMMED}
    everyone = [one for members in homes for one in members]
    counted = indicators.count(everyone, ON, PLAIN)
    assert {name: with_quota(added, PLAIN)[name] for name in counted} == counted
    assert {name: added[name] for name in (*tally.OF_HELP, *tally.BY_VISIT)} == help_of(everyone, OFFERED)


def test_whoever_changes_what_is_counted_raises_the_number_of_the_rules() -> None:
    """Shares that an older program kept must not be taken for those of this one: see `tally.RULES`."""
    home = Home(
        1, 1, 2,
        people=[
            Counted(
                ResidentFacts(account, birth, documents=documents), dict.fromkeys(offered, state), 1, official, worked, stopped
            )
            for account in AccountState
            for birth in ("", "1980-05-31", "2015")
            for documents in ({}, dict.fromkeys(indicators.DOCUMENTS, "owned"), dict.fromkeys(indicators.DOCUMENTS, "integrated"))
            for offered in ((), ("activate", "portal"), ("register", "bhyt", "mst"))
            for state in NeedState
            for official in (True, False)
            for worked in (frozenset(offered), frozenset())
            for stopped in (True, False)
        ],
        gone=[
            Counted(ResidentFacts(AccountState.ACTIVATED, "1980"), {"activate": NeedState.DONE}, 1, False, worked, True)
            for worked in (frozenset({"activate"}), frozenset())
        ],
        visits=list(Outcome),
    )  # fmt: skip
    counted = sorted(share(home, ON, PLAIN, OFFERED).items())
    assert (tally.RULES, hashlib.sha256(repr(counted).encode()).hexdigest()[:16]) == (2, "f960b7d599f57e15")


@settings(max_examples=150, deadline=None)
@given(births, st.sampled_from(AccountState), st.dates(date(2023, 1, 1), date(2029, 12, 31)))
def test_a_share_holds_until_the_day_before_somebody_comes_of_age(birth: str, account: AccountState, day: date) -> None:
    facts = ResidentFacts(account, birth)

    def counted_as(on: date) -> tuple[object, ...]:
        return account_state(facts, on, PLAIN), is_of_age(birth, PLAIN.account_age, on)

    until = holds_until([birth], day, PLAIN)
    assert until > day
    last = min(until - timedelta(days=1), day + timedelta(days=800))
    for on in (day, day + (last - day) / 2, last):
        assert counted_as(on) == counted_as(day)


def test_who_is_born_on_a_day_that_does_not_come_every_year_comes_of_age_the_day_after() -> None:
    assert holds_until(["2012-02-29"], date(2026, 2, 1), PLAIN) == date(2026, 3, 1)
    assert holds_until(["2012-06-31"], date(2026, 2, 1), PLAIN) == date(2026, 7, 1)
    assert holds_until(["", "1950"], ON, PLAIN) == tally.NEVER


def test_people_households_papers_and_attempts_are_counted_apart() -> None:
    done = {"activate": NeedState.DONE, "bhyt": NeedState.DONE}
    grandmother = Counted(ResidentFacts(AccountState.ACTIVATED, "1950"), done, worked_on=frozenset(done))
    grandfather = Counted(ResidentFacts(AccountState.ACTIVATED, "1948"), done)  # by himself, as a newer roster tells
    moved = Counted(
        ResidentFacts(AccountState.ACTIVATED, "1990"), {"bhyt": NeedState.DONE, "mst": NeedState.OPEN},
        worked_on=frozenset({"bhyt"}), stopped=True,
    )  # fmt: skip
    visits = (Outcome.MET, Outcome.ABSENT, Outcome.NOT_REACHED)
    counts = share(Home(1, 1, None, people=[grandmother, grandfather], gone=[moved], visits=visits), ON, PLAIN, OFFERED)
    assert {name: counts[name] for name in ("residents", *tally.OF_HELP, *tally.OF_HOUSEHOLDS)} == {
        "residents": 2,
        "people_helped": 2,  # what was done for one who has moved stays countable
        "papers_done": 2,
        "needs_done": 3,
        "needs_waiting": 0,
        "needs_open": 0,  # the tax code is not offered
        "households": 1,
        "households_visited": 1,
        "households_helped": 1,
        "attempts": 2,  # a crew that never got to the door made none
    }


def test_a_household_that_left_has_no_residents_but_its_results_stay() -> None:
    helped = Counted(ResidentFacts(AccountState.ACTIVATED, "1990"), {"bhyt": NeedState.DONE}, worked_on=frozenset({"bhyt"}))
    counts = share(Home(1, 1, None, here=False, people=[helped]), ON, PLAIN, OFFERED)
    assert (counts["households"], counts["residents"], counts["needs_done"]) == (0, 0, 1)


def test_who_was_guided_and_has_left_since_stays_counted() -> None:
    facts = ResidentFacts(AccountState.ACTIVATED, "1990", documents={"portal": "integrated"})
    guided = Counted(facts, {"activate": NeedState.DONE}, worked_on=frozenset({"activate"}), stopped=True)
    counts = share(Home(1, 1, None, gone=[guided]), ON, PLAIN, OFFERED)
    assert (counts["residents"], counts["guided_activated"], counts["guided_activated_portal"]) == (0, 1, 1)


def test_what_somebody_lacks_for_whom_nobody_may_call_is_nothing_left_to_do() -> None:
    lacking = Counted(ResidentFacts(AccountState.ISSUED, "1990"), {"activate": NeedState.OPEN, "bhyt": NeedState.SUBMITTED})
    for stopped, left in ((False, 1), (True, 0)):
        counts = share(Home(1, 1, None, people=[replace(lacking, stopped=stopped)]), ON, PLAIN, OFFERED)
        assert (counts["needs_open"], counts["needs_waiting"]) == (left, 1)
