"""A request as PostgREST makes it, on a connection whose transactions come and go."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import Connection, event

from pytest_supaseed.databases.testconnection import TestConnection
from pytest_supaseed.errors import SeedError

_CLAIMS = "request.jwt.claims"
# As PostgREST spelt it at first, one setting for each claim.
_CLAIM = "request.jwt.claim."
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_SAVEPOINT = "supaseed_acting"
# A commit and a rollback take with them what was set for the transaction, and a savepoint what came after it.
_ENDINGS = ("begin", "rollback_savepoint")


class Request:
    """What is set for a request, for as long as it lasts.

    Args:
        connection: whose transactions are the request's.
        find: returns the claims; it is called with the connection while no role is taken.
    """

    def __init__(self, connection: Connection, find: Callable[[Connection], Mapping[str, Any]]) -> None:
        self._connection = connection
        self._find = find
        self._settings: dict[str, str] = {}
        self._before: dict[str, str | None] = {}
        self._stale = False
        self._began = False

    def begin(self) -> None:
        """Set role and claims.

        Raises:
            SeedError: the role cannot be taken.
        """
        connection = self._connection
        # So that SQLAlchemy knows of the transaction.
        connection.exec_driver_sql(f"SAVEPOINT {_SAVEPOINT}")
        outer = self._read(["role", _CLAIMS])
        self._set({"role": "none"})
        try:
            claims = dict(self._find(connection))
        except BaseException:
            self._set({"role": outer["role"] or "none"})
            raise
        # Of a request around this one nothing is to be seen.
        hidden = json.loads(outer[_CLAIMS] or "{}")
        self._settings = {
            _CLAIMS: json.dumps(claims),
            **{_CLAIM + name: "" for name in hidden if _NAME.fullmatch(name)},
            **{_CLAIM + name: _text(value) for name, value in claims.items() if _NAME.fullmatch(name)},
            "role": str(claims["role"]),
        }
        self._before = {**self._read(list(self._settings)), "role": outer["role"]}
        try:
            self._set(self._settings)
        except psycopg2.Error as error:
            self._run(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
            raise SeedError(
                f"The role {claims['role']!r} cannot be acted as: {str(error).strip()}. It is one of a Supabase "
                "project's database, which supaseed_schema = supabase makes of the project's folder; on a server of "
                "yours, your own role has to be a superuser or a member of it"
            ) from error
        self._began = True
        for name in _ENDINGS:
            event.listen(connection, name, self._ended)
        event.listen(connection, "before_cursor_execute", self._again)

    def _ended(self, *args: object) -> None:
        self._stale = True

    def _again(self, *args: object) -> None:
        """Set everything again, in a transaction that has not seen it."""
        if self._stale and not self._failed:
            self._stale = False
            self._run(f"SAVEPOINT {_SAVEPOINT}")
            self._set(self._settings)

    def end(self) -> None:
        """Set everything back, also after an error."""
        connection = self._connection
        if not self._began:
            return
        for name in _ENDINGS:
            event.remove(connection, name, self._ended)
        event.remove(connection, "before_cursor_execute", self._again)
        if connection.closed or connection.invalidated:
            return
        if connection.in_transaction() and self._recovered():
            self._set({name: value or "" for name, value in self._before.items() if name != "role"})
            self._set({"role": self._before["role"] or "none"})
        if any(value is None for value in self._before.values()):
            self._renew()

    def _recovered(self) -> bool:
        """Whether the transaction goes on: a statement that has failed is undone, with what came before it."""
        if self._failed:
            try:
                self._run(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
            except psycopg2.Error:
                # The test has committed in between, and what failed since then is the whole transaction.
                self._connection.rollback()
                return False
        return True

    def _renew(self) -> None:
        """Have the next test, or whoever connects next, find settings that nobody has made: they read as NULL."""
        driver = self._connection.connection.driver_connection
        if isinstance(driver, TestConnection):
            driver.spoilt = True
        else:
            # Not invalidate(soft=True), which compares times that a test may have frozen.
            self._connection.detach()

    @property
    def _failed(self) -> bool:
        driver: Any = self._connection.connection.driver_connection
        return bool(driver.info.transaction_status == TRANSACTION_STATUS_INERROR)

    def _set(self, settings: Mapping[str, str]) -> None:
        calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
        self._run(f"SELECT {calls}", [part for pair in settings.items() for part in pair])

    def _read(self, names: list[str]) -> dict[str, str | None]:
        calls = ", ".join(["current_setting(%s, true)"] * len(names))
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(f"SELECT {calls}", names)
            [values] = cursor.fetchall()
        finally:
            cursor.close()
        return dict(zip(names, values, strict=True))

    def _run(self, statement: str, values: list[str] | None = None) -> None:
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(statement, values)
        finally:
            cursor.close()


def _text(claim: Any) -> str:
    return claim if isinstance(claim, str) else json.dumps(claim)
