"""What is said of an exception in the user's code: its words, their line, our advice."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from pytest_supaseed import tracebacks
from pytest_supaseed.model.schema import Schema, TableName
from pytest_supaseed.tracebacks import describe


def described(error: BaseException, server_version: tuple[int, ...] | None = None) -> str:
    return str(describe(error, server_version))


def raised(function: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        function()
    return caught.value


def ran(source: str, path: str | Path) -> BaseException:
    """What code raises that is in a file of that name."""
    return raised(lambda: exec(compile(source, str(path), "exec"), {"__name__": "users"}))


class NothingToSay(Exception):  # noqa: N818
    """Without a message."""


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no such role"), "ValueError: no such role"),
        (ValueError(" spaces \n"), "ValueError: spaces"),
        (ValueError("two\nlines"), "ValueError: two\nlines"),
        (KeyError("DATABASE_URL"), "KeyError: 'DATABASE_URL'"),
        (NothingToSay(), "NothingToSay"),
        (SystemExit(3), "SystemExit: 3"),
        (SystemExit(), "SystemExit"),
        (SyntaxError("invalid syntax", ("models.py", 3, 1, "x", 3, 2)),
         "SyntaxError: invalid syntax\n  at models.py:3"),
        (SyntaxError("invalid syntax"), "SyntaxError: invalid syntax"),
    ],
)  # fmt: skip
def test_what_it_says(error: BaseException, text: str) -> None:
    assert described(error) == text


def test_the_line_of_the_user_s_file(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    error = ran("def inner():\n    raise ValueError('no')\n\ndef outer():\n    inner()\n\nouter()\n", path)
    assert described(error) == f"ValueError: no\n  at {path}:2, in inner"


def test_the_line_from_which_a_library_was_called(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    error = ran("import json\n\ndef load():\n    return json.loads('{')\n\nload()\n", path)
    assert isinstance(error, json.JSONDecodeError)
    assert described(error).endswith(f"\n  at {path}:4, in load")


def test_the_last_of_the_user_s_lines_that_led_to_it(tmp_path: Path) -> None:
    # In between is a library, which calls back.
    path = tmp_path / "models.py"
    error = ran("sorted([1], key=lambda each:\n    1 / 0)\n", path)
    assert described(error) == f"ZeroDivisionError: division by zero\n  at {path}:2, in <lambda>"


@pytest.mark.parametrize(
    "file",
    [
        "<string>",
        "<frozen importlib._bootstrap>",
        os.path.join(os.path.dirname(os.__file__), "json.py"),
        os.path.join(os.path.dirname(pytest.__path__[0]), "library", "models.py"),
        os.path.join(Path(tracebacks.__file__).parent, "sources", "source.py"),
    ],
)
def test_lines_that_are_not_the_user_s(file: str) -> None:
    error = ran("raise ValueError('no')", file)
    # That of this file, which called it, is the user's.
    assert described(error).startswith(f"ValueError: no\n  at {__file__}:")
    while error.__traceback__ and error.__traceback__.tb_frame.f_code.co_filename != file:
        error.__traceback__ = error.__traceback__.tb_next
    assert error.__traceback__ is not None
    assert described(error) == "ValueError: no"


def test_a_folder_that_only_begins_like_one_of_ours(tmp_path: Path) -> None:
    path = f"{Path(tracebacks.__file__).parents[1]}_models{os.sep}users.py"
    assert described(ran("raise ValueError('no')", path)) == f"ValueError: no\n  at {path}:1, in <module>"


def test_our_own_lines_are_left_out() -> None:
    error = raised(lambda: Schema().table(TableName("public", "nope")))
    assert described(error).splitlines()[-1].startswith(f"  at {__file__}:")


def test_a_file_that_is_no_python(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    error = ran("a = 1\nb = (\n", path)
    message, place = described(error).splitlines()
    assert message == "SyntaxError: '(' was never closed"
    assert place == f"  at {path}:2"


def test_an_error_of_a_driver_is_shown_without_sqlalchemy_s_words() -> None:
    def select() -> None:
        # Closed at once: Python 3.13 and newer warn of a connection that is not.
        engine = create_engine("sqlite://", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT nope")

    error = raised(select)
    assert isinstance(error, DBAPIError)
    message, place = described(error).splitlines()
    assert message == "OperationalError: no such column: nope"
    assert place.startswith(f"  at {__file__}:")
    assert place.endswith(", in select")


def test_advice_comes_last(tmp_path: Path) -> None:
    path = tmp_path / "models.py"
    error = ran("raise ValueError('role \"app\" does not exist')", path)
    assert described(error) == (
        f'ValueError: role "app" does not exist\n  at {path}:1, in <module>\n'
        'List a .sql file before this one in supaseed_schema that creates it: CREATE ROLE "app";'
    )


def test_advice_knows_the_version_of_the_server() -> None:
    error = ValueError("function uuidv7() does not exist")
    assert described(error, (15, 18)).splitlines()[1:] == [
        "uuidv7 came with PostgreSQL 18, and the server is 15.18. Choose a newer one: "
        "--supaseed-postgres=embedded, the path of a bin folder, or a postgresql:// URL."
    ]
    assert described(error, (18, 6)) == described(error) == "ValueError: function uuidv7() does not exist"
