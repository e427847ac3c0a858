"""Sentences, titles, single words and colours in the words that Faker has for a locale that is not English.

Where it has none, the caller writes English: :func:`has_words` tells.
"""

from __future__ import annotations

from typing import Any

from pytest_supaseed.values.meanings.meaning import Ask

# How often a text that is too long is drawn anew.
_ATTEMPTS = 6


_HAS: dict[tuple[str, str], bool] = {}


def has_provider(faker: Any, kind: str, locale: str) -> bool:
    """Whether Faker's provider of a kind, such as ``faker.providers.lorem.de_DE``, is of the locale's language."""
    if (kind, locale) not in _HAS:
        modules = (type(provider).__module__ for provider in faker.get_providers())
        languages = [name.split(".")[-1] for name in modules if name.startswith(f"faker.providers.{kind}.")]
        _HAS[kind, locale] = any(name.partition("_")[0] == locale.partition("_")[0] for name in languages)
    return _HAS[kind, locale]


def has_words(ask: Ask) -> bool:
    """Whether texts are written in the locale's words: Faker has some, and it is not English."""
    return not ask.english and has_provider(ask.faker, "lorem", ask.context.locale)


def has_colors(ask: Ask) -> bool:
    """Whether Faker has names of colours in the locale, and it is not English."""
    return not ask.english and has_provider(ask.faker, "color", ask.context.locale)


def sentences(ask: Ask, least: int = 1, most: int = 3) -> str:
    """Some sentences."""
    found = [ask.faker.sentence(nb_words=7) for _ in range(ask.faker.random.randint(least, most))]
    text = " ".join(found)
    if ask.most is None or len(text) <= ask.most:
        return text
    return _short(ask, [*found, *(ask.faker.sentence(nb_words=3) for _ in range(_ATTEMPTS))])


def title(ask: Ask) -> str:
    """A title of a few words, without a full stop."""
    return _short(ask, [ask.faker.sentence(nb_words=size).rstrip(".。") for size in (4, 3, 2, 2, 1, 1)])


def word(ask: Ask) -> str:
    """A word that begins with a capital."""
    text = str(ask.faker.word())
    return text[:1].upper() + text[1:]


def color(ask: Ask) -> str:
    """The name of a colour."""
    return str(ask.faker.color_name())


def _short(ask: Ask, texts: list[str]) -> str:
    """The first text that is short enough, else the shortest."""
    fitting = (text for text in texts if ask.most is None or len(text) <= ask.most)
    return next(fitting, min(texts, key=len))
