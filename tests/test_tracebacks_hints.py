"""What PostgreSQL says, and what to do about it."""

from __future__ import annotations

import pytest

from pytest_supaseed.tracebacks import hint

BEFORE = "List a .sql file before this one in supaseed_schema that creates"


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ('role "app" does not exist', f'{BEFORE} it: CREATE ROLE "app";'),
        ('role "a""b" does not exist', f'{BEFORE} it: CREATE ROLE "a""""b";'),
        ('schema "app" does not exist', f'{BEFORE} it: CREATE SCHEMA "app";'),
        ('schema "My App" does not exist', f'{BEFORE} it: CREATE SCHEMA "My App";'),
        (
            'schema "cron" does not exist',
            'cron is the schema of an extension: CREATE EXTENSION IF NOT EXISTS "pg_cron"; has to come first.',
        ),
    ],
)
def test_roles_and_schemas(message: str, advice: str) -> None:
    assert hint(message, "18.6") == advice


# As it is after the words of a driver, which puts the line below.
def test_a_message_of_several_lines() -> None:
    message = 'schema "app" does not exist\nLINE 1: CREATE TABLE app.setups ()\n                     ^'
    assert hint(message, "18.6") == f'{BEFORE} it: CREATE SCHEMA "app";'


CHOOSE = (
    "Choose a server that has it: --supaseed-postgres=system, the path of a bin folder, or a "
    "postgresql:// URL."
)


@pytest.mark.parametrize(
    ("message", "version", "extension"),
    [
        ('extension "postgis" is not available', "18.6", "postgis"),
        (
            'could not open extension control file "/usr/share/postgresql/14/extension/pg_cron.control": '
            "No such file or directory",
            "14.13",
            "pg_cron",
        ),
    ],
)
def test_extensions_that_are_not_installed(message: str, version: str, extension: str) -> None:
    expected = f'The server is PostgreSQL {version}, installed without the extension "{extension}". {CHOOSE}'
    assert hint(message, version) == expected


def test_an_extension_that_the_wheel_has() -> None:
    advice = hint('extension "vector" is not available', "15.18")
    assert "--supaseed-postgres=embedded, the path" in advice


@pytest.mark.parametrize(
    ("message", "name", "extension"),
    [
        ("function uuid_generate_v4() does not exist", "uuid_generate_v4", "uuid-ossp"),
        ("function extensions.uuid_generate_v4() does not exist", "uuid_generate_v4", "uuid-ossp"),
        ('function "My App".crypt(text, unknown) does not exist', "crypt", "pgcrypto"),
        ("function st_distance(point, point) does not exist", "st_distance", "postgis"),
        ('type "citext" does not exist', "citext", "citext"),
        ('type "citext[]" does not exist', "citext", "citext"),
        ('type "public.citext" does not exist', "citext", "citext"),
        ('type "public.citext[]" does not exist', "citext", "citext"),
        ('type "vector" does not exist', "vector", "vector"),
        ('type "GEOMETRY" does not exist', "geometry", "postgis"),
        ('operator class "gin_trgm_ops" does not exist for access method "gin"', "gin_trgm_ops", "pg_trgm"),
        ('operator class "public.gist_int4_ops" does not exist for access method "gist"', "gist_int4_ops",
         "btree_gist"),
    ],
)  # fmt: skip
def test_what_an_extension_brings(message: str, name: str, extension: str) -> None:
    assert hint(message, "18.6") == (
        f'{name} is part of an extension: CREATE EXTENSION IF NOT EXISTS "{extension}"; has to come first, '
        "into a schema of the search path."
        + (
            " Where the server lacks it, it is stood in for."
            if extension in ("uuid-ossp", "pgcrypto")
            else ""
        )
    )


@pytest.mark.parametrize(
    ("message", "version", "name", "since"),
    [
        ("function uuidv7() does not exist", "15.18 (Debian 15.18-0+deb12u1)", "uuidv7", 18),
        ("function uuidv7() does not exist", "17", "uuidv7", 18),
        ("function random_normal() does not exist", "15.18", "random_normal", 16),
        ("function json_table(jsonb, unknown) does not exist", "17beta1", "json_table", 0),
        ("function gen_random_uuid() does not exist", "12.20", "gen_random_uuid", 13),
    ],
)
def test_what_a_newer_postgresql_brings(message: str, version: str, name: str, since: int) -> None:
    expected = (
        f"{name} came with PostgreSQL {since}, and the server is {version}. Choose a newer one: "
        "--supaseed-postgres=embedded, the path of a bin folder, or a postgresql:// URL."
    )
    assert hint(message, version) == (expected if since else "")


@pytest.mark.parametrize("version", ["18.6", "19", ""])
def test_a_server_that_has_it_or_is_not_known(version: str) -> None:
    assert hint("function uuidv7(text) does not exist", version) == ""


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        (
            'syntax error at or near ":"',
            "Variables of psql (:name) are not replaced here. Write the value itself.",
        ),
        (
            'invalid byte sequence for encoding "UTF8": 0xe9 0x27 0x29',
            "Save the file as UTF-8, or begin it with what it is in, such as SET client_encoding = 'LATIN1';",
        ),
        (
            "can't execute COPY TO: use the copy_to() method instead",
            "COPY ... TO stdout changes nothing in a database. Remove it.",
        ),
    ],
)
def test_what_is_written_for_psql(message: str, advice: str) -> None:
    assert hint(message, "18.6") == advice


@pytest.mark.parametrize(
    "message",
    [
        "",
        'relation "setups" does not exist',
        'column "id" of relation "setups" does not exist',
        'type "kind" does not exist',
        "function app.score(integer) does not exist",
        'role "app" already exists',
        'schema "auth" already exists',
        'extension "citext" already exists',
        "function uuid_generate_v4() is not unique",
        'type "citext" already exists',
        'syntax error at or near "TABEL"',
        "no such role",
    ],
)
def test_where_postgresql_s_own_words_have_to_do(message: str) -> None:
    assert hint(message, "15.18") == ""


@pytest.mark.parametrize("sign", ["{", "$", "<", "<%", "%"])
def test_placeholders_of_a_template(sign: str) -> None:
    assert hint(f'syntax error at or near "{sign}"', "18.6") == (
        "Placeholders of a template, such as {{ name }}, ${name} and <%= name %>, are not replaced here. Give the "
        "files that the template's tool makes, or let a callable that supaseed_schema names run the tool."
    )
    assert hint('syntax error at or near "$1"', "18.6") == ""


@pytest.mark.parametrize("message", ["ICU is not supported in this build", "unsupported XML feature"])
def test_what_the_server_was_built_without(message: str) -> None:
    assert hint(message, "18.6") == (
        "The server is PostgreSQL 18.6, built without what this needs. Choose a server that has it: "
        "--supaseed-postgres=system, the path of a bin folder, or a postgresql:// URL."
    )
