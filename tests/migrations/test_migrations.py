"""The schema can be brought up, down and up again, on both databases, with data in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import OperationalError

from planner.domain.settings import CampaignSettings
from planner.models import Base, Campaign, Database, Indicator, schema
from planner.models.schema import MIGRATIONS, connection_revision, is_current, migrate
from tests.worlds import a_full_week


@pytest.fixture
def bare_sqlite(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'bare.sqlite3'}", durable=False)
    yield database
    database.dispose()


@pytest.fixture
def bare_postgresql(postgresql_server: str) -> Iterator[Database]:
    from sqlalchemy.engine import make_url

    admin, name = Database(postgresql_server), f"namro_bare_{os.getpid()}"  # two test processes may be at it at once
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(make_url(admin.url).set(database=name))
    yield database
    database.dispose()
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["bare_sqlite", pytest.param("bare_postgresql", marks=pytest.mark.postgresql)])
def bare(request: pytest.FixtureRequest) -> Database:
    database = request.getfixturevalue(request.param)
    assert isinstance(database, Database)
    return database


def row_counts(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {t.name: session.execute(select(func.count()).select_from(t)).scalar_one() for t in Base.metadata.sorted_tables}


def test_the_migrations_make_exactly_the_schema_of_the_models(bare: Database) -> None:
    migrate(bare)
    with bare.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": bare.is_sqlite})
        assert compare_metadata(context, Base.metadata) == []
    assert is_current(bare)


def checks_of(database: Database) -> dict[str, set[tuple[str | None, str]]]:
    inspector = inspect(database.engine)
    return {
        table: {(check["name"], " ".join(str(check["sqltext"]).split())) for check in inspector.get_check_constraints(table)}
        for table in Base.metadata.tables
    }


def test_the_word_lists_in_the_migrations_are_those_of_the_models(bare: Database) -> None:
    """Autogeneration does not look at checks: a new word of an enum needs its migration all the same."""
    migrate(bare)
    migrated = checks_of(bare)
    migrate(bare, "base")
    Base.metadata.create_all(bare.engine)
    assert migrated == checks_of(bare)


def test_up_down_up_leaves_an_empty_database_that_works(bare: Database) -> None:
    migrate(bare)
    with bare.begin() as session:
        a_full_week(session)
    migrate(bare, "base")
    assert connection_revision(bare) is None
    assert set(inspect(bare.engine).get_table_names()) <= {"alembic_version"}
    migrate(bare)
    with bare.begin() as session:
        a_full_week(session)


def test_migrating_again_changes_no_row(bare: Database) -> None:
    migrate(bare)
    with bare.begin() as session:
        a_full_week(session)
    before = row_counts(bare)
    migrate(bare)
    assert row_counts(bare) == before
    assert not [table for table, count in before.items() if count == 0], "the world must have a row in every table"


def test_each_step_down_and_up_again_keeps_the_rows_it_can(bare: Database) -> None:
    """Walk back revision by revision to the first one, and forward again, with a full week in the database.

    What stands in tables that came later goes with them; all else stays.
    """
    script = ScriptDirectory(str(MIGRATIONS))
    revisions = [r.revision for r in script.walk_revisions()]  # newest first
    migrate(bare)
    with bare.begin() as session:
        a_full_week(session)
    before = row_counts(bare)
    for revision in revisions[1:]:
        migrate(bare, revision)
    from_the_start = set(inspect(bare.engine).get_table_names())
    migrate(bare)
    after = row_counts(bare)
    assert {table: after[table] for table in before if table in from_the_start} == {
        table: count for table, count in before.items() if table in from_the_start
    }


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = {head!r}
branch_labels = depends_on = None


def upgrade():
    for table, column in (("resident", "note"), ("household", "note"), ("visit", "note")):
        with op.batch_alter_table(table, recreate="always") as batch:
            batch.alter_column(column, type_=sa.String(2000))
    {then}


def downgrade():
    pass
"""


def with_a_next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str = "") -> None:
    """Add a revision that has SQLite copy tables of which others are children."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    (folder / "versions" / "29991231_2359_next.py").write_text(NEXT.format(head=head, then=then), encoding="utf-8")
    monkeypatch.setattr(schema, "MIGRATIONS", folder)


def watches_parents(database: Database) -> bool:
    with database.read() as session:
        return session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_a_table_that_sqlite_copies_keeps_its_children(
    bare_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dropping the old table deletes every child row while foreign keys are on."""
    migrate(bare_sqlite)
    with bare_sqlite.begin() as session:
        a_full_week(session)
    before = row_counts(bare_sqlite)
    with_a_next_revision(tmp_path, monkeypatch)
    migrate(bare_sqlite)
    assert connection_revision(bare_sqlite) == "next"
    assert row_counts(bare_sqlite) == before
    assert watches_parents(bare_sqlite)


def test_a_migration_that_fails_or_leaves_orphans_says_so_and_foreign_keys_are_on_again(
    bare_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(bare_sqlite)
    with bare_sqlite.begin() as session:
        a_full_week(session)
    with_a_next_revision(tmp_path, monkeypatch, then="op.execute('SELECT * FROM no_such_table')")
    with pytest.raises(OperationalError, match="no_such_table"):
        migrate(bare_sqlite)
    assert watches_parents(bare_sqlite)
    revision = tmp_path / "migrations" / "versions" / "29991231_2359_next.py"
    revision.write_text(revision.read_text(encoding="utf-8").replace("SELECT * FROM no_such_table", "DELETE FROM hamlet"))
    with pytest.raises(RuntimeError, match="without their parents"):
        migrate(bare_sqlite)
    assert watches_parents(bare_sqlite)


def indicators_of(database: Database, campaign_id: int) -> list[str]:
    with database.read() as session:
        rows = session.execute(
            text("SELECT code FROM indicator WHERE campaign_id = :campaign ORDER BY position"), {"campaign": campaign_id}
        )
        return [code for (code,) in rows]


def test_campaigns_made_before_get_the_indicators_of_officials_and_lose_them_going_back(bare: Database) -> None:
    migrate(bare, "0001")
    with bare.begin() as session:
        session.execute(text("INSERT INTO commune (id, code, kind, name, province) VALUES (1, '1', 'xa', 'Lộc Hòa', '')"))
        for campaign, codes in enumerate((("a1", "a2"), ("b1", "b2", "b3"), ("own",)), start=1):
            session.execute(
                text(
                    "INSERT INTO campaign (id, commune_id, code, name, starts_on, ends_on, active, settings)"
                    " VALUES (:id, 1, :code, '', '2026-11-02', '2027-01-31', :active, '{}')"
                ),
                {"id": campaign, "code": str(campaign), "active": campaign == 1},
            )
            for position, code in enumerate(codes):
                session.execute(
                    text(
                        "INSERT INTO indicator (campaign_id, code, position, name_vi, name_en, numerator, denominator,"
                        " target_percent, source) VALUES (:campaign, :code, :position, '', '', 'x', 'y', 80, '')"
                    ),
                    {"campaign": campaign, "code": code, "position": position},
                )
    migrate(bare)
    assert indicators_of(bare, 1) == ["a1", "a2", "a4", "a4_family"]
    assert indicators_of(bare, 2) == ["b1_account", "b1_activated", "b1_portal", "b2", "b3"]
    assert indicators_of(bare, 3) == ["own"]
    with bare.read() as session:
        assert all(session.scalars(select(Indicator.active)))
    migrate(bare, "0001")
    assert [indicators_of(bare, number) for number in (1, 2, 3)] == [["a1", "a2"], ["b1", "b2", "b3"], ["own"]]


def settings_of(database: Database) -> dict[str, object]:
    with database.read() as session:
        return dict(session.scalars(select(Campaign.settings)).one())


def test_settings_that_one_side_does_not_know_are_forgotten_on_the_way_there(bare: Database) -> None:
    """A campaign with a setting that its program does not know could not be opened."""
    migrate(bare, "0010")
    with bare.begin() as session:
        session.execute(text("INSERT INTO commune (id, code, kind, name, province) VALUES (1, '1', 'xa', 'Lộc Hòa', '')"))
        session.execute(
            text(
                "INSERT INTO campaign (id, commune_id, code, name, starts_on, ends_on, active, settings) VALUES"
                " (1, 1, '1', '', '2026-11-02', '2027-01-31', true, '{\"crew_size\": 3, \"margin_percent\": 25}')"
            )
        )
    migrate(bare)
    assert settings_of(bare) == {"crew_size": 3}
    CampaignSettings.from_dict(settings_of(bare))
    with bare.begin() as session:
        session.scalars(select(Campaign)).one().settings = {"crew_size": 3, "extra_percent": 50, "helped_points": 0}
    migrate(bare, "0010")
    assert settings_of(bare) == {"crew_size": 3}
