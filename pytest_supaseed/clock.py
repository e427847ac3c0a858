"""The monotonic and the wall clock of the machine, unaffected by freezegun and time-machine.

Both libraries replace ``time.time``, ``time.monotonic`` and the names that modules have bound to them, so a wait that
looks at a frozen clock never ends; ``subprocess`` binds ``time.monotonic``, so its waits with a timeout hang as well.
``time.clock_gettime(CLOCK_MONOTONIC)`` stays real under both, and so does a function bound as an argument's default.
All waits and ages in this package use this module. The plugin imports it when pytest starts, before a test can
replace what it binds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess


_FIRST_POLL_SECONDS = 0.0005
_LAST_POLL_SECONDS = 0.02
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Windows has no clock_gettime.
_READ: Callable[[], float] = (
    partial(time.clock_gettime, time.CLOCK_MONOTONIC) if hasattr(time, "clock_gettime") else time.monotonic
)


def monotonic(*, _read: Callable[[], float] = _READ) -> float:
    """Return the machine's monotonic time in seconds."""
    return _read()


# Unix time minus monotonic(), measured at import, before any test.
_OFFSET_SECONDS = time.time() - monotonic()


def now() -> float:
    """Return the machine's Unix time in seconds."""
    return monotonic() + _OFFSET_SECONDS


def today() -> date:
    """Return today's date in UTC."""
    return (_EPOCH + timedelta(seconds=now())).date()


def sleep(seconds: float, *, _sleep: Callable[[float], None] = time.sleep) -> None:
    """Sleep in real time."""
    _sleep(seconds)


def wait_for(process: subprocess.Popen[Any], seconds: float) -> int | None:
    """Wait for a child process, with a timeout in real seconds.

    Returns:
        Its exit status; None if it is still running.
    """
    until = monotonic() + seconds
    pause = _FIRST_POLL_SECONDS
    while (status := process.poll()) is None and (left := until - monotonic()) > 0:
        sleep(min(pause, left))
        pause = min(2 * pause, _LAST_POLL_SECONDS)
    return status
