"""What the errors of drivers say of the connection."""

from __future__ import annotations

import asyncpg
import psycopg
import psycopg2
import pytest
from sqlalchemy.exc import OperationalError

from pytest_supaseed.postgres.databases.driver_errors import can_go_on, connection_ended, sqlstate

ENDED = [
    psycopg2.OperationalError("server closed the connection unexpectedly"),
    psycopg2.InterfaceError("connection already closed"),
    psycopg.OperationalError("the connection is closed"),
    psycopg.errors.AdminShutdown("terminating connection"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.InterfaceError("connection is closed"),
    OperationalError("SELECT 1", None, psycopg.OperationalError("the connection is closed")),
]
GOES_ON = [
    psycopg2.errors.UndefinedTable("no table"),
    psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"),
    psycopg.errors.PipelineAborted("pipeline aborted"),
    asyncpg.UndefinedTableError("no table"),
    asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
    ValueError("of the test"),
]


@pytest.mark.parametrize("error", ENDED, ids=repr)
def test_the_end_of_a_connection(error: Exception) -> None:
    assert connection_ended(error)
    assert not can_go_on(error)


@pytest.mark.parametrize("error", GOES_ON, ids=repr)
def test_an_error_of_another_kind(error: Exception) -> None:
    assert not connection_ended(error)
    assert can_go_on(error) == (sqlstate(error) is not None)
