"""``from_supaseed(...)``: a SupaSeed configuration in place of a marker's mapping."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_supaseed.collection.configured import Configuration, ConfigurationFile
from pytest_supaseed.spec import SeedOptions
from pytest_supaseed.supabase.asking import tables_asked, warnings_of
from pytest_supaseed.supabase.configuration import read_configuration
from pytest_supaseed.supabase.literals import NoValueError, read_json, read_module
from pytest_supaseed.wording import printable, text_problem

_EXAMPLE = '{"userCount": 5, "tables": {"setups": {"count": 8}}}'


def from_supaseed(path: str | Path) -> ConfigurationFile:
    """Ask for what a SupaSeed configuration asks for: an argument of the marker ``seed``.

    Nothing is read here: a marker is evaluated when its module is imported; what is wrong with the file is told
    together with all other problems, when everything has been collected.

    Args:
        path: of a ``supa-seed.config.json``, or of a ``.js`` that holds one object and no code; relative to the
            folder of the calling file, else to pytest's rootdir.

    Example:
        >>> from_supaseed("supa-seed.config.json")
        from_supaseed('supa-seed.config.json')
    """
    return SupaseedFile(path, Path(sys._getframe(1).f_code.co_filename).parent)


class SupaseedFile(ConfigurationFile):
    """A SupaSeed configuration that is not yet read.

    Args:
        path: as the user wrote it.
        folder: that a relative path is looked for in first.
    """

    def __init__(self, path: str | Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._read: dict[Path, Configuration] = {}

    def __repr__(self) -> str:
        return f"from_supaseed({str(self._path)!r})"

    def read(self, root: Path) -> Configuration:
        """Read the file, once.

        Args:
            root: pytest's rootdir.
        """
        if root not in self._read:
            self._read[root] = self._found(root)
        return self._read[root]

    def _found(self, root: Path) -> Configuration:
        if not isinstance(self._path, (str, Path)) or not str(self._path):
            return _problem(repr(self), "write the path of a file, from_supaseed('supa-seed.config.json')")
        tried = list(dict.fromkeys(folder / self._path for folder in (self._folder, root)))
        try:
            found = next((path for path in tried if path.is_file()), None)
        except (OSError, ValueError) as error:
            # A folder that may not be read, a link that leads to itself, a name that is too long.
            reason = str(getattr(error, "strerror", None) or error).rstrip(".")
            return _problem(repr(self), f"no file can be found: {reason}")
        if found is None:
            return _problem(repr(self), f"there is no file {' or '.join(map(str, tried))}")
        inside = found.is_relative_to(root)
        return read_file(found, found.relative_to(root).as_posix() if inside else str(found))


def read_file(path: Path, place: str) -> Configuration:
    """Read a SupaSeed configuration.

    Args:
        path: of the file.
        place: the file, as messages name it.
    """
    if path.suffix not in (".json", ".js", ".cjs", ".mjs"):
        return _problem(place, "is no .json and no .js file: export its values to a supa-seed.config.json")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        # The text of a UnicodeDecodeError has the bytes that it met.
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        return _problem(place, f"cannot be read: {reason}")
    if not text.strip():
        return _problem(
            place, f"is empty, and asks for nothing: write what it shall ask for, such as {_EXAMPLE}"
        )
    try:
        document = read_json(text) if path.suffix == ".json" else read_module(text)
    except NoValueError as error:
        return _problem(f"{place}:{error.line}", str(error))
    unusable = [
        f"{place}:{document.lines.get(key, 1)}: {printable(key)} {problem}"
        for key, text in _texts(document.value, "")
        if (problem := text_problem(text))
    ]
    if unusable:
        return Configuration(place, problems=tuple(unusable))
    found = read_configuration(document)
    tables = tables_asked(found.configuration)
    problems = [f"{place}:{document.lines.get(key, 1)}: {key} {text}" for key, text in found.problems]
    if not problems and not tables:
        problems.append(f"{place}: asks for no rows: write how many, such as {_EXAMPLE}")
    return Configuration(
        place,
        () if problems else tables,
        SeedOptions(found.configuration.max_records, found.configuration.seed),
        found.configuration.password,
        found.configured,
        found.ignored,
        warnings_of(found.configuration, place, tables),
        tuple(problems),
    )


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """All texts of a configuration, its keys included, after the paths where they stand."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, path)
    elif isinstance(value, dict):
        for key, each in value.items():
            inner = f"{path}.{key}" if path else key
            yield inner, key
            yield from _texts(each, inner)


def _problem(place: str, text: str) -> Configuration:
    return Configuration(place, problems=(f"{place}: {text}",))
