"""What a session may leave behind, and waiting until it is gone."""

from __future__ import annotations

import gc
import inspect
import signal
import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path

SECONDS = 120.0
# Without a pause between the questions, whoever waits takes the processor from those that are waited for.
PAUSE = 0.01


def processes(*folders: Path) -> list[str]:
    """The processes whose command lines name a folder: servers, initdb, watchdogs."""
    command = ["ps", "-axww", "-o", "pid=,command="]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in lines if any(str(folder) in line for folder in folders)]


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {SECONDS} s: {inspect.getsource(condition)}"
        time.sleep(PAUSE)


def nothing_left(*folders: Path) -> bool:
    return not any(folder.exists() for folder in folders) and not processes(*folders)


def collect_garbage() -> None:
    """Collect what tests of a session in this process have left open, so that no later test is told of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def shared_memory() -> set[Path]:
    """The segments of PostgreSQL's dynamic shared memory, where the system shows them as files."""
    return set(Path("/dev/shm").glob("PostgreSQL.*"))


def interruptible() -> None:
    """For a new process: let Ctrl-C reach it, also where a shell has started the tests in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
