"""Schemas that were read once, kept in a folder: reading the catalogs of a large one takes longer than a start."""

from __future__ import annotations

import hashlib
import os
import pickle
from contextlib import suppress
from pathlib import Path

from pytest_supaseed.randomness import token
from pytest_supaseed.schema import Loaded

_SUFFIX = ".schema"
_MOST = 32


class Remembered:
    """The folder.

    Args:
        folder: where it is, and nobody else can write to; None where nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, name: str) -> Loaded | None:
        """Return what was read from a template; None where that is not known.

        Args:
            name: of the template, which tells all that is in it.
        """
        if self._folder is None:
            return None
        path = self._folder / f"{name}{_SUFFIX}"
        try:
            content = path.read_bytes()
            digest, pickled = content[:32], content[32:]
            if hashlib.sha256(pickled).digest() != digest:
                return None
            os.utime(path)
        except OSError:
            # It is not there, or somebody else's: then the database is read.
            return None
        # What we have written ourselves, to the last byte: the name tells the version of the package, too.
        found = pickle.loads(pickled)  # noqa: S301
        return found if isinstance(found, Loaded) else None

    def save(self, name: str, loaded: Loaded) -> None:
        """Keep what was read from a template, and forget what has not been asked for longest.

        Args:
            name: of the template.
            loaded: what is in it.
        """
        if self._folder is None:
            return
        pickled = pickle.dumps(loaded)
        new = self._folder / f"{name}.{token(4)}.new"
        # A disk that is full, or may not be written to, only makes the next session slower.
        with suppress(OSError):
            try:
                new.touch(mode=0o600)
                new.write_bytes(hashlib.sha256(pickled).digest() + pickled)
                os.replace(new, self._folder / f"{name}{_SUFFIX}")
            finally:
                new.unlink(missing_ok=True)
            kept = sorted(self._folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime)
            for path in kept[:-_MOST]:
                path.unlink(missing_ok=True)
