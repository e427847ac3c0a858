"""The names of a session's databases on a server that it does not run: each name proves whose database it is.

A database exists before a comment can mark it, and a session may be killed in between. So the mark is in the name:
digits that are drawn for the session, and as many that are computed from them. A name that another program or a
person has chosen does not have the right ones.
"""

from __future__ import annotations

import hashlib
import re

from pytest_supaseed.randomness import token

SHARED_PREFIX = "supaseed"
# What comments on our databases and the names of our connections begin with.
MARK = "pytest-supaseed "
_DIGITS = 10
# No secret: it keeps chance apart from intention.
_KEY = b"pytest-supaseed database"
# By number what a session makes for its tests; by name what pytest-postgresql's client fixtures copy, and make.
_NAME = re.compile(
    rf"({SHARED_PREFIX}_([0-9a-f]{{{_DIGITS}}})([0-9a-f]{{{_DIGITS}}}))_(?:[1-9][0-9]*|tmpl|tests)", re.ASCII
)


def new_session() -> str:
    """Return what the names of a new session's databases begin with.

    Example:
        >>> session_of(new_session() + "_1") is not None
        True
    """
    drawn = token(_DIGITS // 2)
    return f"{SHARED_PREFIX}_{drawn}{_check_digits(drawn)}"


def session_of(name: str) -> str | None:
    """Return the session whose name a database bears.

    Args:
        name: of a database.

    Returns:
        What the names of the session's databases begin with; None for a database of another origin.

    Example:
        >>> session_of("supaseed_mine"), session_of("supaseed_0123abcd_1")
        (None, None)
    """
    found = _NAME.fullmatch(name)
    if found is None or found[3] != _check_digits(found[2]):
        return None
    return found[1]


def _check_digits(drawn: str) -> str:
    return hashlib.blake2b(drawn.encode("ascii"), key=_KEY, digest_size=_DIGITS // 2).hexdigest()
