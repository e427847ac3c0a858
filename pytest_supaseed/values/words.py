"""The words of a table's or column's name, in whatever case it is written."""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_supaseed.values.dialects import PHRASES, SYNONYMS

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "media": "media"}
_SINGULAR = frozenset(
    (
        "status",
        "address",
        "business",
        "news",
        "series",
        "gas",
        "bus",
        "campus",
        "class",
        "gear",
        "analysis",
        "address",
        "process",
        "access",
    )
)

# What a table's name may end in without saying what a row is.
_SAYS_NOTHING = frozenset(("data", "header", "hdr", "info", "list", "master", "mst", "table", "tab", "tbl"))


@lru_cache(maxsize=4096)
def spelt(name: str) -> str:
    """Return a name in lower case with an underscore around each word, in the words that the rules know.

    Args:
        name: as the catalog spells it.

    Example:
        >>> spelt("firstName"), spelt("address2"), spelt("usr_fname")
        ('_first_name_', '_address_2_', '_user_first_name_')
    """
    words = [word.lower() for word in _WORD.findall(name)]
    found = "_" + "".join(SYNONYMS.get(word, word) + "_" for word in words)
    for phrase, other in PHRASES:
        found = found.replace(phrase, other)
    return found


def singular(word: str) -> str:
    """Return the singular of an English noun, as far as rules go.

    Args:
        word: in lower case.

    Example:
        >>> singular("companies"), singular("setups")
        ('company', 'setup')
    """
    if word in _IRREGULAR or word in _SINGULAR:
        return _IRREGULAR.get(word, word)
    for ending, replacement in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ches", "ch"),
        ("xes", "x"),
        ("ss", "ss"),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + replacement
    return word


def subject_of(table: str) -> str:
    """Return the thing that a row of a table is: the last word of its name, in the singular.

    Args:
        table: the table's bare name.

    Example:
        >>> subject_of("app_users")
        'user'
    """
    words = spelt(table).strip("_").split("_")
    while len(words) > 1 and words[-1] in _SAYS_NOTHING:
        words.pop()
    return singular(words[-1])
