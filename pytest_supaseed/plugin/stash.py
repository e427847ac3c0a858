"""The stash keys under which pytest keeps the plugin's state, and the report of errors to pytest.

Every pytest run imports this module, so it imports what the state consists of nowhere. Fixtures get the state by
:func:`session_state`, and report errors of the user within :func:`told`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.errors import OutageError, SeedError, SupaseedWarning
from pytest_supaseed.wording import printable

if TYPE_CHECKING:
    from pytest_supaseed.plugin.state import SessionState, Started, Uses
    from pytest_supaseed.sources.inputs import Recorder
    from pytest_supaseed.spec import SeedSpec


STATE: pytest.StashKey[SessionState] = pytest.StashKey()
# Makes the state of the session, and reads the markers of its tests.
BEGIN: pytest.StashKey[Callable[[], SessionState]] = pytest.StashKey()
# Set before the first conftest.py is loaded.
RECORDER: pytest.StashKey[Recorder] = pytest.StashKey()
ASKED: pytest.StashKey[SeedSpec] = pytest.StashKey()
STARTED: pytest.StashKey[Started] = pytest.StashKey()
USES: pytest.StashKey[Uses] = pytest.StashKey()
# The lines that --supaseed-plan prints for the test.
PLANNED: pytest.StashKey[list[str]] = pytest.StashKey()
# Whether the fixture SEEDED was added to a test that has a marker and no fixture of the plugin.
ADDED: pytest.StashKey[bool] = pytest.StashKey()
# True once the test has a database of its own, False once a shared connection rules that out.
OWN_DATABASE: pytest.StashKey[bool] = pytest.StashKey()


def session_state(config: pytest.Config) -> SessionState:
    """Return the state of the session for a fixture of the plugin.

    It has not been made yet where no test was seen to use the plugin: one may request a fixture by getfixturevalue().
    """
    state = config.stash.get(STATE, None)
    return state if state is not None and state.read else config.stash[BEGIN]()


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause garbage collection: an import leaves no garbage, and the search for it takes a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Outage(pytest.fail.Exception):  # type: ignore[misc, name-defined] # pytest makes it in a decorator
    """The error of a test that an outage of the server has failed; its message is shown once.

    Attributes:
        reference: the short text by which later errors refer to it.
    """

    # As pytest does for its own exceptions, so that summaries name this one without a module.
    __module__ = "builtins"
    reference = ""


@contextmanager
def told() -> Iterator[None]:
    """Turn an error of the user's, or a warning raised as an error, into a failure without traceback."""
    try:
        yield
    except OutageError as error:
        from pytest_supaseed.wording import redacted

        outage = Outage(printable(redacted(str(error))), pytrace=False)
        outage.reference = error.reference
        raise outage from None
    except (SeedError, SupaseedWarning) as error:
        from pytest_supaseed.wording import redacted

        place = error.place if isinstance(error, SeedError) else ""
        raise pytest.fail.Exception(printable(redacted(f"{error}{place}")), pytrace=False) from None
