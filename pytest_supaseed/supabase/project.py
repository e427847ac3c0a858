"""What is in the folder of a Supabase project: its migrations and seeds, as ``supabase db reset`` takes them."""

from __future__ import annotations

import glob
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import SchemaError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_MIGRATION = re.compile(r"(?P<version>\d+)_(?P<name>.*)\.sql")
# What `supabase migration new` writes: in a folder of any name, other numbers may be another tool's.
_TIMESTAMPED = re.compile(r"\d{14}_.*\.sql")
# An old CLI has written the tables of Supabase itself into the first file: the database has them.
_OLD_INIT = re.compile(r"(?P<version>\d{14})_init\.sql")
_INIT_UNTIL = "20211209000000"
# Other tools have the way back in the same file.
_BOTH_WAYS = re.compile(r"^-- *(?:migrate:up|\+goose|\+migrate)", re.MULTILINE)
_USUAL_NAME = "supabase"
_DEFAULT_SEEDS = ("./seed.sql",)


@dataclass(frozen=True)
class Project:
    """A Supabase project.

    Attributes:
        folder: with its ``config.toml`` or ``migrations/``.
        migrations: the files to run first, in their order.
        seeds: the files to run after them.
        declared: whether `migrations` are the files of ``[db.migrations] schema_paths``.
        unmatched: patterns of ``config.toml`` that no file matches.
        skipped: files among the migrations that are named otherwise, so that Supabase's CLI leaves them out.
    """

    folder: Path
    migrations: tuple[Path, ...]
    seeds: tuple[Path, ...]
    declared: bool = False
    unmatched: tuple[str, ...] = ()
    skipped: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files, in their order."""
        return self.migrations + self.seeds

    @property
    def contents(self) -> str:
        """The number of its files, for messages."""
        what = "schema" if self.declared else "migration"
        found = [f"{len(self.migrations)} {what}{'' if len(self.migrations) == 1 else 's'}"]
        if self.seeds:
            found.append(f"{len(self.seeds)} seed{'' if len(self.seeds) == 1 else 's'}")
        if self.skipped:
            found.append(f"{len(self.skipped)} left out")
        return ", ".join(found)


def read_project(folder: Path) -> Project | None:
    """Find out what a Supabase project consists of.

    Args:
        folder: which may be one.

    Returns:
        The project; None where the folder is none.

    Raises:
        SchemaError: its ``config.toml`` cannot be read.
    """
    file = folder / "config.toml"
    configured = file.is_file()
    config = _table(_read(file), "db", file) if configured else {}
    migrations, seeds = _table(config, "migrations", file), _table(config, "seed", file)
    found, skipped = _migrations(folder, named=configured or folder.name == _USUAL_NAME)
    if not configured and (not found or _is_of_another_tool(folder, found)):
        return None
    unmatched: list[str] = []
    declared = False
    if not migrations.get("enabled", True):
        found = skipped = ()
    elif not found:
        found, missing = _matching(folder, _patterns(migrations, "schema_paths", (), file))
        if not found and not missing:
            # Where the CLI looks for them, if it is not told.
            found = tuple(sorted((folder / "schemas").rglob("*.sql")))
        declared, unmatched = bool(found), missing
    seed_files: tuple[Path, ...] = ()
    if seeds.get("enabled", True):
        seed_files, missing = _matching(folder, _patterns(seeds, "sql_paths", _DEFAULT_SEEDS, file))
        # Each new project is configured so, whether it has a seed or not.
        unmatched += [pattern for pattern in missing if pattern not in _DEFAULT_SEEDS]
    return Project(folder, found, seed_files, declared, tuple(unmatched), skipped)


def version_of(path: Path) -> tuple[str, str]:
    """Return the version and the name of a migration.

    Args:
        path: of its file.

    Example:
        >>> version_of(Path("20240102030405_users.sql"))
        ('20240102030405', 'users')
    """
    found = _MIGRATION.fullmatch(path.name)
    return (found["version"], found["name"]) if found else ("", path.stem)


def _migrations(folder: Path, *, named: bool) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The migrations, and what lies between them; `named` is whether the folder says that it is Supabase's."""
    pattern = _MIGRATION if named else _TIMESTAMPED
    place = folder / "migrations"
    files = sorted(place.iterdir(), key=lambda path: path.name) if place.is_dir() else []
    files = [path for path in files if path.suffix == ".sql" and not _is_old_init(path) and path.is_file()]
    found = tuple(path for path in files if pattern.fullmatch(path.name))
    return found, tuple(path for path in files if path not in found)


def _is_of_another_tool(folder: Path, migrations: tuple[Path, ...]) -> bool:
    """Whether a folder without a config.toml is rather one of .sql files, or has dbmate's, goose's or migrate's."""
    others = any(path.suffix == ".sql" and path.name != "seed.sql" for path in folder.iterdir())
    if (others and folder.name != _USUAL_NAME) or any(path.name.endswith(".down.sql") for path in migrations):
        return True
    return _BOTH_WAYS.search(migrations[0].read_text(encoding="utf-8", errors="replace")) is not None


def _is_old_init(path: Path) -> bool:
    found = _OLD_INIT.fullmatch(path.name)
    return found is not None and found["version"] < _INIT_UNTIL


def _matching(folder: Path, patterns: Iterable[str]) -> tuple[tuple[Path, ...], list[str]]:
    """The files that patterns match, each once and in the order of the patterns; and those that match none."""
    found: dict[Path, None] = {}
    unmatched = []
    for pattern in patterns:
        names = glob.glob(pattern.removeprefix("./"), root_dir=folder, recursive=True)
        matches = [path for name in sorted(names) if (path := folder / name).is_file()]
        if not matches:
            unmatched.append(pattern)
        found.update(dict.fromkeys(matches))
    return tuple(found), unmatched


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        return found
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SchemaError(f"{file} cannot be read: {error}") from error


def _table(config: Mapping[str, Any], name: str, file: Path) -> Mapping[str, Any]:
    found = config.get(name, {})
    if not isinstance(found, Mapping):
        raise SchemaError(f"{file}: {name} is {found!r}, and should be a table: [db.{name}]")
    return found


def _patterns(config: Mapping[str, Any], name: str, default: tuple[str, ...], file: Path) -> tuple[str, ...]:
    found = config.get(name, default)
    if not isinstance(found, list | tuple) or not all(isinstance(each, str) and each for each in found):
        raise SchemaError(
            f"{file}: {name} is {found!r}, and should be a list of paths, such as ['./seed.sql']"
        )
    return tuple(found)
