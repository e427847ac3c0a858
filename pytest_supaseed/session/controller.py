"""The end of pytest-xdist's controller, as a worker notices it: the worker ends, too, and keeps no server waiting.

execnet lets a worker go on for 5 seconds, interrupts it, and ends it after 10 more.
"""

from __future__ import annotations

import os
import signal
import threading

from pytest_supaseed import clock

_POLL_SECONDS = 0.2


# For a worker that finds out by itself, when it tells of its next test.
_PATIENCE_SECONDS = 0.5


# For the end of a test that was interrupted, of its fixtures, and of the session.
_END_SECONDS = 2.5


class Controller:
    """The process that has started this one, and that this one ends with, by a thread that waits for it.

    Attributes:
        finishing: whether the session ends anyway, and need not be interrupted.
    """

    def __init__(self) -> None:
        self.finishing = False
        self._pid = os.getppid()

    def watch(self) -> None:
        """Begin to watch it. On Windows a process does not learn of its parent's end."""
        if os.name != "nt":
            threading.Thread(target=self._watch, name="supaseed: controller", daemon=True).start()

    def _watch(self) -> None:
        while os.getppid() == self._pid:
            clock.sleep(_POLL_SECONDS)
        clock.sleep(_PATIENCE_SECONDS)
        if not self.finishing:
            os.kill(os.getpid(), signal.SIGINT)
        clock.sleep(_END_SECONDS)
        # What it leaves, the guardian of the server removes.
        os._exit(1)
