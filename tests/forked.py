"""Sessions of pytest as processes of their own, forked from one that has imported what a session imports.

A new interpreter takes longer to import pytest, its plugins, SQLAlchemy and Faker than most sessions take for all else,
and each worker of pytest-xdist is one more. A forked session has its own process, arguments, environment, streams and
file descriptors, and forks its workers as well. Modules that the tests import lie in its ``sys.modules``, as in those
of sessions that run in this process; a test of what a new interpreter imports starts one.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import subprocess
import sys
import threading
import traceback
import warnings
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pytest

COMMAND = (sys.executable, "-m", "pytest")
# Options with which communicate() returns what was printed, errors included.
OUTPUT: Mapping[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
# The plugins of others that are installed for tests of what they do beside ours.
WITHOUT_PLUGINS = " ".join(
    f"-p no:{name}"
    for name in (
        *(
            "anyio",
            "asyncio",
            "django",
            "faker",
            "hypothesispytest",
            "platformdirs",
            "pytest-bdd",
            "rerunfailures",
        ),
        "time_machine",
    )
)
_FORKS = hasattr(os, "fork")
# Before pytest adds the folders of the tests.
_PATH = [path for path in sys.path if path]


def start_pytest(
    arguments: Sequence[str | os.PathLike[str]], *, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.Popen[Any]:
    """Start a session of pytest; the options are those of :class:`subprocess.Popen`."""
    given = [os.fspath(argument) for argument in arguments]
    environment = dict(os.environ if env is None else env)
    before = options.pop("preexec_fn", None)

    def session() -> int:
        if before is not None:
            before()
        os.environ.clear()
        os.environ.update(environment)
        folders = environment.get("PYTHONPATH", "").split(os.pathsep)
        sys.path[:] = dict.fromkeys([os.getcwd(), *filter(None, folders), *_PATH])
        sys.argv[:] = ["pytest", *given]
        _forget()
        _fork_workers()
        return int(pytest.main(given))

    return start([*COMMAND, *given], session, env=environment, **options)


def start(command: Sequence[str], run: Callable[[], int], **options: Any) -> subprocess.Popen[Any]:
    """Start a process that runs a function in place of a command; where there is no fork, the command."""
    if _FORKS:
        options["preexec_fn"] = lambda: _ended(run)
    with warnings.catch_warnings():
        # Python 3.12 warns of the threads of pytest-xdist and pytest-timeout, which a forked process does not have.
        warnings.simplefilter("ignore", DeprecationWarning)
        return subprocess.Popen(command, **options)


def _ended(run: Callable[[], int]) -> None:
    """Run a function as a new interpreter runs a program, and end the process; for a process just forked."""
    status = 1
    # A collection of garbage would copy each object that it looks at, and finalize what the other process has dropped.
    gc.freeze()
    try:
        _leave_files()
        _renew()
        try:
            status = run()
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def _leave_files() -> None:
    """Close what the other process has open, among it the pipe by which Popen learns that the command was started.

    The numbers stay in use: a file or socket of the other process that is collected later closes its number, which
    would then be another file's.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for number in map(int, os.listdir("/dev/fd")):
        if number > 2 and number != null:
            # The folder that was listed is closed by now.
            with suppress(OSError):
                os.fstat(number)
                os.dup2(null, number, inheritable=False)
    os.close(null)


def _renew() -> None:
    """Leave behind what belongs to the other process and its tests: streams, hooks, what is to be done at its end."""
    atexit._clear()
    weakref.finalize._registry.clear()  # type: ignore[attr-defined]
    weakref.finalize._registered_with_atexit = False  # type: ignore[attr-defined]
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    sys.excepthook = sys.__excepthook__
    sys.unraisablehook = sys.__unraisablehook__
    threading.excepthook = threading.__excepthook__
    for number in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) != signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    warnings.resetwarnings()
    for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", category)


def _forget() -> None:
    """Forget modules that have a state of their own, and those whose names a project's modules may have."""
    tests = os.path.dirname(__file__)
    for name, module in [*sys.modules.items()]:
        top = name.partition(".")[0]
        ours = top.startswith("test_") and str(getattr(module, "__file__", "")).startswith(tests)
        # SQLModel has one MetaData for all models.
        if ours or top == "sqlmodel":
            del sys.modules[name]


def _fork_workers() -> None:
    """Let this process fork the workers of pytest-xdist, with the modules that it has now."""
    from execnet import gateway_io

    # Django's registry of apps, which this session may fill, has to be empty in workers.
    modules = {
        name: each
        for name, each in sys.modules.items()
        if not f"{name}.".startswith(("django.", "pytest_supaseed.sources.django."))
    }
    path = list(sys.path)

    def start_io(self: gateway_io.Popen2IOMaster, command: Sequence[str], execmodel: Any) -> None:
        def worker() -> int:
            sys.modules.clear()
            sys.modules.update(modules)
            sys.path[:] = path
            exec(eval(sys.stdin.readline()), {"__name__": "__main__"})
            return 0

        self.popen = start(command, worker, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        super(gateway_io.Popen2IOMaster, self).__init__(self.popen.stdin, self.popen.stdout, execmodel)

    gateway_io.Popen2IOMaster.__init__ = start_io  # type: ignore[method-assign]
