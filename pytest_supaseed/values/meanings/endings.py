"""What the last words of a column's name say, in a table of some entity: :class:`Endings`.

A subject's module declares names and what they mean as text, one line each::

    systolic bp_systolic: 100 144
    weight_kg [patient @medical]: 48 110 1

A name is looked up by its last words, the longest first, as :func:`~pytest_supaseed.model.identifiers.spelt` writes
them; with ``~`` before it, a name stands as schemas have it, such as ``~range_nm``. ``^`` before a name stands for the
whole name of a column. In brackets stand entities, and areas with ``@``, of which the column or its table has to be
one, see :attr:`~pytest_supaseed.values.meanings.context.Context.about`; ``room@hotel`` is a room in that area;
``=room`` is what the table's own rows are, and no other word of its name. The nearest line counts: of an entity of two
words or in an area, of an entity, of an area, of any; of several the first. A long line is continued in the next,
which begins with a space.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Generic, NamedTuple, TypeVar

from pytest_supaseed.model.identifiers import singular, spelt

_Value = TypeVar("_Value")


class Line(NamedTuple):
    """One declaration.

    Attributes:
        names: the last words of names, joined by underscores; a whole name begins with ``^``.
        entities: of which the column or its table is one; empty for any.
        text: what the names say, as the module that declares it reads it.
    """

    names: tuple[str, ...]
    entities: frozenset[str]
    text: str


def joined(text: str) -> list[str]:
    """Return the lines of declarations, each with those that continue it; after a slash without the space."""
    return text.strip().replace("/\n ", "/").replace("\n ", " ").splitlines()


def lines(text: str) -> list[Line]:
    """Parse declarations.

    Example:
        >>> lines("systolic bp_systolic [vital]: 100 144")
        [Line(names=('systolic', 'bp_systolic'), entities=frozenset({'vital'}), text='100 144')]
    """
    found = []
    for line in joined(text):
        head, _, said = line.partition(": ")
        names, _, entities = head.partition("[")
        # To normalize all of some thousand names would take milliseconds in each process.
        keys = (_key(name[1:]) if name[0] == "~" else name for name in names.split())
        found.append(Line(tuple(keys), frozenset(entities.strip(" ]").split()), said.strip()))
    return found


# What these are of is the word before them: a person's ``first_name`` is no name of the table's entity.
_LABELS = frozenset(
    ("name", "title", "code", "number", "key", "label", "type", "value", "id", "size", "group", "kind")
)

# The first word of names such as ``ship_name`` of an order: what is done, and no entity.
SENT = frozenset(("ship", "bill"))


# How near a line is: of an entity of two words or in an area, of an entity, of an area, of any.
_BOTH, _ENTITY, _AREA, _ANY, _NONE = range(5)


def _rank(entities: Collection[str], about: Collection[str]) -> int:
    """How near a line with these entities is to what a name is about."""
    if not entities:
        return _ANY
    found = [_NONE]
    for entity in entities:
        thing, at, area = entity.partition("@")
        if thing and at:
            found.append(_BOTH if thing in about and f"@{area}" in about else _NONE)
        elif entity in about:
            found.append(_AREA if at else _BOTH if "_" in entity else _ENTITY)
    return min(found)


def _key(name: str) -> str:
    return "^" * name.startswith("^") + spelt(name).strip("_")


# What the last word of a name adds to what the value is: how it came about, in which language, which of several.
_ADDED = """
accepted actual affected after allowed applied approved assigned attached available before booked chosen ci claimed
collected completed covered current default desired detected display done earned estimated expected external final
first followed given granted included info initial internal involved issued known label last left local long lower
lost missing new next norm normalized offered old ordered orig original override paid planned preferred presented
previous prior private proposed public purchased raw real received recommended remaining requested required reserved
returned selected served short snapshot sold spent spoken str string submitted suggested taken target text txt upper
used won ar de en es fr it ja ko nl pl pt ru sv tr zh
"""
_QUALIFIERS = frozenset(_ADDED.split())
_PREPOSITIONS = frozenset(
    ("to", "of", "for", "with", "on", "in", "at", "from", "per", "about", "by", "after", "before")
)


def shorter(words: str) -> Iterator[str]:
    """Yield normalized names that say the same in fewer words, where a name as it stands says nothing.

    Example:
        >>> list(shorter("_languages_spoken_")), list(shorter("_relationship_to_client_"))
        (['_languages_', '_language_'], ['_relationship_'])
    """
    parts = words.strip("_").split("_")
    at = next((place for place, part in enumerate(parts) if place and part in _PREPOSITIONS), len(parts))
    kept = parts[:at]
    while len(kept) > 1 and (kept[-1] in _QUALIFIERS or kept[-1].isdigit()):
        kept.pop()
    if kept != parts:
        yield f"_{'_'.join(kept)}_"
    one = singular(kept[-1])
    if one != kept[-1]:
        yield f"_{'_'.join((*kept[:-1], one))}_"


class Endings(Generic[_Value]):
    """Values by the last words of a name and the entities that it is about.

    The declarations are parsed by the first look-up, and each value when it is first found.
    """

    def __init__(self, texts: Iterable[str], parse: Callable[[str], _Value]) -> None:
        """Take declarations in the order in which they are tried, and what makes a value of a declaration's text."""
        self._texts = tuple(texts)
        self._parse = parse
        self._parsed: dict[str, _Value] = {}
        # Each meaning that is tried for a column asks for the same, and so does each plan.
        self._looked_up = lru_cache(maxsize=8192)(self._look_up)

    @cached_property
    def _by_name(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.declared:
            for name in line.names:
                found.setdefault(name, []).append(line)
        return found

    def find(self, words: str, about: Collection[str]) -> _Value | None:
        """Return what a name says, None if that is unknown.

        Args:
            words: the normalized name.
            about: the entities and areas that the column and its table are about.
        """
        return self._looked_up(words, frozenset(about))

    def _look_up(self, words: str, about: frozenset[str]) -> _Value | None:
        parts = words.strip("_").split("_")
        for start in range(len(parts)):
            name = "_".join(parts[start:])
            keys = (f"^{name}", name)[bool(start) :]
            if name.endswith("_no"):
                keys = (*keys, *(f"{key[:-2]}number" for key in keys))
            whose: Collection[str] = about
            if start and name in _LABELS:
                before = singular(parts[start - 1])
                whose = (
                    () if start == 1 and before in SENT and before not in about else {before, f"={before}"}
                )
            fitting = [
                (rank, line)
                for key in keys
                for line in self._by_name.get(key, ())
                if (rank := _rank(line.entities, whose)) < _ANY or (rank == _ANY and whose is about)
            ]
            if fitting:
                return self._value(min(fitting, key=lambda found: found[0])[1].text)
        return None

    def _value(self, text: str) -> _Value:
        if text not in self._parsed:
            self._parsed[text] = self._parse(text)
        return self._parsed[text]

    @property
    def declared(self) -> list[Line]:
        """All declarations, in their order."""
        return [line for text in self._texts for line in lines(text)]
