"""A folder of packs: what sessions keep for later ones. Whatever is wrong with it, there is just no pack."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pytest_supaseed.filesystem import OwnFolder
from pytest_supaseed.server.pack import DamagedPackError, Pack
from pytest_supaseed.server.packing import UnfitDataError, pack_data

# A new cluster takes 14 MB, and each of its templates what is in its own tables.
LIMIT_BYTES = 256 << 20
_KEY = re.compile(r"[0-9a-z_-]+")
_PACK = re.compile(r"[0-9a-z_-]+\.pack")


def key_of(parts: Mapping[str, Any]) -> str:
    """Return the key for what depends on several things.

    Args:
        parts: the things; what JSON can hold, in whatever order.

    Returns:
        32 hexadecimal digits, of SHA-256.

    Raises:
        TypeError: JSON cannot hold it.
        ValueError: likewise.

    Example:
        >>> key_of({"seed": 1, "version": "18.6"}) == key_of({"version": "18.6", "seed": 1})
        True
    """
    canonical = dict(parts)
    _refuse_other_keys(canonical)
    written = json.dumps(canonical, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(written.encode("ascii")).hexdigest()[:32]


def _refuse_other_keys(value: object) -> None:
    """The key 1 would become the key "1", and be another's."""
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no string")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            _refuse_other_keys(each)


class Packs:
    """The packs in a folder, which several sessions may use at the same time.

    Args:
        folder: where they are; it is made when the first one is saved.
        limit_bytes: of all packs together.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def find(self, key: str) -> Pack | None:
        """Open a pack; of all packs it is the last used, then.

        Args:
            key: what it was saved under.

        Returns:
            The pack, to be closed by the caller; None where there is none that could be used. What is
            damaged is removed.

        Raises:
            ValueError: `key` has other characters than ``0-9``, ``a-z``, ``_`` and ``-``.
        """
        name = self._name(key)
        try:
            with OwnFolder(self._folder) as folder:
                try:
                    pack = Pack(self._folder / name, folder.open(name))
                except DamagedPackError:
                    folder.remove(name)
                    return None
                if pack.key != key:
                    pack.close()
                    folder.remove(name)
                    return None
                folder.use(name)
                return pack
        except OSError:
            return None  # there is none, or none that is ours to read

    def save(self, key: str, datadir: Path, notes: Mapping[str, Any]) -> bool:
        """Keep a data folder, in place of what the key has had; then remove what was not used for longest.

        Args:
            key: what to save it under.
            datadir: of a server that was stopped cleanly.
            notes: what to save with it; what JSON can hold.

        Returns:
            Whether it was saved. It is not where the disk is full or cannot be written to, where the pack
            would be greater than the limit, and where the data folder is not fit to be kept: it has
            tablespaces or other links, settings of ALTER SYSTEM, or a server that runs or was killed. Nor is it
            where others may write to the folder of the packs.

        Raises:
            ValueError: `key` has other characters, or JSON cannot hold the notes.
            TypeError: JSON cannot hold the notes.
        """
        name = self._name(key)
        try:
            with OwnFolder(self._folder, make=True) as folder:
                folder.remove_unfinished()
                folder.write(name, lambda file: pack_data(file, datadir, key, notes, self._limit_bytes))
                with suppress(OSError):  # the folder is gone: nothing is over the limit
                    self._prune(folder, name)
        except (OSError, UnfitDataError):
            return False  # the next session does without
        return True

    def tidy(self) -> None:
        """Remove what killed sessions have left half written."""
        with suppress(OSError), OwnFolder(self._folder) as folder:
            folder.remove_unfinished()

    def discard(self, pack: Pack) -> None:
        """Close a pack and remove its file, unless another session has replaced it: it turned out damaged.

        Args:
            pack: as :meth:`find` returned it.
        """
        ours = pack.is_at_its_path()
        pack.close()
        if ours:
            with suppress(OSError), OwnFolder(self._folder) as folder:
                folder.remove(pack.path.name)

    def _name(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a pack")
        return f"{key}.pack"

    def _prune(self, folder: OwnFolder, saved: str) -> None:
        """Remove the packs that were not used for longest, until the rest is within the limit."""
        found = [(s.st_mtime_ns, name, s.st_size) for name, s in folder.files() if _PACK.fullmatch(name)]
        total = sum(size for _, _, size in found)
        for _, name, size in sorted(found):
            if total <= self._limit_bytes:
                return
            if name != saved:
                folder.remove(name)
                total -= size
