"""TODO."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_supaseed.model.schema import Column
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.people import name_columns, names_of
from pytest_supaseed.values.types.text import longest
from pytest_supaseed.values.types.vocabulary import ADJECTIVES, NOUNS, PRODUCTS

_Row = Mapping[str, object]


Write = Callable[["Ask"], str]


_HEX = "0123456789abcdef"


@dataclass(frozen=True)
class Ask:
    """What a text is made from.

    Attributes:
        context: the column.
        faker: makes and draws.
        row: the row so far.
    """

    context: Context
    faker: Any
    row: _Row

    @property
    def most(self) -> int | None:
        """Most characters, None for no limit."""
        return longest(self.context.column.type, self.context.facts)

    @property
    def english(self) -> bool:
        """Whether our own lists of English names are those of the locale."""
        return self.context.locale.startswith("en")

    def pick(self, choices: Any) -> Any:
        """Draw one of several."""
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
        """Return the first of the row's texts in these columns that is not empty."""
        found = (self.row.get(name) for name in columns)
        return next((text.strip() for text in found if isinstance(text, str) and text.strip()), "")

    def people(self) -> tuple[str, str]:
        """The first and the last name of the row's person."""
        return names_of(self.row, names_used(self.context), self.faker, self.context.locale)


def names_used(context: Context) -> tuple[str, ...]:
    """Return the columns that say how the person of a row is called."""
    return name_columns(context.earlier, context.subject, context.words)


def text_columns(context: Context) -> tuple[Column, ...]:
    """Return the columns with texts that may be used."""
    return tuple(c for c in context.earlier if c.type.category == "S" and not c.type.array)


def provided(ask: Ask, *names: str) -> str:
    """Return what the first of the methods of Faker returns that the locale has."""
    return str(next(getattr(ask.faker, name)() for name in names if hasattr(ask.faker, name)))


def word(ask: Ask) -> str:
    """One word in lower case."""
    return str(ask.pick(NOUNS)).lower()


def adjective(ask: Ask) -> str:
    """An adjective."""
    return str(ask.pick(ADJECTIVES))


def noun(ask: Ask) -> str:
    """A noun."""
    return str(ask.pick(NOUNS))


def product(ask: Ask) -> str:
    """The name of a product."""
    name = f"{adjective(ask)} {ask.pick(PRODUCTS)}"
    return f"{name} {ask.faker.random.randint(2, 900)}" if ask.context.unique else name


def fitting(ask: Ask, words: tuple[str, ...]) -> str:
    """Draw one of those words that are short enough; the first letter of one where none is."""
    most = ask.most
    short = [text for text in words if most is None or len(text) <= most]
    return str(ask.pick(short)) if short else str(ask.pick(words))[:1].upper()


def one_fitting(values: tuple[str, ...]) -> Write:
    """Return a writer that draws one of those of a list that are short enough."""
    return lambda ask: fitting(ask, values)


def one_of(values: tuple[str, ...]) -> Write:
    """Return a writer that draws one of a list."""
    return lambda ask: str(ask.pick(values))
