"""Requests of a Supabase user within a test: the role and the JWT claims that PostgREST sets.

PostgREST sets them for one transaction. A test may commit, roll back and fail within the block, so they are
set again in each following transaction; at the end of the block role and settings are restored.
:class:`~pytest_supaseed.supabase.request.Request` does so for one connection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from pytest_supaseed.errors import SeedError
from pytest_supaseed.session.seeded import SeededDatabase
from pytest_supaseed.supabase.request import Request, claims_of, service_claims

if TYPE_CHECKING:
    from collections.abc import Callable


Place = TypeVar("Place", Connection, Session, SeededDatabase, Engine)


@contextmanager
def acting_as(where: Place, user: UUID | str, **claims: Any) -> Iterator[Connection | Session]:
    """Act as a user: statements in the block run as in a request of this user.

    Args:
        where: ``seeded_connection``, ``seeded_session``, or ``seeded_db``, which opens a connection for the
            block.
        user: the id of a row of ``auth.users``; one without a row stands for a user who has been deleted.
        claims: of the JWT, over those of the user's row: ``aal="aal2"``, ``app_metadata={...}``.

    Yields:
        The connection or session that acts as the user.

    Raises:
        SeedError: the database is no Supabase project's, or the role cannot be set.

    Example:
        >>> with acting_as(seeded_connection, user_id):  # doctest: +SKIP
        ...     assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 2
    """
    with _acting(where, lambda connection: claims_of(connection, user, claims)) as acting:
        yield acting


@contextmanager
def acting_as_anon(where: Place, **claims: Any) -> Iterator[Connection | Session]:
    """Act without a signed-in user; otherwise as :func:`acting_as`.

    Args:
        where: ``seeded_connection``, ``seeded_session``, or ``seeded_db``.
        claims: of the JWT, besides the role.
    """
    with _acting(where, lambda connection: service_claims("anon", claims)) as acting:
        yield acting


@contextmanager
def acting_as_service_role(where: Place, **claims: Any) -> Iterator[Connection | Session]:
    """Act with the secret key, which bypasses all policies; otherwise as :func:`acting_as`.

    Args:
        where: ``seeded_connection``, ``seeded_session``, or ``seeded_db``.
        claims: of the JWT, besides the role.
    """
    with _acting(where, lambda connection: service_claims("service_role", claims)) as acting:
        yield acting


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
        elif isinstance(where, (Connection, Session)):
            acting = where
        else:
            raise SeedError(
                f"{where!r} cannot act as somebody: give seeded_connection, seeded_session or seeded_db, or a "
                "Connection, a Session or an Engine of SQLAlchemy"
            )
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
