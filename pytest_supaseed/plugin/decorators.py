"""The markers as typed decorators: :func:`seed` and :func:`seed_options`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, NoReturn, cast

import pytest

from pytest_supaseed.spec import ConfigurationFile, Rows, given_options

Amount = int | Rows | Mapping[str, Any]
# The keys are names of tables, and models; the type of a mapping's keys is invariant, so that no union of types would
# take a literal that has both.
Tables = Mapping[Any, Amount]
Settings = Mapping[str, str | float]


def seed(
    tables: Tables | ConfigurationFile | None = None, /, *more: NoReturn, **counts: Amount
) -> pytest.MarkDecorator:
    """Mark a test, a class or a module: it finds exactly these rows in PostgreSQL.

    The marker ``pytest.mark.seed``, which type checkers check and editors complete. It decorates functions, async
    functions, methods and classes, is assigned to ``pytestmark``, and given to ``pytest.param(..., marks=...)``.

    Args:
        tables: table names that are no identifiers, names with a schema, or models of SQLAlchemy, SQLModel or Django,
            and their values; or a configuration file, ``from_supaseed(...)``.
        more: nothing; reported after collection, with all other problems.
        counts: table names and their values: a count, :class:`~pytest_supaseed.Rows`, or a mapping with ``count``,
            ``add`` or ``per``, and columns.

    Example:
        >>> @seed(users=5, setups=Rows(8, columns={"is_public": True}))
        ... def test_setups(seeded_session): ...
    """
    arguments = (*(() if tables is None else (tables,)), *more)
    # Without parentheses it is called with the function, which is marked then.
    marked: Any = pytest.mark.seed(*arguments, **counts)
    return cast(pytest.MarkDecorator, marked)


def seed_options(
    *nothing: NoReturn,
    max_records: int | None = None,
    seed: int | None = None,
    locale: str | None = None,
    date: str | datetime.date | None = None,
    settings: Settings | None = None,
    vary_defaults: bool | None = None,
    **unknown: NoReturn,
) -> pytest.MarkDecorator:
    """Mark a test, a class or a module: the options for its rows.

    The marker ``pytest.mark.seed_options``, which type checkers check and editors complete.

    Args:
        nothing: nothing; reported after collection, with all other problems.
        max_records: maximum sum of the counts.
        seed: of the generator.
        locale: Faker's locale.
        date: the reference date, which generated rows take for today.
        settings: PostgreSQL's settings of the test's database, and their values.
        vary_defaults: whether columns with a constant default get other values, too.
        unknown: nothing; likewise.

    Example:
        >>> @seed_options(max_records=10_000, seed=7, locale="de_DE", date="2024-06-30")
        ... def test_many(seeded_session): ...
    """
    given = given_options(locals())
    marked: Any = pytest.mark.seed_options(*nothing, **given, **unknown)
    return cast(pytest.MarkDecorator, marked)
