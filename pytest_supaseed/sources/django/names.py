"""Names of Django's tables, as a marker spells them."""

from __future__ import annotations

import re

from django.db import DEFAULT_DB_ALIAS, connections

_SEARCH_PATH = re.compile(r"search_path\s*=\s*(?:\\ )?\"?([^\W\d]\w*)")


def spelling(db_table: str) -> str:
    """Return a table as a marker spells it; Django's users write ``app"."table`` for one in another schema.

    Example:
        >>> spelling("blog_post"), spelling('app"."post')
        ('blog_post', 'app.post')
    """
    return db_table.replace('"', "")


def schema_of(db_table: str) -> str:
    """Return the schema in which migrations make a table."""
    schema, dot, _ = spelling(db_table).partition(".")
    if dot:
        return schema
    options = str((connections.settings[DEFAULT_DB_ALIAS].get("OPTIONS") or {}).get("options") or "")
    found = _SEARCH_PATH.search(options)
    return found[1] if found else "public"
