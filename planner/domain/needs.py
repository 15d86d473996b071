"""Needs: which services a resident lacks, and how a need moves from open to its end.

open ──▶ submitted ──▶ done            integration is asynchronous: approved, or rejected, days later
  │          └───────▶ rejected ──▶ open (the desk, once the papers are in order)
  ├──▶ done                            what can be finished at the door
  ├──▶ referred ──▶ done | open        level 2 needs face and finger at the police: the door ends in an appointment
  └──▶ declined ──▶ open               only on the resident's own wish
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from planner.domain.errors import Conflict, InvalidInput
from planner.domain.groups import ResidentFacts, account_state, is_of_age
from planner.domain.settings import CampaignSettings
from planner.domain.vocabulary import AccountState, DocumentState, NeedResult, NeedState, ServiceRule

WITH_ACCOUNT = (AccountState.ACTIVATED, AccountState.ISSUED, AccountState.UNKNOWN)


class Standing(Enum):
    """How a resident stands to a service."""

    LACKS = "lacks"
    HAS = "has"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service as far as rules ask. `document` is a key of `ResidentFacts.documents` for the rules document and use."""

    code: str
    rule: ServiceRule
    document: str = ""
    minutes: int = 0
    weight: int = 0
    asynchronous: bool = False
    at_police: bool = False


def standing(facts: ResidentFacts, service: ServiceFacts, on_date: date, settings: CampaignSettings) -> Standing:
    """Return whether a resident lacks a service, has it, or is not concerned.

    - account: lacking when issued but not activated, and when unknown (found out at the door); who has none registers first.
    - register: lacking when there is no account.
    - document: lacking when owned but not integrated. Nobody needs to integrate what they do not own, or before they
      have an account; a document nobody knows of is asked about at the door but is no need.
    - use: lacking for everyone with an account until it is known to be done.
    """
    account = account_state(facts, on_date, settings)
    if service.rule is ServiceRule.ACCOUNT:
        if account is AccountState.ACTIVATED:
            return Standing.HAS
        return Standing.LACKS if account in (AccountState.ISSUED, AccountState.UNKNOWN) else Standing.NOT_APPLICABLE
    if service.rule is ServiceRule.REGISTER:
        if account in (AccountState.ISSUED, AccountState.ACTIVATED):
            return Standing.HAS
        return Standing.LACKS if account is AccountState.NONE else Standing.NOT_APPLICABLE
    if not is_of_age(facts.birth, settings.document_age, on_date):
        return Standing.NOT_APPLICABLE
    document = facts.documents.get(service.document, DocumentState.UNKNOWN)
    if document == DocumentState.INTEGRATED:
        return Standing.HAS
    wanted = document == DocumentState.OWNED or (service.rule is ServiceRule.USE and document != DocumentState.NONE)
    return Standing.LACKS if wanted and account in WITH_ACCOUNT else Standing.NOT_APPLICABLE


def derived_state(state: NeedState | None, now: Standing, *, has_results: bool) -> NeedState | None:
    """Return the state of a need after its facts were read anew; None: there is to be no such need.

    Facts that say "has it" end a need. What visits brought about otherwise stays: only a need that was done by facts
    alone opens again when newer facts say so. A need with results whose service no longer applies is kept, as rejected.
    """
    if now is Standing.HAS:
        return NeedState.DONE if state is not None else None
    if now is Standing.LACKS:
        if state is None or (state is NeedState.DONE and not has_results):
            return NeedState.OPEN
        return state
    if state is None or not has_results:
        return None
    return state if state is NeedState.DONE else NeedState.REJECTED


def allowed_results(service: ServiceFacts, state: NeedState = NeedState.OPEN) -> tuple[NeedResult, ...]:
    """Return what a visit may report for a need of this service, in the order of the form.

    What only the police can do is not done at the door, unless the resident has been there since (`referred`).
    """
    if service.at_police:
        been_there = (NeedResult.DONE,) if state in (NeedState.REFERRED, NeedState.DONE) else ()
        return (*been_there, NeedResult.REFERRED, NeedResult.NOT_DONE, NeedResult.DECLINED)
    if service.asynchronous:
        return (NeedResult.DONE, NeedResult.SUBMITTED, NeedResult.REJECTED, NeedResult.NOT_DONE, NeedResult.DECLINED)
    if service.rule is ServiceRule.ACCOUNT:  # a forgotten or faulty account is put right at the police desk
        return (NeedResult.DONE, NeedResult.REFERRED, NeedResult.NOT_DONE, NeedResult.DECLINED)
    return (NeedResult.DONE, NeedResult.NOT_DONE, NeedResult.DECLINED)


def after_visit(state: NeedState, result: NeedResult) -> NeedState:
    """Return where a visit's result leaves a need. Done stays done: a late report never takes a result away."""
    if state is NeedState.DONE or result is NeedResult.NOT_DONE:
        return state
    if state is NeedState.SUBMITTED and result is NeedResult.DECLINED:
        return state  # already sent in: nothing left to decline
    return NeedState(result.value)


def check_result(service: ServiceFacts, state: NeedState, result: NeedResult, field: str) -> None:
    """Refuse a result that this service cannot have at a door."""
    if result not in allowed_results(service, state):
        raise InvalidInput("result_not_possible", field=field, service=service.code, result=result.value)


# What the desk may set, and from where: news of the police or of the register, or a resident's change of mind.
SETTLEMENTS: dict[NeedState, tuple[NeedState, ...]] = {
    NeedState.OPEN: (NeedState.DONE, NeedState.SUBMITTED, NeedState.REFERRED, NeedState.DECLINED),
    NeedState.SUBMITTED: (NeedState.DONE, NeedState.REJECTED),
    NeedState.REFERRED: (NeedState.DONE, NeedState.OPEN),
    NeedState.REJECTED: (NeedState.OPEN, NeedState.DONE),
    NeedState.DECLINED: (NeedState.OPEN, NeedState.DONE),
    NeedState.DONE: (NeedState.OPEN,),
}


def settle(state: NeedState, to: NeedState) -> NeedState:
    """Return the state the desk sets, or refuse a step that does not exist."""
    if to not in SETTLEMENTS[state]:
        raise Conflict("need_step_not_possible", before=state.value, after=to.value)
    return to


def settlements(service: ServiceFacts, state: NeedState) -> tuple[NeedState, ...]:
    """Return what to offer the desk for a need of this service: it waits only for whom the service can wait for."""
    reportable = {result.value for result in allowed_results(service, state)}
    never_waits_so = {to for to in (NeedState.SUBMITTED, NeedState.REFERRED) if to.value not in reportable}
    return tuple(to for to in SETTLEMENTS[state] if to not in never_waits_so)


def is_open(state: NeedState) -> bool:
    """Tell whether a visit could still bring this need forward: all else waits for someone else, or is over."""
    return state is NeedState.OPEN
