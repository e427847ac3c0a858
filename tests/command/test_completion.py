"""The script that completes the command, in a real shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_supaseed.command.main import DONE, UNUSABLE, main

BASH = shutil.which("bash")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("completion") / "supaseed.bash"
    with pytest.MonkeyPatch.context() as patched, path.open("w", encoding="utf-8") as file:
        patched.setattr(sys, "stdout", file)
        assert main(["completion", "bash"]) == DONE
    path.with_name("schema.sql").touch()
    return path


@pytest.mark.skipif(BASH is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["s"], ["schema", "seed", "shell", "sql"]),
        (["plan", "--js"], ["--json"]),
        (["seed", "--dr"], ["--dry-run"]),
        (["completion", "z"], ["zsh"]),
        (["plan", "sch"], ["schema.sql"]),
        (["sql", "--output", "sch"], ["schema.sql"]),
    ],
)
def test_bash_completes(script: Path, words: list[str], expected: list[str]) -> None:
    typed = " ".join(["supaseed", *words])
    program = (
        f'. ./{script.name}\nCOMP_LINE="{typed}"\nCOMP_POINT=${{#COMP_LINE}}\nCOMP_WORDS=({typed})\n'
        f"COMP_CWORD={len(words)}\n"
        # What complete -F has registered, as bash calls it.
        "function=$(complete -p supaseed | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
        '"$function" supaseed "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"\n'
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        [str(BASH), "-c", program], cwd=script.parent, capture_output=True, text=True, check=True
    )
    assert sorted(done.stdout.split()) == expected


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_get_a_script_of_theirs(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == DONE
    assert "supaseed" in capsys.readouterr().out


def test_without_shtab_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == UNUSABLE
    assert capsys.readouterr().err == (
        "supaseed: the script is written by shtab, which is not installed: "
        'pip install "pytest-supaseed[completion]"\n'
    )


def test_an_old_shtab_says_what_it_knows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shtab.SUPPORTED_SHELLS", ["bash", "zsh"])
    assert main(["completion", "fish"]) == UNUSABLE
    assert "writes no script for fish, but for bash, zsh" in capsys.readouterr().err


def test_a_table_is_no_argument_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["completion", "bash", "users=5"])
    assert end.value.code == UNUSABLE
    assert "unrecognized arguments: users=5" in capsys.readouterr().err
