"""Errors of drivers: their SQLSTATE, and what they say of the connection.

The drivers are psycopg2, psycopg 3 and asyncpg, each by itself or below SQLAlchemy. No driver is imported for this.
"""

from __future__ import annotations

import sys

import psycopg2
from sqlalchemy.exc import DBAPIError

# admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout.
_ENDED = frozenset(("57P01", "57P02", "57P03", "57P05"))
_OF_CONNECTIONS = (psycopg2.OperationalError, psycopg2.InterfaceError)


def sqlstate(error: BaseException | None) -> str | None:
    """Return the SQLSTATE of a driver's error; None for one that is not the server's.

    Example:
        >>> sqlstate(ValueError()) is None
        True
    """
    for name in ("sqlstate", "pgcode"):  # psycopg and asyncpg; psycopg2
        code = getattr(error, name, None)
        if isinstance(code, str):
            return code
    return None


def can_go_on(error: BaseException) -> bool:
    """Whether statements can be run after an error: it is the server's, and not of the connection's end."""
    code = sqlstate(error)
    return code is not None and code not in _ENDED and not code.startswith("08")


def connection_ended(error: BaseException | None) -> bool:
    """Whether a connection to a server that ended, or could not be made, caused an error.

    Args:
        error: of a driver, of SQLAlchemy, or of this package; its causes are searched.
    """
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        # If the connection ends in the middle of a result, psycopg2 raises DatabaseError itself.
        if isinstance(error, _errors_of_connections()) or type(error) is psycopg2.DatabaseError:
            code = sqlstate(error)
            # In a pipeline of psycopg a statement may have failed before this one.
            aborted = type(error).__name__ == "PipelineAborted"
            return not aborted if code is None else code in _ENDED or code.startswith("08")
        if type(error).__module__.startswith("asyncpg."):
            # An InterfaceError without a code also tells a mistake in the use of a connection.
            code = sqlstate(error)
            return "closed" in str(error) if code is None else code in _ENDED or code.startswith("08")
        error = error.orig if isinstance(error, DBAPIError) else error.__cause__ or error.__context__
    return False


def _errors_of_connections() -> tuple[type[BaseException], ...]:
    """Return the classes of errors of connections, of psycopg2, and of psycopg 3 where it is imported."""
    psycopg = sys.modules.get("psycopg")
    if psycopg is None:
        return _OF_CONNECTIONS
    return (*_OF_CONNECTIONS, psycopg.OperationalError, psycopg.InterfaceError)
