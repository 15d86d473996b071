"""A calendar as iCalendar (RFC 5545), for whatever program a person keeps their days in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

REFRESHED = timedelta(hours=1)  # how often programs are asked to look again; most look less often


@dataclass(frozen=True)
class CalendarEvent:
    """A span of time. Its `uid` never changes; `sequence` grows with each change, so that programs take the newest.

    What is cancelled stays in, as cancelled: a program that saw it would keep it otherwise.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    text: str
    place: str
    cancelled: bool
    changed_at: datetime


def written(title: str, language: str, events: Iterable[CalendarEvent]) -> bytes:
    """Return a calendar file."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Nam Ro//Lich di tham ho//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for each in events:
        event = Event()
        event.add("uid", each.uid)
        event.add("sequence", each.sequence)
        event.add("dtstamp", each.changed_at)
        event.add("last-modified", each.changed_at)
        event.add("dtstart", each.starts_at)
        event.add("dtend", each.ends_at)
        event.add("summary", each.title, parameters={"LANGUAGE": language})
        if each.text:
            event.add("description", each.text)
        if each.place:
            event.add("location", each.place)
        event.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if each.cancelled else "OPAQUE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
