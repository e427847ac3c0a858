"""Watchdog process that drops a session's databases on an external server where the session could not.

Run as a program (``python -I -S watchdog.py``), it reads standard input until the session's process is gone or closes
the pipe. The message that it reads names the server and the session; it does not stand in the command line or the
environment, which ``ps`` shows. Then :func:`main` connects and calls :meth:`Templates.end`. If the server is gone or
refuses, the watchdog ends silently; then, as when the watchdog itself is killed, the next session's sweep drops what is
left.

If the session has kept databases of failing tests there, it waits until these are to go, and drops them.

Until there is something to drop, only a little of the standard library is imported, because every session has this
process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.postgres.databases.database import Databases
    from pytest_supaseed.postgres.server.watchdog import Watchdog


# What Python and the libraries that it loads need at startup; the rest comes through the pipe.
_FOR_PYTHON = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "SYSTEMROOT",
    "__PYVENV_LAUNCHER__",
)
# Prefixes of the variables that libpq and the libraries behind it read.
_FOR_LIBPQ = ("PG", "KRB5", "SSL", "OPENSSL", "HOME", "USER", "LOGNAME", "APPDATA", "LANG", "LC_", "TZ")
# Ends the process if the server neither answers nor refuses.
_SECONDS = 60


def guard(databases: Databases, kept: Path | None = None) -> Watchdog | None:
    """Start the watchdog of a session, without waiting for it.

    Args:
        databases: of the session, which has not created any yet.
        kept: the folder for the note of what the session keeps of failing tests; None if nothing is kept.

    Returns:
        The watchdog, to be dismissed when all databases are dropped; None where the system has no room for another
        process, and the next session's sweep has to do the work.
    """
    from pytest_supaseed.postgres.server.watchdog import Watchdog

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
        "kept": "" if kept is None else str(kept),
    }
    watchdog.tell(json.dumps(message).encode("ascii"))
    return watchdog


def _search_path() -> list[str]:
    """Return where Python finds this package and its imports, those found by an import hook included."""
    import psycopg2
    import sqlalchemy

    from pytest_supaseed.filesystem import PACKAGE

    modules = [os.path.dirname(os.path.dirname(each.__file__ or "")) for each in (psycopg2, sqlalchemy)]
    found = [str(PACKAGE.parent), *modules]
    return list(dict.fromkeys(path for path in (*found, *sys.path) if os.path.isabs(path)))


def _working_folder() -> str:
    """Return the base of relative paths, such as ``sslrootcert=ca.pem`` in a URL; the root if it was removed."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return os.path.abspath(os.sep)


def clean_up(given: dict[str, Any]) -> None:
    """Drop the databases of a session whose process has ended, named by the message that :func:`guard` sends."""
    from sqlalchemy import make_url

    from pytest_supaseed.libpq import Environment
    from pytest_supaseed.postgres.databases.database import Databases
    from pytest_supaseed.postgres.databases.maintenance import LEAVING
    from pytest_supaseed.postgres.databases.templates import Templates

    databases = Databases(make_url(given["url"]), environment=Environment[given["libpq"]], name=LEAVING)
    try:
        Templates(databases).end(given["session"])
    finally:
        databases.close()


def _wait_for_kept(folder: str) -> bool:
    """Wait until the databases that a session has kept are to go; return whether it has kept any.

    What waits has no connection, and has imported nothing of what drops them.
    """
    from pytest_supaseed.postgres.server.watchdog import KEPT_FILE, await_end

    if not folder or not os.path.exists(os.path.join(folder, KEPT_FILE)):
        return False
    await_end(folder)
    return True


def drop_kept(given: dict[str, Any]) -> None:
    """Drop the databases that a session has kept, unless the note of them was removed meanwhile."""
    from pathlib import Path

    from sqlalchemy import make_url

    from pytest_supaseed.libpq import Environment
    from pytest_supaseed.postgres.databases.database import Databases
    from pytest_supaseed.postgres.databases.maintenance import LEAVING
    from pytest_supaseed.postgres.databases.templates import Templates
    from pytest_supaseed.postgres.server.kept import notes, remove_note

    folder = Path(given["kept"])
    note = next((note for place, note in notes([folder.parent]) if place == folder), None)
    if note is None:
        return
    databases = Databases(make_url(given["url"]), environment=Environment[given["libpq"]], name=LEAVING)
    try:
        Templates(databases).drop_kept({each.name for each in note.databases})
    finally:
        databases.close()
    remove_note(folder)


def main() -> int:
    """Wait for the end of standard input, clean up, and return the exit status."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    message = sys.stdin.buffer.read()
    try:
        given = json.loads(message)
    except ValueError:
        # The session ended before the message was complete, and so before it created a database.
        return 0
    sys.path[:] = [*sys.path, *given["path"]]
    os.environ.update(given["environment"])
    finish = clean_up
    if _wait_for_kept(given["kept"]):
        if not os.path.exists(given["kept"]):
            return 0
        # All else was dropped by the session.
        finish = drop_kept
    with suppress(OSError):  # removed meanwhile, with the files that relative paths name
        os.chdir(given["folder"])
    if hasattr(signal, "alarm"):
        signal.alarm(_SECONDS)
    finish(given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
