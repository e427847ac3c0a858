"""What is found in the folder of a Supabase project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.sources.source import resolve
from pytest_supaseed.supabase.project import read_project, version_of


def make(root: Path, config: str | None, *files: str, name: str = "supabase") -> Path:
    """Make a project; `config` is its config.toml, None for none."""
    folder = root / name
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("SELECT 1;", encoding="utf-8")
    folder.mkdir(exist_ok=True)
    if config is not None:
        (folder / "config.toml").write_text(config, encoding="utf-8")
    return folder


def found(root: Path, config: str | None, *files: str) -> list[str]:
    folder = make(root, config, *files)
    project = read_project(folder)
    assert project is not None
    return [Path(os.path.relpath(path, folder)).as_posix() for path in project.paths]


A, B, C = (
    "migrations/20240101000000_a.sql",
    "migrations/20240102000000_b.sql",
    "migrations/20240103000000_c.sql",
)


@pytest.mark.parametrize(
    ("config", "files", "expected"),
    [
        (None, [B, A, "seed.sql"], [A, B, "seed.sql"]),
        ("", [A], [A]),
        # The CLI passes over what has no timestamp.
        ("", [A, "migrations/notes.sql", "migrations/20240101_x.txt", "migrations/sub/20240101000000_d.sql"], [A]),
        ("", ["migrations/1_a.sql", "migrations/2_b.sql"], ["migrations/1_a.sql", "migrations/2_b.sql"]),
        # The folder's name says whose they are.
        (None, ["migrations/001_a.sql", "schema.sql"], ["migrations/001_a.sql"]),
        # What an old CLI has taken from Supabase's own database.
        ("", ["migrations/20211208235959_init.sql", "migrations/20211209000000_init.sql"],
         ["migrations/20211209000000_init.sql"]),
        ("[db.seed]\nenabled = false", [A, "seed.sql"], [A]),
        ("[db.seed]\nsql_paths = ['./seeds/*.sql', 'seed.sql']", [A, "seed.sql", "seeds/b.sql", "seeds/a.sql"],
         [A, "seeds/a.sql", "seeds/b.sql", "seed.sql"]),
        ("[db.seed]\nsql_paths = ['seeds/b.sql', 'seeds/*.sql']", [A, "seeds/b.sql", "seeds/a.sql"],
         [A, "seeds/b.sql", "seeds/a.sql"]),
        ("[db.seed]\nsql_paths = ['../shared/*.sql', 'seeds/**/*.sql']",
         [A, "../shared/x.sql", "seeds/a/b.sql", "seeds/c.sql"],
         [A, "../shared/x.sql", "seeds/a/b.sql", "seeds/c.sql"]),
        ("[db.migrations]\nenabled = false", [A, "seed.sql"], ["seed.sql"]),
        ("[db.migrations]\nschema_paths = ['./schemas/z.sql', './schemas/*.sql']",
         ["schemas/a.sql", "schemas/z.sql"], ["schemas/z.sql", "schemas/a.sql"]),
        ("", ["schemas/b.sql", "schemas/a/c.sql"], ["schemas/a/c.sql", "schemas/b.sql"]),
        # Where there are migrations, they have been made of the schemas.
        ("[db.migrations]\nschema_paths = ['./schemas/*.sql']", [A, "schemas/a.sql"], [A]),
        ("[db]\nmajor_version = 17", [], []),
    ],
)  # fmt: skip
def test_the_files_are_those_of_a_reset(
    config: str | None, files: list[str], expected: list[str], tmp_path: Path
) -> None:
    assert found(tmp_path, config, *files) == expected


def test_other_folders_are_no_projects(tmp_path: Path) -> None:
    assert read_project(make(tmp_path, None, "schema.sql", "migrations/users.sql")) is None
    assert read_project(make(tmp_path, None, "migrations/1_a.up.sql", "migrations/1_a.down.sql")) is None
    numbered = make(tmp_path, None, "migrations/V1__users.sql", "migrations/000001_a.sql", name="db")
    assert read_project(numbered) is None


def test_migrations_of_other_tools_are_no_projects(tmp_path: Path) -> None:
    folder = make(tmp_path, None, A, name="db")
    assert read_project(folder) is not None
    (folder / A).write_text("-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;", encoding="utf-8")
    assert read_project(folder) is None
    # A folder of .sql files, which has migrations besides.
    assert read_project(make(tmp_path / "other", None, A, "schema.sql", name="db")) is None
    assert read_project(make(tmp_path / "configured", "", A, "schema.sql", name="db")) is not None


def test_a_source_says_what_it_has_found(tmp_path: Path) -> None:
    make(tmp_path, "", A, B, "seed.sql")
    source = resolve("supabase", tmp_path)
    assert (source.kind, source.description) == ("project", "supabase (2 migrations, 1 seed)")
    # The migrations alone are files like others.
    assert resolve("supabase/migrations", tmp_path).kind == "folder"


def test_patterns_that_match_nothing_are_kept_to_be_told(tmp_path: Path) -> None:
    project = read_project(make(tmp_path, "[db.seed]\nsql_paths = ['./seed.sql', 'sedes/*.sql']", A))
    assert project is not None
    assert project.unmatched == ("sedes/*.sql",)


def test_migrations_that_the_cli_leaves_out_are_kept_to_be_told(tmp_path: Path) -> None:
    files = (A, "migrations/users.sql", "migrations/README.md", "migrations/20211208235959_init.sql")
    project = read_project(make(tmp_path, "", *files))
    assert project is not None
    assert [path.name for path in project.skipped] == ["users.sql"]
    assert project.contents == "1 migration, 1 left out"
    assert read_project(make(tmp_path, "[db.migrations]\nenabled = false")).skipped == ()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("[db", "cannot be read"),
        ("db = 5", r"db is 5, and should be a table"),
        ("[db]\nseed = true", r"seed is True, and should be a table: \[db.seed\]"),
        ("[db.seed]\nsql_paths = 'seed.sql'", "sql_paths is 'seed.sql', and should be a list of paths"),
    ],
)
def test_a_configuration_that_cannot_be_used(config: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=reason):
        read_project(make(tmp_path, config, A))


def test_the_version_of_a_migration() -> None:
    assert version_of(Path(A)) == ("20240101000000", "a")
