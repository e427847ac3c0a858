"""The meaning of a column: :class:`Meaning`, one declaration of what its names are, what it writes and follows.

Its base :class:`Declaration` has what numbers and moments declare as well: when a column is made, and when it is NULL.
What a meaning writes with, :data:`Write`, is a function from a request, :class:`Ask`, to a value. A meaning is declared
in a tuple of the module of its subject; :data:`~pytest_supaseed.values.meanings.registry.MEANINGS` has the tuples in
the order in which meanings are tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import Predicate, has_string_category, is_string
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.people import names_of
from pytest_supaseed.values.types.text import ADJECTIVES, NOUNS

_Row = Mapping[str, object]
# Writes texts; of a meaning that is for other types, values of these.
Write = Callable[["Ask"], Any]
PRODUCTS = (
    "Backpack", "Bag", "Blanket", "Bottle", "Bowl", "Box", "Camera", "Chair", "Charger", "Clock",
    "Cooler", "Desk", "Drone", "Filter", "Grill", "Hammock", "Headphones", "Heater", "Helmet",
    "Jacket", "Kettle", "Keyboard", "Knife", "Ladder", "Lamp", "Lantern", "Monitor", "Mug",
    "Notebook", "Pan", "Pillow", "Pump", "Radio", "Saddle", "Shelf", "Shoes", "Speaker", "Stove",
    "Table", "Tent", "Toolkit", "Tripod", "Umbrella", "Wallet", "Watch", "Winch",
)  # fmt: skip
_HEX = "0123456789abcdef"


class Ask(NamedTuple):
    """Request for one value of a column, mostly a text.

    Attributes:
        context: the column context.
        faker: Faker's generator.
        row: the row so far.
    """

    context: Context
    faker: Any
    row: _Row

    @property
    def most(self) -> int | None:
        """The maximum number of characters, None for no limit."""
        return self.context.most

    @property
    def english(self) -> bool:
        """Whether the locale is English, so that the package's own word lists apply."""
        return self.context.english

    def pick(self, choices: Any) -> Any:
        """Draw one of the choices."""
        return self.faker.random.choice(choices)

    def digits(self, count: int) -> str:
        """Draw digits."""
        return "".join(self.faker.random.choices("0123456789", k=count))

    def hex(self, count: int) -> str:
        """Draw hexadecimal digits."""
        return "".join(self.faker.random.choices(_HEX, k=count))

    def first_that_fits(self, *texts: str) -> str:
        """Return the first text that is short enough, else the last."""
        most = self.most
        return next((text for text in texts if most is None or len(text) <= most), texts[-1])

    def text_of(self, *columns: str) -> str:
        """Return the first text of the row in these columns that is not blank, else an empty text."""
        found = (self.row.get(name) for name in columns)
        return next((text.strip() for text in found if isinstance(text, str) and text.strip()), "")

    def people(self) -> tuple[str, str]:
        """The first and last name of the row's person."""
        return names_of(self.row, names_used(self.context), self.faker, self.context.locale)


def names_used(context: Context) -> tuple[str, ...]:
    """Return the earlier columns with the name of the person that the column belongs to."""
    return context.names


def text_columns(context: Context) -> tuple[Column, ...]:
    """Return the earlier columns that hold texts."""
    return tuple(c for c in context.earlier if has_string_category(c.type) and not c.type.array)


def provided(ask: Ask, *names: str) -> str:
    """Return the result of the first of these Faker methods that the locale has."""
    return str(next(getattr(ask.faker, name)() for name in names if hasattr(ask.faker, name)))


def word(ask: Ask) -> str:
    """A noun in lower case."""
    return str(ask.pick(NOUNS)).lower()


def adjective(ask: Ask) -> str:
    """An adjective."""
    return str(ask.pick(ADJECTIVES))


def noun(ask: Ask) -> str:
    """A noun."""
    return str(ask.pick(NOUNS))


def product(ask: Ask) -> str:
    """A product name."""
    name = f"{adjective(ask)} {ask.pick(PRODUCTS)}"
    return f"{name} {ask.faker.random.randint(2, 900)}" if ask.context.unique else name


def fitting(ask: Ask, words: tuple[str, ...]) -> str:
    """Draw a word that is short enough; if there is none, the first letter of any, in upper case."""
    most = ask.most
    short = [text for text in words if most is None or len(text) <= most]
    return str(ask.pick(short)) if short else str(ask.pick(words))[:1].upper()


def one_fitting(values: tuple[str, ...]) -> Write:
    """Return a writer that draws a word that is short enough from a list."""
    return lambda ask: fitting(ask, values)


def one_of(values: tuple[str, ...]) -> Write:
    """Return a writer that draws from a list."""
    return lambda ask: str(ask.pick(values))


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

    def next_distinct(text: str, number: int) -> str | None:
        found = compiled.fullmatch(text)
        return None if found is None else following(found, number)

    return ReservedRange(lambda text: size if compiled.fullmatch(text) else 0, next_distinct)


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


def staged(declarations: Iterable[Declaration]) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Return the stages of declarations with their patterns, the last stage first."""
    found: dict[int, list[str]] = {}
    for declared in declarations:
        for number, pattern in declared.stages.items():
            found.setdefault(number, []).append(pattern)
    return tuple((number, re.compile("|".join(found[number]))) for number in sorted(found, reverse=True))


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
        ranked: returns all texts that a column of a table of such things has, those of a few rows first; none for a
            column whose texts are drawn.
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
    ranked: Callable[[Context], tuple[str, ...]] | None = None

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
