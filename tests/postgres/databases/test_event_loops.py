"""What is open in an event loop ends in it, or without it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from pytest_supaseed.postgres.databases.event_loops import (
    LoopEnding,
    cancel,
    current_task,
    run_apart,
    run_in,
    running_loop,
)


class Opened:
    """What is open in a loop, and says how it ended."""

    def __init__(self) -> None:
        self.ended: list[object] = []
        self.ending: LoopEnding | None = None

    async def open(self) -> None:
        async def end() -> None:
            await asyncio.sleep(0)
            self.ended.append(running_loop())

        self.ending = LoopEnding(end, lambda: self.ended.append("abandoned"))

    def finish(self) -> None:
        assert self.ending is not None
        self.ending.finish()


@pytest.fixture
def opened() -> Opened:
    return Opened()


def test_it_ends_when_the_loop_shuts_down(opened: Opened) -> None:
    asyncio.run(opened.open())
    assert opened.ending is not None
    assert opened.ended == [opened.ending.loop]
    opened.finish()
    assert len(opened.ended) == 1


def test_it_ends_earlier_from_outside(opened: Opened) -> None:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(opened.open())
    opened.finish()
    assert opened.ended == [loop]
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    assert len(opened.ended) == 1


def test_it_is_abandoned_where_the_loop_was_closed(opened: Opened) -> None:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(opened.open())
    loop.close()
    opened.finish()
    opened.finish()
    assert opened.ended == ["abandoned"]


def test_it_ends_in_a_loop_that_runs_in_another_thread(opened: Opened) -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(opened.open(), loop).result()
    opened.finish()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    assert opened.ended == [loop]


def test_it_is_abandoned_from_inside_of_its_loop(opened: Opened) -> None:
    async def main() -> None:
        await opened.open()
        opened.finish()

    asyncio.run(main())
    assert opened.ended == ["abandoned"]


def test_a_loop_of_its_own_leaves_the_threads_as_it_was() -> None:
    async def note() -> None:
        seen.append(running_loop())

    seen: list[asyncio.AbstractEventLoop | None] = []
    run_apart(note)
    [loop] = seen
    assert loop is not None
    assert loop.is_closed()
    assert (running_loop(), current_task()) == (None, None)
    assert not run_in(loop, note)
    assert len(seen) == 1


def test_a_task_is_cancelled_and_awaited() -> None:
    async def main() -> None:
        task = asyncio.create_task(asyncio.sleep(60))
        await cancel(task)
        assert task.cancelled()
        assert current_task() is not task

    asyncio.run(main())
