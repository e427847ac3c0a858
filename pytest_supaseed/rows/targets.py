"""Rows that reference rows of one of several tables, all of them equally often.

:class:`Targets` sets the columns out of which generated columns take the references
(:mod:`pytest_supaseed.model.polymorphic`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapreplace
from typing import Any

from pytest_supaseed.model.polymorphic import PolymorphicReference
from pytest_supaseed.model.schema import Table
from pytest_supaseed.rows.cells import Block, Generated, Plain


@dataclass
class Targets:
    """The rows that polymorphic references of a table may reference. It counts how often they do.

    Attributes:
        references: of one kind column.
        keys: for each of ``references``, the keys of referenced rows.
        agreeing: for each of ``references``, by column of the row, what it is for each of the keys, where a trigger
            compares the referenced row with the row.
        once: whether each row may be referenced once, by reference.
    """

    references: Sequence[PolymorphicReference]
    keys: Sequence[Sequence[Any]]
    agreeing: Sequence[Mapping[str, Sequence[Any]]]
    once: Sequence[bool]

    def __post_init__(self) -> None:
        # By reference, how often each row is referenced, and all of its rows.
        self._used = [[0] * len(keys) for keys in self.keys]
        self._total = [0] * len(self.references)
        # Heaps of the rows by how often each was referenced when it was pushed: all, and those that agree in values.
        self._all = [[(0, at) for at in range(len(keys))] for keys in self.keys]
        self._alike: list[dict[tuple[str, ...], list[tuple[int, int]]]] = [{} for _ in self.keys]
        for number, keys in enumerate(self.keys):
            for at in range(len(keys)):
                values = tuple(str(of[at]) for of in self.agreeing[number].values())
                self._alike[number].setdefault(values, []).append((0, at))

    def given(self, table: Table, generated: Generated) -> Generated:
        """Return rows with references to these rows, in the place of what stands there."""
        columns = {name for each in self.references for name in (each.kind[0], each.key)}
        if not columns <= {*generated.columns} or columns & generated.origins.keys() or not any(self.keys):
            return generated

        def blocks() -> Iterator[Block]:
            for block in generated.blocks():
                yield self._replaced(table, block, generated.columns)

        return replace(generated, blocks=blocks)

    def _replaced(self, table: Table, block: Block, columns: Sequence[str]) -> Block:
        rows = [dict(zip(columns, values, strict=True)) for values in block.rows()]
        changed: set[str] = set()
        for row in rows:
            chosen = self._chosen(row)
            if chosen is not None:
                row.update(chosen)
                changed |= chosen.keys()
        cells = [
            Plain(table.column(name), [row[name] for row in rows]) if name in changed else before
            for name, before in zip(columns, block.cells, strict=True)
        ]
        return replace(block, cells=tuple(cells))

    def _chosen(self, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        alike = [
            self._alike[number].get(tuple(str(row.get(name)) for name in of), [])
            for number, of in enumerate(self.agreeing)
        ]
        found = self._least_used(alike)
        agrees = found is not None
        found = found or self._least_used(self._all)
        if found is None:
            return None
        number, at = found
        self._used[number][at] += 1
        self._total[number] += 1
        others = {} if agrees else {name: of[at] for name, of in self.agreeing[number].items()}
        return {**others, **self.references[number].values(self.keys[number][at])}

    def _least_used(self, heaps: Sequence[list[tuple[int, int]]]) -> tuple[int, int] | None:
        """The reference and the row that was referenced least, of a heap for each reference; None if none is free."""
        found = []
        for number, heap in enumerate(heaps):
            used = self._used[number]
            while heap and heap[0][0] < used[heap[0][1]]:
                # It has been referenced since it was pushed.
                heapreplace(heap, (used[heap[0][1]], heap[0][1]))
            if heap and not (self.once[number] and heap[0][0]):
                found.append((heap[0][0], self._total[number], number, heap[0][1]))
        return min(found)[2:] if found else None
