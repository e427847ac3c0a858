"""Progress line on the terminal for a seed that takes longer than a second: :func:`progress_line`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from pytest_supaseed import clock

if TYPE_CHECKING:
    from tqdm import tqdm


Terminal = Callable[[], AbstractContextManager[None]]
Advance = Callable[[float], None]
_SILENT_SECONDS = 1.0
_UPDATE_SECONDS = 0.1
# A log needs few lines.
_LOG_SECONDS = 10.0


class _Line:
    """A line that appears after a second and is then updated at intervals."""

    def __init__(self, rows: int, terminal: Terminal) -> None:
        self._rows = rows
        self._terminal = terminal
        self._made = 0.0
        self._began = clock.monotonic()
        self._next = self._began + _SILENT_SECONDS
        self._bar: tqdm[NoReturn] | None = None
        self._every = _UPDATE_SECONDS

    def advance(self, made: float) -> None:
        self._made += made
        if clock.monotonic() >= self._next:
            with self._terminal():
                self._show()

    def _show(self) -> None:
        if self._bar is None:
            # Imported here, because most sessions never show a line.
            from tqdm import tqdm

            began = self._began

            class Bar(tqdm):  # type: ignore[type-arg] # it takes none when it runs
                @property
                def format_dict(self) -> dict[str, Any]:
                    # tqdm's own clock may be frozen by a test.
                    return {**super().format_dict, "elapsed": clock.monotonic() - began}

            watched = sys.stderr.isatty()
            self._bar = Bar(
                total=self._rows,
                initial=int(self._made),
                desc="supaseed",
                file=sys.stderr,
                mininterval=0.0,
                leave=not watched,
                bar_format="{desc}: {percentage:3.0f}% of {total_fmt} rows [{elapsed}<{remaining}]",
            )
            if not watched:
                self._every = _LOG_SECONDS
        else:
            self._bar.update(self._made - self._bar.n)
        self._next = clock.monotonic() + self._every

    def close(self) -> None:
        if self._bar is not None:
            with self._terminal():
                self._show()
                self._bar.close()


@contextmanager
def progress_line(rows: int, terminal: Terminal | None) -> Iterator[Advance]:
    """Show a line on the terminal once a second has passed.

    Args:
        rows: how many there will be.
        terminal: opens the terminal for writing, past captured output; None for no terminal.

    Yields:
        A function to call with the number of rows made since the last call.
    """
    if terminal is None:
        yield lambda made: None
        return
    line = _Line(rows, terminal)
    try:
        yield line.advance
    finally:
        line.close()
