"""What installed packages register for this one: their entry points of the group :data:`GROUP`.

A package that registers meanings of columns has this in its ``pyproject.toml``::

    [project.entry-points."pytest_supaseed.meanings"]
    acme = "acme.columns:MEANINGS"

Nothing of such a package is imported here; :mod:`~pytest_supaseed.values.meanings.registered` loads the meanings.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

GROUP = "pytest_supaseed.meanings"


@dataclass(frozen=True, order=True)
class Registration:
    """One entry point.

    Attributes:
        package: the distribution that has it, as ``pip`` calls it.
        name: of the entry point.
        value: where the meanings are, as ``acme.columns:MEANINGS``.
        version: of the distribution.
    """

    package: str
    name: str
    value: str
    version: str

    def __str__(self) -> str:
        """Return the entry point in words, for messages."""
        return f"{self.name} ({self.value}) of {self.package} {self.version}"


@cache
def registrations() -> tuple[Registration, ...]:
    """Return the entry points of all installed packages, by the names of the packages and their own."""
    # Imported here, because it imports the standard library's modules for e-mail and networks.
    from importlib.metadata import distributions, entry_points

    # To read the entry points of all packages takes a fraction of the time that it takes to parse them.
    if not any(GROUP in (found.read_text("entry_points.txt") or "") for found in distributions()):
        return ()
    return tuple(
        sorted(
            Registration(found.dist.name, found.name, found.value, found.dist.version)
            for found in entry_points(group=GROUP)
            if found.dist is not None
        )
    )


def registered_code() -> str:
    """Return a text that changes with the entry points, and with the version and the modules of each such package."""
    return " ".join(f"{found} {_digest(found.value)}" for found in registrations())


def _digest(value: str) -> str:
    digest = hashlib.sha256()
    for path in _modules(value.partition(":")[0].partition(".")[0]):
        with open(path, "rb") as file:
            digest.update(path.encode("utf-8", "surrogatepass") + b"\0" + file.read())
    return digest.hexdigest()


def _modules(package: str) -> Iterator[str]:
    """Yield the paths of a package's modules, in a fixed order; none if it cannot be found."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return
    if found is None:
        return
    if not found.submodule_search_locations:
        if found.origin and found.origin.endswith(".py"):
            yield found.origin
        return
    for location in found.submodule_search_locations:
        for folder, folders, names in os.walk(location):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))
