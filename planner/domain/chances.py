"""How likely a resident is met and helped, by kind of resident, of hours and of service: the defaults of the settings.

The figures are planning assumptions: canvassing studies agree that evenings and weekends find more people at home and that
knocking again at the same hour finds fewer (Weeks et al. 1987; Journal of Official Statistics 4(4), 1988), but no
survey of Vietnamese communes is public. A campaign replaces them by what its own visits show.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.domain.vocabulary import MeetKind, OutreachGroup, SlotClass


def _row(day: float, evening: float, weekend: float) -> Mapping[SlotClass, float]:
    return {
        SlotClass.WEEKDAY_DAY: day,
        SlotClass.WEEKDAY_EVENING: evening,
        SlotClass.WEEKEND_DAY: weekend,
        SlotClass.WEEKEND_EVENING: evening,  # ASSUMPTION: an evening is an evening
    }


MEET_CHANCE: Mapping[MeetKind, Mapping[SlotClass, float]] = {
    MeetKind.USUAL: _row(0.30, 0.65, 0.50),
    MeetKind.NO_ACCOUNT: _row(0.35, 0.60, 0.55),
    MeetKind.LOW_TECH: _row(0.75, 0.80, 0.75),
    MeetKind.COMMUTER: _row(0.08, 0.50, 0.45),
    MeetKind.ROTATING_SHIFT: _row(0.25, 0.30, 0.40),
    MeetKind.AWAY: _row(0.01, 0.02, 0.03),
}

# Chance that someone who is met is helped, by service code. ASSUMPTION throughout.
SUCCESS_CHANCE: Mapping[str, float] = {
    "activate": 0.75,
    "register": 0.60,
    "bhyt": 0.88,
    "gplx": 0.60,
    "gcn": 0.50,
    "mst": 0.85,
    "npt": 0.85,
    "portal": 0.80,
    "other": 0.75,  # a service this table does not know
}
LOW_TECH_ACTIVATION = 0.45  # "activate" with someone elderly or unused to phones
NO_PHONE_ACTIVATION = 0.03  # "activate" in a household without a smartphone

# What a group's needs count for beside each other. The elderly come first (they cannot do it alone, and fewer visits
# succeed), then those only reached at odd hours; Plan A, A7 and A11. The figures are ASSUMPTION.
GROUP_WEIGHT: Mapping[OutreachGroup, float] = {
    OutreachGroup.DOCUMENTS: 1.0,
    OutreachGroup.ISSUED: 1.2,
    OutreachGroup.NO_ACCOUNT: 1.2,
    OutreachGroup.LOW_TECH: 2.0,
    OutreachGroup.AWAY: 1.3,
}
