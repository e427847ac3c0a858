"""By what a schema, and what is seeded into it, are known again: by content, within a run, or by nobody else.

What depends on a function has no content that could be compared: its code may read a file or the clock. But the
workers of one run import the same code, so they may share what it made.
"""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from functools import cache
from importlib.metadata import version
from types import CodeType
from uuid import UUID

from pytest_supaseed.filesystem import PACKAGE
from pytest_supaseed.rng import token
from pytest_supaseed.wording import too_many_digits

_DIGITS = 16


# Of these the text says all; of a subclass it need not.
_PLAIN = (
    type(None), bool, int, float, complex, str, bytes, Decimal, date, time, datetime, timedelta, UUID,
)  # fmt: skip


_PROCESS = token(8)


class Reach(IntEnum):
    """Who may know something by its identity; less is safer."""

    PROCESS = 0
    RUN = 1
    CONTENT = 2


@dataclass(frozen=True)
class Identity:
    """By what something is known.

    Attributes:
        text: equal for what is equal.
        reach: how far that can be relied upon: in this process, in the processes of one run, or always.
    """

    text: str
    reach: Reach = Reach.CONTENT

    def digest(self, run: str) -> str:
        """Return a short name for it.

        Args:
            run: what the processes of this run have in common.

        Returns:
            Hexadecimal digits: other ones in another run, or process, where the identity reaches no further.

        Example:
            >>> len(Identity("users=5").digest("run"))
            16
        """
        within = {Reach.PROCESS: f"{run} {_PROCESS}", Reach.RUN: run, Reach.CONTENT: ""}[self.reach]
        return hashlib.sha256(f"{within}\n{self.text}".encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def together(*parts: Identity) -> Identity:
    """Return the identity of what depends on several things.

    Args:
        parts: their identities, in a fixed order.
    """
    return Identity(repr([part.text for part in parts]), min(part.reach for part in parts))


def identity_of(value: object) -> Identity:
    """Return the identity of a value that a user gives.

    Args:
        value: a scalar, a list, a mapping, a function, or any object.

    Example:
        >>> identity_of([1, "a"]).reach.name, identity_of(object()).reach.name
        ('CONTENT', 'PROCESS')
    """
    kind = type(value)
    if kind is int and too_many_digits(value):
        return Identity(f"int:{value:x}")
    if kind in _PLAIN:
        return Identity(f"{kind.__name__}:{value!r}")
    if kind in (list, tuple):
        # Choices are choices, however they are written.
        return _of_parts("sequence", value)  # type: ignore[arg-type] # it is one
    if isinstance(value, Mapping):
        return _of_parts("mapping", (part for pair in value.items() for part in pair))
    if isinstance(value, Enum):
        member = identity_of(value.value)
        return Identity(f"{kind.__module__}.{kind.__qualname__}.{value.name}={member.text}", member.reach)
    if getattr(kind, "known_by_repr", False):
        return Identity(repr(value))
    if inspect.isfunction(value) and not value.__closure__:
        defaults = identity_of([value.__defaults__, value.__kwdefaults__])
        text = f"{value.__module__}.{value.__qualname__} {_code_text(value.__code__)} {defaults.text}"
        return Identity(text, min(Reach.RUN, defaults.reach))
    return Identity(f"{kind.__qualname__}@{id(value)}", Reach.PROCESS)


def _of_parts(name: str, parts: Iterable[object]) -> Identity:
    try:
        identities = [identity_of(part) for part in parts]
    except RecursionError:
        # It contains itself, which is refused when its column is known.
        return Identity(f"{name}@{token(8)}", Reach.PROCESS)
    reach = min((identity.reach for identity in identities), default=Reach.CONTENT)
    return Identity(f"{name}:{[identity.text for identity in identities]!r}", reach)


def _code_text(code: CodeType) -> str:
    """What the processes of a run find alike in a function, and in no other."""
    constants = [_code_text(each) if isinstance(each, CodeType) else repr(each) for each in code.co_consts]
    return repr((code.co_filename, code.co_firstlineno, code.co_code.hex(), code.co_names, constants))


@cache
def maker_identity() -> Identity:
    """Return the identity of what makes the rows: this package, to the letter, and Faker."""
    package = str(PACKAGE)
    digest = hashlib.sha256()
    # The version alone does not tell a checkout from the release that it began with.
    for folder, folders, names in os.walk(package):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".py", ".sql")):
                path = os.path.join(folder, name)
                with open(path, "rb", buffering=0) as file:
                    digest.update(os.path.relpath(path, package).encode() + b"\0" + file.read())
    return Identity(f"{digest.hexdigest()} faker {version('faker')}")
