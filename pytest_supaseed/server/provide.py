"""The server that a session works on: started for it, named by a URL, or another fixture's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_supaseed.config import Settings
from pytest_supaseed.database import Databases
from pytest_supaseed.progress import Terminal
from pytest_supaseed.server.binaries import find
from pytest_supaseed.server.external import ExternalServer, ProcessFixture, described, fixture_url, given_url
from pytest_supaseed.server.server import Server, ServerSettings, start_server
from pytest_supaseed.session import SeedSession


@contextmanager
def provided(
    settings: Settings,
    given: ServerSettings,
    pg_ctl: str | None,
    process: ProcessFixture | None,
    terminal: Terminal | None,
) -> Iterator[tuple[Server | ExternalServer, SeedSession]]:
    """Provide a server for as long as the context lasts.

    Args:
        settings: of the session.
        given: what the user gave to pytest-postgresql's options.
        pg_ctl: pytest-postgresql's ``postgresql_exec``, where the user gave it.
        process: what the fixture of ``fixture:NAME`` returned, None where the server is another one.
        terminal: where a long seed shows how far it is; None for nowhere.

    Yields:
        The server, and what the session has on it.

    Raises:
        ServerError: there is no server, or it did not start.
        ConfigError: the URL of a server cannot be read.
    """
    if process is not None or settings.server_url is not None:
        url = fixture_url(process) if process is not None else given_url(settings.server_url or "")
        databases = Databases(url)
        # What its own fixture has loaded into its template is the schema, or the beginning of it.
        base = process.template_dbname if process is not None else None
        template = base if base is not None and databases.exists(base) else None
        outside = described(url, databases.version, databases.prefix)
        session = SeedSession(
            databases, template, outside.template_dbname, hard=settings.hard, terminal=terminal
        )
        try:
            yield outside, session
        finally:
            session.close(drop=True)
        return
    server = start_server(find(settings.postgres, pg_ctl=pg_ctl), given)
    try:
        databases = Databases(fixture_url(server), server.dbname)
        session = SeedSession(databases, None, server.template_dbname, hard=settings.hard, terminal=terminal)
        try:
            yield server, session
        finally:
            session.close(drop=False)
    finally:
        server.stop()
