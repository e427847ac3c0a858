"""The extensions that every Supabase project has, and the stand-ins for those that servers lack."""

from __future__ import annotations

from pathlib import Path

from pytest_supaseed.loading.extensions import GENERAL

STAND_INS = (GENERAL, Path(__file__).parent / "standins")
# With their schemas; all are there before the first migration.
EXTENSIONS = {
    "uuid-ossp": "extensions",
    "pgcrypto": "extensions",
    "pgjwt": "extensions",
    "pg_graphql": "graphql",
    "supabase_vault": "vault",
}
