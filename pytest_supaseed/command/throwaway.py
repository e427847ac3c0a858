"""A throwaway server for one command: a schema is loaded into it, and it is gone when the command ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from pytest_supaseed.command.arguments import Asked
from pytest_supaseed.errors import ConfigError
from pytest_supaseed.fingerprint import package_fingerprint
from pytest_supaseed.postgres.server.launch import Workload, launched
from pytest_supaseed.postgres.server.programs import Installation, find
from pytest_supaseed.postgres.server.server import ServerSettings
from pytest_supaseed.rng import token
from pytest_supaseed.session.session_server import SessionContext, SessionServer
from pytest_supaseed.session.template import SchemaTemplate
from pytest_supaseed.settings import Run
from pytest_supaseed.sources.extensions import created_extensions


@dataclass(frozen=True)
class OpenedSchema:
    """A schema on a server of the command's.

    Attributes:
        template: the schema, which makes seeds and databases.
        version: of PostgreSQL.
        programs: PostgreSQL's programs; None where the server is one that the user has named.
    """

    template: SchemaTemplate
    version: str
    programs: Installation | None


@contextmanager
def opened_schema(asked: Asked) -> Iterator[OpenedSchema]:
    """Load the schema that a command asks for on a server, and end what was made there afterwards.

    Raises:
        SeedError: there is no schema or no server, or the schema cannot be loaded.
    """
    settings = asked.settings
    if not asked.schema:
        raise ConfigError(
            "there is no schema: name a .sql file, a folder of migrations, an alembic.ini or package.module:name as "
            'the first argument, or write schema = "..." into supaseed.toml'
        )
    if settings.server_fixture is not None:
        raise ConfigError(
            f"--postgres is {settings.postgres}, a fixture of pytest's: write auto, embedded, system, a folder or a URL"
        )
    if str(asked.root) not in sys.path:
        # For package.module:name, as pytest's rootdir and `python -m` have it.
        sys.path.insert(0, str(asked.root))
    # An absolute root: modules of the schema may change the working folder.
    root = Path(asked.root).absolute()
    run = Run(token(8))
    launch = programs = None
    if settings.server_url is None:
        programs = find(settings.postgres, wanted=lambda: created_extensions(asked.schema, root))
        workload = Workload(package_fingerprint().text, asked.schema, 1)
        launch = launched(programs, ServerSettings(), run, workload)
    context = SessionContext(settings, run, nullcontext, _tell)
    with settings.libpq_environment.absent():
        server = SessionServer(context, launch, None)
        try:
            template = server.template(asked.schema, {}, root, [asked.spec])
            yield OpenedSchema(template, server.version, programs)
        finally:
            server.close()


def _tell(line: str) -> None:
    print(f"supaseed: {line}", file=sys.stderr)
