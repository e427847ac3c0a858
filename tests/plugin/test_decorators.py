"""The markers as decorators: what they put on a test, and what type checkers say of them."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import pytest_supaseed
from pytest_supaseed import Rows, seed, seed_options, seeded_database
from pytest_supaseed.spec import OPTION_NAMES, given_options

USES = Path(__file__).with_name("typed_uses.py")
PACKAGE = Path(pytest_supaseed.__path__[0])
WRONG = {
    number
    for number, line in enumerate(USES.read_text(encoding="utf-8").splitlines(), 1)
    if line.endswith("# wrong")
}


def marks_of(function: object) -> list[pytest.Mark]:
    return function.pytestmark  # type: ignore[attr-defined, no-any-return]


def test_a_decorator_puts_the_marker_on_a_function() -> None:
    @seed({"auth.users": 5}, setups=Rows(8))
    @seed_options(seed=7, max_records=0)
    def test_it() -> None: ...

    options, rows = marks_of(test_it)
    assert (options.name, options.args, options.kwargs) == ("seed_options", (), {"seed": 7, "max_records": 0})
    assert (rows.name, rows.args, rows.kwargs) == ("seed", ({"auth.users": 5},), {"setups": Rows(8)})


def test_a_decorator_without_parentheses_marks_the_function_for_the_message() -> None:
    @seed  # type: ignore[arg-type]
    def test_it() -> None: ...

    @seed_options  # type: ignore[arg-type]
    class TestIt: ...

    assert [mark.name for mark in marks_of(test_it)] == ["seed"]
    assert [mark.name for mark in marks_of(TestIt)] == ["seed_options"]
    assert inspect.isfunction(test_it)


def test_what_is_wrong_is_left_to_the_report_of_all_problems() -> None:
    mark = seed_options(5, maxrecords=3).mark  # type: ignore[arg-type]
    assert (mark.args, mark.kwargs) == ((5,), {"maxrecords": 3})
    assert seed({"users": 5}, {"setups": 3}).mark.args == ({"users": 5}, {"setups": 3})  # type: ignore[arg-type]


def test_every_option_is_an_argument_of_the_marker_and_of_the_fixture() -> None:
    of_marker, of_fixture = (inspect.signature(each).parameters for each in (seed_options, seeded_database))
    assert [name for name in of_marker if name not in ("nothing", "unknown")] == list(OPTION_NAMES)
    assert [name for name in of_fixture if name in OPTION_NAMES] == list(OPTION_NAMES)
    for name in OPTION_NAMES:
        assert of_marker[name].default is of_fixture[name].default is None
        # A table may have the name of the option that came later.
        assert name == "settings" or of_marker[name].annotation == of_fixture[name].annotation
        assert f"\n        {name}: " in (seed_options.__doc__ or "")
        assert f"\n        {name}: " in (seeded_database.__doc__ or "")


def test_the_options_that_are_given_are_those_that_are_not_none() -> None:
    given = {"max_records": 0, "seed": None, "settings": {}, "vary_defaults": False, "scope": "session"}
    assert given_options(given) == {"max_records": 0, "settings": {}, "vary_defaults": False}


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()


def test_the_decorators_do_not_hide_the_modules_of_the_package() -> None:
    program = (
        "import pytest_supaseed.spec; from pytest_supaseed import seed; import pytest_supaseed.plugin.hooks"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=PACKAGE.parent)
    assert find_spec("pytest_supaseed.seed") is None


def test_mypy_accepts_right_uses_and_refuses_wrong_ones(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = pytestconfig.rootpath / ".mypy_cache" / "uses"
    monkeypatch.setenv("MYPYPATH", str(PACKAGE.parent))
    options = [
        "--config-file=",
        "--strict",
        "--follow-imports=silent",
        f"--cache-dir={cache}",
        "--no-error-summary",
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", *options, USES.name], cwd=USES.parent, capture_output=True, text=True
    )
    assert ended.stderr == ""
    found = re.findall(rf"^{USES.name}:(\d+): error", ended.stdout, re.MULTILINE)
    assert set(map(int, found)) == WRONG, ended.stdout


@pytest.mark.skipif(find_spec("basedpyright") is None, reason="basedpyright is not installed")
def test_pyright_accepts_right_uses_and_refuses_wrong_ones(tmp_path: Path) -> None:
    configuration = {
        "typeCheckingMode": "standard",
        "include": [str(USES)],
        "extraPaths": [str(PACKAGE.parent)],
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    command = [sys.executable, "-m", "basedpyright", "--project", str(tmp_path), "--outputjson"]
    ended = subprocess.run([*command, "--pythonpath", sys.executable], capture_output=True, text=True)
    found = json.loads(ended.stdout)["generalDiagnostics"]
    lines = {each["range"]["start"]["line"] + 1 for each in found if each["severity"] == "error"}
    assert lines == WRONG, ended.stdout
