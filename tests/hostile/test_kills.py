"""The script that kills sessions and servers, with a few kills: nothing is left, and the next session passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pytest_supaseed

SCRIPT = Path(pytest_supaseed.__path__[0]).parent / "benchmarks" / "kills.py"


@pytest.mark.skipif(sys.platform != "linux", reason="the script finds processes and segments in /proc")
@pytest.mark.parametrize(
    ("place", "victim"),
    [("throwaway", "controller"), ("throwaway", "postmaster"), ("url", "controller"), ("url", "worker")],
)
def test_a_kill_leaves_nothing(place: str, victim: str) -> None:
    options = ["--times=1", "--seed=1", "--at-once=1", "--phases=testing"]
    result = subprocess.run(
        [sys.executable, str(SCRIPT), *options, f"--places={place}", f"--victims={victim}"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    first, *_, one, together = result.stdout.splitlines()
    assert first == "seed 1"
    assert one.split()[:2] == [place, victim]
    # The kill, and nothing in all other columns.
    assert together.split()[1:] == ["1", *["0"] * 8]
