"""A folder of packs: what sessions keep for later ones. Whatever is wrong with it, there is just no pack."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pytest_supaseed import clock
from pytest_supaseed.randomness import token
from pytest_supaseed.server.pack import DamagedPackError, Pack
from pytest_supaseed.server.packing import UnfitDataError, pack_data

# A new cluster takes 14 MB, and each of its templates what is in its own tables.
LIMIT_BYTES = 256 << 20
_KEY = re.compile(r"[0-9a-z_-]+")
_PACK = re.compile(r"[0-9a-z_-]+\.pack")
_UNFINISHED = re.compile(r"[0-9a-z_-]+\.[0-9a-f]{16}\.tmp")
# Nobody takes so long to write a pack.
_OLD_SECONDS = 3600.0


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


def _private(path: str, flags: int) -> int:
    """Open a file for ourselves only: rows and the hashes of passwords are nobody else's business."""
    return os.open(path, flags, 0o600)


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
        path = self._path(key)
        try:
            pack = Pack(path)
        except DamagedPackError:
            self._remove(path)
            return None
        except OSError:
            return None  # there is none, or none that is ours to read
        if pack.key != key:
            pack.close()
            self._remove(path)
            return None
        # A folder that cannot be written to is not pruned, either.
        with suppress(OSError):
            os.utime(path)
        return pack

    def save(self, key: str, datadir: Path, notes: Mapping[str, Any]) -> bool:
        """Keep a data folder, in place of what the key has had; then remove what was not used for longest.

        Args:
            key: what to save it under.
            datadir: of a server that was stopped cleanly.
            notes: what to save with it; what JSON can hold.

        Returns:
            Whether it was saved. It is not where the disk is full or cannot be written to, where the pack
            would be greater than the limit, and where the data folder is not fit to be kept: it has
            tablespaces or other links, or a server that runs or was killed.

        Raises:
            ValueError: `key` has other characters, or JSON cannot hold the notes.
            TypeError: JSON cannot hold the notes.
        """
        path = self._path(key)
        unfinished = path.with_name(f"{key}.{token(8)}.tmp")
        try:
            self._make_folder()
            self._remove_unfinished()
            try:
                with open(unfinished, "xb", opener=_private) as file:
                    pack_data(file, datadir, key, notes, self._limit_bytes)
                os.replace(unfinished, path)
            except BaseException:
                self._remove(unfinished)
                raise
        except (OSError, UnfitDataError):
            return False  # the next session does without
        self._prune(path)
        return True

    def discard(self, pack: Pack) -> None:
        """Close a pack and remove its file, unless another session has replaced it: it turned out damaged.

        Args:
            pack: as :meth:`find` returned it.
        """
        ours = pack.is_at_its_path()
        pack.close()
        if ours:
            self._remove(pack.path)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a pack")
        return self._folder / f"{key}.pack"

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if stat.S_IMODE(self._folder.stat().st_mode) != 0o700:
            os.chmod(self._folder, 0o700)

    def _entries(self, names: re.Pattern[str]) -> Iterator[tuple[Path, os.stat_result]]:
        """The folder's files of such names."""
        with os.scandir(self._folder) as entries:
            for entry in entries:
                # Another session may have removed it just now.
                with suppress(FileNotFoundError):
                    if names.fullmatch(entry.name):
                        yield Path(entry.path), entry.stat(follow_symlinks=False)

    def _remove_unfinished(self) -> None:
        """Remove what killed sessions have left."""
        for path, status in self._entries(_UNFINISHED):
            if status.st_mtime < clock.now() - _OLD_SECONDS:
                self._remove(path)

    def _prune(self, saved: Path) -> None:
        """Remove the packs that were not used for longest, until the rest is within the limit."""
        try:
            found = [(status.st_mtime_ns, path, status.st_size) for path, status in self._entries(_PACK)]
        except OSError:
            return  # the folder is gone: nothing is over the limit
        total = sum(size for _, _, size in found)
        for _, path, size in sorted(found):
            if total <= self._limit_bytes:
                return
            if path != saved:
                self._remove(path)
                total -= size

    def _remove(self, path: Path) -> None:
        # Another session was faster, or the folder cannot be written to, or Windows has the file in use.
        with suppress(OSError):
            path.unlink()
