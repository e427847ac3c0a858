"""Requests of a Supabase user within a test: the role and the JWT claims that PostgREST sets.

:func:`acting_as` and its siblings are the place to begin reading. PostgREST sets role and claims for one transaction.
A test may commit, roll back and fail within the block, so :class:`Request` sets them again in each following
transaction of a connection; at the end of the block role and settings are restored. :func:`signed_in` sets the claims
of one user while rows are inserted, for triggers that ask for a signed-in user.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg2 import sql
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from pytest_supaseed.connecting import DISCARD, async_classes
from pytest_supaseed.errors import SeedError
from pytest_supaseed.postgres.databases.driver_errors import sqlstate
from pytest_supaseed.postgres.databases.transaction import RolledBackTransaction
from pytest_supaseed.reflection.queries import as_text
from pytest_supaseed.session.seeded import SeededDatabase

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

    Place = Connection | Session | SeededDatabase | Engine | AsyncConnection | AsyncSession | AsyncEngine


_USER = """
SELECT aud, role, email, phone, raw_app_meta_data::text, raw_user_meta_data::text, is_anonymous
FROM auth.users WHERE id = {}
"""
_KNOWS_USERS = "SELECT to_regclass('auth.users') IS NOT NULL"


def claims_of(connection: Connection, user: UUID | str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims that Supabase Auth puts into a user's token.

    Args:
        connection: with a role that may read ``auth.users``.
        given: claims that override those of the user's row.

    Raises:
        SeedError: the id is no UUID, or there is no ``auth.users``.
    """
    try:
        identifier = user if isinstance(user, UUID) else UUID(str(user))
    except ValueError:
        raise SeedError(f"acting_as was given {user!r}, which is no id of a user: give a UUID") from None
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_KNOWS_USERS)
        [[known]] = cursor.fetchall()
        if not known:
            raise SeedError(
                "There is no table auth.users: acting_as is for the database of a Supabase project, which "
                "supaseed_schema = supabase makes of its folder"
            )
        cursor.execute(as_text(sql.SQL(_USER).format(sql.Literal(str(identifier)))))
        found = cursor.fetchone()
    finally:
        cursor.close()
    # A token stays valid when its user is deleted: the claims then have defaults.
    audience, role, email, phone, app_metadata, user_metadata, anonymous = found or [None] * 7
    return {
        "aud": audience or "authenticated",
        "sub": str(identifier),
        "email": email or "",
        "phone": phone or "",
        "app_metadata": json.loads(app_metadata or "{}") or {},
        "user_metadata": json.loads(user_metadata or "{}") or {},
        "role": role or "authenticated",
        "aal": "aal1",
        "is_anonymous": bool(anonymous),
        **given,
    }


def service_claims(role: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of an API key."""
    return {"role": role, **given}


_CLAIMS = "request.jwt.claims"
# One setting for each claim, as in earlier versions of PostgREST.
_CLAIM = "request.jwt.claim."
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_SAVEPOINT = "supaseed_acting"
_FAILED = "25P02"  # in_failed_sql_transaction
# Events after which the settings are gone: a new transaction, and a rollback to a savepoint before them.
_ENDINGS = ("begin", "rollback_savepoint")


class Request:
    """Role and claims of a request on a connection, from :meth:`begin` to :meth:`end`.

    Args:
        connection: whose transactions get them.
        find: returns the claims; it is called with the connection while no role is set.
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
            SeedError: the role cannot be set.
        """
        connection = self._connection
        # Executed by SQLAlchemy, so that it begins its transaction.
        connection.exec_driver_sql(f"SAVEPOINT {_SAVEPOINT}")
        outer = self._read(["role", _CLAIMS])
        self._set({"role": "none"})
        try:
            claims = dict(self._find(connection))
        except BaseException:
            self._set({"role": outer["role"] or "none"})
            raise
        # The claims of an enclosing request are hidden.
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
        except self._connection.dialect.loaded_dbapi.Error as error:
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
        """Set role and claims again, in a transaction that does not have them."""
        if self._stale and not self._failed:
            self._stale = False
            self._run(f"SAVEPOINT {_SAVEPOINT}")
            self._set(self._settings)

    def end(self) -> None:
        """Restore role and settings, also after an error."""
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
        """Whether the transaction can go on; a failed one is rolled back to the savepoint."""
        if self._failed:
            try:
                self._run(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
            except self._connection.dialect.loaded_dbapi.Error:
                # The test has committed, and with it the savepoint: all of the new transaction has failed.
                self._connection.rollback()
                return False
        return True

    def _renew(self) -> None:
        """Discard the connection after its use: a setting that was not defined before cannot be undefined again."""
        driver = self._connection.connection.driver_connection
        rolled_back = getattr(driver, "rolled_back", None)
        if isinstance(rolled_back, RolledBackTransaction):
            rolled_back.spoilt = True
        elif self._connection.dialect.is_async and not self._connection.dialect.has_terminate:
            # SQLAlchemy does not close a detached connection of psycopg.
            self._connection.info[DISCARD] = True
        else:
            # Not invalidate(soft=True), which compares times, and a test may have frozen the clock.
            self._connection.detach()

    @property
    def _failed(self) -> bool:
        driver: Any = self._connection.connection.driver_connection
        if hasattr(driver, "info"):
            return bool(driver.info.transaction_status == TRANSACTION_STATUS_INERROR)
        # asyncpg does not tell.
        try:
            self._run("SELECT")
        except self._connection.dialect.loaded_dbapi.Error as error:
            if sqlstate(error) == _FAILED:
                return True
            raise
        return False

    def _set(self, settings: Mapping[str, str]) -> None:
        calls = [
            sql.SQL("set_config({}, {}, true)").format(sql.Literal(name), sql.Literal(value))
            for name, value in settings.items()
        ]
        self._run(as_text(sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls))))

    def _read(self, names: list[str]) -> dict[str, str | None]:
        calls = [sql.SQL("current_setting({}, true)").format(sql.Literal(name)) for name in names]
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(as_text(sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls))))
            [values] = cursor.fetchall()
        finally:
            cursor.close()
        return dict(zip(names, values, strict=True))

    def _run(self, statement: str) -> None:
        """Run a statement without values: each driver has placeholders of its own."""
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(statement)
        finally:
            cursor.close()


def _text(claim: Any) -> str:
    return claim if isinstance(claim, str) else json.dumps(claim)


_SIGNED_IN_USER = """
SELECT id FROM auth.users ORDER BY id LIMIT 1 OFFSET %s %% (SELECT greatest(count(*), 1) FROM auth.users)
"""
_SIGNED_IN = "SELECT set_config('request.jwt.claims', %s, true)"
# PostgREST's other settings.
_REQUEST = """
SELECT set_config('request.headers', '{}', true), set_config('request.method', 'POST', true),
    set_config('request.path', '/', true), set_config('request.cookies', '{}', true)
"""


@contextmanager
def signed_in(connection: Connection, number: int, among: Sequence[Any] = ()) -> Iterator[bool]:
    """Have a user signed in within the context; the role stays that of the connection.

    Args:
        number: of the user, from 0; after the last one comes the first.
        among: the ids of the users; empty for all.

    Yields:
        Whether there is a user.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_SIGNED_IN_USER, [number])
        found = cursor.fetchone()
        if found is not None and among:
            found = (among[number % len(among)],)
        if found is not None:
            cursor.execute(_REQUEST)
            cursor.execute(_SIGNED_IN, [json.dumps(claims_of(connection, found[0], {}))])
        yield found is not None
        cursor.execute(_SIGNED_IN, [""])
    finally:
        cursor.close()


class Acting:
    """The context in which a connection or a session acts as a user, to be entered once.

    It is entered by ``with`` for what is not async, and by ``async with`` for what is.

    Args:
        where: what acts.
        find: returns the claims.
    """

    def __init__(self, where: Place, find: Callable[[Connection], Mapping[str, Any]]) -> None:
        self._where = where
        self._find = find
        self._opened: AsyncConnection | None = None
        self._context: AbstractContextManager[Connection | Session]

    def __enter__(self) -> Connection | Session:
        if isinstance(self._where, async_classes("AsyncConnection", "AsyncSession", "AsyncEngine")):
            raise SeedError(f"{_kind(self._where)} is async: write async with in place of with")
        if not isinstance(self._where, (Connection, Session, SeededDatabase, Engine)):
            raise SeedError(
                f"{self._where!r} cannot act as somebody: give seeded_connection, seeded_session or seeded_db, or a "
                "Connection, a Session or an Engine of SQLAlchemy"
            )
        self._context = _acting(self._where, self._find)
        return self._context.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.__exit__(kind, error, trace)

    async def __aenter__(self) -> AsyncConnection | AsyncSession:
        if not isinstance(self._where, async_classes("AsyncConnection", "AsyncSession", "AsyncEngine")):
            raise SeedError(f"{_kind(self._where)} is not async: write with in place of async with")
        from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
        from sqlalchemy.util.concurrency import greenlet_spawn

        where: Any = self._where
        if isinstance(where, AsyncEngine):
            where = self._opened = await where.connect()
        try:
            acting = where.sync_session if isinstance(where, AsyncSession) else where.sync_connection
            if acting is None:
                raise SeedError(
                    "The connection is not open: await its start(), or enter it by async with, before"
                )
            self._context = _acting(acting, self._find)
            await greenlet_spawn(self._context.__enter__)
        except BaseException:
            await self._close()
            raise
        entered: AsyncConnection | AsyncSession = where
        return entered

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from sqlalchemy.util.concurrency import greenlet_spawn

        try:
            await greenlet_spawn(self._context.__exit__, kind, error, trace)
        finally:
            await self._close()

    async def _close(self) -> None:
        """Close a connection of the block's own; its settings must not get into the pool."""
        if self._opened is not None:
            await self._opened.invalidate()
            await self._opened.close()


def _kind(where: object) -> str:
    return f"What acts, {type(where).__name__},"


def acting_as(where: Place, user: UUID | str, **claims: Any) -> Acting:
    """Act as a user: statements in the block run as in a request of this user.

    Args:
        where: ``seeded_connection``, ``seeded_session``, or ``seeded_db``, which opens a connection for the
            block; for ``async with`` one of ``seeded_async_connection``, ``seeded_async_session`` and
            ``seeded_async_engine``.
        user: the id of a row of ``auth.users``; one without a row stands for a user who has been deleted.
        claims: of the JWT, over those of the user's row: ``aal="aal2"``, ``app_metadata={...}``.

    Returns:
        A context whose value is the connection or session that acts as the user.

    Raises:
        SeedError: the database is no Supabase project's, or the role cannot be set.

    Example:
        >>> with acting_as(seeded_connection, user_id):  # doctest: +SKIP
        ...     assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 2
        >>> async with acting_as(seeded_async_session, user_id):  # doctest: +SKIP
        ...     assert await seeded_async_session.scalar(text("SELECT count(*) FROM setups")) == 2
    """
    return Acting(where, lambda connection: claims_of(connection, user, claims))


def acting_as_anon(where: Place, **claims: Any) -> Acting:
    """Act without a signed-in user; otherwise as :func:`acting_as`.

    Args:
        where: as for :func:`acting_as`.
        claims: of the JWT, besides the role.
    """
    return Acting(where, lambda connection: service_claims("anon", claims))


def acting_as_service_role(where: Place, **claims: Any) -> Acting:
    """Act with the secret key, which bypasses all policies; otherwise as :func:`acting_as`.

    Args:
        where: as for :func:`acting_as`.
        claims: of the JWT, besides the role.
    """
    return Acting(where, lambda connection: service_claims("service_role", claims))


@contextmanager
def _acting(
    where: Connection | Session | SeededDatabase | Engine,
    find: Callable[[Connection], Mapping[str, Any]],
) -> Iterator[Connection | Session]:
    with ExitStack() as stack:
        acting: Connection | Session
        if isinstance(where, (SeededDatabase, Engine)):
            engine = where.engine if isinstance(where, SeededDatabase) else where
            acting = stack.enter_context(engine.connect())
            # The connection's settings must not get into the pool.
            acting.detach()
        else:
            acting = where
        connection = acting.connection() if isinstance(acting, Session) else acting
        requests = {connection: Request(connection, find)}
        stack.callback(_end, requests)
        requests[connection].begin()
        if isinstance(acting, Session):

            def began(session: Session, transaction: object, other: Connection) -> None:
                # A Session that is bound to an engine takes another connection after a commit.
                if other not in requests:
                    requests[other] = Request(other, find)
                    requests[other].begin()

            event.listen(acting, "after_begin", began)
            stack.callback(event.remove, acting, "after_begin", began)
        yield acting


def _end(requests: Mapping[Connection, Request]) -> None:
    for request in reversed(list(requests.values())):
        request.end()
