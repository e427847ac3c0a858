"""Dotted paths ``package.module:name`` in ``supaseed_schema``, and the import of the modules that they name.

:func:`import_early` imports the modules as soon as the tests have been collected. This is apart from
:mod:`~pytest_supaseed.sources.source`, which imports SQLAlchemy.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.tracebacks import describe


class UnimportableError(SchemaError):
    """A module that cannot be imported.

    Attributes:
        written: the dotted path.
    """

    def __init__(self, written: str, message: str) -> None:
        super().__init__(message)
        self.written = written


DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def split_dotted(written: str, root: Path) -> tuple[str, str] | None:
    """Split a dotted path into module and name; None for the path of a file or a folder.

    Example:
        >>> split_dotted("shop.models:Base", Path("/project")), split_dotted("schema.sql", Path("/project"))
        (('shop.models', 'Base'), None)
    """
    module, colon, name = written.partition(":")
    # C:\\ begins a path.
    dotted = DOTTED.fullmatch(module.strip()) and not name.startswith(("/", "\\"))
    if not colon or not dotted or os.path.exists(root / written):
        return None
    return module.strip(), name.strip()


def import_module(written: str, module: str, root: Path) -> object:
    """Import the module of a dotted path.

    Args:
        written: the dotted path, for messages.
        root: pytest's rootdir, which is put on ``sys.path``.

    Raises:
        UnimportableError: it cannot be imported.
    """
    put_on_path(root)
    try:
        found: object = importlib.import_module(module)
    except (Exception, SystemExit) as error:
        raise UnimportableError(
            written,
            f"supaseed_schema is {written!r}, and {module} cannot be imported: {describe(error)}\n"
            f"{root} and, if there is one, {root / 'src'} were put on sys.path.",
        ) from error
    return found


def import_early(schema: str, root: Path) -> Iterator[UnimportableError]:
    """Import the modules that a schema names, before the first test patches what they use.

    Args:
        schema: the ini option's value, of one line or several.

    Yields:
        The error of each module that cannot be imported.
    """
    for line in filter(None, map(str.strip, schema.splitlines())):
        found = split_dotted(line, root)
        # A dotted path without a name is refused by resolve().
        if found is not None and DOTTED.fullmatch(found[1]):
            try:
                import_module(line, found[0], root)
            except UnimportableError as error:
                yield error


def put_on_path(root: Path) -> None:
    """Put the rootdir and its ``src`` on ``sys.path``, so that the user's packages can be imported."""
    for folder in (root / "src", root):
        if folder.is_dir() and str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
