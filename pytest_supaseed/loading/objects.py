"""Schemas that are Python objects: a MetaData, or a callable of the user's."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import URL, Connection, MetaData
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema

from pytest_supaseed import connecting
from pytest_supaseed.errors import SchemaError, SeedError
from pytest_supaseed.libpq import Environment
from pytest_supaseed.loading.frames import describe

if TYPE_CHECKING:
    from pytest_supaseed.loading.source import SchemaSource

PLAIN_FUNCTION = "Give a plain function, which takes a SQLAlchemy Connection."


def load_object(source: SchemaSource, url: URL, environment: Environment = Environment.ALL) -> None:
    """Create what a MetaData holds, or let the user's callable create it.

    Args:
        source: of one of these kinds.
        url: of the database.
        environment: which parameters of the connection libpq's environment may give.

    Raises:
        SchemaError: it could not be created.
    """
    engine = connecting.engine(url, environment, poolclass=NullPool)
    try:
        # Not engine.begin(), in which a callable that commits by itself could not go on.
        with engine.connect() as connection:
            if source.kind == "metadata":
                create_all(source, connection)
            else:
                _call(source, connection)
            connection.commit()
    except SeedError:
        raise
    except (Exception, SystemExit) as error:
        reason = describe(error, getattr(engine.dialect, "server_version_info", None))
        raise SchemaError(f"{source.description} could not be loaded: {reason}") from error
    finally:
        engine.dispose()


def _call(source: SchemaSource, connection: Connection) -> None:
    returned = source.target(connection)
    if inspect.isawaitable(returned):
        if inspect.iscoroutine(returned):
            # Else Python warns of it, far from here.
            returned.close()
        raise SchemaError(f"{source.description} returned an awaitable. {PLAIN_FUNCTION}")
    if connection.closed:
        raise SchemaError(
            f"{source.description} closed the connection that it was given, and what it did may be lost. Let "
            "it leave the connection open: it is committed and closed for it."
        )
    driver = connection.connection.driver_connection
    if driver is not None and driver.info.transaction_status == TRANSACTION_STATUS_INERROR:
        # PostgreSQL would take the commit for a rollback, and say nothing.
        raise SchemaError(
            f"{source.description} caught an error of PostgreSQL and went on, and what it did in that "
            "transaction is lost. Let it try in a savepoint what may fail: with connection.begin_nested()."
        )


def create_all(source: SchemaSource, connection: Connection) -> None:
    """Create what a MetaData holds, and the schemas that it names; a SchemaError says that it holds nothing."""
    metadata: MetaData = source.target
    if not metadata.tables:
        raise SchemaError(
            f"{source.description} has no tables. Models add theirs when their modules are imported: import "
            "those modules where it is defined, or let supaseed_schema name a callable, taking a SQLAlchemy "
            "Connection, that imports them and calls create_all."
        )
    columns = [column for table in metadata.tables.values() for column in table.columns]
    parts = [
        part for each in columns for part in (each.type, getattr(each.type, "item_type", None), each.default)
    ]
    owners = [*metadata.tables.values(), *parts]
    # An enum, that of an array's elements, or a sequence may live in another schema than its table.
    schemas = {schema for owner in owners if (schema := getattr(owner, "schema", None))}
    for schema in sorted(schemas):
        connection.execute(CreateSchema(schema, if_not_exists=True))
    metadata.create_all(connection)
