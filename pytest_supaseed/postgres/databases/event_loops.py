"""What a test has open in an event loop of asyncio, and its end in the same loop.

A connection of asyncpg belongs to the loop in which it was opened, and can be closed properly only while it runs. A
test's loop belongs to pytest-asyncio, anyio, a ``TestClient`` or the test itself: it may be closed before the
fixtures of the plugin are torn down, or after the whole session. :class:`LoopEnding` covers both: an asynchronous
generator that is suspended in the loop is finalized when the loop shuts down, as :func:`asyncio.run`,
:class:`asyncio.Runner` and all of the above do; :meth:`LoopEnding.finish` does it earlier, from outside the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from concurrent.futures import wait
from contextlib import suppress
from typing import Any

# For the loop of another thread to end what is open in it.
_PATIENCE_SECONDS = 5.0
NO_LOOP = (
    "no event loop of asyncio is running here: the async fixtures work under asyncio only, not under trio. With anyio, "
    'let the fixture anyio_backend return "asyncio"'
)


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop of asyncio that is running in this thread; None for none, and in trio."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def current_task() -> asyncio.Task[Any] | None:
    """Return the running task; None outside of a loop."""
    return asyncio.current_task() if running_loop() is not None else None


async def cancel(task: asyncio.Task[Any]) -> None:
    """Cancel a task of the running loop, and wait for its end."""
    task.cancel()
    await asyncio.wait([task], timeout=_PATIENCE_SECONDS)


class LoopEnding:
    """The end of what is open in the running event loop: it comes in this loop, and once.

    Args:
        end: a coroutine function that ends it, and raises nothing: a loop that shuts down would only log it.
        abandon: ends it without the loop, which has been closed, or whose thread does not answer.

    Attributes:
        loop: the event loop.
    """

    def __init__(self, end: Callable[[], Awaitable[None]], abandon: Callable[[], None]) -> None:
        self.loop = asyncio.get_running_loop()
        self._end = end
        self._abandon = abandon
        self._ended = False
        self._waiting = self._until_shutdown()
        # The first step makes the generator known to the loop. There is nothing in it to wait for.
        with suppress(StopIteration):
            self._waiting.__anext__().send(None)

    async def _until_shutdown(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            if not self._ended:
                self._ended = True
                await self._end()

    async def _close(self) -> None:
        await self._waiting.aclose()

    def finish(self) -> None:
        """End it now, from outside of the loop; nothing is done if the loop has ended it."""
        if not self._ended and not run_in(self.loop, self._close):
            self._ended = True
            self._abandon()


def run_in(loop: asyncio.AbstractEventLoop, do: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    """Run a coroutine function in a loop, from outside of it.

    Returns:
        Whether that was possible: the loop may be closed, or run in a thread that does not answer.
    """
    here = running_loop()
    if not (loop.is_closed() or loop.is_running() or here is not None):
        loop.run_until_complete(do())
        return True
    if loop.is_running() and here is not loop:
        # It runs in another thread.
        running = asyncio.run_coroutine_threadsafe(do(), loop)
        wait([running], _PATIENCE_SECONDS)
        return running.done()
    return False


def run_apart(do: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine function in a loop of its own, which leaves the thread's event loop as it was."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(do())
    finally:
        loop.close()
