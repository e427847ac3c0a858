"""A stable address: one connection string behind which each test finds its own database.

:class:`StableAddress` has the port; it is there before the server is, and outlives all tests. An
:class:`AddressedDatabase` is what it leads to while a test runs: it is made when the first connection asks for it, and
its connections are ended with the test. :class:`CollectionDatabase` does the same for the time before the first test.

Connections are led by threads of their own; whichever thread makes a database has the session's turn.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from pytest_supaseed.errors import ServerError
from pytest_supaseed.postgres.wire.forwarder import Access, Destination, RefusedError
from pytest_supaseed.postgres.wire.forwarder_process import ForwarderProcess
from pytest_supaseed.postgres.wire.upstream import Upstream
from pytest_supaseed.rng import token
from pytest_supaseed.wording import printable, redacted

if TYPE_CHECKING:
    from pytest_supaseed.postgres.wire.messages import Startup
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.template import SchemaTemplate
    from pytest_supaseed.session.turn import Turn

_SECRET_BYTES, _GROUP_BYTES = 24, 8
# How long PostgreSQL may take to end the connections of a test; then they are closed.
_END_SECONDS = 2.0
_UNKNOWN_DATABASE = "3D000"
_FAILED = "58000"
_LOADING = (
    "the schema is being loaded, and this address leads to no database before that: what loads the schema works on "
    "the connection that it is given"
)
# An import that waits for another thread's is looked at as often, and given up after as many looks.
_IMPORT_POLL_SECONDS = 0.05
_MOST_WAITS = 10


@dataclass(frozen=True)
class Clone:
    """A database that an address leads to.

    Attributes:
        database: the database.
        template: that made it, and drops it.
    """

    database: SeededDatabase
    template: SchemaTemplate

    def upstream(self) -> Upstream:
        """Return how the database's server is connected to."""
        return Upstream.of(self.template.maintenance.parameters_in_use())


class AddressedDatabase:
    """What an address leads to for a while: a test, whose database is made when it is first asked for.

    Args:
        name: of the test, or what else messages call it.
        make: makes the database.
        turn: to work on the server of the session.
    """

    def __init__(self, name: str, make: Callable[[], Clone], turn: Turn) -> None:
        self.name = name
        self._make = make
        self._turn = turn
        # Guarded by the turn.
        self._found: Clone | Exception | None = None
        self._ended = self._told = False
        self._group = token(_GROUP_BYTES)

    def database(self) -> SeededDatabase:
        """Return the database, which is made now if it has not been.

        Raises:
            SeedError: it cannot be made.
        """
        with self._turn:
            self._told = True
            return self._clone().database

    def _clone(self) -> Clone:
        if self._ended:
            raise RefusedError(f"{self.name} has ended, and its database with it")
        if self._found is None:
            try:
                self._found = self._make()
            except Exception as error:
                # The session raises it again, where pytest sees it.
                self._found = error
        if isinstance(self._found, Exception):
            raise self._found
        return self._found

    def destination(self) -> Destination:
        """Return where a connection is led.

        Raises:
            RefusedError: there is no database for it.
        """
        with self._turn.unless_loading() as taken:
            if not taken:
                raise RefusedError(_LOADING)
            try:
                clone = self._clone()
            except RefusedError:
                raise
            except Exception as error:
                said = printable(redacted(str(error).strip() or type(error).__name__))
                raise RefusedError(f"there is no database for {self.name}: {said}", _FAILED) from error
        return Destination(clone.upstream(), str(clone.database.url.database), self._group)

    def end(self, forwarder: ForwarderProcess) -> Clone | None:
        """End the connections by the address; return the database, which the caller drops, if there is one.

        Raises:
            Exception: the database could not be made when a connection asked for it, and only the client was told.
        """
        with self._turn:
            self._ended, found = True, self._found
        if isinstance(found, Exception):
            if self._told:
                return None
            raise found
        if found is not None:
            forwarder.end(self._group, found.template.maintenance.terminate, _END_SECONDS)
        return found


class NoDatabase(AddressedDatabase):
    """A test that no connection by the address belongs to.

    Args:
        why: no connection does.
    """

    def __init__(self, name: str, why: str, turn: Turn) -> None:
        super().__init__(name, self._none, turn)
        self._why = why

    def _none(self) -> Clone:
        raise RefusedError(self._why)

    def destination(self) -> Destination:
        """Refuse the connection."""
        raise RefusedError(self._why)


class CollectionDatabase(AddressedDatabase):
    """The time before the first test, in which a connection gets the schema as it was loaded.

    The connection may be one that a module makes while it is imported, in the thread of pytest, which waits for it.
    Then the load must not wait for that module.
    """

    def __init__(self, make: Callable[[], Clone], turn: Turn) -> None:
        super().__init__("the collection of the tests", make, turn)
        self._starting = threading.Lock()
        self._loader: threading.Thread | None = None
        self._loaded = threading.Event()
        # What makes it fail is an error of no test.
        self._told = True

    def destination(self) -> Destination:
        """Return where a connection is led.

        Raises:
            RefusedError: there is no database for it, or its load waits for the module that connects.
        """
        with self._starting:
            if self._loader is None:
                self._loader = threading.Thread(target=self._load, name="supaseed: schema", daemon=True)
                self._loader.start()
            elif self._turn.loading:
                # It may be the load that connects.
                raise RefusedError(_LOADING)
        waits = 0
        while not self._loaded.wait(_IMPORT_POLL_SECONDS):
            waits = waits + 1 if _imports_in_vain(self._loader) else 0
            if waits >= _MOST_WAITS:
                raise RefusedError(
                    "the schema cannot be loaded while a module that it imports connects to the database: let that "
                    "module connect in a function, and not while it is imported"
                )
        return super().destination()

    def _load(self) -> None:
        # An error is kept, and is that of each connection.
        with suppress(Exception), self._turn:
            self._clone()
        self._loaded.set()


def _imports_in_vain(thread: threading.Thread) -> bool:
    """Whether a thread waits for a module that another thread is importing."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        code = frame.f_code
        if code.co_name == "acquire" and code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


class StableAddress:
    """The address: a port of 127.0.0.1, a user, a password, and the name of a database.

    Args:
        user: the role that connects, as which the server's own is connected to.
        database: the name by which all tests' databases are reached.
        situation: says for a message why there is no database just now.

    Raises:
        OSError: there is no port.
    """

    def __init__(self, user: str, database: str, situation: Callable[[], str]) -> None:
        self.user = user
        self.database = database
        self.password = token(_SECRET_BYTES)
        self._situation = situation
        self._leading: AddressedDatabase | None = None
        self._forwarder = ForwarderProcess(Access(user, self.password), self._lead)

    @property
    def host(self) -> str:
        """The address that is listened on."""
        return self._forwarder.host

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._forwarder.port

    def url(self, scheme: str = "postgresql") -> str:
        """Return the address as a connection string.

        Args:
            scheme: of the URL, such as ``postgresql+asyncpg`` for SQLAlchemy with that driver.
        """
        user, database = quote(self.user, safe=""), quote(self.database, safe="")
        return f"{scheme}://{user}:{self.password}@{self.host}:{self.port}/{database}"

    def _lead(self, startup: Startup) -> Destination:
        leading = self._leading
        if startup.database != self.database:
            raise RefusedError(
                f'database "{startup.database}" does not exist: this address leads to one database, '
                f'"{self.database}", which is that of the running test',
                _UNKNOWN_DATABASE,
            )
        if leading is None:
            raise RefusedError(self._situation())
        return leading.destination()

    def lead_to(self, leading: AddressedDatabase) -> None:
        """Lead to another database from now on, and drop the one before.

        Raises:
            ServerError: the process that forwards connections has ended.
        """
        self.drop()
        if not self._forwarder.running:
            raise ServerError(
                f"The process that forwards connections to {self.host}:{self.port}, the stable address of this "
                "session, has ended: it was killed, perhaps for lack of memory. Run the tests again."
            )
        self._leading = leading

    def leave(self) -> Clone | None:
        """Lead nowhere from now on, and return what :meth:`AddressedDatabase.end` returns."""
        before, self._leading = self._leading, None
        return before.end(self._forwarder) if before is not None else None

    def drop(self) -> None:
        """Lead nowhere from now on, and drop the database, if there is one."""
        clone = self.leave()
        if clone is not None:
            clone.template.drop(clone.database)

    def close(self) -> None:
        """Listen no more."""
        self._leading = None
        self._forwarder.close()
