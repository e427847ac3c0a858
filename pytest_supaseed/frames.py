"""What to say of an exception that the user's own code raised."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

_OURS = str(Path(__file__).parent)
_NOT_THE_USERS = (_OURS, "<", *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")))


def describe(error: BaseException) -> str:
    """Describe an exception in the user's code: its type, its message, and where it came from.

    Args:
        error: what was raised.

    Returns:
        Type and message, and in a second line the user's file, line and function that led to it, unless
        none did.

    Example:
        >>> describe(ValueError("no such role"))
        'ValueError: no such role'
    """
    # SQLAlchemy adds lines to its messages that repeat the statement, and a link.
    cause = getattr(error, "orig", None) or error
    message = f"{type(cause).__name__}: {cause}".strip().rstrip(":")
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename:
        return f"{type(error).__name__}: {error.msg}\n  at {error.filename}:{error.lineno}"
    users = [frame for frame in frames if not frame.filename.startswith(_NOT_THE_USERS)]
    if not users:
        return message
    return f"{message}\n  at {users[-1].filename}:{users[-1].lineno}, in {users[-1].name}"
