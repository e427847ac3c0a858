"""libpq's environment variables: their meaning, and how the plugin treats each on connections to its own server.

libpq takes from these variables, and from the service and password files that they name, the parameters that a
connection string leaves open; other drivers read some of them, too. :data:`VARIABLES` is the only place that names
them. :class:`Environment` says which of them a server's connections may follow, and :class:`Absence` removes the others
from ``os.environ`` for a while.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType


@dataclass(frozen=True)
class Variable:
    """A variable of the chapter "Environment Variables" of libpq's documentation.

    Attributes:
        name: of the variable.
        keyword: the connection parameter whose default it is; empty where there is none.
        said: the value that the plugin's connections to its own server give for the parameter; None for no value.
        misleads: whether it is removed from the environment while the plugin's server runs, because connections to
            this server would fail, go elsewhere, or read and write other values.
        guards: whether it says how a connection is protected: then no secret is sent without it.
        for_sessions: whether it changes the meaning of SQL.
        because: why it is removed, or why it may stay.
    """

    name: str
    keyword: str = ""
    said: str | None = None
    misleads: bool = True
    guards: bool = False
    for_sessions: bool = False
    because: str = ""


_IN_URL = "our URLs say it themselves"
_ENCRYPTED = "it decides how a connection is encrypted, and libpq refuses what it does not know"
_FILES = "asyncpg reads the file whichever server it connects to by TCP, and libpq refuses some values"
_SERVICES = "it matters to those who name a service, and PGSERVICE is taken out"
VARIABLES = (
    Variable("PGHOST", "host", misleads=False, because=_IN_URL),
    Variable("PGHOSTADDR", "hostaddr", "", because="it wins over the host of a URL"),
    Variable("PGPORT", "port", misleads=False, because=_IN_URL),
    Variable("PGDATABASE", "dbname", misleads=False, because=_IN_URL),
    Variable("PGUSER", "user", misleads=False, because=_IN_URL),
    Variable(
        "PGPASSWORD",
        "password",
        misleads=False,
        because="our URLs say the password, or the server asks for none",
    ),
    Variable(
        "PGPASSFILE",
        "passfile",
        misleads=False,
        because="our URLs say the password, or the server asks for none",
    ),
    Variable(
        "PGREQUIREAUTH",
        "require_auth",
        # An empty value would exclude all methods.
        "none,password,md5,scram-sha-256",
        guards=True,
        because="our server may authenticate otherwise",
    ),
    Variable("PGCHANNELBINDING", "channel_binding", "prefer", guards=True, because="our server offers none"),
    Variable(
        "PGSERVICE",
        "service",
        guards=True,
        for_sessions=True,
        because="whatever a URL says, a service must exist, and what it says wins where the URL is silent",
    ),
    Variable("PGSERVICEFILE", misleads=False, because=_SERVICES),
    Variable("PGOPTIONS", "options", "", for_sessions=True, because="it sets any setting of PostgreSQL"),
    Variable("PGAPPNAME", "application_name", misleads=False, because="it is only a name to be shown"),
    Variable("PGSSLMODE", "sslmode", "prefer", guards=True, because=_ENCRYPTED),
    Variable("PGREQUIRESSL", guards=True, because="the old form of PGSSLMODE"),
    Variable("PGSSLNEGOTIATION", "sslnegotiation", "postgres", guards=True, because=_ENCRYPTED),
    Variable(
        "PGSSLCOMPRESSION",
        "sslcompression",
        misleads=False,
        guards=True,
        because="libpq ignores it since version 14",
    ),
    Variable("PGSSLCERT", "sslcert", "", guards=True, because=_FILES),
    Variable("PGSSLKEY", "sslkey", "", guards=True, because=_FILES),
    Variable(
        "PGSSLCERTMODE", "sslcertmode", "allow", guards=True, because="our server asks for no certificate"
    ),
    Variable("PGSSLROOTCERT", "sslrootcert", "", guards=True, because=_FILES),
    Variable("PGSSLCRL", "sslcrl", "", guards=True, because=_FILES),
    Variable("PGSSLCRLDIR", "sslcrldir", "", guards=True, because=_FILES),
    Variable("PGSSLSNI", "sslsni", misleads=False, guards=True, because="only a proxy looks at it"),
    Variable("PGREQUIREPEER", "requirepeer", "", guards=True, because="our server may run as another user"),
    Variable("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version", "", guards=True, because=_ENCRYPTED),
    Variable("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version", "", guards=True, because=_ENCRYPTED),
    Variable("PGGSSENCMODE", "gssencmode", "disable", guards=True, because=_ENCRYPTED),
    Variable("PGKRBSRVNAME", "krbsrvname", misleads=False, because="our server does not use Kerberos"),
    Variable("PGGSSLIB", "gsslib", "", because="asyncpg refuses what it does not know"),
    Variable(
        "PGGSSDELEGATION",
        "gssdelegation",
        misleads=False,
        guards=True,
        because="our server does not use Kerberos",
    ),
    Variable("PGCONNECT_TIMEOUT", "connect_timeout", "0", because="libpq refuses what is no number"),
    Variable(
        "PGCLIENTENCODING", "client_encoding", "UTF8", for_sessions=True, because="texts are read in it"
    ),
    Variable("PGTARGETSESSIONATTRS", "target_session_attrs", "any", because="our server is no standby"),
    Variable(
        "PGLOADBALANCEHOSTS", "load_balance_hosts", "disable", because="libpq refuses what it does not know"
    ),
    Variable("PGMINPROTOCOLVERSION", "min_protocol_version", "3.0", because="our server may be older"),
    Variable(
        "PGMAXPROTOCOLVERSION", "max_protocol_version", "3.0", because="libpq refuses what it does not know"
    ),
    Variable("PGDATESTYLE", for_sessions=True, because="dates are read and written in it"),
    Variable("PGTZ", for_sessions=True, because="times are read and written in it"),
    Variable("PGGEQO", for_sessions=True, because="PostgreSQL refuses what is no truth value"),
    Variable("PGSYSCONFDIR", misleads=False, because=_SERVICES),
    Variable("PGLOCALEDIR", misleads=False, because="it is where libpq's messages are translated"),
)


class Environment(Enum):
    """Which connection parameters libpq's environment may give, where the connection itself leaves them open.

    Attributes:
        ALL: those of libpq's documentation: the server is given by a URL.
        NO_ADDRESS: all but the address, which the fixture that has started the server gives.
        NONE: none that could mislead: the plugin has started the server.
    """

    ALL = "all"
    NO_ADDRESS = "no address"
    NONE = "none"

    @property
    def refused(self) -> tuple[Variable, ...]:
        """The variables that connections do not follow."""
        if self is Environment.ALL:
            return ()
        misleading = tuple(each for each in VARIABLES if each.misleads)
        if self is Environment.NONE:
            return misleading
        return tuple(each for each in misleading if each.keyword == "hostaddr")

    def present(self) -> tuple[str, ...]:
        """Return the names of the refused variables that are set."""
        return tuple(each.name for each in self.refused if each.name in os.environ)

    def absent(self) -> Absence:
        """Return the context that removes the refused variables from the environment."""
        return Absence(each.name for each in self.refused)


def set_variables() -> tuple[Variable, ...]:
    """Return the variables that are set."""
    return tuple(each for each in VARIABLES if each.name in os.environ)


class Absence:
    """A context without certain environment variables, in this process and in child processes.

    Several threads may enter it at once, and each repeatedly: the last exit restores the variables. A variable that was
    set meanwhile keeps its new value.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._lock = threading.Lock()
        self._entered = 0
        self._found: dict[str, str] = {}

    def __enter__(self) -> Absence:
        with self._lock:
            self._entered += 1
            for name in self._names:
                value = os.environ.pop(name, None)
                if value is not None:
                    self._found[name] = value
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._entered -= 1
            if self._entered == 0:
                for name, value in self._found.items():
                    os.environ.setdefault(name, value)
                self._found.clear()
