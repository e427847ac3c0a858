"""Supabase projects on a server that knows nothing of Supabase."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from pytest_supaseed.errors import SchemaError, SupaseedWarning
from pytest_supaseed.sources.digest import source_digest
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.supabase.project import STUBS

Load = Callable[..., Connection]


@pytest.fixture
def loaded(empty_database: URL, tmp_path: Path) -> Iterator[Load]:
    """Load a project of files by their names, and connect."""
    engine = create_engine(empty_database, poolclass=NullPool)
    opened: list[Connection] = []

    def loaded(**files: str) -> Connection:
        write(tmp_path, **files)
        load(resolve("supabase", tmp_path), empty_database)
        opened.append(engine.connect())
        return opened[-1]

    yield loaded
    for connection in opened:
        connection.close()
    engine.dispose()


def write(root: Path, **files: str) -> None:
    """Write migrations, and config.toml and seed.sql under their own names."""
    places = {"config": "config.toml", "seed": "seed.sql"}
    (root / "supabase" / "migrations").mkdir(parents=True, exist_ok=True)
    for number, (name, content) in enumerate(files.items()):
        place = places.get(name, f"migrations/2024010100000{number}_{name}.sql")
        (root / "supabase" / place).write_text(content, encoding="utf-8")
    (root / "supabase" / "config.toml").touch()


def ask(connection: Connection, expression: str) -> Any:
    return connection.scalar(text(f"SELECT {expression}"))


def test_a_project_without_migrations_is_what_supabase_starts_with(loaded: Load) -> None:
    connection = loaded()
    roles = "anon authenticated service_role authenticator supabase_auth_admin supabase_storage_admin "
    for role in (roles + "supabase_admin dashboard_user postgres").split():
        assert ask(connection, f"count(*) FROM pg_roles WHERE rolname = '{role}'") == 1, role
    for schema in ["auth", "storage", "extensions", "graphql", "graphql_public", "realtime", "vault"]:
        assert ask(connection, f"to_regnamespace('{schema}') IS NOT NULL"), schema
    tables = (
        "users identities sessions refresh_tokens mfa_factors mfa_challenges mfa_amr_claims sso_providers "
    )
    tables += (
        "sso_domains saml_providers saml_relay_states flow_state one_time_tokens audit_log_entries instances "
    )
    tables += "schema_migrations"
    for table in tables.split():
        assert ask(connection, f"to_regclass('auth.{table}') IS NOT NULL"), table
    assert ask(connection, "rolbypassrls FROM pg_roles WHERE rolname = 'service_role'")
    assert ask(connection, "count(*) FROM pg_publication WHERE pubname = 'supabase_realtime'") == 1


def test_files_run_in_the_order_of_a_reset_and_are_remembered(loaded: Load) -> None:
    connection = loaded(
        a="CREATE TABLE notes (id int PRIMARY KEY);", b="ALTER TABLE notes ADD body text;",
        seed="INSERT INTO notes VALUES (1, 'x');",
    )  # fmt: skip
    assert ask(connection, "body FROM notes") == "x"
    found = connection.execute(
        text("SELECT version, name FROM supabase_migrations.schema_migrations ORDER BY 1")
    )
    assert [tuple(row) for row in found] == [("20240101000000", "a"), ("20240101000001", "b")]


def test_what_the_api_may_do_with_new_tables(loaded: Load) -> None:
    connection = loaded(
        a="CREATE TABLE notes (id int); CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1;"
    )
    for role in ("anon", "authenticated", "service_role"):
        assert ask(connection, f"has_table_privilege('{role}', 'notes', 'INSERT')")
        assert ask(connection, f"has_function_privilege('{role}', 'f()', 'EXECUTE')")
        assert ask(connection, f"has_schema_privilege('{role}', 'auth', 'USAGE')")
        assert not ask(connection, f"has_table_privilege('{role}', 'auth.users', 'SELECT')")
    assert ask(connection, "has_table_privilege('anon', 'storage.objects', 'SELECT')")


def test_a_file_is_one_transaction_and_its_settings_end_with_it(loaded: Load) -> None:
    connection = loaded(
        a="SET search_path = ''; SET LOCAL statement_timeout = '5s';"
        "CREATE TEMPORARY TABLE t ON COMMIT DROP AS SELECT 1; CREATE TABLE public.found AS SELECT * FROM t;",
        b="CREATE TABLE here (id int); BEGIN; CREATE TABLE there (id int); COMMIT;",
        c="CREATE INDEX CONCURRENTLY ON here (id); SET ROLE anon;",
        d="CREATE TABLE last (id uuid DEFAULT uuid_generate_v4());",
    )
    assert ask(
        connection, "to_regclass('public.here') IS NOT NULL AND to_regclass('public.last') IS NOT NULL"
    )


def test_a_statement_that_fails_is_shown_with_its_line(loaded: Load) -> None:
    with pytest.raises(
        SchemaError, match=r"supabase/migrations/20240101000000_a.sql:2: relation \"gone\" does not exist"
    ):
        loaded(a="CREATE TABLE a (id int);\nINSERT INTO gone VALUES (1);")


def test_extensions_that_servers_lack(loaded: Load) -> None:
    connection = loaded(
        a="CREATE EXTENSION IF NOT EXISTS pg_cron WITH SCHEMA pg_catalog; CREATE EXTENSION pg_net SCHEMA extensions;"
        "DROP EXTENSION IF EXISTS pg_net; CREATE EXTENSION IF NOT EXISTS pg_net;"
        "CREATE EXTENSION http WITH SCHEMA extensions; CREATE EXTENSION hypopg;"
        "SELECT cron.schedule('nightly', '0 0 * * *', $$SELECT 1$$);"
        "SELECT vault.create_secret('s3cret', 'key');",
        b="SELECT net.http_post('https://example.com/hook', body := '{\"a\": 1}'::jsonb, params := '{\"b\": 2}');"
        "SELECT cron.schedule('hourly', '0 * * * *', 'SELECT 2'); SELECT cron.unschedule('hourly');",
    )
    assert ask(connection, "jobname || schedule FROM cron.job") == "nightly0 0 * * *"
    assert ask(connection, "decrypted_secret FROM vault.decrypted_secrets WHERE name = 'key'") == "s3cret"
    assert (
        ask(connection, "method || ' ' || url FROM net.http_request_queue")
        == "POST https://example.com/hook?b=2"
    )
    signed = "extensions.sign(json_build_object('a', 1), 'k')"
    assert ask(connection, f"(extensions.verify({signed}, 'k')).valid")
    assert not ask(connection, f"(extensions.verify({signed}, 'other')).valid")
    for call in ("extensions.http_get('https://example.com')", "graphql.resolve('{ a }')"):
        with pytest.raises(DBAPIError, match=r"\(\) of \w+ has no stub here"), connection.begin_nested():
            ask(connection, call)


def test_queues(loaded: Load) -> None:
    connection = loaded(a="CREATE EXTENSION pgmq; SELECT pgmq.create('jobs'); SELECT pgmq.create('jobs');")
    first, second = (ask(connection, f"pgmq.send('jobs', '\"{name}\"')") for name in "ab")
    assert ask(connection, "array_agg(message) FROM pgmq.read('jobs', 30, 5)") == ["a", "b"]
    # What is read is hidden.
    assert ask(connection, "count(*) FROM pgmq.read('jobs', 30, 5)") == 0
    assert ask(connection, f"message FROM pgmq.set_vt('jobs', {first}, 0)") == "a"
    assert ask(connection, "message FROM pgmq.read_with_poll('jobs', 30, 5)") == "a"
    assert ask(connection, "queue_name FROM pgmq.list_queues()") == "jobs"
    ask(connection, "pgmq.send('jobs', '1', '{\"trace\": 7}'::jsonb)")
    assert ask(connection, "headers FROM pgmq.pop('jobs')") == {"trace": 7}
    assert ask(connection, "pgmq.format_table_name('Jobs', 'q')") == "q_jobs"
    assert ask(connection, f"pgmq.archive('jobs', {first})")
    assert ask(connection, f"pgmq.delete('jobs', {second})")
    assert not ask(connection, f"pgmq.delete('jobs', {second})")
    assert ask(connection, "message FROM pgmq.a_jobs") == "a"
    assert ask(connection, "count(*) FROM pgmq.q_jobs") == 0


def test_what_only_an_extension_can_do_fails_when_it_is_called(loaded: Load) -> None:
    connection = loaded(a="CREATE EXTENSION pg_tle; SELECT pgtle.uninstall_extension_if_exists('x');")
    with pytest.raises(DBAPIError, match=r"pgtle.install_extension\(\) of pg_tle has no stub here"):
        connection.execute(text("SELECT pgtle.install_extension('x', '1.0', 'y', '')"))


def test_every_stand_in_can_be_run(loaded: Load) -> None:
    names = sorted(path.stem for folder in STUBS for path in folder.glob("*.sql") if path.stem != "sha1")
    assert "pg_net" in names
    loaded(a="".join(f'CREATE EXTENSION IF NOT EXISTS "{name}" WITH SCHEMA extensions;' for name in names))


def test_the_functions_of_storage_and_realtime(loaded: Load) -> None:
    connection = loaded(seed="INSERT INTO storage.buckets (id, name) VALUES ('b', 'b');"
        "INSERT INTO storage.objects (bucket_id, name) VALUES ('b', 'x/y/z.tar.gz'), ('b', 'x/a.png');")  # fmt: skip
    assert ask(connection, "storage.foldername('a/b/c.png')") == ["a", "b"]
    assert ask(connection, "storage.filename('a/b/c.png')") == "c.png"
    assert ask(connection, "storage.extension('a/b/c.tar.gz')") == "gz"
    assert ask(connection, "path_tokens FROM storage.objects ORDER BY name DESC LIMIT 1") == [
        "x",
        "y",
        "z.tar.gz",
    ]
    listed = connection.execute(text("SELECT name, id IS NULL FROM storage.search('x/', 'b', 10, 2)"))
    assert [tuple(row) for row in listed] == [("y", True), ("a.png", False)]
    connection.execute(text("SELECT realtime.send('{}', 'event', 'room', false)"))
    assert ask(connection, "topic || realtime.topic() FROM realtime.messages") == "roomroom"
    with pytest.raises(DBAPIError, match="Direct deletion from storage tables is not allowed"):
        connection.execute(text("DELETE FROM storage.objects"))


def test_a_webhook_is_recorded(loaded: Load) -> None:
    connection = loaded(
        a="CREATE EXTENSION pg_net; CREATE TABLE notes (id int); CREATE TRIGGER hook AFTER INSERT ON notes "
        "FOR EACH ROW EXECUTE FUNCTION "
        "supabase_functions.http_request('https://example.com', 'POST', '{}', '{}', '1000');"
        "INSERT INTO notes VALUES (7);"
    )
    found = ask(connection, "convert_from(body, 'UTF8')::jsonb -> 'record' FROM net.http_request_queue")
    assert found == {"id": 7}


def test_a_pattern_that_matches_no_file_is_a_warning(loaded: Load) -> None:
    with pytest.warns(SupaseedWarning, match=r"No file matches 'sedes/\*.sql'"):
        loaded(config="[db.seed]\nsql_paths = ['sedes/*.sql']")


def test_a_migration_that_the_cli_leaves_out_is_a_warning(loaded: Load, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "supabase" / "migrations" / "users.sql").write_text("SELECT 1 / 0", encoding="utf-8")
    with pytest.warns(
        SupaseedWarning, match=r"leaves it out: users\.sql\. The name of a migration is a number"
    ):
        loaded()


def test_privileges_on_the_database_are_left_out_without_a_word(
    loaded: Load, recwarn: pytest.WarningsRecorder
) -> None:
    loaded(a='REVOKE ALL ON DATABASE "postgres" FROM anon;')
    assert not recwarn.list


def test_a_project_is_kept_for_later_sessions_until_a_file_changes(tmp_path: Path) -> None:
    write(tmp_path, a="CREATE EXTENSION pg_net; CREATE TABLE notes (id int);", seed="SELECT 1;")
    before = source_digest(resolve("supabase", tmp_path))
    assert before is not None
    assert before == source_digest(resolve("supabase", tmp_path))
    write(tmp_path, a="CREATE EXTENSION pg_net; CREATE TABLE notes (id int);", seed="SELECT 2;")
    assert before != source_digest(resolve("supabase", tmp_path))


def test_a_role_that_may_not_make_the_roles_is_told_what_to_do(empty_database: URL, tmp_path: Path) -> None:
    write(tmp_path, a="SELECT 1;")
    engine = create_engine(empty_database, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # Another test may have had it made.
        connection.execute(text("DROP ROLE IF EXISTS supabase_functions_admin"))
        connection.execute(text("CREATE ROLE supaseed_guest LOGIN"))
        try:
            with pytest.raises(
                SchemaError, match=r"expects the role \w+, and supaseed_guest may not create it"
            ):
                load(
                    resolve("supabase", tmp_path),
                    empty_database.set(username="supaseed_guest", password=None),
                )
        finally:
            connection.execute(text("DROP ROLE supaseed_guest"))
    engine.dispose()
