"""Phrases: texts that are drawn from alternatives with slots, numbers and codes in them.

Alternatives are separated by `` | ``. In a phrase stand:

- ``{name}``: an alternative of the slot with that name, ``{^name}`` with its first letter in upper case;
- ``{a/b/c}``: one of these, in which slots and codes may stand;
- ``<2-9>``: a whole number between these;
- ``<#4>``, ``<A2>``, ``<a2>``, ``<x8>``, ``<X8>``, ``<*14>``, ``<U6>``: as many digits, upper-case or lower-case
  letters, hexadecimal digits in lower or upper case, letters and digits of both cases, upper-case letters and digits.

Text that begins with ``+1-3`` is that many different alternatives with spaces between them, such as sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import cache, cached_property
from random import Random

from pytest_supaseed.values.meanings.endings import joined

Write = Callable[[Random], str]
# Looks up a slot by its name.
Slots = Callable[[str], "Phrases"]
_COUNT = re.compile(r"\+(\d+)-(\d+) ")
# JSON objects and signs in a text are no slots and codes.
_SLOT = re.compile(r"\^?[a-z_]+")
_CODE = re.compile(r"<([#AaxX*U]\d+|\d+-\d+)>")
_RANGE = re.compile(r"(\d+)-(\d+)")
_DIGITS, _UPPER, _LOWER = "0123456789", "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz"
_ALPHABETS = {
    "#": _DIGITS,
    "A": _UPPER,
    "a": _LOWER,
    "x": "0123456789abcdef",
    "X": "0123456789ABCDEF",
    "*": _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "U": _DIGITS + _UPPER,
}
# How often a sentence that the text has already is drawn anew, and a text that is too long.
_ATTEMPTS = 12
# Of so many texts, at least so many differ where phrases are varied.
_SAMPLE, _VARIED = 60, 50


class Phrases:
    """Texts of one kind, parsed when the first is drawn."""

    def __init__(self, text: str, slots: Slots) -> None:
        """Take the alternatives, and what looks up slots."""
        counted = _COUNT.match(text)
        self._least, self._most = (int(counted[1]), int(counted[2])) if counted else (1, 1)
        self.alternatives = tuple(
            part.strip() for part in text[counted.end() if counted else 0 :].split(" | ")
        )
        self._slots = slots
        self._writers: dict[str, Write] = {}

    def with_slots(self, slots: Slots) -> Phrases:
        """Return the same phrases whose slots are looked up elsewhere."""
        found = copy(self)
        found._slots, found._writers = slots, {}
        found.__dict__.pop("is_repetitive", None)
        return found

    @property
    def is_person(self) -> bool:
        """Whether it is the name of a person."""
        return self.alternatives == ("{first_name} {last_name}",)

    @property
    def is_text(self) -> bool:
        """Whether it is written in sentences, rather than words or a code."""
        return self._most > 1 or any(text.endswith((".", "!", "?")) for text in self.alternatives)

    @cached_property
    def is_repetitive(self) -> bool:
        """Whether a few hundred rows would often have the same text."""
        random = Random(0)  # noqa: S311 no secret
        return len({self._text(random, self._least, self._most) for _ in range(_SAMPLE)}) < _VARIED

    def drawn(self, random: Random, most: int | None = None) -> str:
        """Draw a text.

        Args:
            random: draws.
            most: the maximum number of characters, None for no limit; the shortest of some texts where none is that
                short.
        """
        text = self._text(random, self._least, self._most)
        if most is None or len(text) <= most:
            return text
        found = [text]
        for _ in range(_ATTEMPTS):
            found.append(self._text(random, 1, 1))
            if len(found[-1]) <= most:
                return found[-1]
        return min(found, key=len)

    def _text(self, random: Random, least: int, most: int) -> str:
        if most == 1:
            # A last choice may be empty.
            return self.one(random).rstrip()
        found: list[str] = []
        for _ in range(random.randint(least, most)):
            for _ in range(_ATTEMPTS):
                sentence = self.one(random)
                if sentence not in found:
                    found.append(sentence)
                    break
        return " ".join(found)

    def one(self, random: Random) -> str:
        """Draw one alternative."""
        text = random.choice(self.alternatives)
        write = self._writers.get(text)
        if write is None:
            write = self._writers[text] = self._writer(text)
        return write(random)

    def _writer(self, text: str) -> Write:
        """Return the writer of a phrase: parts of it that never change, slots and codes."""
        parts: list[str | Write] = []
        at = 0
        while at < len(text):
            inner = _bracketed(text, at)
            if inner is not None:
                parts.append(self._slot(inner) if text[at] == "{" else _code(inner))
                at += len(inner) + 2
                continue
            end = min((found for sign in "{<" if (found := text.find(sign, at + 1)) > 0), default=len(text))
            parts.append(text[at:end])
            at = end
        if all(isinstance(part, str) for part in parts):
            return lambda random: text
        return lambda random: "".join(part if isinstance(part, str) else part(random) for part in parts)

    def _slot(self, name: str) -> Write:
        choices = tuple(map(self._writer, _split(name)))
        if len(choices) > 1:
            return lambda random: random.choice(choices)(random)
        if name.startswith("^"):
            inner = self._slots(name[1:])
            return lambda random: _capitalized(inner.one(random))
        return self._slots(name).one


def _bracketed(text: str, start: int) -> str | None:
    """The content of a slot or code that begins here, None if none does."""
    if text[start] == "<":
        found = _CODE.match(text, start)
        return found[1] if found else None
    if text[start] != "{":
        return None
    depth = 0
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if not depth:
            inner = text[start + 1 : at]
            return inner if _SLOT.fullmatch(inner) or "/" in inner else None
    return None


def _split(text: str) -> list[str]:
    """The choices of a slot, which are separated by slashes outside of inner slots."""
    found, depth = [""], 0
    for sign in text:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "/" and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _code(text: str) -> Write:
    numbers = _RANGE.fullmatch(text)
    if numbers is not None:
        least, most = int(numbers[1]), int(numbers[2])
        return lambda random: str(random.randint(least, most))
    alphabet, size = _ALPHABETS[text[0]], int(text[1:])
    if text[0] in "xX":
        form = f"0{size}{text[0]}"
        return lambda random: format(random.getrandbits(4 * size), form)
    if text[0] == "#":
        most = 10**size - 1
        return lambda random: str(random.randint(0, most)).zfill(size)
    return lambda random: "".join(random.choices(alphabet, k=size))


def declared_slots(texts: Iterable[str]) -> dict[str, str]:
    r"""Parse slots that are declared as ``name: a | b``, one in a line, which may go on in the next after a space.

    Example:
        >>> declared_slots(["size: S | M\n | L\ncolor: red\n"])
        {'size': 'S | M | L', 'color': 'red'}
    """
    found = {}
    for text in texts:
        for line in joined(text):
            key, _, said = line.partition(": ")
            found[key] = said
    return found


def slots_of(texts: Sequence[str]) -> Slots:
    """Return what looks up declared slots, which are parsed by the first look-up; a KeyError where there is none."""

    @cache
    def known() -> dict[str, Phrases]:
        return {key: Phrases(said, find) for key, said in declared_slots(texts).items()}

    def find(name: str) -> Phrases:
        return known()[name]

    return find
