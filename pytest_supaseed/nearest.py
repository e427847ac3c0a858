"""Near matches of a misspelt name, for messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return `` (did you mean 'users'?)`` for the known names that are near, else an empty string.

    Args:
        word: what was written; only a string can have near matches.
        known: the names that would have been right.

    Example:
        >>> did_you_mean("user", ["users", "gear"])
        " (did you mean 'users'?)"
    """
    if not isinstance(word, str):
        return ""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(repr(by_folded[name]) for name in near)}?)" if near else ""
