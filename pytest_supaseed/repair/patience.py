"""How long rows are tried in the place of a refused one: as long as the refusals tell something new.

Rows that differ, and that PostgreSQL refuses for the same reason at the same place, show that more of their kind are
refused as well. :class:`Patience` counts them. It counts rows, not seconds: a slow machine tries the same rows, up to
the time after which :mod:`~pytest_supaseed.repair.insert` gives the row up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pytest_supaseed.writing.refusals import RefusedRowError

Proposed = TypeVar("Proposed")
# Rows from one source of proposals that are refused at known places, one after another.
_OF_A_SOURCE = 16
# Such rows from all sources, one after another.
_OF_ALL = 64
# Rows that are tried where the trigger does not look at the row, and those of a source where it looks into tables that
# have no rows, which are what is missing most probably.
_UNREAD = 3
_WITHOUT_ROWS = 4


class Patience:
    """Counts refusals that tell nothing new.

    Args:
        refused: the first refusal.
        row_matters: whether the row's values may be the reason, as far as is known.

    Attributes:
        tried: the rows that were refused.
        source: the number of the source that the last row came from.
    """

    def __init__(self, refused: RefusedRowError, *, row_matters: bool = True) -> None:
        self._places = {refused.cause.place}
        self._of_a_source = _OF_A_SOURCE if row_matters else _UNREAD
        self._of_all = _OF_ALL if row_matters else _UNREAD
        self._alike = 0
        self.tried = 0
        self.source = 0

    def rows(self, sources: Iterable[Callable[[], Iterable[Proposed]]]) -> Iterator[Proposed]:
        """Return the rows of sources to try, until refusals that are told to :meth:`refused` say nothing new."""
        for self.source, source in enumerate(sources):
            before = self._alike
            for row in source():
                yield row
                if self._alike - before >= self._of_a_source:
                    break
                before = min(before, self._alike)
            if self._alike >= self._of_all:
                return

    def rows_are_missing(self) -> None:
        """Take note that tables without rows are looked up."""
        self._of_a_source = min(self._of_a_source, _WITHOUT_ROWS)

    def refused(self, refused: RefusedRowError) -> None:
        """Take note of a refusal."""
        self.tried += 1
        known = refused.cause.place in self._places
        self._alike = self._alike + 1 if known else 0
        self._places.add(refused.cause.place)
