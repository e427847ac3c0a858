"""Rows that reference rows of one of several tables, all of them equally often.

:class:`Targets` sets the columns out of which generated columns take the references
(:mod:`pytest_supaseed.model.polymorphic`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    _used: Counter[tuple[int, int]] = field(default_factory=Counter)

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
        places = [(number, at) for number, keys in enumerate(self.keys) for at in range(len(keys))]
        free = [each for each in places if not (self.once[each[0]] and self._used[each])]
        alike = [
            (number, at)
            for number, at in free
            if all(str(row.get(name)) == str(of[at]) for name, of in self.agreeing[number].items())
        ]
        found = alike or free
        if not found:
            return None
        kinds = Counter(number for number, _ in self._used.elements())
        number, at = min(found, key=lambda each: (self._used[each], kinds[each[0]], each))
        self._used[number, at] += 1
        others = {name: of[at] for name, of in self.agreeing[number].items() if not alike}
        return {**others, **self.references[number].values(self.keys[number][at])}
