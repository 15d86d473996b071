"""What every command runs with: settings, database, clock and actor; and how faults end a command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from config import BadSetting, Settings
from planner.domain.calendar import LOCAL, local_date, monday_of
from planner.domain.errors import Conflict, PlannerError
from planner.domain.messages import say

if TYPE_CHECKING:
    from planner.notices import Post
    from planner.services.actors import Actor
    from planner.services.solving import Engine
    from planner.services.store import Database

FIRST_SLOT = timedelta(hours=8)  # of a Monday
CAMPAIGN_WEEKS = 11  # of a campaign nobody gave dates for: as long as plan A's body says
Progress = Callable[[float, str], None]


class Running:
    """One command's surroundings; the database is opened when first asked for."""

    def __init__(self, commune_code: str | None = None, pretended_at: datetime | None = None, lang: str = "vi") -> None:
        self.commune_code = commune_code
        self.pretended_at = pretended_at.replace(tzinfo=LOCAL).astimezone(UTC) if pretended_at else None
        self.lang = lang

    @cached_property
    def settings(self) -> Settings:
        return Settings.from_environ()

    @cached_property
    def db(self) -> Database:
        """The database. An empty one is made ready at once; an old one is for `db upgrade`, after a backup."""
        from planner.services.store import migrate, open_database, schema_is_current, schema_is_missing

        database = open_database(self.settings.database_url)
        if schema_is_missing(database):
            migrate(database)
        if not schema_is_current(database):
            database.dispose()
            raise click.ClickException(
                "Cơ sở dữ liệu thuộc phiên bản cũ: sao lưu rồi chạy `manage.py db upgrade`. / The database is of an older version."
            )
        return database

    def upgrade(self) -> int:
        """Bring the database to its newest form and count what an older program counted otherwise; return how many households."""
        from planner.services.store import migrate, open_database
        from planner.services.tallies import refresh_all

        database = open_database(self.settings.database_url)
        try:
            migrate(database)
            return refresh_all(database, self.clock())
        finally:
            database.dispose()

    @cached_property
    def engine(self) -> Engine:
        """What computes weekly plans."""
        from planner.services.solving import ChildEngine

        return ChildEngine(threads=self.settings.solver_threads)

    @cached_property
    def post(self) -> Post:
        """What notices are sent by."""
        from planner.notices.post import post_of

        return post_of(self.settings)

    @cached_property
    def actor(self) -> Actor:
        """The command line itself, in the commune named, or in the only one there is."""
        from planner.services.actors import Actor
        from planner.services.campaigns import sole_commune

        with self.db.read() as session:
            return Actor.cli(sole_commune(session, self.commune_code).id)

    def ensure_commune(self, file: Path) -> None:
        """Where there is no commune yet, make one with plan A's campaign: a first import must not ask for more than a file."""
        from planner.domain.vocabulary import CommuneKind
        from planner.services import campaigns
        from planner.services.actors import Actor

        at = self.clock()
        with self.db.begin() as session:
            if campaigns.any_commune(session):
                return
            code = self.commune_code or "xa"
            made = campaigns.create_commune(session, code, CommuneKind.XA, file.stem, "", at)
            first = self.this_monday()
            campaigns.create_campaign(
                session, Actor.cli(made.id), "plan_a", "", first, first + timedelta(weeks=CAMPAIGN_WEEKS), at
            )
        click.echo(
            f"Đã tạo xã «{made.name}» với đợt cao điểm theo mẫu / made a commune with plan A's campaign: `manage.py campaign show`",
            err=True,
        )

    def clock(self) -> datetime:
        return self.pretended_at or datetime.now(UTC)

    def coming_monday(self) -> date:
        """Return the Monday of the coming week: what a draft is for unless told otherwise.

        Early on a Monday, before anyone goes out, that is the week just begun.
        """
        return monday_of(local_date(self.clock() + timedelta(days=7) - FIRST_SLOT))

    def this_monday(self) -> date:
        return monday_of(local_date(self.clock()))

    def watched_monday(self) -> date:
        """Return the Monday of the week to look at: the running one, or where it has no plan the coming one."""
        from planner.services import planning

        with self.db.read() as session:
            return self.this_monday() if planning.is_planned(session, self.actor, self.this_monday()) else self.coming_monday()

    def is_empty(self) -> bool:
        """Tell whether the database holds no commune yet."""
        from planner.services.campaigns import any_commune

        with self.db.read() as session:
            return not any_commune(session)

    def close(self) -> None:
        if "db" in self.__dict__:
            self.db.dispose()


class Fault:
    """How a fault becomes a sentence and an exit status."""

    class Group(click.Group):
        """A group whose commands say planner errors in the language asked for instead of showing a traceback."""

        def invoke(self, ctx: click.Context) -> Any:
            try:
                return super().invoke(ctx)
            except PlannerError as fault:
                lang = ctx.obj.lang if isinstance(ctx.obj, Running) else "vi"
                raise Fault.Said(say(fault.code, lang, **fault.facts), 3 if isinstance(fault, Conflict) else 1) from fault
            except BadSetting as fault:
                raise Fault.Said(str(fault), 2) from fault

    class Said(click.ClickException):
        """A sentence for standard error, and the status to end with."""

        def __init__(self, message: str, status: int) -> None:
            super().__init__(message)
            self.exit_code = status

        def show(self, file: Any = None) -> None:
            click.echo(self.format_message(), file=file or sys.stderr)


class Bar:
    """A progress bar on standard error; quiet where that is not a terminal."""

    def __init__(self, title: str) -> None:
        from tqdm import tqdm

        self.bar = tqdm(
            total=100, desc=title, unit="%", file=sys.stderr, disable=None, leave=False, bar_format="{l_bar}{bar}| {postfix}"
        )

    def __enter__(self) -> Progress:
        return self.show

    def show(self, fraction: float, text: str = "") -> None:
        self.bar.n = round(100 * min(1.0, max(0.0, fraction)))
        self.bar.set_postfix_str(text)

    def __exit__(self, *_: object) -> None:
        self.bar.close()


def tell(text: str) -> None:
    """Tell the person what is being done, on standard error: standard output is for results."""
    click.echo(text, err=True)


def print_json(value: object) -> None:
    """Print for a program: one JSON document, dates as ISO text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "__slots__") or hasattr(value, "__dict__"):
        from dataclasses import asdict, is_dataclass

        if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
    return str(value)


def monday_option(**kwargs: Any) -> Callable[[Any], Any]:
    """Return the option --monday: any day of the week meant."""
    return click.option("--monday", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", callback=_to_monday, **kwargs)


def _to_monday(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return monday_of(value.date()) if value else None
