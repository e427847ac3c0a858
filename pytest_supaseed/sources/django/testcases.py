"""Django's ``TransactionTestCase`` on databases that are dropped after the test, without its flush."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.test import TransactionTestCase


@contextmanager
def without_flush(
    dropped: Callable[[], Collection[str]], seeded: Callable[[], Collection[str]]
) -> Iterator[None]:
    """Let no test flush databases that are dropped after it, nor number anew what is seeded.

    A flush empties all tables, which takes as long as several tests. ``reset_sequences`` promises the same keys in each
    test, which a seeded database has anyway; numbers from 1 on would meet the seeded rows.

    Args:
        dropped: returns the aliases whose databases are dropped after the running test.
        seeded: returns those whose sequences are as the seed has left them.
    """
    teardown: Any = TransactionTestCase._fixture_teardown
    # To be put back as it is: a static method, before Django 5.2 a method, which does not use its object.
    reset = TransactionTestCase.__dict__["_reset_sequences"]
    reset_one = reset.__func__ if isinstance(reset, staticmethod) else partial(reset, None)

    def teardown_others(self: Any) -> None:
        names = self._databases_names
        if not any(name in dropped() for name in names(include_mirrors=False)):
            teardown(self)
            return

        def others(include_mirrors: bool = True) -> list[str]:
            return [name for name in names(include_mirrors=include_mirrors) if name not in dropped()]

        self._databases_names = others
        try:
            teardown(self)
        finally:
            del self._databases_names

    def reset_others(name: str) -> None:
        if name not in seeded():
            reset_one(name)

    patched: Any = TransactionTestCase
    patched._fixture_teardown = teardown_others
    patched._reset_sequences = staticmethod(reset_others)
    try:
        yield
    finally:
        patched._fixture_teardown = teardown
        patched._reset_sequences = reset
