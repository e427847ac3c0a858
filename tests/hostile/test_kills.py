"""The script that kills sessions and servers, with a few kills: nothing is left, and the next session passes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pytest

import kills
from forked import OUTPUT, start, start_pytest


def begin() -> None:
    tempfile.tempdir = None


def victim_session(
    arguments: Sequence[str], here: Path, environment: Mapping[str, str], output: BinaryIO
) -> subprocess.Popen[Any]:
    """The script's sessions of which a process is killed, without a new interpreter for each."""
    return start_pytest(
        arguments,
        cwd=here,
        env=environment,
        preexec_fn=begin,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def whole_session(
    arguments: Sequence[str], here: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """The script's sessions that are not killed, in the same way."""
    with start_pytest(arguments, cwd=here, env=environment, preexec_fn=begin, **OUTPUT) as session:
        output, _ = session.communicate(timeout=kills.SESSION_SECONDS)
    return subprocess.CompletedProcess(session.args, session.returncode, output)


@pytest.mark.skipif(sys.platform != "linux", reason="the script finds processes and segments in /proc")
def test_a_kill_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # The seed draws the postmaster of a session without workers, and a worker on the other server.
    drawn = [("throwaway", "postmaster"), ("url", "worker")]
    arguments = [
        *("--times=2", "--seed=228", "--at-once=1", "--phases=testing", "--turns=3"),
        *("--places=throwaway,url", "--victims=postmaster,worker"),
    ]
    monkeypatch.setattr(kills, "victim_session", victim_session)
    monkeypatch.setattr(kills, "whole_session", whole_session)
    # So few turns are soon over: a kill that comes too late takes another session.
    monkeypatch.setitem(kills.SPAN_SECONDS, "testing", 0.2)
    monkeypatch.setattr(sys, "argv", ["kills.py", *arguments])
    with start(sys.argv, kills.main, **OUTPUT) as script:
        output, _ = script.communicate(timeout=300)
    assert script.returncode == 0, output
    first, *lines = output.splitlines()
    assert first == "seed 228"
    *lines, together = lines[-1 - len(drawn) :]
    assert [tuple(line.split()[:2]) for line in lines] == drawn
    # The kills, and nothing in all other columns.
    for line in lines:
        assert line.split()[2:] == ["1", *["0"] * 8]
    assert together.split()[1:] == ["2", *["0"] * 8]
