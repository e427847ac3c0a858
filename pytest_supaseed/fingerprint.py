"""Fingerprints of schemas, values and specs: what is equal across tests, workers and sessions.

:class:`Fingerprint` is a fingerprint, with the scope (:class:`CacheScope`) in which a cache may rely on it;
:func:`fingerprint_of` makes one of a user's value, :func:`combine` combines several. A function has no content that
could be compared: its code may read a file or the clock. But the workers of one run import the same code, so they
may share its results.
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
from types import CodeType
from uuid import UUID

from pytest_supaseed.entry_points import registered_code
from pytest_supaseed.filesystem import PACKAGE
from pytest_supaseed.rng import token
from pytest_supaseed.wording import too_many_digits

_DIGITS = 16
# The repr() of these types says all; that of a subclass need not.
_PLAIN = (
    type(None), bool, int, float, complex, str, bytes, Decimal, date, time, datetime, timedelta, UUID,
)  # fmt: skip
_PROCESS = token(8)


class CacheScope(IntEnum):
    """The scope of a cache that may be keyed by a fingerprint; a narrower one is safer."""

    PROCESS = 0
    RUN = 1
    CONTENT = 2


@dataclass(frozen=True)
class Fingerprint:
    """A fingerprint.

    Attributes:
        text: equal for equal things.
        scope: the scope in which this holds: this process, the processes of one run, or every session.
    """

    text: str
    scope: CacheScope = CacheScope.CONTENT

    def digest(self, run: str) -> str:
        """Return 16 hexadecimal digits that name it.

        Args:
            run: the token of this run; it enters the digest, and so does a token of this process, where the scope is
                narrower than :attr:`CacheScope.CONTENT`.

        Example:
            >>> len(Fingerprint("users=5").digest("run"))
            16
        """
        within = {CacheScope.PROCESS: f"{run} {_PROCESS}", CacheScope.RUN: run, CacheScope.CONTENT: ""}[
            self.scope
        ]
        return hashlib.sha256(f"{within}\n{self.text}".encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def combine(*parts: Fingerprint) -> Fingerprint:
    """Combine fingerprints, given in a fixed order; the narrowest scope holds for the result."""
    return Fingerprint(repr([part.text for part in parts]), min(part.scope for part in parts))


def fingerprint_of(value: object) -> Fingerprint:
    """Return the fingerprint of a value that a user gives.

    Args:
        value: a scalar, a list, a mapping, a function, or any object.

    Example:
        >>> fingerprint_of([1, "a"]).scope.name, fingerprint_of(object()).scope.name
        ('CONTENT', 'PROCESS')
    """
    kind = type(value)
    if kind is int and too_many_digits(value):
        return Fingerprint(f"int:{value:x}")
    if kind in _PLAIN:
        return Fingerprint(f"{kind.__name__}:{value!r}")
    if kind in (list, tuple):
        # Choices may be written as a list or as a tuple.
        return _of_parts("sequence", value)  # type: ignore[arg-type] # it is one
    if isinstance(value, Mapping):
        return _of_parts("mapping", (part for pair in value.items() for part in pair))
    if isinstance(value, Enum):
        member = fingerprint_of(value.value)
        return Fingerprint(f"{kind.__module__}.{kind.__qualname__}.{value.name}={member.text}", member.scope)
    if getattr(kind, "known_by_repr", False):
        return Fingerprint(repr(value))
    if inspect.isfunction(value) and not value.__closure__:
        defaults = fingerprint_of([value.__defaults__, value.__kwdefaults__])
        text = f"{value.__module__}.{value.__qualname__} {_code_text(value.__code__)} {defaults.text}"
        return Fingerprint(text, min(CacheScope.RUN, defaults.scope))
    return Fingerprint(f"{kind.__qualname__}@{id(value)}", CacheScope.PROCESS)


def _of_parts(name: str, parts: Iterable[object]) -> Fingerprint:
    try:
        fingerprints = [fingerprint_of(part) for part in parts]
    except RecursionError:
        # The value contains itself, which is refused later, when its column is known.
        return Fingerprint(f"{name}@{token(8)}", CacheScope.PROCESS)
    scope = min((fingerprint.scope for fingerprint in fingerprints), default=CacheScope.CONTENT)
    return Fingerprint(f"{name}:{[fingerprint.text for fingerprint in fingerprints]!r}", scope)


def _code_text(code: CodeType) -> str:
    """Return a text that is equal for a function in all processes of a run, and differs between functions."""
    constants = [_constant_text(each) for each in code.co_consts]
    return repr((code.co_filename, code.co_firstlineno, code.co_code.hex(), code.co_names, constants))


def _constant_text(constant: object) -> str:
    if isinstance(constant, CodeType):
        return _code_text(constant)
    if isinstance(constant, frozenset):
        # The order of its elements follows the hash seed of the process.
        return f"frozenset {sorted(map(repr, constant))}"
    return repr(constant)


@cache
def package_fingerprint() -> Fingerprint:
    """Return the fingerprint of the code that makes rows: this package, the version of Faker, registered meanings."""
    # Imported here, because it imports the standard library's modules for e-mail and networks.
    from importlib.metadata import version

    package = str(PACKAGE)
    digest = hashlib.sha256()
    # The version alone does not tell a checkout from the release that it is based on.
    for folder, folders, names in os.walk(package):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".py", ".sql")):
                path = os.path.join(folder, name)
                with open(path, "rb", buffering=0) as file:
                    digest.update(os.path.relpath(path, package).encode() + b"\0" + file.read())
    return Fingerprint(f"{digest.hexdigest()} faker {version('faker')} {registered_code()}".rstrip())
