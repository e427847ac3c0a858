"""The script that kills sessions and servers, with a few kills: nothing is left, and the next session passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pytest_supaseed

SCRIPT = Path(pytest_supaseed.__path__[0]).parent / "benchmarks" / "kills.py"


@pytest.mark.skipif(sys.platform != "linux", reason="the script finds processes and segments in /proc")
@pytest.mark.parametrize("victim", ["controller", "postmaster"])
def test_a_kill_leaves_nothing(victim: str) -> None:
    options = ["--times=1", "--seed=1", "--places=throwaway", "--phases=testing", f"--victims={victim}"]
    result = subprocess.run(
        [sys.executable, str(SCRIPT), *options], capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stdout + result.stderr
    first, *_, together = result.stdout.splitlines()
    assert first == "seed 1"
    assert together.split()[0] == "together"
