"""Folders that are projects of a kind: what each kind reads and loads, and what it knows of the rows.

A kind is registered here by its name and the module that holds it, which is imported when a folder may be one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from pytest_supaseed.planning.sources import Defaults

# By name: the module whose KIND it is, and names of which a folder of the kind has at least one.
_REGISTERED = {"supabase": ("pytest_supaseed.supabase.project", ("config.toml", "migrations"))}


class Project(Protocol):
    """What a kind has found in a folder."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files that are executed, in their order."""

    @property
    def contents(self) -> str:
        """The number of its files, for messages."""


class LoadProject(Protocol):
    """A function that prepares a database and runs the files of a project in it."""

    def __call__(self, project: Any, root: Path, parameters: dict[str, object], *, ours: bool) -> None:
        """Load a project.

        Args:
            project: as the kind has read it.
            root: pytest's rootdir, for messages.
            parameters: of :func:`psycopg2.connect`.
            ours: whether the server was started for this run, so that its roles may be changed.
        """


@dataclass(frozen=True)
class ProjectKind:
    """A kind of project.

    Attributes:
        read: folder -> the project; None where the folder is no project of the kind.
        load: loads a project.
        stand_ins: folders with stand-ins for extensions that a server lacks.
        extensions: the extensions of each database of the kind.
        defaults: password of users -> what is known of the rows.
    """

    read: Callable[[Path], Project | None]
    load: LoadProject
    stand_ins: tuple[Path, ...]
    extensions: tuple[str, ...]
    defaults: Callable[[str], Defaults]


def read_project(folder: Path) -> tuple[str, ProjectKind, Project] | None:
    """Return the name of the kind of a project folder, the kind, and the project; None for another folder.

    Args:
        folder: which may be a project.

    Raises:
        SchemaError: a configuration file of the project cannot be read.
    """
    for name, (module, marks) in _REGISTERED.items():
        if any((folder / each).exists() for each in marks):
            kind: ProjectKind = import_module(module).KIND
            project = kind.read(folder)
            if project is not None:
                return name, kind, project
    return None
