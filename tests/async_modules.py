"""Imports the plugins and libraries of sessions with async tests, for tests whose sessions run in this process.

What such a session imports first is forgotten after it, and imported anew by the next. The drivers are imported by
conftest.py.
"""

from __future__ import annotations

import asyncio
import importlib

# pytest-asyncio asks for the current event loop before its first test. Until one was set, the answer is a new loop,
# which is never closed: Python warns of it whenever it is found, in whichever test that is.
asyncio.set_event_loop(None)

for name in (
    "anyio.pytest_plugin",
    "fastapi",
    "httpx",
    "pytest_asyncio.plugin",
):
    importlib.import_module(name)
