"""The line that shows how far a seed is which takes longer than anybody would wait in silence."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Terminal = Callable[[], AbstractContextManager[None]]
Advance = Callable[[float], None]

_SILENT_SECONDS = 1.0
_POLL_SECONDS = 0.1
# A log that nobody watches needs few lines.
_LOG_SECONDS = 10.0


@contextmanager
def progress_line(rows: int, terminal: Terminal | None) -> Iterator[Advance]:
    """Show a line on the terminal once it has taken a second.

    Args:
        rows: how many there will be.
        terminal: opens the terminal for writing, past whoever captures output; None for no terminal.

    Yields:
        What is to be called with the rows that have been made since the last call.
    """
    if terminal is None or not rows:
        yield lambda made: None
        return
    # Most sessions never need it.
    from tqdm import tqdm

    with terminal():
        watched = sys.stderr.isatty()
        line = tqdm(
            total=rows,
            desc="supaseed",
            unit="rows",
            file=sys.stderr,
            delay=_SILENT_SECONDS,
            mininterval=_POLL_SECONDS if watched else _LOG_SECONDS,
            leave=not watched,
            bar_format="{desc}: {percentage:3.0f}% of {total_fmt} rows [{elapsed}<{remaining}]",
        )
    waiting, last = 0.0, time.monotonic()

    def advance(made: float) -> None:
        nonlocal waiting, last
        waiting += made
        if time.monotonic() - last >= _POLL_SECONDS:
            with terminal():
                line.update(waiting)
            waiting, last = 0.0, time.monotonic()

    try:
        yield advance
    finally:
        with terminal():
            line.update(waiting)
            line.close()
