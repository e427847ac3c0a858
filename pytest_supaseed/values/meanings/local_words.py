"""Sentences, titles, names, single words and colours in the language of a locale that is not English.

The file ``values/data/phrases.tsv`` has them for ten languages, with slots for a day, a month and a person; for others
Faker's random words serve. Where there are none either, the caller writes English: :func:`has_words` tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from pytest_supaseed.model.schema import Table
from pytest_supaseed.model.translations import is_written_in
from pytest_supaseed.values.meanings import people
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.gazetteer import phrases, words
from pytest_supaseed.values.meanings.meaning import Ask, Write

# How often a text that is too long is drawn anew.
_ATTEMPTS = 6
# Names of models, which are the same in all languages.
_MODELS = (
    "Aero", "Alto", "Aura", "Delta", "Vega", "Luna", "Nova", "Nordic", "Orion", "Prima", "Quadro", "Sierra", "Sola",
    "Terra", "Trio", "Viva",
)  # fmt: skip
_WITHOUT_SPACES = frozenset(("ja", "zh"))


@cache
def _said(language: str) -> Mapping[str, str]:
    """Words of enumerations by the English ones; empty for a language that the file does not have."""
    known = words()
    return (
        {known.of(row, "en"): known.of(row, language) for row in known.rows}
        if language in known.places
        else {}
    )


def in_own_words(context: Context, write: Write) -> Write:
    """Return what writes the words of an enumeration in the locale's language where the schema is in that as well.

    Words by which a row's stage is known stay as they are.
    """
    language = context.locale.partition("_")[0]
    said = {} if context.english or _STAGES.search(context.words) else _said(language)
    if not said or not _is_written_in(context.table, language):
        return write

    def translated(ask: Ask) -> Any:
        first = text = write(ask)
        for _ in range(_ATTEMPTS):
            other = said.get(text) if isinstance(text, str) else None
            if other is not None and (ask.most is None or len(other) <= ask.most):
                return other
            if not isinstance(text, str) or not text.islower() or len(text) > _LONGEST_WORD:
                break
            # Languages are not mixed in a column where some of its words are known.
            text = write(ask)
        return first

    return translated


_LONGEST_WORD = 20


_STAGES = re.compile(r"_(status|state|stage|phase)_")
# Columns whose names are in a language, so that the table is.
_LEAST_NAMES = 2


def _is_written_in(table: Table, language: str) -> bool:
    return sum(is_written_in(column.name, language) for column in table.columns) >= _LEAST_NAMES


_HAS: dict[tuple[str, str], bool] = {}


def has_provider(faker: Any, kind: str, locale: str) -> bool:
    """Whether Faker's provider of a kind, such as ``faker.providers.lorem.de_DE``, is of the locale's language."""
    if (kind, locale) not in _HAS:
        modules = (type(provider).__module__ for provider in faker.get_providers())
        languages = [name.split(".")[-1] for name in modules if name.startswith(f"faker.providers.{kind}.")]
        _HAS[kind, locale] = any(name.partition("_")[0] == locale.partition("_")[0] for name in languages)
    return _HAS[kind, locale]


@cache
def _texts(language: str) -> Mapping[str, tuple[str, ...]]:
    """The texts of a language by kind; empty for a language that the file does not have."""
    known = phrases()
    return {
        known.of(row, "kind"): tuple(known.of(row, "texts").split(" | "))
        for row in known.all("language", language)
    }


def _of(ask: Ask, kind: str) -> tuple[str, ...]:
    return _texts(ask.context.locale.partition("_")[0]).get(kind, ())


def has_words(ask: Ask) -> bool:
    """Whether texts are written in the locale's words: there are some, and it is not English."""
    if ask.english:
        return False
    return bool(_of(ask, "sentence")) or has_provider(ask.faker, "lorem", ask.context.locale)


def has_colors(ask: Ask) -> bool:
    """Whether there are names of colours in the locale, and it is not English."""
    if ask.english:
        return False
    return bool(_of(ask, "color")) or has_provider(ask.faker, "color", ask.context.locale)


def _filled(ask: Ask, text: str) -> str:
    """A text with its slots filled, the first letter in upper case."""
    while "{" in text:
        slot = text[text.index("{") + 1 : text.index("}")]
        said = _person(ask) if slot == "person" else str(ask.pick(_of(ask, slot)))
        text = text.replace(f"{{{slot}}}", said, 1)
    return text[:1].upper() + text[1:]


def _person(ask: Ask) -> str:
    locale = ask.context.locale
    last = people.last_name(locale, ask.faker)
    if people.is_family_first(locale):
        return last
    return people.full_name(people.first_name(locale, ask.faker), last, locale)


def sentences(ask: Ask, least: int = 1, most: int = 3) -> str:
    """Some different sentences."""
    wanted = ask.faker.random.randint(least, most)
    known = _of(ask, "sentence")
    if not known:
        found = [ask.faker.sentence(nb_words=7) for _ in range(wanted)]
        further = [ask.faker.sentence(nb_words=3) for _ in range(_ATTEMPTS)]
    else:
        found = [_filled(ask, text) for text in ask.faker.random.sample(known, wanted)]
        further = [_filled(ask, text) for text in ask.faker.random.sample(known, min(_ATTEMPTS, len(known)))]
    language = ask.context.locale.partition("_")[0]
    text = ("" if language in _WITHOUT_SPACES else " ").join(found)
    return text if ask.most is None or len(text) <= ask.most else _short(ask, [*found, *further])


def title(ask: Ask) -> str:
    """A title of a few words, without a full stop."""
    known = _of(ask, "title")
    if known:
        chosen = ask.faker.random.sample(known, min(_ATTEMPTS, len(known)))
        return _short(ask, [_filled(ask, text) for text in chosen])
    return _short(ask, [ask.faker.sentence(nb_words=size).rstrip(".。") for size in (4, 3, 2, 2, 1, 1)])


def product(ask: Ask) -> str:
    """The name of a product: what it is, and a model."""
    known = _of(ask, "product")
    return title(ask) if not known else f"{ask.pick(known)} {ask.pick(_MODELS)}"


def name(ask: Ask) -> str:
    """A name of a thing of any kind: of a family or a model, which say nothing in any language."""
    if not _of(ask, "title"):
        return title(ask)
    chosen = people.last_name(ask.context.locale, ask.faker)
    return (
        chosen
        if ask.faker.random.random() < 0.5
        else f"{ask.pick(_MODELS)} {ask.faker.random.randint(1, 40)}"
    )


def word(ask: Ask, kind: str = "label") -> str:
    """A word that begins with a capital.

    Args:
        ask: the request.
        kind: ``label``, ``category``, ``unit`` or ``reason``.
    """
    known = _of(ask, kind)
    if kind == "unit" and known:
        return str(ask.pick(known))
    text = str(ask.pick(known) if known else ask.faker.word())
    return text[:1].upper() + text[1:]


def color(ask: Ask) -> str:
    """The name of a colour."""
    known = _of(ask, "color")
    return str(ask.pick(known) if known else ask.faker.color_name())


def _short(ask: Ask, texts: list[str]) -> str:
    """The first text that is short enough, else the shortest."""
    fitting = (text for text in texts if ask.most is None or len(text) <= ask.most)
    return next(fitting, min(texts, key=len))
