"""Advice on roles, schemas and extensions that the database of a Supabase project has, and a new database lacks."""

from __future__ import annotations

_ROLES = (
    *("anon", "authenticated", "authenticator", "dashboard_user", "service_role"),
    *("supabase_admin", "supabase_auth_admin", "supabase_functions_admin", "supabase_realtime_admin"),
    "supabase_storage_admin",
)
_SCHEMAS = (
    *("auth", "extensions", "graphql", "graphql_public", "net", "pgsodium", "realtime"),
    *("storage", "supabase_functions", "supabase_migrations", "vault"),
)
_EXTENSIONS = ("pg_cron", "pgmq")
_NAMES = {"role": _ROLES, "schema": _SCHEMAS, "extension": _EXTENSIONS}


def missing(what: str, name: str, create: str) -> str:
    """Return advice on what a database lacks; an empty string where Supabase's databases lack it, too.

    Args:
        what: ``role``, ``schema`` or ``extension``.
        name: its name.
        create: the SQL that creates it.

    Example:
        >>> missing("role", "app", 'CREATE ROLE "app";')
        ''
    """
    if name not in _NAMES[what]:
        return ""
    if what == "extension":
        return "In a Supabase project, as in supaseed_schema = supabase, it is stood in for."
    return (
        "This is a schema for Supabase: it expects Supabase's roles (anon, authenticated, service_role) and "
        "schemas (auth, extensions, storage) in the database. Let supaseed_schema name the project's folder, as in "
        "supaseed_schema = supabase, the one with config.toml and migrations/: then the database is prepared for it. "
        f"Or list a .sql file before this one that creates what it uses, such as this {what}: {create}"
    )
