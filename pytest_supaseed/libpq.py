"""libpq's environment variables: what each means, and what is done about it for a server that we started.

libpq takes from them, and from the service and password files that they name, what a connection string leaves open.
Other drivers read some of them, too. The table :data:`VARIABLES` is the only place that names them.
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
    """One of the variables in the chapter "Environment Variables" of libpq's documentation.

    Attributes:
        name: of the variable.
        keyword: the parameter of a connection that it is the default of; empty where it is none.
        said: what connections of ours to a server that we started say for it; None where they leave it open.
        misleads: whether it is taken out of the environment while a server of ours runs, for it would make
            connections to that server fail, go elsewhere, or read and write other values.
        guards: whether it says how much a connection is protected: then nothing secret is sent without it.
        for_sessions: whether SQL means something else with it.
        because: why it is taken out, or why it may stay.
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
        # Empty, it would mean that nothing will do.
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
    """Which parameters of a connection libpq's environment may give, where the connection itself leaves them open.

    Attributes:
        ALL: those that libpq's documentation lists: the server is one that a URL names.
        NO_ADDRESS: not the address: the fixture that has started the server says where it is.
        NONE: none that could mislead: the server is one that we started.
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
        """Return the names of those variables that are set and that connections do not follow."""
        return tuple(each.name for each in self.refused if each.name in os.environ)

    def absent(self) -> Absence:
        """Return what takes the variables that connections do not follow out of the environment."""
        return Absence(each.name for each in self.refused)


def set_variables() -> tuple[Variable, ...]:
    """Return the variables that are set."""
    return tuple(each for each in VARIABLES if each.name in os.environ)


class Absence:
    """Variables that are out of the environment, of child processes too, while this context is entered.

    It may be entered by several threads at once, and again: the last that leaves puts them back. A variable that was
    set meanwhile keeps its new value.

    Args:
        names: of the variables.
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
