"""Needs: who lacks what, what a visit may report, and how a need comes to its end."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.groups import ResidentFacts
from planner.domain.needs import (
    SETTLEMENTS,
    Standing,
    after_visit,
    allowed_results,
    check_result,
    derived_state,
    is_open,
    settle,
    settlements,
    standing,
)
from planner.domain.settings import CampaignSettings
from planner.domain.templates import ACTIVATE, BHYT, PLAN_B, PORTAL, REGISTER
from planner.domain.vocabulary import AccountState, NeedResult, NeedState

ON = date(2026, 11, 23)
SETTINGS = CampaignSettings()
A, R, S = AccountState, NeedResult, NeedState
LACKS, HAS, NOT = Standing.LACKS, Standing.HAS, Standing.NOT_APPLICABLE
ADULT, CHILD = "1985-01-01", "2016-01-01"
PORTAL_B = next(s for s in PLAN_B.services if s.facts.code == "portal")


@pytest.mark.parametrize(
    ("account", "birth", "activate", "register"),
    [
        (A.ISSUED, ADULT, LACKS, HAS),
        (A.NONE, ADULT, NOT, LACKS),  # first the police, then the app
        (A.ACTIVATED, ADULT, HAS, HAS),
        (A.UNKNOWN, ADULT, LACKS, NOT),  # found out at the door
        (A.NA, CHILD, NOT, NOT),
        (A.NONE, CHILD, NOT, NOT),
        (A.ACTIVATED, CHILD, HAS, HAS),
        (A.NONE, "", NOT, LACKS),  # age unknown: treated as an adult
        (A.NA, "2010-05-01", LACKS, NOT),  # grown up since: to be found out
    ],
)
def test_who_lacks_an_account_or_its_activation(
    account: AccountState, birth: str, activate: Standing, register: Standing
) -> None:
    facts = ResidentFacts(account, birth)
    assert standing(facts, ACTIVATE.facts, ON, SETTINGS) is activate
    assert standing(facts, REGISTER.facts, ON, SETTINGS) is register


@pytest.mark.parametrize(
    ("account", "birth", "document", "expected"),
    [
        (A.ACTIVATED, ADULT, "owned", LACKS),
        (A.ACTIVATED, ADULT, "integrated", HAS),
        (A.ACTIVATED, ADULT, "none", NOT),  # nobody integrates what they do not own
        (A.ACTIVATED, ADULT, "unknown", NOT),
        (A.ACTIVATED, ADULT, None, NOT),
        (A.ISSUED, ADULT, "owned", LACKS),  # in the same visit, once activated
        (A.UNKNOWN, ADULT, "owned", LACKS),
        (A.NONE, ADULT, "owned", NOT),  # nothing to integrate it into yet
        (A.NA, CHILD, "owned", NOT),  # insured, but it shows in a parent's app
        (A.ACTIVATED, "", "owned", LACKS),
    ],
)
def test_who_lacks_an_integrated_document(account: AccountState, birth: str, document: str | None, expected: Standing) -> None:
    facts = ResidentFacts(account, birth, documents={"bhyt": document} if document else {})
    assert standing(facts, BHYT.facts, ON, SETTINGS) is expected


@pytest.mark.parametrize(
    ("known", "plan_a", "plan_b"),
    [(None, NOT, LACKS), ("unknown", NOT, LACKS), ("owned", LACKS, LACKS), ("none", NOT, NOT), ("integrated", HAS, HAS)],
)
def test_the_portal_is_asked_of_everyone_only_where_it_is_the_campaigns_aim(
    known: str | None, plan_a: Standing, plan_b: Standing
) -> None:
    facts = ResidentFacts(A.ACTIVATED, ADULT, documents={"portal": known} if known else {})
    assert standing(facts, PORTAL.facts, ON, SETTINGS) is plan_a
    assert standing(facts, PORTAL_B.facts, ON, SETTINGS) is plan_b


def test_the_age_for_documents_is_a_setting() -> None:
    facts = ResidentFacts(A.ACTIVATED, CHILD, documents={"bhyt": "owned"})
    assert standing(facts, BHYT.facts, ON, CampaignSettings.from_dict({"document_age": 6})) is LACKS


@pytest.mark.parametrize(
    ("state", "now", "has_results", "expected"),
    [
        (None, LACKS, False, S.OPEN),
        (None, HAS, False, None),  # what was never lacking is no need
        (None, NOT, False, None),
        (S.OPEN, HAS, False, S.DONE),
        (S.OPEN, NOT, False, None),  # a typing error put right
        (S.OPEN, NOT, True, S.REJECTED),  # visits worked on it: kept, but closed
        (S.DONE, NOT, True, S.DONE),
        (S.SUBMITTED, LACKS, True, S.SUBMITTED),  # the register has not answered yet
        (S.SUBMITTED, HAS, True, S.DONE),
        (S.REFERRED, LACKS, True, S.REFERRED),
        (S.DECLINED, LACKS, True, S.DECLINED),  # a no is not forgotten by an import
        (S.DECLINED, HAS, True, S.DONE),
        (S.DONE, LACKS, True, S.DONE),  # a visit saw it done; an older list does not undo that
        (S.DONE, LACKS, False, S.OPEN),  # facts alone said so, newer facts say otherwise
    ],
)
def test_a_need_after_its_facts_were_read_anew(
    state: NeedState | None, now: Standing, has_results: bool, expected: NeedState | None
) -> None:
    assert derived_state(state, now, has_results=has_results) is expected


@given(st.sampled_from([None, *NeedState]), st.sampled_from(list(Standing)), st.booleans())
def test_reading_the_same_facts_twice_changes_nothing(state: NeedState | None, now: Standing, has_results: bool) -> None:
    once = derived_state(state, now, has_results=has_results)
    if once is not None:
        assert derived_state(once, now, has_results=has_results) is once


@pytest.mark.parametrize(
    ("state", "result", "expected"),
    [
        (S.OPEN, R.DONE, S.DONE),
        (S.OPEN, R.SUBMITTED, S.SUBMITTED),
        (S.OPEN, R.REJECTED, S.REJECTED),
        (S.OPEN, R.REFERRED, S.REFERRED),
        (S.OPEN, R.DECLINED, S.DECLINED),
        (S.OPEN, R.NOT_DONE, S.OPEN),
        (S.SUBMITTED, R.DONE, S.DONE),
        (S.SUBMITTED, R.REJECTED, S.REJECTED),
        (S.SUBMITTED, R.NOT_DONE, S.SUBMITTED),
        (S.SUBMITTED, R.DECLINED, S.SUBMITTED),
        (S.REFERRED, R.NOT_DONE, S.REFERRED),
        (S.DECLINED, R.DONE, S.DONE),
        (S.DONE, R.NOT_DONE, S.DONE),  # a late report takes nothing away
        (S.DONE, R.DECLINED, S.DONE),
        (S.DONE, R.REFERRED, S.DONE),
    ],
)
def test_where_a_visit_leaves_a_need(state: NeedState, result: NeedResult, expected: NeedState) -> None:
    assert after_visit(state, result) is expected


@pytest.mark.parametrize(
    ("service", "state", "allowed"),
    [
        (ACTIVATE, S.OPEN, {R.DONE, R.REFERRED, R.NOT_DONE, R.DECLINED}),
        (REGISTER, S.OPEN, {R.REFERRED, R.NOT_DONE, R.DECLINED}),  # never done at a door
        (REGISTER, S.REFERRED, {R.DONE, R.REFERRED, R.NOT_DONE, R.DECLINED}),  # they have been to the police
        (BHYT, S.OPEN, {R.DONE, R.SUBMITTED, R.REJECTED, R.NOT_DONE, R.DECLINED}),
        (PORTAL, S.OPEN, {R.DONE, R.NOT_DONE, R.DECLINED}),
    ],
    ids=lambda value: getattr(getattr(value, "facts", None), "code", None),
)
def test_what_a_visit_may_report(service: object, state: NeedState, allowed: set[NeedResult]) -> None:
    facts = service.facts  # type: ignore[attr-defined]
    assert set(allowed_results(facts, state)) == allowed
    for result in NeedResult:
        if result in allowed:
            check_result(facts, state, result, "results.0")
        else:
            with pytest.raises(InvalidInput) as caught:
                check_result(facts, state, result, "results.0")
            assert caught.value.facts["field"] == "results.0"


@pytest.mark.parametrize("before", NeedState)
@pytest.mark.parametrize("after", NeedState)
def test_the_desk_takes_only_steps_that_exist(before: NeedState, after: NeedState) -> None:
    steps = {
        (S.OPEN, S.DONE), (S.OPEN, S.SUBMITTED), (S.OPEN, S.REFERRED), (S.OPEN, S.DECLINED),
        (S.SUBMITTED, S.DONE), (S.SUBMITTED, S.REJECTED),
        (S.REFERRED, S.DONE), (S.REFERRED, S.OPEN),
        (S.REJECTED, S.OPEN), (S.REJECTED, S.DONE),
        (S.DECLINED, S.OPEN), (S.DECLINED, S.DONE),
        (S.DONE, S.OPEN),
    }  # fmt: skip
    if (before, after) in steps:
        assert settle(before, after) is after
    else:
        with pytest.raises(Conflict):
            settle(before, after)


@pytest.mark.parametrize(
    ("service", "waits"),
    [(ACTIVATE, {S.REFERRED}), (REGISTER, {S.REFERRED}), (BHYT, {S.SUBMITTED}), (PORTAL, set())],
    ids=lambda value: getattr(getattr(value, "facts", None), "code", None),
)
def test_the_desk_is_offered_only_to_wait_for_whom_the_service_can_wait_for(service: object, waits: set[NeedState]) -> None:
    facts = service.facts  # type: ignore[attr-defined]
    assert set(settlements(facts, S.OPEN)) == {S.DONE, S.DECLINED} | waits
    assert settlements(facts, S.DONE) == SETTLEMENTS[S.DONE]


def test_every_state_can_be_settled_from() -> None:
    assert set(SETTLEMENTS) == set(NeedState)


def test_only_open_needs_are_visited_for() -> None:
    assert [state for state in NeedState if is_open(state)] == [S.OPEN]
