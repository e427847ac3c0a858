"""Watch on pytest-xdist's controller: when it ends, the worker ends soon and keeps no server waiting.

execnet lets a worker go on for 5 seconds, interrupts it, and kills it after 10 more.
"""

from __future__ import annotations

import os
import signal
import threading

from pytest_supaseed import clock

_POLL_SECONDS = 0.2
# For a worker that notices by itself, when it reports its next test.
_PATIENCE_SECONDS = 0.5
# For an interrupted test, its fixtures and the session to finish.
_END_SECONDS = 2.5


class Controller:
    """The parent process, watched by a thread that ends this process after it.

    Attributes:
        finishing: whether the session is ending anyway, and need not be interrupted.
    """

    def __init__(self) -> None:
        self.finishing = False
        self._pid = os.getppid()

    def watch(self) -> None:
        """Begin to watch. On Windows, where a process does not learn of its parent's end, do nothing."""
        if os.name != "nt":
            threading.Thread(target=self._watch, name="supaseed: controller", daemon=True).start()

    def _watch(self) -> None:
        while os.getppid() == self._pid:
            clock.sleep(_POLL_SECONDS)
        clock.sleep(_PATIENCE_SECONDS)
        if not self.finishing:
            os.kill(os.getpid(), signal.SIGINT)
        clock.sleep(_END_SECONDS)
        # The server's watchdog cleans up.
        os._exit(1)
