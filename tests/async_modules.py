"""Imports what sessions with async tests import, for tests whose sessions run in this process.

What such a session imports first is forgotten after it, and imported anew by the next. asyncpg's compiled modules do
not survive that.
"""

from __future__ import annotations

import asyncio
import importlib

# pytest-asyncio asks for the current event loop before its first test. Until one was set, the answer is a new loop,
# which is never closed: Python warns of it whenever it is found, in whichever test that is.
asyncio.set_event_loop(None)

for name in (
    "anyio.pytest_plugin",
    "asyncpg",
    "fastapi",
    "httpx",
    "psycopg",
    "pytest_asyncio.plugin",
    "pytest_supaseed.plugin.async_provisioning",
    "pytest_supaseed.postgres.databases.async_isolation",
    "pytest_supaseed.postgres.databases.asyncpg_connection",
    "pytest_supaseed.postgres.databases.psycopg_connection",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.postgresql.psycopg",
):
    importlib.import_module(name)
