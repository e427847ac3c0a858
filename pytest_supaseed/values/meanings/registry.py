"""All meanings of columns, in the order in which they are tried: :func:`meanings`.

Those that installed packages register come before :data:`MEANINGS`, which are the package's own, and stand instead of
those of their names.
:func:`meaning_of` finds the first meaning that a column has, :func:`writer` returns its writer with the columns that
it follows.
:func:`next_reserved` and :func:`reserved_like` know the reserved ranges of all meanings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.type_families import is_json, is_string, is_text
from pytest_supaseed.values.meanings import (
    codebooks,
    codes,
    contacts,
    entities,
    identifiers,
    moments,
    objects,
    own_words,
    places,
    titles,
    vocabulary,
    wordlists,
)
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.endings import shorter
from pytest_supaseed.values.meanings.local_words import in_own_words
from pytest_supaseed.values.meanings.meaning import Derived, Meaning, ReservedRange
from pytest_supaseed.values.meanings.registered import registered_meanings, with_registered
from pytest_supaseed.values.meanings.wordlists import LISTED

# The first that a column has counts, so one with narrow names stands before one with wide names: ``email_address``
# is an e-mail address, not a street. A new meaning goes into a tuple after those whose names it must not take.
MEANINGS: tuple[Meaning, ...] = (
    # What a column's comment, or the entity of the row, decides.
    identifiers.FORM,
    *identifiers.CHECKED,
    *vocabulary.REVIEWS,
    codebooks.CODED,
    vocabulary.SUBJECT,
    objects.DOCUMENT,
    titles.SEARCH,
    contacts.FORM_OF_ADDRESS,
    *entities.MEANINGS,
    # Names that say more than any word beside them.
    titles.NORMALIZED,
    *contacts.PERSONAL,
    *wordlists.KINDS,
    # Texts that agree within an address, and well-known words.
    *places.MEANINGS,
    *LISTED,
    # Texts of a certain form.
    *places.HOUSES,
    titles.REPEATED,
    *contacts.NAMES,
    *codes.SECRETS,
    *contacts.PHONES,
    *titles.FILES,
    contacts.BRAND,
    *codes.REGISTRATIONS,
    *titles.PATHS,
    *contacts.SITES,
    titles.SLUG,
    *contacts.HOSTS,
    *places.STREETS_AND_LOCALES,
    contacts.JOB,
    *identifiers.NUMBERS,
    wordlists.COLOR,
    *codes.REFERENCES,
    wordlists.METHOD,
    *codes.SYMBOLS,
    entities.MODEL,
    # Prose, and words that stand in many names.
    *titles.TEXTS,
    *wordlists.RANKS,
    *codes.CODES,
    *wordlists.PAYMENTS,
    titles.GENRE,
    *wordlists.TOPICS,
    *titles.TITLES_OF_ENTITIES,
    *wordlists.ENDEAVOURS,
    *contacts.COMPANIES_BY_ROLE,
    titles.NAME,
    codes.KEY,
    wordlists.VALUE,
    moments.PERIOD,
)


@cache
def meanings() -> tuple[Meaning, ...]:
    """Return the meanings in the order in which they are tried, the registered ones among them.

    Raises:
        ConfigError: what a package registers cannot be used.
    """
    return with_registered(MEANINGS, registered_meanings())


@cache
def _searches() -> tuple[Callable[[str], re.Match[str] | None], ...]:
    return tuple(meaning.pattern.search for meaning in meanings())


@cache
def _reserved() -> tuple[ReservedRange, ...]:
    return tuple(meaning.reserved for meaning in meanings() if meaning.reserved is not None)


def writer(context: Context, found: tuple[Meaning, Context] | None) -> Derived | None:
    """Return the writer of a column's values, and the columns that these are derived from.

    Args:
        found: from :func:`meaning_of`.

    Returns:
        None if the type of the column makes the values.
    """
    if found is None:
        return _unknown(context)
    meaning, about = found
    write, follows = meaning.writer(context, about)
    if is_string(context.column.type):
        write = in_own_words(context, write)
    return write, tuple(dict.fromkeys(follows))


def _unknown(context: Context) -> Derived | None:
    """The writer of a column without a meaning; None if its type makes the values."""
    kind = context.column.type
    if is_text(kind):
        return own_words.written(context)
    return objects.any_document(context) if is_json(kind) and not context.domain.json_members else None


def meaning_of(context: Context) -> tuple[Meaning, Context] | None:
    """Return the meaning of a column, and the column under the words that have it: its name's or its comment's.

    Returns:
        None if it has none: its values are then made by its type.
    """
    found = _first(context)
    if found is not None:
        return found, context
    if context.column.comment:
        # Only the first sentence describes the column.
        about = context.called(spelt(context.column.comment.partition(".")[0]))
        found = _first(about, commented=True)
        if found is not None:
            return found, about
    if is_text(context.column.type):
        for about in (context, *map(context.called, shorter(context.words))):
            # What is called so is looked up last, as the words for it are wide.
            found = _first(about) if about is not context else None
            if found is None and vocabulary.ATTRIBUTE.suits(about):
                found = vocabulary.ATTRIBUTE
            if found is not None:
                return found, about
    return None


def _first(context: Context, *, commented: bool = False) -> Meaning | None:
    at = _next_match(context.words, 0)
    while at is not None:
        meaning = meanings()[at]
        if (meaning.comments or not commented) and meaning.suits(context):
            return meaning
        at = _next_match(context.words, at + 1)
    return None


@lru_cache(maxsize=8192)
def _next_match(words: str, start: int) -> int | None:
    """The number of the first meaning from ``start`` whose expression matches."""
    return next((at for at, search in enumerate(_searches()[start:], start) if search(words)), None)


def reserved_like(text: str) -> int:
    """Return the size of the reserved range that a text is in, 0 if it is in none."""
    return next((size for found in _reserved() if (size := found.size(text))), 0)


def next_reserved(text: str, number: int) -> str | None:
    """Return another text of the reserved range that a text is in.

    Args:
        text: a phone number for fiction, an address for documentation, a bank account or card that cannot exist.
        number: a distinct text for each that is less than :func:`reserved_like`; 0 for the text itself.

    Returns:
        The text; None if the range is exhausted, or the text is in none.

    Example:
        >>> next_reserved("+1-202-555-0199", 1), next_reserved("192.0.2.254", 1)
        ('+1-203-555-0100', '198.51.100.1')
    """
    for found in _reserved():
        size = found.size(text)
        if size:
            return None if number >= size else found.following(text, number) if number else text
    return None
