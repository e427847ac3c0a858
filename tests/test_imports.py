"""What a pytest run pays for the plugin before anybody uses it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_supaseed
from pytest_supaseed.options import ENVIRONMENT

PACKAGE = Path(pytest_supaseed.__path__[0])
HEAVY = ("sqlalchemy", "faker", "faker.providers", "psycopg2", "alembic", "sqlmodel", "tqdm")
# Python 3.10's own uuid imports subprocess.
NOT_PURE = {"pytest", "sqlalchemy", "psycopg2", "faker", "socket"}
PURE_PACKAGES = (
    "allocation",
    "constraints",
    "factories",
    "model",
    "planning",
    "rows",
    "values",
    "values.meanings",
    "values.types",
)
PURE_MODULES = (
    "copy_text",
    "errors",
    "options",
    "markers",
    "reports.text",
    "postgres.server.archive",
    "repair.propose",
    "repair.solve",
    "rng",
    "settings",
    "sources.inputs",
    "sources.model_classes",
    "spec",
    "supabase.from_supaseed",
    "supabase.users",
)


def loaded(statement: str) -> set[str]:
    """Run a statement in a new interpreter, and return the names of its modules."""
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=PACKAGE.parent, check=True, capture_output=True, text=True
    )
    return set(ended.stdout.split())


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a module imports, inside functions as well."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.fixture(scope="module")
def of_the_plugin() -> set[str]:
    return loaded("import pytest_supaseed.plugin.hooks")


@pytest.mark.parametrize("module", HEAVY)
def test_the_plugin_leaves_alone_what_is_slow_to_import(of_the_plugin: set[str], module: str) -> None:
    assert "pytest_supaseed.plugin.hooks" in of_the_plugin
    assert module not in of_the_plugin


def test_the_layers_hold() -> None:
    # The contracts are in pyproject.toml.
    ended = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_module_that_is_imported_would_be_seen() -> None:
    assert {"faker", "faker.providers", "sqlalchemy"} <= loaded("import faker, sqlalchemy")


# Every pytest run imports these, for the options, the markers and the fixtures to be there.
EMPTY_RUN = {
    "pytest_supaseed",
    "pytest_supaseed.clock",
    "pytest_supaseed.options",
    "pytest_supaseed.plugin",
    "pytest_supaseed.plugin.fixtures",
    "pytest_supaseed.plugin.hooks",
    "pytest_supaseed.plugin.ini",
    "pytest_supaseed.plugin.internals",
    "pytest_supaseed.rng",
}


def of_a_run(folder: Path, *arguments: str) -> set[str]:
    """Return the modules of this package that a pytest run in a folder imports."""
    return {
        name
        for name in loaded(
            f"import pytest; pytest.main({['-q', '-p', 'no:cacheprovider', *arguments, str(folder)]!r})"
        )
        if name.startswith("pytest_supaseed")
    }


def test_a_run_that_uses_nothing_of_the_plugin_imports_little_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    (tmp_path / "test_a.py").write_text("def test_a(tmp_path): ...", encoding="utf-8")
    assert of_a_run(tmp_path) <= EMPTY_RUN
    # A test that uses it, and an option that may be invalid, are seen.
    assert "pytest_supaseed.settings" in of_a_run(tmp_path, "--supaseed-seed=1")
    (tmp_path / "test_b.py").write_text("def test_b(seeded_db): ...", encoding="utf-8")
    assert "pytest_supaseed.plugin.items" in of_a_run(tmp_path, "--setup-plan")


def test_only_the_plugin_sees_pytest() -> None:
    modules = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    # Most of the others do not even name it.
    named = {
        name for name, path in modules.items() if re.search(r"\b_?pytest\b", path.read_text(encoding="utf-8"))
    }
    seeing = {name for name in named if imported(modules[name]) & {"pytest", "_pytest"}}
    assert "plugin/hooks.py" in seeing
    assert {name for name in seeing if not name.startswith("plugin/")} == set()


def test_the_pure_core_is_pure() -> None:
    of_packages = {
        package: {
            f"pytest_supaseed.{package}.{path.stem}"
            for path in PACKAGE.joinpath(*package.split(".")).glob("*.py")
            if path.stem != "__init__"
        }
        for package in PURE_PACKAGES
    }
    assert all(of_packages.values())
    names = sorted({f"pytest_supaseed.{name}" for name in PURE_MODULES}.union(*of_packages.values()))
    # Each with what is there behind it: the first that is not pure has imported it.
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        f"    print(name, *sorted({NOT_PURE!r} & sys.modules.keys()))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=PACKAGE.parent, check=True, capture_output=True, text=True
    )
    assert ended.stdout.splitlines() == names


WITHOUT_GREENLET = """
import sys
sys.modules["greenlet"] = None
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from pytest_supaseed import SeededDatabase, acting_as, acting_as_anon, rebind, seeded_database
engine = create_engine("postgresql+psycopg2://nobody@/nothing")
rebind(engine, sessionmaker(engine), scoped_session(sessionmaker(engine)))
with rebind(engine, to=create_engine("postgresql+psycopg2://nobody@/other")):
    assert engine.url.database == "nothing"
try:
    with acting_as(object(), "3f0a"):
        pass
except Exception as error:
    print(error)
"""


def test_sync_tests_need_no_greenlet() -> None:
    # SQLAlchemy 2.1 is installed without it, and its package for async engines cannot be imported then.
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_GREENLET], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert "cannot act as somebody" in ran.stdout
