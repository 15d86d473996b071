"""Everything one PC needs, in two processes: the pages in this one, the clock in a child. Used by `dev.py run`."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from commands.keeping import Kept
from commands.running import Running, tell

ROOT = Path(__file__).resolve().parents[1]


def start_everything(run: Running, empty: bool) -> None:
    """Migrate, load the sample where the database is empty, print the ways in, serve until told to stop."""
    tell(f"Cơ sở dữ liệu / database: {run.settings.public()['database_url']}")
    run.upgrade()
    if not empty and run.is_empty():
        from commands.sample import load_sample

        load_sample(run, tell)
    serve(run)


def serve(run: Running) -> None:
    """Serve the pages with the clock beside them; Ctrl-C or SIGTERM stops both cleanly."""
    from web import create_app
    from web.wsgi import server, spare_the_collector

    configure_logs(run.settings.log_level)
    from planner.services.runners import Runner

    runner = Runner(run.db, run.clock, workers=run.settings.plan_workers, engine=run.engine)
    try:
        httpd = server(create_app(run.settings, db=run.db, clock=run.clock, runner=runner), run.settings)
    except OSError as fault:
        raise click.ClickException(
            f"Cổng {run.settings.port} đang có chương trình khác dùng; thử --port 8001. / Port {run.settings.port} is taken ({fault.strerror})."
        ) from fault
    clock = Kept(lambda: subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "jobs", "run"], cwd=ROOT, env=_environ(run)))
    signal.signal(signal.SIGTERM, _stop)
    try:
        print_links(run)
        spare_the_collector()
        tell(f"\nNăm Rõ: {run.settings.base_url}    (Ctrl-C để dừng / to stop)")
        httpd.run()  # ends by itself on KeyboardInterrupt
    finally:
        tell("Đang dừng… / stopping…")
        httpd.close()
        runner.shutdown()
        clock.end()
        tell("Đã dừng. / stopped.")


def configure_logs(level: str) -> None:
    """Send all logs, structured ones too, to standard error through one format. Only commands configure logging."""
    import structlog

    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def print_links(run: Running) -> None:
    """Print one one-time sign-in link a role, for the commune there is (or the one named)."""
    from planner.domain.errors import PlannerError
    from planner.domain.vocabulary import Role
    from planner.domain.wording import label
    from planner.services import accounts

    try:
        commune_id = run.actor.commune_id
    except PlannerError:  # empty on purpose, or many communes: `manage.py users link` serves those
        tell("Chưa có xã nào, hoặc có nhiều xã: tạo bằng `manage.py campaign create`, cấp lối vào bằng `manage.py users link`.")
        return
    at = run.clock()
    with run.db.begin() as session:
        people = accounts.ensure_role_users(session, commune_id, at)
        links = {role: accounts.issue_link(session, run.actor, people[role].id, at) for role in Role if role in people}
    tell("\nLối vào dùng một lần, trong 24 giờ / one-time sign-in links, valid for 24 hours:")
    for role, token in links.items():
        click.echo(f"  {label(role, run.lang):<26} {run.settings.base_url}/enter/{token}")


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _environ(run: Running) -> dict[str, str]:
    """Return the clock's environment: the same settings, whatever they came from."""
    return {
        **os.environ,
        "NAMRO_DATABASE_URL": run.settings.database_url,
        "NAMRO_DATA_DIR": str(run.settings.data_dir),
        "PYTHONUTF8": "1",
    }
