"""Django projects: the settings are read, and the migrations executed in an empty database.

:func:`read_project` returns the project that ``DJANGO_SETTINGS_MODULE`` names, :func:`load_project` executes
``manage.py migrate`` in a database, and :func:`digest` tells whether that would do the same as before.
:data:`KIND` is what :mod:`pytest_supaseed.sources.projects` registers.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_supaseed import clock
from pytest_supaseed.errors import SchemaError
from pytest_supaseed.notation import notation
from pytest_supaseed.sources.extensions import GENERAL, Extensions
from pytest_supaseed.sources.inputs import depends_on_time
from pytest_supaseed.sources.projects import ProjectKind
from pytest_supaseed.tracebacks import describe, is_installed

if TYPE_CHECKING:
    from pytest_supaseed.planning.plan import Defaults

_SETTINGS = "DJANGO_SETTINGS_MODULE"
_POSTGRESQL = "postgresql"
# Settings that decide what migrations, and the handlers of post_migrate, write.
_DECISIVE = (
    *("AUTH_USER_MODEL", "DATABASE_ROUTERS", "DEFAULT_AUTO_FIELD", "DEFAULT_TABLESPACE", "INSTALLED_APPS"),
    *("CACHES", "LANGUAGE_CODE", "MIGRATION_MODULES", "SITE_ID", "TIME_ZONE", "USE_I18N", "USE_TZ"),
)
# Of an object whose class has no repr() of its own.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_STANDARD = Path(os.__file__).parent
# Operations of migrations that may insert rows.
_EXECUTING = (b"RunPython", b"RunSQL")
_IGNORED_TEST_SETTINGS = ("TEMPLATE", "CHARSET", "COLLATION")


def _asked() -> str:
    return f"{notation().schema} is 'django'"


@dataclass(frozen=True)
class DjangoProject:
    """A Django project whose settings have been read.

    Attributes:
        settings: the name of the settings' module; empty for settings that were configured by a call.
        alias: of the connection whose tables are made.
        paths: the files of the migrations.
    """

    settings: str
    alias: str
    paths: tuple[Path, ...]

    @property
    def contents(self) -> str:
        """The number of migrations, for messages."""
        number = len(self.paths)
        return f"{number} migration{'' if number == 1 else 's'}"


def read_project(alias: str = "") -> DjangoProject:
    """Return the Django project of this process; Django is set up, if it is not yet.

    Args:
        alias: of the connection; empty for Django's default.

    Raises:
        SchemaError: Django is not installed or not configured, or the database is not PostgreSQL.
    """
    try:
        import django
        from django.conf import ENVIRONMENT_VARIABLE, settings
    except ModuleNotFoundError as error:
        raise SchemaError(
            f"{_asked()}, and {error}: pip install django. A folder of that name is written ./django"
        ) from error
    module = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if not settings.configured and not module:
        raise SchemaError(
            f"{_asked()}, and no settings are configured: set {_SETTINGS}, in the environment or, for pytest-django, "
            "in the ini or by --ds"
        )
    try:
        from django.apps import apps

        if not apps.ready:
            django.setup()
        from django.db import DEFAULT_DB_ALIAS, connections

        alias = alias or DEFAULT_DB_ALIAS
        vendor = connections[alias].vendor
    except (Exception, SystemExit) as error:
        raise SchemaError(
            f"{_asked()}, and Django cannot be set up with {module or 'its settings'}: {describe(error)}"
        ) from error
    if vendor != _POSTGRESQL:
        raise SchemaError(
            f'{_asked()}, and DATABASES["{alias}"] of {module or "its settings"} has the engine '
            f"{connections.settings[alias]['ENGINE']}. The tests work in PostgreSQL: let the settings that they use "
            "have django.db.backends.postgresql there; any NAME, HOST and PORT will do, for nothing connects to them"
        )
    return DjangoProject(module, alias, tuple(_migration_files()))


def _migration_files() -> Iterator[Path]:
    for folder in _migration_folders():
        yield from sorted(path for path in folder.glob("*.py") if path.name[0] not in "_~")


def _migration_folders() -> Iterator[Path]:
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    for config in apps.get_app_configs():
        name, _ = MigrationLoader.migrations_module(config.label)
        if name is None:
            continue
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:
            # An app without migrations.
            continue
        yield from map(Path, getattr(module, "__path__", ()))


def load_project(project: DjangoProject, root: Path, parameters: Mapping[str, object], *, ours: bool) -> None:
    """Execute ``manage.py migrate`` and ``createcachetable``, as Django's test runner does.

    Args:
        project: as :func:`read_project` returns it.
        root: pytest's rootdir.
        parameters: of :func:`psycopg2.connect`.
        ours: whether the server was started for this run.

    Raises:
        SchemaError: a migration failed.
    """
    from django.core.management import call_command

    from pytest_supaseed.sources.django.connections import pointed

    extensions = Extensions()

    def with_stubs(execute: Any, statement: Any, values: Any, many: bool, context: Mapping[str, Any]) -> Any:
        text = statement if values or many else _understood(extensions, statement, context["cursor"])
        return execute(text, values, many, context) if text else None

    with pointed(project.alias, parameters) as connection:
        given = connection.settings_dict["TEST"]
        with (
            connection.execute_wrapper(with_stubs),
            without_migrations() if given["MIGRATE"] is False else nullcontext(),
        ):
            try:
                call_command(
                    "migrate", verbosity=0, interactive=False, database=project.alias, run_syncdb=True
                )
                call_command("createcachetable", verbosity=0, database=project.alias)
            except (Exception, SystemExit) as error:
                raise SchemaError(
                    f"django: manage.py migrate failed{_migration_of(error)}: {describe(error, _version(connection))}"
                ) from error


def _understood(extensions: Extensions, statement: Any, cursor: Any) -> Any:
    """Return the statement, or the stub in the place of a missing extension."""
    # A migration may execute an object of its driver's.
    return extensions.understood(statement, cursor) if isinstance(statement, str) else statement


def _version(connection: Any) -> tuple[int, ...] | None:
    # Where there is no connection, asking for the version would try to connect.
    return tuple(connection.get_database_version()) if connection.connection is not None else None


def _migration_of(error: BaseException) -> str:
    """Return the migration that raised an error, for the message; empty where none did."""
    names = []
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_name == "apply_migration":
            names.append(str(step.tb_frame.f_locals.get("migration", "")))
        step = step.tb_next
    return f" in {names[-1]}" if names else ""


@contextmanager
def without_migrations() -> Iterator[None]:
    """Have the tables made from the models in the block, as ``TEST["MIGRATE"]`` False and --no-migrations ask for."""
    from django.apps import apps
    from django.conf import settings

    before = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = before


def digest(project: DjangoProject, root: Path) -> list[bytes | str]:
    """Return what decides about the result of the migrations.

    That is: the migrations with the files beside them, what they import from the project, the modules of the models,
    the handlers of migrations' signals, the versions of all installed packages, and the settings that take part.
    """
    from django import get_version
    from django.conf import settings
    from django.db import connections

    given = connections.settings[project.alias]
    parts: list[bytes | str] = [get_version(), sys.version.partition(" ")[0], *_installed_versions()]
    parts += [f"{name}={_ADDRESS.sub('', repr(getattr(settings, name, None)))}" for name in _DECISIVE]
    parts += [f"{key}={given[key]!r}" for key in ("ENGINE", "TIME_ZONE", "AUTOCOMMIT") if key in given]
    parts += [f"MIGRATE={given['TEST']['MIGRATE']}", project.alias]
    for path in sorted({*_project_files(), *project.paths}):
        text = path.read_bytes()
        parts += [_shown(path, root), text]
        if any(word in text for word in _EXECUTING) and depends_on_time(text):
            parts.append(clock.today().isoformat())
    return parts


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _installed_versions() -> list[str]:
    """Return the names, with versions, of what is installed beside Django and beside the apps."""
    from django.apps import apps

    folders = {
        Path(config.path[: config.path.index(part) + len(part)])
        for config in apps.get_app_configs()
        for part in ("site-packages", "dist-packages")
        if part in config.path
    }
    return sorted(
        each.name
        for folder in folders
        for each in folder.iterdir()
        if each.suffix in (".dist-info", ".egg-info")
    )


def _project_files() -> Iterator[Path]:
    """Yield the files of the project that take part in its migrations; those of installed packages have versions."""
    from django.apps import apps
    from django.db.models.signals import post_migrate, pre_migrate

    names = {type(config).__module__ for config in apps.get_app_configs()}
    for model in apps.get_models(include_auto_created=True):
        names.update(each.__module__ for each in model.__mro__)
        names.update(type(field).__module__ for field in model._meta.get_fields())
    for signal in (pre_migrate, post_migrate):
        for receiver in signal.receivers:
            found = receiver[1]() if callable(receiver[1]) else None
            names.add(getattr(found, "__module__", "") or "")
    seen = {path for name in names if (path := _file_of(name)) is not None}
    waiting: list[Path] = []
    for folder in _migration_folders():
        if not is_installed(str(folder / "x")):
            beside = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
            seen.update(beside)
            waiting += (path for path in beside if path.suffix == ".py")
    while waiting:
        found = {path for name in _imported(waiting.pop()) if (path := _file_of(name)) is not None} - seen
        seen |= found
        waiting += found
    yield from seen


def _imported(path: Path) -> Iterator[str]:
    """Yield the names of the modules that a module imports, by whatever statement."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        # Executing it raises the error.
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _file_of(name: str) -> Path | None:
    """Return the file of a module of the project, which is not imported for it; None for any other module."""
    top, *parts = name.split(".")
    module = sys.modules.get(name) or sys.modules.get(top)
    file = getattr(module, "__file__", None)
    if not parts or name in sys.modules:
        found = Path(file) if file else None
    else:
        places = [Path(folder, *parts) for folder in getattr(module, "__path__", ())]
        files = [path for place in places for path in (place.with_suffix(".py"), place / "__init__.py")]
        found = next((path for path in files if path.is_file()), None)
    if (
        found is None
        or found.suffix != ".py"
        or is_installed(str(found))
        or _STANDARD in (found, *found.parents)
    ):
        return None
    return found


def unused_settings() -> list[str]:
    """Return the keys of ``DATABASES[...]["TEST"]`` that have no effect here."""
    from django.db import DEFAULT_DB_ALIAS, connections

    given = connections.settings[DEFAULT_DB_ALIAS]["TEST"]
    return [key for key in _IGNORED_TEST_SETTINGS if given.get(key)]


def project_defaults(options: Mapping[str, str]) -> Defaults:
    """Return what the models know of their rows."""
    from pytest_supaseed.sources.django.models import model_defaults

    return model_defaults(options)


def missing(what: str, name: str, create: str) -> str:
    """Return no advice: a role or a schema that migrations expect is made by a file before them."""
    return ""


KIND = ProjectKind(lambda folder: None, load_project, (GENERAL,), (), project_defaults, missing, digest)
