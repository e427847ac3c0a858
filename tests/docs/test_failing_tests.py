"""What docs/how-to/failing-tests.md shows is what is printed, and what it says to write works."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import pytest_timeout

PAGE = Path(__file__).parents[2].joinpath("docs", "how-to", "failing-tests.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def shape(text: str) -> str:
    """A text without what differs from session to session: folders, ports, passwords, numbers of databases."""
    text = re.sub(r"(\S*)supaseed-[0-9a-f]{16}", "FOLDER", text)
    text = re.sub(r"'postgresql://\S+'", "DSN", text)
    text = re.sub(r"-p \d+", "-p PORT", text)
    return re.sub(r"postgres:[0-9a-f.]+@127\.0\.0\.1:\d+", "SECRET", text)


@pytest.mark.skipif(shutil.which("psql") is None, reason="the line that is printed is for psql")
def test_the_test_of_the_page_is_kept_as_shown(
    project: pytest.Pytester, choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPASEED_POSTGRES", choice)
    [source] = blocks("python")
    [settings] = blocks("ini")
    project.makeini(f"{settings}supaseed_schema = schema.sql\n")
    project.makepyfile(test_setups=source)
    try:
        output = project.runpytest_subprocess("--supaseed-keep").stdout.str()
        for block in (blocks("text")[1], blocks("text")[2]):
            assert shape(block) in shape(output)
        [line] = re.findall(r"^    (psql .*)$", output, re.MULTILINE)
        answer = subprocess.run(
            ["/bin/sh", "-c", f"{line} -Atc 'SELECT count(DISTINCT user_id) FROM setups'"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert answer.stdout == "4\n"
    finally:
        dropped = project.runpytest_inprocess("--supaseed-drop")
    dropped.stdout.fnmatch_lines(
        "supaseed: dropped supaseed_kept_test_everybody_keeps_a_setup, of test_setups.py::*"
    )


def test_pdb_prints_what_the_page_shows(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    # pytest-timeout ends no test of a process any more in which pdb was entered.
    monkeypatch.setattr(pytest_timeout, "SUPPRESS_TIMEOUT", False)
    project.makepyfile(test_setups=blocks("python")[0])
    result = project.runpytest_inprocess("--pdb", "--pdbcls=_pytest.debugging:pytestPDB", "--tb=no")
    output = result.stdout.str()
    assert shape(blocks("text")[0]) in shape(output)


def test_the_options_of_the_page_are_those_that_there_are(project: pytest.Pytester) -> None:
    text = project.runpytest_inprocess("--help").stdout.str()
    options = set(re.findall(r"--supaseed-(?:keep|drop)[a-z-]*", text))
    rows = re.findall(r"^\| `(--supaseed-[a-z-]+)", PAGE, re.MULTILINE)
    assert set(rows) == options
    assert len(rows) == len(options) == 5
    ini = set(re.findall(r"^  (supaseed_keep(?:_(?!code)\w+)?)\b", text, re.MULTILINE))
    assert ini == set(re.findall(r"^\| `--\S+(?: \w+)?` \| `(supaseed_\w+)`", PAGE, re.MULTILINE))
