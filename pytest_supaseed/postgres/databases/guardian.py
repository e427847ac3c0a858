"""The process that drops what a session has made on a server of somebody else's, where the session could not.

Run as a program (``python -I -S guardian.py``) it reads its standard input until that ends, which is when the process
that holds the other end is gone, for whatever reason. What it has read tells where the server is and which session it
was: neither its command line nor its environment does, which ``ps`` shows. Then it connects, and does what
:meth:`Templates.end` says. A server that is not there, or that refuses, ends it without a word: the next session's
sweep drops what is left, as it does where the guardian itself was killed.

Until then only the standard library is imported, and little of it: every session has such a process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_supaseed.postgres.databases.database import Databases
    from pytest_supaseed.postgres.server.guardian import Watchdog


# How its connection is called: it is no session, whose name would begin with the mark.
NAME = "pytest-supaseed-guardian"


# What Python itself, and the libraries that it loads, need from the start; the rest comes by the pipe.
_FOR_PYTHON = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "SYSTEMROOT",
    "__PYVENV_LAUNCHER__",
)


# What libpq, and the libraries that it connects with, look for.
_FOR_LIBPQ = ("PG", "KRB5", "SSL", "OPENSSL", "HOME", "USER", "LOGNAME", "APPDATA", "LANG", "LC_", "TZ")


# A server that neither answers nor refuses does not keep the process.
_SECONDS = 60


def guard(databases: Databases) -> Watchdog | None:
    """Start the guardian of a session, without waiting for it.

    Args:
        databases: of the session, which has not made any yet.

    Returns:
        It, to be dismissed when all of them are dropped; None where the system has no room for another process: then
        the next session's sweep has to do.
    """
    from pytest_supaseed.postgres.server.guardian import Watchdog

    environment = {name: value for name, value in os.environ.items() if name in _FOR_PYTHON}
    try:
        watchdog = Watchdog([sys.executable, "-I", "-S", __file__], environment)
    except OSError:
        return None
    maintenance = databases.maintenance
    message = {
        "path": _search_path(),
        "folder": _working_folder(),
        "environment": {name: value for name, value in os.environ.items() if name.startswith(_FOR_LIBPQ)},
        "url": maintenance.url.render_as_string(hide_password=False),
        "libpq": maintenance.environment.name,
        "session": databases.prefix,
    }
    watchdog.tell(json.dumps(message).encode("ascii"))
    return watchdog


def _search_path() -> list[str]:
    """Where Python finds this package and what it imports, also where an import hook has found them for the session."""
    import psycopg2
    import sqlalchemy

    from pytest_supaseed.filesystem import PACKAGE

    modules = [os.path.dirname(os.path.dirname(each.__file__ or "")) for each in (psycopg2, sqlalchemy)]
    found = [str(PACKAGE.parent), *modules]
    return list(dict.fromkeys(path for path in (*found, *sys.path) if os.path.isabs(path)))


def _working_folder() -> str:
    """Where relative paths lead from, such as ``sslrootcert=ca.pem`` in a URL; nowhere where it has been removed."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return os.path.abspath(os.sep)


def clean_up(given: dict[str, Any]) -> None:
    """Drop what a session has left whose process has ended.

    Args:
        given: what :func:`guard` has told.
    """
    from sqlalchemy import make_url

    from pytest_supaseed.libpq import Environment
    from pytest_supaseed.postgres.databases.database import Databases
    from pytest_supaseed.postgres.databases.templates import Templates

    databases = Databases(make_url(given["url"]), environment=Environment[given["libpq"]], name=NAME)
    try:
        Templates(databases).end(given["session"])
    finally:
        databases.close()


def main() -> int:
    """Wait for the end of standard input, then drop what the session has left that it tells of.

    Returns:
        The exit status: 0 if that was done.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    told = sys.stdin.buffer.read()
    try:
        given = json.loads(told)
    except ValueError:
        # The session ended before it had told all, and had made nothing by then.
        return 0
    if hasattr(signal, "alarm"):
        signal.alarm(_SECONDS)
    with suppress(OSError):  # it has been removed since, and with it what relative paths lead to
        os.chdir(given["folder"])
    sys.path[:] = [*sys.path, *given["path"]]
    os.environ.update(given["environment"])
    clean_up(given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
