"""docs/tutorial/first-tests.md is done step by step in an empty folder, and prints what it shows."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from forked import start_pytest
from pages import Page, is_shown

PAGE = Page("tutorial/first-tests.md")
# What is installed already stands for what the tutorial installs.
PIP = """#!/bin/sh
test "$*" = "install pytest-supaseed[embedded]"
"""
PYTHON = """#!/bin/sh
test "$*" = "-m venv .venv" && mkdir -p .venv/bin && : >.venv/bin/activate
"""


def test_the_tutorial_leads_to_what_it_shows(tmp_path: Path, choice: str, copied_clusters: None) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in {"pip": PIP, "python3": PYTHON}.items():
        programs.joinpath(name).write_text(text, encoding="utf-8")
        programs.joinpath(name).chmod(0o755)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "CI"},
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "SUPASEED_POSTGRES": choice,
        "COLUMNS": "80",
    }
    folder, commands = tmp_path, 0
    for block in PAGE.blocks:
        if block.file:
            path = folder / block.file
            before = f"{path.read_text(encoding='utf-8')}\n\n" if path.exists() else ""
            path.write_text(before + block.content, encoding="utf-8")
            continue
        assert block.language == "console", block
        lines = [line.removeprefix("$ ") for line in block.text.splitlines() if line.startswith("$ ")]
        if "mkdir camp" in lines[0]:
            done = subprocess.run(
                ["/bin/sh", "-ec", "\n".join(lines)],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
            )
            assert (done.returncode, folder.joinpath("camp", ".venv").exists()) == (0, True), done.stderr
            folder = folder / "camp"
        else:
            [(program, *arguments)] = map(shlex.split, lines)
            assert program == "pytest"
            pipe = subprocess.PIPE
            with start_pytest(
                arguments, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True
            ) as session:
                printed, errors = session.communicate(timeout=120)
            assert is_shown(block.text.partition("\n")[2], printed), printed + errors
            commands += 1
    assert commands == 4
