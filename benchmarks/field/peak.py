"""The evening peak: hundreds of phones come back to the network and hand in what a shift brought."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from planner.models import Database, FieldEvent, Visit

from .phones import PATH, Phone, enrol
from .serving import Servers
from .world import a_commune_of_crews


@dataclass
class Measured:
    """What phones saw. `latencies` are those of the answers that took the reports, `refusals` the statuses of others."""

    phones: int
    outcomes: int
    within: float
    latencies: list[float] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)  # seconds from a phone's first try to its last verdict
    refusals: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    stored: int = 0
    visits: int = 0

    def __str__(self) -> str:
        ranked = sorted(self.latencies)
        p95 = ranked[int(len(ranked) * 0.95)] if ranked else float("nan")
        refused = ", ".join(f"{n} × {status}" for status, n in sorted(self.refusals.items())) or "none refused"
        return (
            f"{self.phones} phones × {self.outcomes} outcomes within {self.within:g} s: "
            f"p50 {statistics.median(ranked):.2f} s, p95 {p95:.2f} s, longest {ranked[-1]:.2f} s; {refused}; "
            f"all delivered {self.seconds:.1f} s after the first began (each phone within {max(self.delivered):.1f} s); "
            f"{self.stored / self.seconds:.0f} reports/s, "
            f"{1000 * self.cpu_seconds / self.stored:.1f} ms of the server's CPU each; "
            f"{self.phones * self.outcomes - self.stored} lost, {self.visits - self.stored} twice"
        )


def evening_peak(db: Database, folder: Path, phones: int, outcomes: int, within: float, batch: int, seed: int = 1) -> Measured:
    """Let phones begin to send at random instants within so many seconds, and measure."""
    with db.begin() as session:
        people = a_commune_of_crews(session, phones, outcomes)
    enrolled = enrol(db, people)
    for phone in enrolled:
        for number in range(outcomes):
            phone.record(number)
    measured = Measured(phones, outcomes, within)
    with Servers(db.url.render_as_string(hide_password=False), folder) as servers:
        port = servers.start()
        asyncio.run(_everybody(enrolled, port, batch, random.Random(seed), measured))
        measured.cpu_seconds = servers.cpu_seconds()
    with db.read() as session:
        measured.stored = session.scalar(select(func.count()).select_from(FieldEvent)) or 0
        measured.visits = session.scalar(select(func.count()).select_from(Visit)) or 0
    assert not any(phone.outbox for phone in enrolled)
    return measured


async def _everybody(phones: list[Phone], port: int, batch: int, chance: random.Random, measured: Measured) -> None:
    starts = [chance.uniform(0, measured.within) for _ in phones]
    began = time.monotonic()
    await asyncio.gather(*(_one(p, port, batch, s, chance, measured) for p, s in zip(phones, starts, strict=True)))
    measured.seconds = time.monotonic() - began


async def _one(phone: Phone, port: int, batch: int, after: float, chance: random.Random, measured: Measured) -> None:
    await asyncio.sleep(after)
    began = time.monotonic()
    while phone.outbox:
        sent_at = time.monotonic()
        try:
            status, wait, body = await _post(phone, port, phone.request(batch))
        except OSError:
            status, wait, body = 0, 5.0, b""
        if status == 200:
            measured.latencies.append(time.monotonic() - sent_at)
            phone.take(json.loads(body))
            continue
        measured.refusals[status] = measured.refusals.get(status, 0) + 1
        await asyncio.sleep(wait * chance.uniform(0.8, 1.2))
    measured.delivered.append(time.monotonic() - began)


async def _post(phone: Phone, port: int, body: bytes) -> tuple[int, float, bytes]:
    """Send one transmission over a connection of its own; return status, Retry-After and the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = {**phone.headers, "Host": f"127.0.0.1:{port}", "Content-Length": str(len(body)), "Connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    writer.write(f"POST {PATH}events HTTP/1.1\r\n{lines}\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    headers, _, content = answer.partition(b"\r\n\r\n")
    lines_of = headers.decode("latin-1").split("\r\n")
    told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines_of[1:])}
    if told.get("content-encoding") == "gzip":
        content = gzip.decompress(content)
    return int(lines_of[0].split()[1]), float(told.get("retry-after", 5)), content
