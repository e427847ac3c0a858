"""What to say of an exception that the user's own code raised."""

from __future__ import annotations

import os
import site
import sysconfig
import traceback

from pytest_supaseed.filesystem import PACKAGE
from pytest_supaseed.loading.hints import hint
from pytest_supaseed.redaction import redacted
from pytest_supaseed.wording import text_of

_OURS = str(PACKAGE) + os.sep
_INSTALLED = (
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    *site.getsitepackages(),
    str(PACKAGE),
)
_PACKAGES = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_NOT_THE_USERS = ("<", *(folder + os.sep for folder in _INSTALLED))


def is_installed(filename: str) -> bool:
    """Whether a file is one of an installed package, and not the user's own.

    Args:
        filename: of a module, as its code names it.
    """
    # What a .pth file adds is installed as well, in a folder of another environment.
    return any(folder in filename for folder in _PACKAGES)


def is_users(error: BaseException) -> bool:
    """Whether an exception was raised by the user's code, or by what that has called, and not by ours.

    Args:
        error: what was raised.
    """
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and not frames[-1].filename.startswith(_OURS)


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
    message = redacted(cause.msg if isinstance(cause, SyntaxError) else text_of(cause))
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
