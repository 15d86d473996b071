"""`manage.py notices`: what became of what people were told, and whether mail goes out at all."""

from __future__ import annotations

from datetime import timedelta

import click

from commands.running import Running, print_json


@click.group()
def notices() -> None:
    """Notices: how their sending stands, a test mail, the key by which phones are woken."""


@notices.command("list")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="How far to look back.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_(running: Running, days: int, as_json: bool) -> None:
    """Count what was sent, waits, was given up or dropped, by channel."""
    from planner.services.notices import outbox

    with running.db.read() as session:
        found = outbox.standing(session, running.actor, running.clock() - timedelta(days=days))
    if as_json:
        print_json(found)
        return
    for line in found:
        click.echo(f"{line.channel.value:<6} {line.state.value:<8} {line.count:>7} {line.latest_at:%Y-%m-%d %H:%M} {line.error}")


@notices.command()
@click.argument("address")
@click.pass_obj
def test(running: Running, address: str) -> None:
    """Send a test mail to ADDRESS at once, by the settings NAMRO_SMTP_…."""
    from planner.domain.notices import Channel
    from planner.domain.notices.kinds import CHOICES_PATH
    from planner.notices import ChannelDown, Message, NotSent

    sender = running.post.senders.get(Channel.EMAIL)
    if sender is None:
        raise click.ClickException("NAMRO_SMTP_HOST chưa đặt. / NAMRO_SMTP_HOST is not set.")
    at, base_url = running.clock(), running.settings.base_url
    message = Message(
        message_id=f"test.{at:%Y%m%d%H%M%S%f}", to=(address,), language=running.lang, subject="Năm Rõ: thư thử / test",
        lines=("Gửi thư được rồi. / Mail goes out.",), short="", url=base_url, choices_url=base_url + CHOICES_PATH, made_at=at,
        seconds_useful=3600,
    )  # fmt: skip
    try:
        sender.send(message)
    except (NotSent, ChannelDown) as fault:
        raise click.ClickException(f"Không gửi được / not sent: {fault.code}") from None
    finally:
        sender.close()
    click.echo("Đã gửi. / Sent.")


@notices.command("push-key")
def push_key() -> None:
    """Make a key for Web Push: set it as NAMRO_PUSH_PRIVATE_KEY, and NAMRO_PUSH_CONTACT beside it. A new key needs new consent."""
    from planner.notices.webpush import new_private_key

    click.echo(new_private_key())
