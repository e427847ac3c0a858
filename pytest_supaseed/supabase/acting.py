"""Acting as a user of a Supabase project: with the role and the claims that PostgREST would set for a request.

PostgREST sets them for one transaction. A test may commit, roll back and fail in between, so they are set again in
whatever transaction comes next, until the block ends; then role and settings are what they were.
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
    """Act as a user: what is run in the block is run as a request of theirs.

    Args:
        where: ``seeded_connection``, ``seeded_session``, or ``seeded_db``, which opens a connection for the block.
        user: the id of a row of ``auth.users``; of nobody's, for a user whom nobody knows any more.
        claims: of the JWT, over those that the user's row gives: ``aal="aal2"``, ``app_metadata={...}``.

    Returns:
        The connection or session that acts as the user.

    Raises:
        SeedError: the database is no Supabase project's, or the role may not be taken.

    Example:
        >>> with acting_as(seeded_connection, user_id):  # doctest: +SKIP
        ...     assert seeded_connection.scalar(text("SELECT count(*) FROM setups")) == 2
    """
    with _acting(where, lambda connection: claims_of(connection, user, claims)) as acting:
        yield acting


@contextmanager
def acting_as_anon(where: Place, **claims: Any) -> Iterator[Connection | Session]:
    """Act as somebody who has not signed in; otherwise as :func:`acting_as`.

    Args:
        where: ``seeded_connection``, ``seeded_session``, or ``seeded_db``.
        claims: of the JWT, besides the role.
    """
    with _acting(where, lambda connection: service_claims("anon", claims)) as acting:
        yield acting


@contextmanager
def acting_as_service_role(where: Place, **claims: Any) -> Iterator[Connection | Session]:
    """Act with the secret key, which no policy keeps from anything; otherwise as :func:`acting_as`.

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
            # What it has set is not for the next who connects.
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
                # A session of an engine takes another connection after a commit.
                if other not in requests:
                    requests[other] = Request(other, find)
                    requests[other].begin()

            event.listen(acting, "after_begin", began)
            stack.callback(event.remove, acting, "after_begin", began)
        yield acting


def _end(requests: Mapping[Connection, Request]) -> None:
    for request in reversed(list(requests.values())):
        request.end()
