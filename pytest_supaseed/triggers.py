"""What the triggers of a table look at and do, as far as the text of their functions tells."""

from __future__ import annotations

import re

from pytest_supaseed.schema import Table


def columns_of_triggers(table: Table) -> tuple[str, ...]:
    """Return the columns that the triggers of a table look at when a row is inserted, by the text of their functions.

    Args:
        table: the table.
    """
    named = [
        name.lower() if quoted == "" else quoted
        for trigger in table.triggers
        if trigger.on_insert
        for quoted, name in re.findall(r'\bnew\.(?:"([^"]+)"|(\w+))', trigger.source, re.IGNORECASE)
    ]
    return tuple(dict.fromkeys(name for name in named if table.has_column(name)))
