"""Databases of failing tests that outlive the session: the hooks of ``--supaseed-keep``, registered only with it.

A test that is rolled back is committed in place when it has failed (:func:`pytest_runtest_makereport`), before its
fixtures are torn down. The fixtures hand over each database that no test uses any more (:func:`end_database`,
:func:`end_shared`), and it is kept or dropped once the teardown has been reported. Workers of pytest-xdist send what
was kept to the controller, which prints it (:func:`pytest_terminal_summary`).

:func:`drop` does what ``--supaseed-drop`` says.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

import pytest

from pytest_supaseed.errors import SeedError
from pytest_supaseed.plugin.internals import watch_finalizers
from pytest_supaseed.plugin.state import (
    ADDED,
    CHANNEL,
    OWN,
    SHARED,
    STATE,
    EndedDatabase,
    KeptState,
    SessionState,
    wider_databases_of,
)
from pytest_supaseed.wording import printable, redacted

if TYPE_CHECKING:
    from pytest_supaseed.session.kept import Keeper, Retention, Shown
    from pytest_supaseed.session.seeded import SeededDatabase
    from pytest_supaseed.session.session_server import SessionServer
    from pytest_supaseed.session.template import SchemaTemplate
    from pytest_supaseed.spec import SeedSpec

# The key of a worker's output.
_OUTPUT = "supaseed_kept"
_SEEDED = "as seeded: the test has a marker, and no fixture that gives it a connection"
_OWN = "as the test and its fixtures have left it"
_WIDER = "as {} has left it"
_UNDONE = ": what its tests have done was undone"
_TOO_LATE = "what it had done was undone with its transaction"
_CHANGED = "as the test has found it, with other rows than it asks for"


def retention(config: pytest.Config, state: SessionState) -> Retention | None:
    """Return how much the session keeps of its failing tests; None for nothing."""
    settings = state.settings.keep
    if settings is None:
        return None
    from pytest_supaseed.session.kept import Retention

    run, seconds = state.run, settings.minutes * 60.0
    return Retention(str(config.rootpath), run.token, settings.most, seconds, run.cache(), run.worker)


def _kept(config: pytest.Config) -> KeptState:
    kept = config.stash[STATE].kept
    assert kept is not None  # noqa: S101 these hooks are registered with it
    return kept


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Drop what was kept of a test that is run once more, as by pytest-rerunfailures: its last run counts."""
    kept = _kept(item.config)
    template = kept.kept.pop(item.nodeid, None)
    if template is not None and template.keeper is not None:
        with suppress(SeedError):  # it goes when its time is up
            template.keeper.withdraw(item.nodeid)
    kept.failed.discard(item.nodeid)
    kept.lost.pop(item.nodeid, None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Tell reports that subtests make while the test goes on from that of the test itself."""
    kept = _kept(item.config)
    kept.calling = item
    with _undone_in_call(item, kept):
        yield from _calling(item, kept)


def _calling(item: pytest.Item, kept: KeptState) -> Generator[None, Any, None]:
    function = getattr(item, "obj", None)
    watched = CHANNEL in item.stash and inspect.iscoroutinefunction(function)
    if watched:
        # Where a plugin closes the event loop before the report, what the test has done is undone by then.
        item.obj = _keeping_failures(item, function, kept)  # type: ignore[attr-defined] # it is a function
    try:
        yield
    finally:
        kept.calling = None
        if watched:
            item.obj = function  # type: ignore[attr-defined] # as above


@contextmanager
def _undone_in_call(item: pytest.Item, kept: KeptState) -> Iterator[None]:
    """Commit what a method has done when it fails, if its class undoes it before pytest makes a report.

    The methods of ``django.test.TestCase`` are such. unittest tells the test's item of failures when they happen.
    """
    _, shared = item.stash.get(SHARED, (None, None))
    transaction: Any = shared
    if not getattr(transaction, "ends_with_call", False):
        yield
        return
    names = [name for name in ("addError", "addFailure", "addSubTest") if hasattr(item, name)]
    for name in names:
        setattr(item, name, _committing(item, kept, getattr(item, name)))
    try:
        yield
    finally:
        for name in names:
            delattr(item, name)
        transaction.ended = True


def _committing(item: pytest.Item, kept: KeptState, tell: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of unittest's results that commits what a test has done before it takes a failure."""

    def told(*given: Any) -> Any:
        error = given[-1]
        if error is not None and _is_failure(error[1]):
            _commit(item, kept)
        return tell(*given)

    return told


def _is_failure(error: BaseException) -> bool:
    return isinstance(error, (Exception, pytest.fail.Exception)) and not isinstance(error, SkipTest)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Have what a test has done committed when one of its fixtures fails in its teardown, before it is undone."""
    try:
        return (yield)
    finally:
        if request.scope == "function":
            kept, item = _kept(request.config), request.node

            def watch(finalizer: Callable[[], object]) -> Callable[[], object]:
                return functools.partial(_finalize, item, kept, finalizer)

            watch_finalizers(fixturedef, watch)


def _finalize(item: pytest.Item, kept: KeptState, finalizer: Callable[[], object]) -> object:
    __tracebackhide__ = True
    try:
        return finalizer()
    except (Exception, pytest.fail.Exception) as error:
        if _is_failure(error):
            _commit(item, kept)
        raise


def keep_example(item: pytest.Item, database: SeededDatabase | None) -> None:
    """Commit what a failing example of Hypothesis has done, in the block that would undo it.

    Args:
        item: the test.
        database: the test's own database; None for a shared one.
    """
    kept = item.config.stash[STATE].kept
    if kept is None:
        return
    if database is None:
        _commit(item, kept)
    elif item.nodeid not in kept.committed:
        kept.committed[item.nodeid] = database.keep_block()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Commit what a failing test has done before its fixtures are torn down, and keep or drop what they have ended.

    This is the outermost wrapper, which sees what a mark such as xfail has made of the outcome.
    """
    report = yield
    state = item.config.stash[STATE]
    kept = _kept(item.config)
    if report.failed:
        kept.failed.add(item.nodeid)
        for wider in wider_databases_of(state, item):
            kept.wider.setdefault(str(wider.database.url.database), []).append(item.nodeid)
    if call.when == "teardown":
        settle(kept)
        if item.nodeid in kept.failed and SHARED in item.stash and item.nodeid not in kept.kept:
            # Its event loop was closed, or what has failed in its teardown came after it was undone. If it was refused,
            # there is another reason.
            kept.lost.setdefault(item.nodeid, _TOO_LATE)
        _leave(state)
    elif item.nodeid in kept.failed and item is not kept.calling:
        _commit(item, kept)
    return report


def _leave(state: SessionState) -> None:
    """Leave the server, if its fixture was torn down when it was not known yet what is to be kept on it."""
    if state.kept is None or state.kept.leave is None:
        return
    leave, state.kept.leave = state.kept.leave, None
    try:
        leave()
    except SeedError as error:
        state.notices.append(redacted(str(error)))


def leave_server(state: SessionState, server: SessionServer) -> None:
    """Leave the server of the session, once it is known what is to be kept on it.

    The last test's teardown, in which the server's fixture is torn down, may have failed, and is reported later.
    """
    kept = state.kept
    if kept is None:
        server.close()
        return

    def leave() -> None:
        conclude(state, server.keeper)
        server.close()

    if kept.ended:
        kept.leave = leave
    else:
        leave()


def _commit(item: pytest.Item, kept: KeptState) -> None:
    """Commit what a failing test has done on its shared database, unless enough databases are kept."""
    if not _may_commit(item, kept):
        return
    channel = item.stash.get(CHANNEL, None)
    words = channel.keep() if channel is not None else item.stash[SHARED][1].keep()
    if words is not None:
        kept.committed[item.nodeid] = _SEEDED if item.stash.get(ADDED, False) else words


def _may_commit(item: pytest.Item, kept: KeptState) -> bool:
    """Whether a failing test works on a shared database, and that may be kept."""
    template, shared = item.stash.get(SHARED, (None, None))
    if template is None or shared is None or not shared.in_use or item.nodeid in kept.committed:
        return False
    with suppress(SeedError):  # the server is gone
        return template.keeper is not None and not template.keeper.refuses(item.nodeid)
    return False


def _keeping_failures(item: pytest.Item, function: Any, kept: KeptState) -> Any:
    """Return an async test's function that commits what the test has done when it fails, in its event loop."""

    @functools.wraps(function)
    async def test(*args: Any, **kwargs: Any) -> Any:
        try:
            return await function(*args, **kwargs)
        except (Exception, pytest.fail.Exception):
            if _may_commit(item, kept):
                words = await item.stash[CHANNEL].keep_here()
                if words is not None:
                    kept.committed[item.nodeid] = words
            raise

    return test


async def keep_example_here(item: pytest.Item) -> None:
    """Commit what a failing example of an async test has done, in its event loop."""
    kept = item.config.stash[STATE].kept
    if kept is not None and CHANNEL in item.stash and _may_commit(item, kept):
        words = await item.stash[CHANNEL].keep_here()
        if words is not None:
            kept.committed[item.nodeid] = words


def end_database(
    node: Any, template: SchemaTemplate, database: SeededDatabase, *, rolled_back: bool = False
) -> list[str]:
    """End the connections to a database of a test, a class and so on, which is dropped unless a test has failed on it.

    Args:
        node: the test; or the class, module, package or session, that it belongs to.
        template: the schema template that it was cloned from.
        rolled_back: whether what tests have done on it was undone after each.

    Returns:
        The application name and last statement of each connection that was still open.
    """
    kept = node.config.stash[STATE].kept
    if OWN in node.stash:
        # Tests live as long as the session, and engines are large.
        del node.stash[OWN]
    if kept is None:
        return template.drop(database)
    name = str(database.url.database)
    of_test = isinstance(node, pytest.Item)
    tests = (node.nodeid,) if of_test else tuple(kept.wider.pop(name, ()))
    words = kept.committed.pop(node.nodeid, _OWN) if of_test else _WIDER.format(node.nodeid or "the session")
    if rolled_back and not of_test:
        words += _UNDONE
    try:
        return template.end(database)
    finally:
        kept.ended.append(EndedDatabase(template, name, tests, words))


def is_committed(item: pytest.Item) -> bool:
    """Whether what a failing test has done was committed, so that the database is to be handed over."""
    kept = item.config.stash[STATE].kept
    return kept is not None and item.nodeid in kept.committed


def end_shared(node: pytest.Item, template: SchemaTemplate, spec: SeedSpec, *, changed: bool = False) -> None:
    """Take a shared database out of use.

    Args:
        node: the test that worked on it last.
        template: the schema template that it was cloned from.
        spec: of the test.
        changed: whether the test has found other rows than it should, and nothing of it is committed there.
    """
    kept = node.config.stash[STATE].kept
    words = _CHANGED if changed else "" if kept is None else kept.committed.pop(node.nodeid, "")
    if kept is None or not words:
        template.discard_shared(spec)
        return
    name = template.withdraw_shared(spec)
    if name is not None:
        kept.ended.append(EndedDatabase(template, name, (node.nodeid,), words))


def settle(kept: KeptState) -> None:
    """Keep or drop the databases that no test uses any more."""
    ended, kept.ended = kept.ended, []
    for each in ended:
        test = next((test for test in each.tests if test in kept.failed), "")
        # The server may be gone, which the next test or the end of the session reports.
        with suppress(SeedError):
            if each.template.settle(each.name, test, each.state):
                kept.kept[test] = each.template


def conclude(state: SessionState, keeper: Keeper | None) -> None:
    """Note, before the server is left, what was not kept and why."""
    if state.kept is None or keeper is None:
        return
    settle(state.kept)
    # Those that were run again have failed again.
    state.kept.refused |= keeper.refused & state.kept.failed
    state.kept.lost.update(keeper.failures)


def show(state: SessionState, shown: list[Shown]) -> None:
    """Take what was kept, for the end of the report."""
    if state.kept is not None:
        state.kept.shown.update((each.name, each) for each in shown)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was kept to the controller of pytest-xdist; by now all fixtures have been torn down."""
    output, kept = getattr(session.config, "workeroutput", None), _kept(session.config)
    # An interrupted teardown has no report.
    settle(kept)
    _leave(session.config.stash[STATE])
    if output is not None:
        shown = [asdict(each) for each in kept.shown.values()]
        output[_OUTPUT] = {"shown": shown, "refused": [*kept.refused], "lost": kept.lost}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker of pytest-xdist has kept."""
    output = getattr(node, "workeroutput", {}).get(_OUTPUT)
    if output is not None:
        from pytest_supaseed.session.kept import Shown

        kept = _kept(node.config)
        kept.shown.update((each["name"], Shown(**each)) for each in output["shown"])
        kept.refused.update(output["refused"])
        kept.lost.update(output["lost"])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print how to look into what was kept."""
    settings, kept = config.stash[STATE].settings.keep, _kept(config)
    for test, reason in kept.lost.items():
        if test not in kept.refused:
            terminalreporter.write_line(
                printable(f"supaseed: no database of {test} is kept: {redacted(reason)}")
            )
    if settings is None or not kept.shown:
        return
    number = len(kept.shown)
    what = "1 database of a failing test" if number == 1 else f"{number} databases of failing tests"
    terminalreporter.write_line(
        f"supaseed: {what}, kept for {settings.minutes} minutes, until the next run with "
        "--supaseed-keep, or until pytest --supaseed-drop:"
    )
    for each in kept.shown.values():
        terminalreporter.write_line(printable(f"  {each.test}: {each.state}"))
        terminalreporter.write_line(f"    {each.line}")
        if each.url:
            terminalreporter.write_line(f"    {each.url}")
    refused = len(kept.refused)
    if refused:
        terminalreporter.write_line(
            f"  and {refused} more not kept: --supaseed-keep-most={number + refused} keeps them all"
        )


def drop(config: pytest.Config, terminal: Any) -> bool:
    """Drop what was kept of the rootdir, and say so; return whether all of it is gone."""
    from pytest_supaseed.postgres.server.external import given_url
    from pytest_supaseed.session.kept import drop_kept

    state = config.stash[STATE]
    settings = state.settings
    url = given_url(settings.server_url) if settings.server_url is not None else None
    dropped: list[str] = []
    error = ""
    try:
        dropped.extend(drop_kept(str(config.rootpath), state.run.cache(), url, settings.libpq_environment))
    except SeedError as failure:
        error = printable(redacted(str(failure)))
    for line in dropped:
        terminal.write_line(f"supaseed: dropped {printable(line)}")
    if error:
        terminal.write_line(f"supaseed: {error}", red=True)
    elif not dropped:
        terminal.write_line(printable(f"supaseed: nothing is kept of {config.rootpath}"))
    return not error
