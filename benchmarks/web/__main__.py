"""`python -m benchmarks.web dashboard|forecast`: see docs/progress.md."""

from __future__ import annotations

import time

import click

from benchmarks.field.__main__ import a_database, database_option


@click.group()
def web() -> None:
    """Measure the progress pages and the forecast behind them."""


@web.command()
@database_option
@click.option("--residents", default=60_000, show_default=True)
@click.option("--visits", default=100_000, show_default=True)
@click.option("--rounds", default=40, show_default=True, help="Requests a page, a write before each.")
def dashboard(database: str | None, residents: int, visits: int, rounds: int) -> None:
    """Ask the progress pages of a large ward while reports come in."""
    from benchmarks.web.dashboard import LIMIT_MS, difference, measure
    from benchmarks.web.world import build

    with a_database(database) as (db, _folder):
        began = time.monotonic()
        ward = build(db, residents, visits)
        click.echo(f"{ward.residents} residents, {ward.visits} visits, made in {time.monotonic() - began:.0f} s")
        slow = 0
        click.echo(f"{'':<48} {'median':>8} {'p95':>8} {'worst':>8} {'cpu p95':>8}  ms")
        for took in measure(db, ward, rounds):
            slow += took.p95_ms > LIMIT_MS
            click.echo(
                f"{took.name:<48} {took.median_ms:>8.1f} {took.p95_ms:>8.1f} {took.worst_ms:>8.1f} {took.cpu_p95_ms:>8.1f}"
            )
        wrong = difference(db, ward)
        click.echo(f"figures that differ from a count of every row: {wrong or 'none'}")
    if slow or wrong:
        raise SystemExit(1)


@web.command()
@click.option("--campaigns", default=400, show_default=True)
@click.option("--first-seed", default=10_000, show_default=True, help="Lower seeds chose the model's constants.")
def forecast(campaigns: int, first_seed: int) -> None:
    """Back-test the forecast on simulated campaigns."""
    from benchmarks.web.backtest import backtest

    click.echo(f"{'':<10} {'forecasts':>9} {'within':>7} {'below':>7} {'width':>7} {'off by':>7}  (points of what was lacking)")
    for line in backtest(campaigns, first_seed):
        click.echo(
            f"{line.name:<10} {line.number:>9} {100 * line.covered:>6.1f}% {100 * line.below:>6.1f}% "
            f"{line.width:>7.1f} {line.off:>7.1f}"
        )


if __name__ == "__main__":
    web()
