"""A server on which several processes may work, as one session sees it: :class:`SharedServer`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from sqlalchemy import URL

from pytest_supaseed.fingerprint import Identity, Reach
from pytest_supaseed.postgres.databases.database import Databases
from pytest_supaseed.postgres.databases.spares import Spares
from pytest_supaseed.postgres.databases.templates import Notes, Templates, template_name
from pytest_supaseed.reflection.remembered import Remembered
from pytest_supaseed.session.kept import cluster_state
from pytest_supaseed.session.progress import Terminal


@dataclass(frozen=True)
class SharedServer:
    """A server on which several processes may work, as one session sees it.

    Attributes:
        databases: of the session.
        templates: of all sessions there.
        spares: prepared clones, for later tests.
        remembered: cache of schema snapshots.
        run: token of this run, equal in all its processes.
        hard: whether the limit was given on the command line, for messages.
        terminal: shows the progress of a long seed; None for nowhere.
        tell: takes a line for the end of the session's report.
        observed: context in which the dependencies of loading into a database are recorded.
        workers: the number of processes of this run.
    """

    databases: Databases
    templates: Templates
    spares: Spares
    remembered: Remembered
    run: str
    hard: bool = False
    terminal: Terminal | None = None
    tell: Callable[[str], None] = lambda line: None
    observed: Callable[[URL], AbstractContextManager[None]] = lambda url: nullcontext()
    workers: int = 1

    def template_name(self, kind: str, identity: Identity) -> str:
        """Return the name of a template, from the kind and fingerprint of its content."""
        return template_name(self.databases.shared_prefix, kind, identity.digest(self.run))

    def notes(self, identity: Identity, schema: str, *, loaded: bool = False) -> Notes:
        """Return the notes that every template has.

        Args:
            identity: fingerprint of its content.
            schema: the name of the template with its schema.
            loaded: whether the schema has just been loaded, which may have changed what databases share, such as roles.
        """
        notes: dict[str, object] = {"lasting": identity.reach is Reach.CONTENT, "schema": schema}
        if loaded and not self.databases.foreign:
            notes["cluster"] = cluster_state(self.databases.maintenance)
        return notes

    def drop(self) -> None:
        """Drop the databases of this session.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        self.spares.close(wait=True)
        self.databases.drop_all()

    def close(self) -> None:
        """Drop this session's databases and unused templates, and close all connections.

        Raises:
            ServerError: PostgreSQL refuses.
        """
        try:
            self.drop()
            self.templates.leave()
        finally:
            self.databases.close()
