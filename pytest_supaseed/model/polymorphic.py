"""References to one of several tables, which the table's generated columns take out of other columns.

``target`` is ``'post/7'`` or ``'photo/3'``, and generated columns with foreign keys say so: ``post_id`` is
``CASE WHEN split_part(target, '/', 1) = 'post' THEN split_part(target, '/', 2)::integer END``. The same is done with a
column for the kind and one for the key. :func:`polymorphic_references` reads these expressions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pytest_supaseed.model.schema import ForeignKey, Table

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
            rf"split_part\({_BASE}, '(?P<separator>[^']+)', 1\) = '(?P<kind>(?:[^']|'')*)'",
            rf"split_part\({_KEY}, '[^']+', 2",
        ),
        (
            rf"(?:starts_with\({_BASE}, |{_BASE.replace('base', 'liked')} ~~ )'(?P<prefix>[^'%_]+)%?'",
            rf'"?substr(?:ing)?"?\({_KEY}(?:,| FROM) \d+',
        ),
        (rf"{_BASE} = '(?P<kind>(?:[^']|'')*)'", _KEY),
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


def polymorphic_references(table: Table) -> tuple[PolymorphicReference, ...]:
    """Return the foreign keys of generated columns that are set by a kind and a key in other columns."""
    found = []
    for key in table.foreign_keys:
        column = table.column(key.columns[0])
        parts = _parts(column.default or "") if column.generated and len(key.columns) == 1 else None
        if parts is not None and table.has_column(parts[0]) and table.has_column(parts[2]):
            base, kind, own = parts
            found.append(PolymorphicReference(key, (base, kind), own))
    return tuple(found)


def is_polymorphic(expression: str | None) -> bool:
    """Whether a generated column takes a reference out of other columns, and is NULL where they have none for it.

    Example:
        >>> is_polymorphic("CASE WHEN (kind = 'post'::text) THEN key ELSE NULL::integer END")
        True
    """
    return expression is not None and _parts(expression) is not None


@lru_cache(maxsize=1_024)
def _parts(expression: str) -> tuple[str, str, str] | None:
    """The column that says which table is referenced, what it says, and the column that has the key."""
    plain = _plain(expression)
    match = next((each for form in _FORMS if (each := form.fullmatch(plain))), None)
    if match is None:
        return None
    parts = match.groupdict()
    base, own = ((name or "").strip('"') for name in (parts.get("base") or parts.get("liked"), parts["key"]))
    kind = parts.get("prefix") or f"{parts['kind']}{parts.get('separator') or ''}"
    kind = kind.replace("''", "'")
    whole = bool(parts.get("prefix") or parts.get("separator"))
    return (base, kind, own) if whole == (base == own) else None
