"""Text writers (:data:`Write`): functions from a text request (:class:`Ask`) to a text, and helpers that draw words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import has_string_category
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.people import names_of
from pytest_supaseed.values.types.vocabulary import ADJECTIVES, NOUNS, PRODUCTS

_Row = Mapping[str, object]
# Writes texts; of a meaning that is for other types, values of these.
Write = Callable[["Ask"], Any]
_HEX = "0123456789abcdef"


class Ask(NamedTuple):
    """Request for one text of a column.

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
        return self.context.locale.startswith("en")

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
