"""What docs/reference/command.md shows is run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from pytest_supaseed.command import main
from pytest_supaseed.reports.plan_json import document_of_test
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


EVERYTHING = """
CREATE TABLE users (id serial PRIMARY KEY);
CREATE TABLE orders (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, total_cents int NOT NULL);
CREATE TABLE order_lines (
    id serial PRIMARY KEY, order_id int NOT NULL REFERENCES orders, quantity int NOT NULL,
    unit_price_cents int NOT NULL, line_total_cents int NOT NULL
);
CREATE TABLE returns (
    id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, order_id int NOT NULL REFERENCES orders,
    reason text NOT NULL
);
"""


def keys_of(value: object, path: str = "") -> Iterator[str]:
    """Yield the path of each key of a document whose keys are the format's: ``tables[].rows``."""
    if isinstance(value, dict) and path not in ("tables[].given", "tables[].totals"):
        for key, each in value.items():
            here = f"{path}.{key}" if path else key
            yield here
            yield from keys_of(each, here)
    elif isinstance(value, list):
        for each in value:
            yield from keys_of(each, f"{path}[]")


def test_the_keys_of_a_plan_are_those_of_the_page(
    empty_database: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    server = empty_database.set(drivername="postgresql", database="postgres")
    monkeypatch.setenv("SUPASEED_POSTGRES", server.render_as_string(hide_password=False))
    (tmp_path / "schema.sql").write_text(EVERYTHING, encoding="utf-8")
    (tmp_path / "supaseed.toml").write_text(
        'schema = "schema.sql"\n[tables]\nusers = 2\norders = 4\norder_lines = 8\n'
        'returns = {count = 4, columns = {reason = "late"}}\n',
        encoding="utf-8",
    )
    assert main.main(["plan", "--json"]) == main.DONE
    document = json.loads(capsys.readouterr().out)
    found = list(dict.fromkeys(keys_of(document)))
    section = PAGE.partition("## JSON")[2].partition("\n## ")[0]
    shown = [
        name
        for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
        for name in re.findall(r"`(.+?)`", row)
    ]
    assert sorted(found) == sorted(shown)
    returns = next(each for each in document["tables"] if each["table"] == "public.returns")
    assert returns["given"] == {"reason": ["late"]}
    assert [(each["columns"], each["on"]) for each in returns["agree"]] == [
        ([["order_id"], ["user_id"]], "public.users")
    ]
    assert any(each["totals"] for each in document["tables"])


def test_the_keys_of_a_plan_of_tests_and_of_a_schema_are_those_of_the_page() -> None:
    section = PAGE.partition("## JSON")[2].partition("\n## ")[0]
    for document in (
        document_of_test("a", []),
        document_of_test("a", [], "no"),
        document_of_test("a", [], "no", skipped=True),
    ):
        for key in document:
            assert f"`{key}`" in section or f'"{key}"' in section
    for key in ("table", "asked", "exact", "why"):
        assert f"`{key}`" in section
