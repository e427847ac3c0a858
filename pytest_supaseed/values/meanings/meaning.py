"""The meaning of a column: :class:`Meaning`, one declaration of what its names are, what it writes and follows.

Its base :class:`Declaration` has what numbers and moments declare as well: when a column is made, and when it is NULL.

A meaning is declared in the module of its subject and takes its place in
:data:`~pytest_supaseed.values.meanings.registry.MEANINGS`, in whose order meanings are tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pytest_supaseed.model.type_families import Predicate, is_string
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.writer import Write

Follows = Callable[[Context], tuple[str, ...]]
Derived = tuple[Write, tuple[str, ...]]


@dataclass(frozen=True)
class ReservedRange:
    """Texts that are reserved for fiction, documentation or tests: distinct values stay within the range.

    Attributes:
        size: takes a text, returns the number of texts in the range that it is in; 0 if it is in none.
        following: takes a text of the range and a number that is less than its size, returns another text for each.
    """

    size: Callable[[str], int]
    following: Callable[[str, int], str | None]


def matched_range(pattern: str, size: int, following: Callable[[re.Match[str], int], str]) -> ReservedRange:
    """Return the reserved range of the texts that a regular expression matches whole."""
    compiled = re.compile(pattern)

    def another(text: str, number: int) -> str | None:
        found = compiled.fullmatch(text)
        return None if found is None else following(found, number)

    return ReservedRange(lambda text: size if compiled.fullmatch(text) else 0, another)


def nothing(context: Context) -> tuple[str, ...]:
    """Return no columns: the text is derived from none."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What texts, numbers and moments declare of their columns, whatever the types of these.

    The patterns and words of all declarations count together, so that each stands with the meaning that it is for.

    Attributes:
        stages: by number, regular expressions that are searched in normalized names: a column follows others of lower
            stages only, or those of its own that stand before it. Columns that no expression matches are in stage 0.
        essential: words, separated by ``|``, of columns without which no row can do: they are never NULL.
        optional: words of columns that are NULL in some rows, whatever other words their names have.
    """

    stages: Mapping[int, str] = field(default_factory=dict, hash=False)
    essential: str = ""
    optional: str = ""


@dataclass(frozen=True)
class Meaning(Declaration):
    """What a column holds, of texts unless ``types`` says otherwise.

    Attributes:
        name: what it is called in the documentation and in tests.
        names: a regular expression, searched in the normalized name of a column, and in the first sentence of its
            comment where no meaning is found by the name. Normalized names are written ``_first_name_``, see
            :func:`~pytest_supaseed.model.identifiers.spelt`.
        write: writes one text.
        follows: returns the columns of the row that the text is derived from.
        derive: returns both ``write`` and the columns that it follows, in their place, for a writer that depends on
            the table.
        types: the types that it is for.
        where: what the column's table must be besides.
        comments: whether comments are searched, too.
        reserved: the range that distinct values are taken from; None where a number or a counted code makes them.
    """

    name: str
    names: str
    write: Write | None = None
    follows: Follows = nothing
    derive: Callable[[Context], Derived] | None = None
    types: Predicate = is_string
    where: Callable[[Context], bool] | None = None
    comments: bool = True
    reserved: ReservedRange | None = None

    def __post_init__(self) -> None:
        """Refuse a declaration without a writer, or with two."""
        if (self.write is None) == (self.derive is None):
            raise TypeError(f"{self.name}: either write or derive")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled regular expression."""
        return re.compile(self.names)

    def suits(self, context: Context) -> bool:
        """Whether a column whose name matches has this meaning in its table, by its type."""
        return self.types(context.column.type) and (self.where is None or self.where(context))

    def writer(self, context: Context, about: Context) -> Derived:
        """Return the writer of a column, and the columns that it follows.

        Args:
            context: the column.
            about: the same column under the words that matched: its name's or its comment's.
        """
        if self.write is not None:
            return self.write, self.follows(context)
        assert self.derive is not None  # noqa: S101 for the type checker
        return self.derive(about)
