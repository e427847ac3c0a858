"""References to one of several tables, which the table's generated columns take out of other columns.

``target`` is ``'post/7'`` or ``'photo/3'``, and generated columns with foreign keys say so: ``post_id`` is
``CASE WHEN split_part(target, '/', 1) = 'post' THEN split_part(target, '/', 2)::integer END``. The same is done with a
column for the kind and one for the key. :func:`polymorphic_references` reads these expressions, and
:class:`Targets` has each row reference one of the rows of all these tables, all of them equally often.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.model.schema import ForeignKey, Table
from pytest_supaseed.rows.cells import Block, Generated, Plain

_CAST = re.compile(r"::(?:character varying|[\w.]+)(?:\([\d, ]+\))?(?:\[\])?")
_IN_PARENTHESES = re.compile(r"""(?<![\w"])\(((?:"[^"]+"|\w+|'[^']*'|\w+\([^()]*\)))\)""")
_LITERALS = re.compile(r"('(?:[^']|'')*')")
_COLUMN = r'(?P<{0}>"[^"]+"|\w+)'
_BASE, _KEY = _COLUMN.format("base"), _COLUMN.format("key")
# What PostgreSQL prints of CASE WHEN condition THEN value END, without casts and parentheses around names.
_FORMS = tuple(
    re.compile(rf"CASE WHEN \(*{when}\)* THEN \(*{then}\)*(?: ELSE NULL)? END", re.IGNORECASE)
    for when, then in (
        (
            rf"split_part\({_BASE}, '(?P<separator>[^']+)', 1\) = '(?P<kind>[^']*)'",
            rf"split_part\({_KEY}, '[^']+', 2",
        ),
        (
            rf"(?:starts_with\({_BASE}, |{_BASE.replace('base', 'liked')} ~~ )'(?P<prefix>[^'%_]+)%?'",
            rf'"?substr(?:ing)?"?\({_KEY}(?:,| FROM) \d+',
        ),
        (rf"{_BASE} = '(?P<kind>[^']*)'", _KEY),
    )
)


def _plain(expression: str) -> str:
    """An expression without casts, and without parentheses around names, literals and calls."""
    parts = _LITERALS.split(" ".join(expression.split()))
    # Every other part is a literal.
    text = "".join(part if at % 2 else _CAST.sub("", part) for at, part in enumerate(parts))
    while (shorter := _IN_PARENTHESES.sub(r"\1", text)) != text:
        text = shorter
    return text


@dataclass(frozen=True)
class PolymorphicReference:
    """A foreign key of a generated column, and the columns that it is taken out of.

    Attributes:
        foreign_key: of the generated column alone.
        kind: the column that says which table is referenced, and its value; with ``text``, the part before the key.
        key: the column that has the key; the same as ``kind``'s where one text has both.
    """

    foreign_key: ForeignKey
    kind: tuple[str, str]
    key: str

    def values(self, key: Any) -> Mapping[str, Any]:
        """Return what a row has in these columns that references a row."""
        column, kind = self.kind
        return {column: f"{kind}{key}"} if column == self.key else {column: kind, self.key: key}


@memoized_by_identity
def polymorphic_references(table: Table) -> tuple[PolymorphicReference, ...]:
    """Return the foreign keys of generated columns that are set by a kind and a key in other columns."""
    found = []
    for key in table.foreign_keys:
        column = table.column(key.columns[0])
        if len(key.columns) > 1 or not column.generated or not column.default:
            continue
        plain = _plain(column.default)
        match = next((each for form in _FORMS if (each := form.fullmatch(plain))), None)
        if match is None:
            continue
        parts = match.groupdict()
        base, own = ((name or "").strip('"') for name in (parts["base"] or parts.get("liked"), parts["key"]))
        kind = parts.get("prefix") or f"{parts['kind']}{parts.get('separator') or ''}"
        whole = bool(parts.get("prefix") or parts.get("separator"))
        if whole == (base == own) and table.has_column(base) and table.has_column(own):
            found.append(PolymorphicReference(key, (base, kind), own))
    return tuple(found)


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
