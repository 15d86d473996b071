"""At each tick: send what the outbox of notices holds. No channel and no message ever holds up another."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from planner.domain.defects import log_defect
from planner.domain.notices import Channel, in_words, open_path
from planner.domain.notices.kinds import CHOICES_PATH
from planner.models import Database
from planner.notices import ChannelDown, Message, NotSent, Post, Sender
from planner.services.notices import outbox
from planner.services.notices.outbox import Held

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

BATCH = 20
MOST_SECONDS = 15  # a channel a tick: the jobs of the next tick must not wait for a slow mail server
MARGIN = timedelta(seconds=30)  # of the lease: longer than one message can take


def drain(db: Database, clock: Clock, owner: str, post: Post | None) -> int:
    """Send what is due on every channel; return how many messages went out. Without a post everything waits."""
    return sum(_safely(db, clock, owner, channel, post) for channel in outbox.LEAVING) if post is not None else 0


def _safely(db: Database, clock: Clock, owner: str, channel: Channel, post: Post) -> int:
    sender = post.senders.get(channel)
    try:
        if sender is None:
            outbox.drop_all(db, channel, clock(), "not_set_up", only_late=False)
            return 0
        outbox.drop_all(db, channel, clock(), "too_late", only_late=True)
        return _send_all(db, clock, owner, channel, sender, post.base_url)
    except Exception as fault:
        log_defect(log, f"channel_failed channel={channel.value}", fault)  # its messages come free with their lease
        return 0
    finally:
        if sender is not None:
            sender.close()


def _send_all(db: Database, clock: Clock, owner: str, channel: Channel, sender: Sender, base_url: str) -> int:
    began, count = time.monotonic(), 0
    while time.monotonic() - began < MOST_SECONDS and (batch := outbox.claim(db, owner, channel, clock(), BATCH)):
        for number, held in enumerate(batch):
            spent = time.monotonic() - began
            if spent >= MOST_SECONDS or clock() > held.lease_until_at - MARGIN:
                outbox.released(db, batch[number:], clock())
                return count
            try:
                count += _send(db, clock, sender, held, base_url)
            except ChannelDown as down:
                log.warning("channel_down channel=%s why=%s waiting=%s", channel.value, down.code, len(batch) - number)
                outbox.released(db, batch[number:], clock(), down.code)
                return count
    return count


def _send(db: Database, clock: Clock, sender: Sender, held: Held, base_url: str) -> bool:
    """Send one message and note what became of it. Between the two a crash sends it again, under the same id."""
    if not held.to:
        outbox.dropped(db, held, "no_address")
        return False
    try:
        gone = sender.send(message_of(held, base_url, clock()))
    except NotSent as fault:
        log.info("notice_not_sent channel=%s notice=%s why=%s", held.channel.value, held.notice_id, fault.code)
        outbox.failed(db, held, clock(), fault.code, permanent=fault.permanent)
        outbox.forget_browsers(db, fault.gone)
        return False
    except ChannelDown:
        raise
    except Exception as fault:  # a message that breaks the sender must not stop those behind it
        log_defect(log, f"notice_broke channel={held.channel.value} notice={held.notice_id}", fault)
        outbox.failed(db, held, clock(), type(fault).__name__[:80], permanent=False)
        return False
    outbox.sent(db, held, clock())
    outbox.forget_browsers(db, gone)
    return True


def message_of(held: Held, base_url: str, at: datetime) -> Message:
    """Return a delivery in words."""
    words = in_words(held.kind, held.facts, held.language)
    return Message(
        message_id=held.message_id, to=held.to, language=held.language, subject=words.subject, lines=words.lines,
        short=words.short, url=base_url + open_path(held.notice_id), choices_url=base_url + CHOICES_PATH,
        made_at=held.made_at, seconds_useful=max(60, int((held.useful_until_at - at).total_seconds())),
    )  # fmt: skip
