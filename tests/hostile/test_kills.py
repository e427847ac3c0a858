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
    # The seeds draw a controller of workers at the first place, and one without them at the second.
    ("place", "victims", "seed"),
    [("throwaway", {"controller", "postmaster"}, 3), ("url", {"controller", "worker"}, 1)],
)
def test_a_kill_leaves_nothing(place: str, victims: set[str], seed: int) -> None:
    options = [f"--times={len(victims)}", f"--seed={seed}", "--at-once=1", "--phases=testing"]
    result = subprocess.run(
        [
            sys.executable,
            str(SCRIPT),
            *options,
            f"--places={place}",
            f"--victims={','.join(sorted(victims))}",
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    first, *kills = result.stdout.splitlines()
    assert first == f"seed {seed}"
    *lines, together = kills[-1 - len(victims) :]
    assert {tuple(line.split()[:2]) for line in lines} == {(place, victim) for victim in victims}
    # The kills, and nothing in all other columns.
    for line in lines:
        assert line.split()[2:] == ["1", *["0"] * 8]
    assert together.split()[1:] == [str(len(victims)), *["0"] * 8]
