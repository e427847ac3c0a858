"""What to say of an exception that the user's own code raised."""

from __future__ import annotations

import os
import site
import sysconfig
import traceback
from pathlib import Path

from pytest_supaseed.loading.hints import hint

_INSTALLED = (
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    *site.getsitepackages(),
    str(Path(__file__).parents[1]),
)
_NOT_THE_USERS = ("<", *(folder + os.sep for folder in _INSTALLED))


def is_installed(filename: str) -> bool:
    """Whether a file is one of an installed package, and not the user's own.

    Args:
        filename: of a module, as its code names it.
    """
    # Packages of another environment may be on the path, as in one that was made with --system-site-packages.
    parts = filename.split(os.sep)
    return "site-packages" in parts or "dist-packages" in parts


def describe(error: BaseException, server_version: tuple[int, ...] | None = None) -> str:
    """Describe an exception in the user's code: what it says, where it came from, what to do about it.

    Args:
        error: what was raised.
        server_version: as SQLAlchemy's dialect has it, for errors of PostgreSQL.

    Returns:
        Type and message; the user's file, line and function that led to it, if any did; our advice, if
        there is one. Each begins a line.

    Example:
        >>> describe(ValueError("no such role"))
        'ValueError: no such role'
    """
    # SQLAlchemy adds the whole statement and a link to the driver's message.
    original = getattr(error, "orig", None)
    cause = original if isinstance(original, BaseException) else error
    message = cause.msg if isinstance(cause, SyntaxError) else str(cause).strip()
    lines = [f"{type(cause).__name__}: {message}" if message else type(cause).__name__]
    frames = traceback.extract_tb(error.__traceback__)
    users = [
        frame
        for frame in frames
        if not frame.filename.startswith(_NOT_THE_USERS) and not is_installed(frame.filename)
    ]
    if isinstance(error, SyntaxError) and error.filename:
        lines.append(f"  at {error.filename}:{error.lineno}")
    elif users or (frames and not message):
        # Without a word of its own, whoever raised it has to do.
        users = users or frames
        lines.append(f"  at {users[-1].filename}:{users[-1].lineno}, in {users[-1].name}")
    advice = hint(message, ".".join(map(str, server_version or ())))
    return "\n".join([*lines, advice] if advice else lines)
