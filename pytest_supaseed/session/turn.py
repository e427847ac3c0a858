"""The turn to work on the server of a session, which one thread has at a time: :class:`Turn`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

_POLL_SECONDS = 0.02


class Turn:
    """The turn to work on the server of a session: one thread has it at a time, and may take it repeatedly.

    Tests work in the thread of pytest; a connection by a stable address may need its database in another one.

    Attributes:
        loading: whether a schema is being loaded, by code that may itself connect.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.loading = False

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    @contextmanager
    def unless_loading(self) -> Iterator[bool]:
        """Take the turn, unless a schema is being loaded: its load may be what waits.

        Yields:
            Whether this thread has the turn.
        """
        taken = False
        while not self.loading and not taken:
            taken = self._lock.acquire(timeout=_POLL_SECONDS)
        try:
            yield taken
        finally:
            if taken:
                self._lock.release()

    @contextmanager
    def load(self) -> Iterator[None]:
        """Mark that a schema is being loaded, by the thread that has the turn."""
        before, self.loading = self.loading, True
        try:
            yield
        finally:
            self.loading = before
