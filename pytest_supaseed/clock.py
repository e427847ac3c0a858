"""The machine's own clock, also while a test has another one in its place.

freezegun and time-machine replace ``time.time``, ``time.monotonic`` and whatever modules have bound of them; a wait
that looks at a frozen clock never ends. ``time.clock_gettime(CLOCK_MONOTONIC)`` stays real under both, and so does a
function that is the default of an argument. ``subprocess`` has bound ``time.monotonic``, too, so that waiting for a
process with a limit waits for ever. Whatever waits, or asks how old a thing is, asks this module. The plugin imports it
when pytest starts: what it binds is the machine's, also where ``time.sleep`` is replaced later.
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
    """Return seconds that pass as they do outside of the tests, from no particular moment on."""
    return _read()


# Between the time of day and monotonic(), when this module was imported: before any test.
_OFFSET_SECONDS = time.time() - monotonic()


def now() -> float:
    """Return the seconds since 1970-01-01 00:00 UTC, as ``time.time()`` does outside of the tests."""
    return monotonic() + _OFFSET_SECONDS


def today() -> date:
    """Return today's date in UTC."""
    return (_EPOCH + timedelta(seconds=now())).date()


def sleep(seconds: float, *, _sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait.

    Args:
        seconds: how long.
    """
    _sleep(seconds)


def wait_for(process: subprocess.Popen[Any], seconds: float) -> int | None:
    """Wait until a process ends, as ``process.wait(seconds)`` does outside of the tests.

    Args:
        process: a child of this process.
        seconds: how long to wait at most.

    Returns:
        Its exit status; None where it goes on.
    """
    until = monotonic() + seconds
    pause = _FIRST_POLL_SECONDS
    while (status := process.poll()) is None and (left := until - monotonic()) > 0:
        sleep(min(pause, left))
        pause = min(2 * pause, _LAST_POLL_SECONDS)
    return status
