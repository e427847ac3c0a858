"""Registry of project kinds: folders, such as Supabase projects, with rules of their own for loading and seeding.

A kind is registered by its name and its module, which is imported only for a folder that may be such a
project, or for the error of a schema that may belong to one. :func:`configuration_file` stands for the one kind of
configuration files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import Defaults
    from pytest_supaseed.spec import ConfigurationFile

# By name of the kind: the module with its KIND, and file names at least one of which is in its folders.
_REGISTERED = {"supabase": ("pytest_supaseed.supabase.project", ("config.toml", "migrations"))}

# By the word that stands for it in supaseed_schema: the module with its KIND and its read_project.
PROJECT_WORDS = {"django": "pytest_supaseed.sources.django.project"}

_CONFIGURATION = "pytest_supaseed.supabase.from_supaseed"
# The kinds in messages about what a schema may come from.
FOLDERS = "the folder of a Supabase project"
WORDS = "django, for the migrations of a Django project"


class Project(Protocol):
    """A project as its kind has read it."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are executed, in their order."""

    @property
    def contents(self) -> str:
        """The number of files, for messages."""


class LoadProject(Protocol):
    """Prepares a database and executes a project's files in it."""

    def __call__(self, project: Any, root: Path, parameters: dict[str, object], *, ours: bool) -> None:
        """Load a project.

        Args:
            project: as the kind has read it.
            root: pytest's rootdir, for messages.
            parameters: of :func:`psycopg2.connect`.
            ours: whether the server was started for this run, so that its roles may be altered.
        """


@dataclass(frozen=True)
class ProjectKind:
    """A kind of project.

    Attributes:
        read: returns the project in a folder; None where the folder is no such project.
        load: loads a project.
        stubs: folders with extension stubs.
        extensions: the extensions that each database of the kind has.
        defaults: takes the options of the kind by name, and returns column defaults and references for the rows.
        missing: takes what a database lacks (``role``, ``schema`` or ``extension``), its name and the SQL that creates
            it; returns advice where the databases of the kind have it, else an empty string.
        digest: takes a project and pytest's rootdir, and returns what decides about the result of its load, or None
            where that is more than can be told; None for a kind whose files decide.
        tables: by which a database of the kind that is there already is known; empty for none.
    """

    read: Callable[[Path], Project | None]
    load: LoadProject
    stubs: tuple[Path, ...]
    extensions: tuple[str, ...]
    defaults: Callable[[Mapping[str, str]], Defaults]
    missing: Callable[[str, str, str], str]
    digest: Callable[[Any, Path], list[bytes | str] | None] | None = None
    tables: frozenset[str] = frozenset()


def read_project(folder: Path) -> tuple[str, ProjectKind, Project] | None:
    """Return the kind's name, the kind and the project of a folder; None for any other folder.

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


def named_project(word: str) -> tuple[ProjectKind, Project]:
    """Return the kind and the project that one of :data:`PROJECT_WORDS` stands for.

    Raises:
        SchemaError: there is no such project.
    """
    module = import_module(PROJECT_WORDS[word])
    return module.KIND, module.read_project()


def kind_of_database(tables: AbstractSet[str]) -> ProjectKind | None:
    """Return the kind of project that a database with certain tables belongs to; None for none.

    Args:
        tables: their names with their schemas.
    """
    kinds = (import_module(module).KIND for module, _ in _REGISTERED.values())
    return next((kind for kind in kinds if kind.tables and kind.tables <= tables), None)


def missing(what: str, name: str, create: str) -> str:
    """Return advice on what a database lacks and a kind of project has; empty where no kind has it.

    Args:
        what: ``role``, ``schema`` or ``extension``.
        name: its name.
        create: the SQL that creates it.
    """
    advice = (import_module(module).KIND.missing(what, name, create) for module, _ in _REGISTERED.values())
    return next(filter(None, advice), "")


def configuration_file(name: str, folder: Path) -> ConfigurationFile:
    """Return the configuration file of a whole suite.

    Args:
        name: the path of the file, as the user wrote it.
        folder: which a relative path starts from.
    """
    found: ConfigurationFile = import_module(_CONFIGURATION).SupaseedFile(name, folder)
    return found
