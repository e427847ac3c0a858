"""The file that COPY reads: :class:`Feed` makes rows while PostgreSQL loads them, and finds a row that it refuses."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from pytest_supaseed.model.schema import Table
from pytest_supaseed.rows.cells import Block, Generated

# Characters of read blocks to keep: PostgreSQL may refuse a row while later ones fill the buffers of libpq and socket.
_UNDER_WAY = 2_000_000


class Feed:
    """A file object for psycopg2's COPY, which keeps recent rows for error messages.

    Attributes:
        error: the exception raised while rows were made; psycopg2 reports only that there was one.
        reached: by column with a sequence, the last number in the direction of the sequence.
        rows: number of rows read.
    """

    def __init__(self, table: Table, generated: Generated) -> None:
        self.error: BaseException | None = None
        self.reached: dict[str, int] = {}
        self.origins = generated.origins
        self._blocks = generated.blocks()
        self._columns = generated.columns
        self._sequences = [
            (at, name, column.sequence.increment < 0)
            for at, name in enumerate(generated.columns)
            if (column := table.column(name)).sequence is not None
        ]
        self._recent: deque[tuple[int, Block]] = deque()
        self._sizes: deque[int] = deque()
        self.rows = 0

    def read(self, size: int = -1) -> str:
        """Return the lines of the next block, empty at the end. ``size`` is ignored: libpq takes texts of any size."""
        try:
            block = next(self._blocks, None)
            if block is None:
                return ""
            lines = block.lines()
            self._keep(block, len(lines))
            return lines
        except BaseException as error:
            self.error = error
            raise

    def _keep(self, block: Block, characters: int) -> None:
        for at, name, descending in self._sequences:
            numbers = [int(number) for number in block.cells[at].values() if number is not None]
            if numbers:
                farthest = min if descending else max
                self.reached[name] = farthest(*numbers, self.reached.get(name, numbers[0]))
        self._recent.append((self.rows, block))
        self._sizes.append(characters)
        self.rows += block.size
        while sum(self._sizes) - self._sizes[0] > _UNDER_WAY:
            self._recent.popleft()
            self._sizes.popleft()

    def row(self, line: int) -> Mapping[str, Any]:
        """Return the row of a line of COPY, counted from 1; empty if its block is no longer kept."""
        for first, block in self._recent:
            if first < line <= first + block.size:
                values = next(row for number, row in enumerate(block.rows(), first + 1) if number == line)
                return dict(zip(self._columns, values, strict=True))
        return {}
