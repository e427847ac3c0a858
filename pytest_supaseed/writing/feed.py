"""The rows that a COPY reads, made while it reads them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from pytest_supaseed.generation.cells import Block, Generated
from pytest_supaseed.schema import Table

# PostgreSQL may refuse a row while later ones are under way: in the buffers of libpq and of the socket.
_UNDER_WAY = 2_000_000


class Feed:
    """A file that psycopg2 reads, and what the rows that it has read leave behind.

    Args:
        table: the table.
        generated: its rows.

    Attributes:
        error: what went wrong while rows were made; psycopg2 only tells that something did.
        reached: by column that has a sequence, the number farthest along it.
        rows: that have been read.
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
        """Return the next lines, more or fewer than asked for; nothing at the end.

        Args:
            size: libpq takes texts of any size.
        """
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
        """Return a row that has been read not long ago; nothing for another.

        Args:
            line: of COPY, from 1.
        """
        for first, block in self._recent:
            if first < line <= first + block.size:
                values = next(row for number, row in enumerate(block.rows(), first + 1) if number == line)
                return dict(zip(self._columns, values, strict=True))
        return {}
