"""What docs/reference/command.md shows is run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from sqlalchemy import URL

from pytest_supaseed.command import main
from tests.servers import run, schema_of

PAGE = Path(__file__).parents[2].joinpath("docs", "reference", "command.md").read_text(encoding="utf-8")
SCHEMA = """
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE setups (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, title text, category text);
"""


def test_the_commands_of_the_page_do_what_it_says(
    empty_database: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.sql").write_text(SCHEMA, encoding="utf-8")
    [toml] = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "supaseed.toml").write_text(toml, encoding="utf-8")
    url = empty_database.set(drivername="postgresql").render_as_string(hide_password=False)
    server = empty_database.set(drivername="postgresql", database="postgres")
    monkeypatch.setenv("SUPASEED_POSTGRES", server.render_as_string(hide_password=False))
    with schema_of(empty_database, SCHEMA) as connection:
        connection.connection.commit()
    commands = [
        shlex.split(line)
        for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    assert [words[:2] for words in commands] == [["supaseed", "seed"], ["supaseed", "sql"]]
    for _, *words in commands:
        given = [url if word.startswith("postgresql://") else word for word in words]
        assert main.main([*given, *(["--yes"] if words[0] == "seed" else [])]) == main.DONE
    assert main.main(["plan"]) == main.DONE
    assert "5 of at most 5000" not in (said := capsys.readouterr().out)
    assert "total 13 of at most 5000" in said
    with schema_of(empty_database, "SELECT 1") as connection:
        assert run(connection, "SELECT count(*) FROM setups") == [(8,)]
    assert (tmp_path / "seed.sql").read_text(encoding="utf-8").count("example.") == 5


def test_the_exit_codes_of_the_page_are_those_of_the_command() -> None:
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)]
    assert codes == [main.DONE, main.REFUSED, main.UNUSABLE, main.INTERRUPTED]


@pytest.mark.parametrize("command", ["seed", "sql", "plan", "schema", "shell", "completion"])
def test_each_command_of_the_page_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"| `supaseed {command} " in PAGE
    with pytest.raises(SystemExit) as end:
        main.main([command, "--help"])
    assert end.value.code == 0
    assert f"example:\n  supaseed {command}" in capsys.readouterr().out
