"""The CHECKs of domains as CHECKs of the columns that have them."""

from __future__ import annotations

import re

from pytest_supaseed.schema import Check, Table

# VALUE is a keyword there; in a text or a quoted name it is not.
_VALUE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b""")


def all_checks(table: Table) -> tuple[Check, ...]:
    """Return the CHECKs of a table, and those that the domains of its columns add.

    Args:
        table: the table.

    Returns:
        The table's own first; of domains one for each column, with the column's name in the place of ``VALUE``.
    """
    return table.checks + tuple(
        Check(check.name, _of_column(check.expression, column.name), (column.name,), called=check.called)
        for column in table.columns
        if not column.type.array and not column.generated
        for check in column.type.checks
    )


def _of_column(expression: str, column: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    return _VALUE.sub(lambda found: quoted if found[0] == "VALUE" else found[0], expression)
