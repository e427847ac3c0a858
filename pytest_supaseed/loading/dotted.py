"""Dotted paths, package.module:name: told from the paths of files, and their modules imported.

Nothing here imports SQLAlchemy: modules are imported when the tests have been collected, whatever they are.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.loading.frames import describe


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
    """Split a dotted path into module and name.

    Args:
        written: by the user.
        root: pytest's rootdir.

    Returns:
        The two; None where it is the path of a file or a folder.

    Example:
        >>> split_dotted("shop.models:Base", Path("/project")), split_dotted("schema.sql", Path("/project"))
        (('shop.models', 'Base'), None)
    """
    module, colon, name = written.partition(":")
    # C:\\ is the beginning of a path.
    dotted = DOTTED.fullmatch(module.strip()) and not name.startswith(("/", "\\"))
    if not colon or not dotted or os.path.exists(root / written):
        return None
    return module.strip(), name.strip()


def import_module(written: str, module: str, root: Path) -> object:
    """Import the module of a dotted path.

    Args:
        written: the dotted path, for messages.
        module: the module's name.
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
        root: pytest's rootdir.

    Yields:
        Why one cannot be imported.
    """
    for line in filter(None, map(str.strip, schema.splitlines())):
        found = split_dotted(line, root)
        # Without a name it is refused when it is loaded.
        if found is not None and DOTTED.fullmatch(found[1]):
            try:
                import_module(line, found[0], root)
            except UnimportableError as error:
                yield error


def put_on_path(root: Path) -> None:
    """Let the user's packages be imported as their own code imports them.

    Args:
        root: pytest's rootdir.
    """
    for folder in (root / "src", root):
        if folder.is_dir() and str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
