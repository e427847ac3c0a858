"""Advice on what a Supabase project's database has, and another one lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pytest_supaseed
from pytest_supaseed.sources.projects import missing
from pytest_supaseed.tracebacks import hint

SUPABASE = (
    "This is a schema for Supabase: it expects Supabase's roles (anon, authenticated, service_role) and "
    "schemas (auth, extensions, storage) in the database. Let supaseed_schema name the project's folder, as in "
    "supaseed_schema = supabase, the one with config.toml and migrations/: then the database is prepared for it. "
    "Or list a .sql file before this one that creates what it uses, such as this "
)


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ('role "anon" does not exist', f'{SUPABASE}role: CREATE ROLE "anon";'),
        ('role "service_role" does not exist', f'{SUPABASE}role: CREATE ROLE "service_role";'),
        ('role "supabase_admin" does not exist', f'{SUPABASE}role: CREATE ROLE "supabase_admin";'),
        ('schema "auth" does not exist', f'{SUPABASE}schema: CREATE SCHEMA "auth";'),
        ('schema "storage" does not exist', f'{SUPABASE}schema: CREATE SCHEMA "storage";'),
        (
            'schema "cron" does not exist',
            'cron is the schema of an extension: CREATE EXTENSION IF NOT EXISTS "pg_cron"; has to come first. '
            "In a Supabase project, as in supaseed_schema = supabase, it is stood in for.",
        ),
    ],
)
def test_roles_schemas_and_extensions(message: str, advice: str) -> None:
    assert hint(message, "18.6", missing) == advice


@pytest.mark.parametrize(("what", "name"), [("role", "app"), ("schema", "app"), ("extension", "postgis")])
def test_what_no_project_has(what: str, name: str) -> None:
    assert missing(what, name, "CREATE") == ""


def test_only_the_registry_and_what_users_read_speaks_of_supabase() -> None:
    package = Path(pytest_supaseed.__file__).parent
    allowed = {
        "__init__.py",
        "sources/projects.py",
        "options.py",
        "settings.py",
        "plugin/fixtures.py",
        "command/main.py",
    }
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] != "supabase"
        and re.search("supabase", path.read_text("utf-8"), re.IGNORECASE)
    }
    assert found == allowed
