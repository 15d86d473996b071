"""`manage.py users`: who may sign in, and the one-time links that let them in first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from commands.running import Running, print_json
from planner.domain.vocabulary import Role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.accounts import UserView

ROLES = [r.value for r in Role]


@click.group()
def users() -> None:
    """People who sign in."""


@users.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--volunteer", "volunteer_id", type=int, help="Number of the volunteer this person is.")
@click.pass_obj
def add(run: Running, name: str, role: str, volunteer_id: int | None) -> None:
    """Let a person in: makes the account and prints its login. There is no first passphrase: issue a link."""
    from planner.services import accounts

    with run.db.begin() as session:
        made = accounts.create_user(session, run.actor, accounts.UserForm(name, Role(role), volunteer_id), run.clock())
    click.echo(made.login)


@users.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_(run: Running, as_json: bool) -> None:
    """List who may sign in."""
    with run.db.read() as session:
        found = list(_everyone(run, session))
    if as_json:
        print_json([{"id": u.id, "login": u.login, "name": u.name, "role": u.role, "disabled": u.disabled} for u in found])
        return
    for user in found:
        click.echo(f"{user.login:<28} {user.role.value:<10} {user.name}{'  (đã khóa)' if user.disabled else ''}")


@users.command()
@click.option("--login", help="Whose link: the login.")
@click.option("--role", type=click.Choice(ROLES), help="Or the first person of a role.")
@click.option("--hours", type=click.IntRange(1, 24), default=24, show_default=True, help="How long it may be used.")
@click.pass_obj
def link(run: Running, login: str | None, role: str | None, hours: int) -> None:
    """Print a one-time sign-in link. It works once, and for a day at most."""
    from planner.services import accounts

    if (login is None) == (role is None):
        raise click.UsageError("--login hoặc --role / either --login or --role")
    with run.db.begin() as session:
        candidates = (u for u in _everyone(run, session) if not u.disabled)
        chosen = next((u for u in candidates if (u.login == login if login else u.role.value == role)), None)
        if chosen is None:
            raise click.ClickException(f"Không có tài khoản nào như vậy: {login or role} / no such account")
        token = accounts.issue_link(session, run.actor, chosen.id, run.clock(), hours=hours)
    click.echo(f"{run.settings.base_url}/enter/{token}")


def _everyone(run: Running, session: Session) -> Iterator[UserView]:
    from planner.services import accounts

    page = 1
    while True:
        found = accounts.users(session, run.actor, accounts.UserFilter(page=page, size=200))
        yield from found.rows
        if page >= found.pages:
            return
        page += 1
