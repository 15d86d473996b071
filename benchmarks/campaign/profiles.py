"""The three communes and what is assumed of them, in one place.

Figures with a source are those of public reports and statistics (mid-term census 2024, communes' own reports, 2022 to 2026);
the rest are ASSUMPTION, as they are in the planner (`planner.domain.chances`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

STARTS_ON = date(2025, 3, 17)  # a Monday; a real commune's campaign of 2025 ran from 15 March to 31 May
WEEKS = 11


@dataclass(frozen=True)
class Profile:
    """A commune of one kind.

    Parameters
    ----------
    gap_m
        From a hamlet to the next, least and most.
    far_hamlets, far_m
        How many hamlets lie that far out.
    radius_m
        Of a hamlet.
    worker, shift, away
        Shares of adults who commute, work in rotating shifts, or are away all week: the police's group 4.
    other_language
        Share of households with whom a visit is not in Vietnamese.
    issued, no_account
        Shares of residents of 14 and over: account issued but not activated, and none at all.
    harvest
        What daytime loses of the chance of finding someone at home in the weeks `HARVEST_WEEKS`.
    """

    name: str
    households: int
    hamlets: int
    household_size: float
    gap_m: tuple[float, float]
    far_hamlets: int
    far_m: float
    radius_m: float
    metres_per_second: float
    smartphone: float
    worker: float
    shift: float
    away: float
    other_language: float
    members_a_hamlet: int
    active_share: float
    issued: float = 0.10
    no_account: float = 0.14
    harvest: float = 0.0

    @property
    def households_a_hamlet(self) -> float:
        return self.households / self.hamlets

    def scaled(self, households: int) -> Profile:
        """Return a commune with fewer (or more) hamlets of the same size, and volunteers in proportion."""
        hamlets = max(2, round(households / self.households_a_hamlet))
        far = round(self.far_hamlets * hamlets / self.hamlets)
        return replace(self, households=households, hamlets=hamlets, far_hamlets=far)


MOUNTAIN = Profile(
    name="mountain", households=3000, hamlets=21, household_size=4.67, gap_m=(2000, 6000), far_hamlets=2, far_m=12_000,
    radius_m=700, metres_per_second=5.0, smartphone=0.65, worker=0.05, shift=0.03, away=0.12, other_language=0.35,
    members_a_hamlet=5, active_share=0.6, issued=0.15, no_account=0.21, harvest=0.15,
)  # fmt: skip
DELTA = Profile(
    name="delta", households=8800, hamlets=24, household_size=3.59, gap_m=(800, 1500), far_hamlets=0, far_m=0,
    radius_m=450, metres_per_second=4.2, smartphone=0.85, worker=0.12, shift=0.08, away=0.05, other_language=0.0,
    members_a_hamlet=5, active_share=0.6,
)  # fmt: skip
WARD = Profile(
    name="ward", households=18_000, hamlets=25, household_size=3.3, gap_m=(350, 600), far_hamlets=0, far_m=0,
    radius_m=220, metres_per_second=2.5, smartphone=0.92, worker=0.20, shift=0.12, away=0.03, other_language=0.0,
    members_a_hamlet=8, active_share=0.5,
)  # fmt: skip
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (MOUNTAIN, DELTA, WARD)}


@dataclass(frozen=True)
class Habits:
    """How far the truth lies from the planner's table, and what people do. All ASSUMPTION.

    Spreads are standard deviations of the log-odds. `home_sd` and `hour_sd` together make a second call at a class of hours
    that found nobody succeed some 0.85 times as often as a first one, as canvassing studies report.
    """

    table_sd: float = 0.35  # the whole commune's rate of a kind and a class of hours, from the table's
    hamlet_sd: float = 0.35  # a hamlet's, from the commune's
    home_sd: float = 0.5  # a household's, at all hours
    hour_sd: float = 0.5  # a household's, at one weekday and period
    never_home: float = 0.3  # households that are never home at two of the 21 periods of the week
    together: float = 0.6  # how far a household's members are out together: correlation of their presence
    success_sd: float = 0.3  # a hamlet's rate of success by service, from the table's

    refuses: float = 0.04
    gone: float = 0.025  # moved away, as the first visit finds
    wrong_address: float = 0.025
    says_when: float = 0.5  # another member opens: names an hour when the one to be met is there
    says_when_again: float = 0.2  # someone was helped, others of the household were out
    promise_kept: float = 0.85  # by the household
    appointment_kept: float = 0.55  # at the police desk
    register: float = 0.60  # of those met without an account: agrees on an appointment
    to_police: float = 0.3  # of activations that fail: put right at the police desk
    hopeless: float = 0.5  # of other failures: no later visit helps either (old identity number, unwilling)
    submitted: float = 0.25  # of integrations: approved days later
    approved: float = 0.95
    approval_days: int = 6
    outage: float = 0.02  # evenings on which the app is down everywhere
    no_show: float = 0.10  # a member of a crew, a shift
    rain: float = 0.10  # days on which the way takes longer
    rain_speed: float = 0.7
    comes: float = 0.85  # a volunteer, in a slot in which they usually can
    absent_minutes: float = 3.0
    minutes_sd: float = 0.3  # of the logarithm of a visit's length
    way_sd: float = 0.2  # of the logarithm of a way's


HABITS = Habits()
HARVEST_WEEKS = (8, 9, 10)
