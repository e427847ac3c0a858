"""Generated columns in the text of a CHECK -> what they are computed from, which can be chosen."""

from __future__ import annotations

import re

from pytest_supaseed.schema import Table

# What calls a function is no column.
_NAME = re.compile(r"""'(?:[^']|'')*'|"((?:[^"]|"")*)"|(?<![\w.$])([a-z_]\w*)(?![\w$]|\s*\()""")


def inlined(table: Table, expression: str) -> str:
    """Return an expression with those of generated columns in the place of their names.

    Args:
        table: the table.
        expression: as PostgreSQL prints it.
    """
    generated = {
        column.name: column.default for column in table.columns if column.generated and column.default
    }
    if not generated:
        return expression

    def spelt(found: re.Match[str]) -> str:
        name = found[2] if found[1] is None else found[1].replace('""', '"')
        return f"({generated[name]})" if name in generated else found[0]

    return _NAME.sub(spelt, expression)
