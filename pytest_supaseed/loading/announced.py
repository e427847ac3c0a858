"""What the header says of a schema before anything is loaded: which extensions will be stood in for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.loading.extensions import GENERAL, asked_for, stand_in
from pytest_supaseed.loading.projects import read_project

# A dump creates its extensions before the tables, and thus before the rows.
_MOST_BYTES = 1 << 20
_SHARES = (
    "../share/extension",
    "../share/postgresql/extension",
    "../share/postgresql/{major}/extension",
    "/usr/share/postgresql/{major}/extension",
    "/usr/pgsql-{major}/share/extension",
)


def announced(schema: str, root: Path, bin_folder: Path | None, major: int) -> str:
    """Say which extensions of a schema have stand-ins on a server.

    Args:
        schema: the ini option's value.
        root: pytest's rootdir.
        bin_folder: of the server's programs; None where they are elsewhere.
        major: its major version.

    Returns:
        A line for the header; empty where there is nothing to say.
    """
    asked: dict[str, None] = {}
    project = ""
    folders: tuple[Path, ...] = (GENERAL,)
    for line in filter(None, map(str.strip, schema.splitlines())):
        try:
            path = (root / Path(line).expanduser()).resolve()
            found = read_project(path) if path.is_dir() else None
            if found is not None:
                name, kind, read = found
                project, folders = f"{name.title()} project of {read.contents}", kind.stand_ins
                asked.update(dict.fromkeys(kind.extensions))
                asked.update(dict.fromkeys(_asked(read.paths)))
                continue
            asked.update(dict.fromkeys(_asked(_files(path))))
        except (OSError, RuntimeError, ValueError, SchemaError):
            continue  # loading will tell
    installed = _installed(bin_folder, major)
    lacking = [name for name in asked if stand_in(name, folders) and name not in (installed or ())]
    stand_ins = ""
    if lacking:
        where = "" if installed is not None else ", as far as the server lacks them"
        stand_ins = f"stand-ins for {', '.join(sorted(lacking))}{where}"
    return "; ".join(filter(None, (project, stand_ins)))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.sql"))
    return [path] if path.suffix.lower() == ".sql" and path.is_file() else []


def _asked(paths: Iterable[Path]) -> list[str]:
    found = []
    for path in paths:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
        if b"extension" in content.lower():
            found += asked_for(content.decode("utf-8", "replace"))
    return found


def _installed(bin_folder: Path | None, major: int) -> frozenset[str] | None:
    """The extensions that a server has; None where that cannot be told from its folders."""
    if bin_folder is None:
        return None
    for share in _SHARES:
        folder = bin_folder.resolve() / share.format(major=major)
        if (folder / "plpgsql.control").is_file():
            return frozenset(path.stem for path in folder.glob("*.control"))
    return None
