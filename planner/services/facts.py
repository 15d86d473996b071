"""Residents' rows as the facts that rules ask for, and what a finished need teaches about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.domain.groups import ResidentFacts
from planner.domain.needs import ServiceFacts
from planner.domain.vocabulary import AccountState, DocumentState, ServiceRule
from planner.models import Resident

# Read as columns, since rules run over thirty thousand residents at a time.
COLUMNS = (
    Resident.account, Resident.birth, Resident.work, Resident.residence, Resident.low_tech, Resident.documents,
    Resident.smartphone,
)  # fmt: skip


def of_row(row: Sequence[Any]) -> ResidentFacts:
    """Return the facts in a row of `COLUMNS`."""
    account, birth, work, residence, low_tech, documents, smartphone = row
    return ResidentFacts(account, birth, work, residence, low_tech, documents or {}, smartphone)


def of_resident(resident: Resident) -> ResidentFacts:
    """Return the facts of a resident."""
    return of_row([getattr(resident, column.key) for column in COLUMNS])


def learn(resident: Resident, service: ServiceFacts) -> None:
    """Take over as a fact what a finished need shows."""
    if service.rule is ServiceRule.ACCOUNT:
        resident.account = AccountState.ACTIVATED
    elif service.rule is ServiceRule.REGISTER:
        if resident.account is not AccountState.ACTIVATED:
            resident.account = AccountState.ISSUED
    else:
        resident.documents = {**resident.documents, service.document: DocumentState.INTEGRATED.value}


def unlearn(resident: Resident, service: ServiceFacts) -> None:
    """Take back what a need taught that was not finished after all."""
    if service.rule is ServiceRule.ACCOUNT:
        resident.account = AccountState.ISSUED
    elif service.rule is ServiceRule.REGISTER:
        resident.account = AccountState.NONE
    else:
        resident.documents = {**resident.documents, service.document: DocumentState.OWNED.value}
