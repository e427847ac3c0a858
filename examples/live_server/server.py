"""The server as a process of its own, as it runs elsewhere."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running() -> Iterator[str]:
    """Run the server on a free port, and yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-m", "uvicorn", "app:app", "--fd", str(listener.fileno())]
        with subprocess.Popen(command, pass_fds=[listener.fileno()], env=dict(os.environ)) as process:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            process.terminate()
