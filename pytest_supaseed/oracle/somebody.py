"""Rows that are refused because they are nobody's, written as somebody's: a trigger looks at who is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from pytest_supaseed.planning.defaults import SignIn
from pytest_supaseed.schema import Table


class Somebody:
    """Signs users in, one at a time.

    Args:
        connection: in the transaction of the whole seed.
        sign_in: how that is done.
    """

    def __init__(self, connection: Connection, sign_in: SignIn) -> None:
        self._connection = connection
        self._sign_in = sign_in

    @contextmanager
    def signed_in(self, number: int) -> Iterator[bool]:
        """Have a user signed in for as long as the context lasts.

        Args:
            number: of the user, from 0; after the last one comes the first.

        Returns:
            Whether there is one.
        """
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(self._sign_in.begin, {"number": number})
            yield cursor.rowcount > 0
            cursor.execute(self._sign_in.end)
        finally:
            cursor.close()


def somebody_for(connection: Connection, table: Table, sign_in: SignIn | None) -> Somebody | None:
    """Return who may sign users in while rows of a table are written, None where nothing looks at it.

    Args:
        connection: in the transaction of the whole seed.
        table: the table.
        sign_in: how users are signed in; None where they cannot be.
    """
    if sign_in is None or not any(trigger.on_insert for trigger in table.triggers):
        return None
    return Somebody(connection, sign_in)
