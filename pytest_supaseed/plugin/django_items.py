"""Collected tests of a Django project: what they ask of its database, and the fixtures that they get for it.

:func:`read_use` says how a test uses the database; :func:`added_fixtures` and :func:`class_problem`, what follows.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_supaseed.plugin.state import Uses
    from pytest_supaseed.spec import SeedSpec

# The fixtures that are added to tests: before those of a class, and before those of a test.
OF_CLASS, OF_TEST = "_supaseed_django_class", "_supaseed_django"
_ACCESS = frozenset((
    *("db", "transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"),
    "_django_db_helper",
))  # fmt: skip
_TRANSACTIONAL = ("transactional_db", "live_server", "django_db_reset_sequences")


@dataclass(frozen=True)
class DjangoUse:
    """How a test uses Django's database.

    Attributes:
        seeded: whether its markers ask for rows.
        own: whether it has a database of its own.
        test_case: whether it is a method of a ``django.test.TestCase``, which share a transaction.
        early: whether its class has its first test set up before the test's fixtures, as a ``TransactionTestCase`` has.
    """

    seeded: bool
    own: bool
    test_case: bool = False
    early: bool = False


USE: pytest.StashKey[DjangoUse] = pytest.StashKey()


def read_use(item: pytest.Item, uses: Uses, *, seeded: bool) -> DjangoUse | None:
    """Return how a test uses Django's database; None for a test that does not use it.

    Args:
        item: the test.
        uses: its fixtures of this plugin.
        seeded: whether its markers ask for rows.
    """
    from django.db import DEFAULT_DB_ALIAS
    from django.test import SimpleTestCase, TestCase, TransactionTestCase

    names: Sequence[str] = getattr(item, "fixturenames", ())
    ours = uses.own_database or uses.connection
    case: Any = getattr(item, "cls", None)
    if isinstance(case, type) and issubclass(case, SimpleTestCase):
        if DEFAULT_DB_ALIAS not in databases_of(item):
            return None
        shared = issubclass(case, TestCase)
        return DjangoUse(seeded, not shared, shared, not shared and issubclass(case, TransactionTestCase))
    given = _of_marker(item)
    if given is not None and DEFAULT_DB_ALIAS not in databases_of(item):
        return None
    if given is None and _ACCESS.isdisjoint(names) and (ours or not seeded):
        return None
    given = given or {}
    transactional = bool(
        given.get("transaction")
        or given.get("reset_sequences")
        or any(name in names for name in _TRANSACTIONAL)
    )
    # What asynchronous code does, Django does on a connection of another thread, which no atomic undoes.
    return DjangoUse(seeded, transactional or ours or inspect.iscoroutinefunction(getattr(item, "obj", None)))


def _of_marker(item: pytest.Item) -> Mapping[str, Any] | None:
    """Return the arguments of ``django_db`` by name; None without the marker."""
    marker = item.get_closest_marker("django_db")
    if marker is None:
        return None
    keys = ("transaction", "reset_sequences", "databases", "serialized_rollback", "available_apps")
    return {**dict(zip(keys, marker.args, strict=False)), **marker.kwargs}


def databases_of(item: pytest.Item) -> frozenset[str]:
    """Return the aliases of the databases that a test may use."""
    from django.db import DEFAULT_DB_ALIAS, connections
    from django.test import SimpleTestCase

    case: Any = getattr(item, "cls", None)
    if isinstance(case, type) and issubclass(case, SimpleTestCase):
        named: Any = getattr(case, "databases", ())
    else:
        named = (_of_marker(item) or {}).get("databases")
    if named is None:
        return frozenset((DEFAULT_DB_ALIAS,))
    # A class has a set, or an object of Django's that refuses what is not in it.
    return frozenset(connections if named == "__all__" else (name for name in connections if name in named))


def added_fixtures(item: pytest.Item, use: DjangoUse) -> list[str]:
    """Return the names of a test's fixtures, with those that point Django at its database."""
    known: Mapping[str, Any] = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined] # it has fixtures
    names: list[str] = list(item.fixturenames)  # type: ignore[attr-defined] # it is a function
    if use.seeded or use.own:
        names.insert(_first(names, known, ("function",)), OF_TEST)
    if (use.seeded and use.test_case) or use.early:
        names.insert(_first(names, known, ("class", "function")), OF_CLASS)
    return names


def _first(names: Sequence[str], known: Mapping[str, Any], scopes: Sequence[str]) -> int:
    """Return the place of the first fixture with one of some scopes."""
    definitions = [known.get(name) for name in names]
    return next(
        (place for place, found in enumerate(definitions) if not found or found[-1].scope in scopes),
        len(names),
    )


def class_problem(item: pytest.Item, use: DjangoUse, asked: SeedSpec, of_class: SeedSpec, uses: Uses) -> str:
    """Return why a method of a ``django.test.TestCase`` cannot have what it asks for; empty where it can.

    Args:
        item: the method.
        use: how it uses Django's database.
        asked: the spec of the method.
        of_class: the spec of its class.
        uses: its fixtures of this plugin.
    """
    if not use.test_case:
        return ""
    case = item.cls.__name__  # type: ignore[attr-defined] # it is a method
    instead = "derive the class from django.test.TransactionTestCase, each of whose methods has a database of its own"
    if uses.own_database or uses.connection:
        return (
            f"{case} is a django.test.TestCase, whose methods share a transaction in one database, and {item.name} "
            f"asks for another database: leave the fixtures of this plugin out, or {instead}"
        )
    if asked.fingerprint == of_class.fingerprint and asked.limit == of_class.limit:
        return ""
    theirs = f"asks for {of_class}" if of_class.tables else "has no marker"
    differs = "" if str(asked) != str(of_class) else ", with other options"
    return (
        f"@pytest.mark.seed: {item.name} asks for {asked}{differs}, and its class {case} {theirs}. A "
        "django.test.TestCase is set up once, with the rows of its class: move the marker to the class, or the method "
        f"to a class of its own, or {instead}"
    )


def is_configured() -> bool:
    """Whether Django has been imported, and has its settings."""
    conf = sys.modules.get("django.conf")
    return conf is not None and bool(conf.settings.configured)


def without_pytest_django(item: pytest.Item) -> str:
    """Return why a test cannot use Django's database without pytest-django; empty where it does not ask for it."""
    test, case = sys.modules.get("django.test"), getattr(item, "cls", None)
    is_case = test is not None and isinstance(case, type) and issubclass(case, test.TransactionTestCase)
    if not is_case and item.get_closest_marker("django_db") is None:
        return ""
    return (
        "@pytest.mark.seed: the test uses Django's database, which pytest-django sets up, and pytest-django is not "
        "installed or not active: pip install pytest-django. Or ask for a fixture of this plugin, such as seeded_db"
    )
