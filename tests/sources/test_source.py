"""What ``supaseed_schema`` may be, and what is said of everything else."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase
from sqlmodel import SQLModel

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.sources.source import SchemaSource, resolve

CHOICES = """supaseed_schema may be
  a dotted path package.module:name to one of the objects below,
  a .sql file, a folder of .sql files or of a migration tool, the folder of a Supabase project, or an
  alembic.ini, relative to pytest's rootdir,
  django, for the migrations of a Django project,
  a MetaData, a declarative base or SQLModel,
  a callable that takes a SQLAlchemy Connection,
  or a list of these, which are loaded one after another."""
PLAIN = "Give a plain function, which takes a SQLAlchemy Connection."

MODELS = """\
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase

metadata = MetaData()
Table("setups", metadata, Column("id", Integer, primary_key=True))


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)


class Holder:
    metadata = metadata

    @staticmethod
    def create(connection):
        pass


class Plain:
    pass


def create(connection):
    pass


async def create_async(connection):
    pass


def no_argument():
    pass


tables = 5
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A project of the user's, which leaves nothing in this process."""
    path, modules = list(sys.path), set(sys.modules)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def write(root: Path, **files: str) -> None:
    """Write modules; a dot in a name separates folders."""
    for name, content in files.items():
        path = root.joinpath(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("SELECT 1;", encoding="utf-8")


def refusal(value: object, root: Path) -> str:
    with pytest.raises(SchemaError) as caught:
        resolve(value, root)
    return str(caught.value)


def create(connection: Connection) -> None:
    """Create nothing."""


class Base(DeclarativeBase):
    """A base without models."""


@pytest.mark.parametrize("value", [None, "", " \n\t\n", [], (), [None, "", []]])
def test_no_schema(value: object, tmp_path: Path) -> None:
    assert resolve(value, tmp_path) == SchemaSource("none", "no schema", tmp_path)


def test_a_dotted_path_to_a_metadata(root: Path) -> None:
    write(root, shop_a__models=MODELS)
    source = resolve("shop_a.models:metadata", root)
    assert (source.kind, source.description) == ("metadata", "shop_a.models:metadata")
    assert isinstance(source.target, MetaData)
    assert list(source.target.tables) == ["setups"]


@pytest.mark.parametrize(
    ("name", "tables"), [("Base", ["users"]), ("User", ["users"]), ("Holder", ["setups"])]
)
def test_a_dotted_path_to_a_class_with_a_metadata(name: str, tables: list[str], root: Path) -> None:
    write(root, shop_b=MODELS)
    source = resolve(f"shop_b:{name}", root)
    assert (source.kind, source.description) == ("metadata", f"shop_b:{name}")
    assert list(source.target.tables) == tables


@pytest.mark.parametrize("name", ["create", "Holder.create"])
def test_a_dotted_path_to_a_callable(name: str, root: Path) -> None:
    write(root, shop_c=MODELS)
    source = resolve(f" shop_c : {name} ", root)
    assert (source.kind, source.description) == ("callable", f"shop_c : {name}")
    assert source.target.__module__ == "shop_c"


def test_modules_are_found_in_the_root_and_in_its_src(root: Path) -> None:
    write(root, src__shop_d=MODELS, src__shop_e="both = 'src'", shop_e=MODELS)
    assert resolve("shop_d:metadata", root).kind == "metadata"
    # The one in the root is found first.
    assert resolve("shop_e:metadata", root).kind == "metadata"
    assert sys.path[:2] == [str(root), str(root / "src")]
    resolve("shop_d:create", root)
    assert sys.path.count(str(root)) == 1


def test_a_metadata(tmp_path: Path) -> None:
    metadata = MetaData()
    Table("setups", metadata, Column("id", Integer))
    source = resolve(metadata, tmp_path)
    assert (source.kind, source.description, source.target) == ("metadata", "a MetaData", metadata)


@pytest.mark.parametrize(
    ("value", "name"), [(Base, f"{__name__}.Base"), (SQLModel, "sqlmodel.main.SQLModel")]
)
def test_a_base(value: Any, name: str, tmp_path: Path) -> None:
    source = resolve(value, tmp_path)
    assert (source.kind, source.description, source.target) == ("metadata", name, value.metadata)


class Creator:
    def __call__(self, connection: Connection, *, twice: bool = False) -> None: ...

    def create(self, connection: Connection) -> None: ...


def of_two(first: int, connection: Connection) -> None: ...


CALLABLES = {
    "function": (create, f"{__name__}.create"),
    "method": (Creator().create, f"{__name__}.Creator.create"),
    "object": (Creator(), "a Creator"),
    "partial": (functools.partial(of_two, 1), "a partial"),
    "MetaData.create_all": (MetaData().create_all, "sqlalchemy.sql.schema.MetaData.create_all"),
    "without a signature": (print, "print"),
}


@pytest.mark.parametrize(("value", "name"), CALLABLES.values(), ids=CALLABLES.keys())
def test_a_callable(value: object, name: str, tmp_path: Path) -> None:
    source = resolve(value, tmp_path)
    assert (source.kind, source.description, source.target) == ("callable", name, value)


@pytest.mark.parametrize("name", ["schema.sql", "SCHEMA.SQL"])
def test_a_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "db" / name
    touch(path)
    for value in (f"db/{name}", str(path)):
        assert resolve(value, tmp_path) == SchemaSource("file", value, tmp_path, paths=(path,))
    assert resolve(Path("db", name), tmp_path).paths == (path,)
    assert resolve(path, tmp_path).paths == (path,)


def test_a_file_of_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    touch(tmp_path / "home" / "schema.sql")
    assert resolve("~/schema.sql", tmp_path).paths == (tmp_path / "home" / "schema.sql",)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    names = ["20240101_a.sql", "2_b.SQL", "10_c.sql", "B.sql", "a.sql"]
    touch(*(tmp_path / "migrations" / name for name in names))
    # None of these is one of its files.
    touch(tmp_path / "migrations/._a.sql", tmp_path / "migrations/x.txt", tmp_path / "migrations/y.sql/z.sql")
    for value in ("migrations", "migrations/"):
        source = resolve(value, tmp_path)
        assert (source.kind, source.description) == ("folder", f"{value} (5 files)")
        assert [path.name for path in source.paths] == sorted(names)
        assert source.paths[0] == tmp_path / "migrations" / "10_c.sql"


def test_a_folder_of_one_file(tmp_path: Path) -> None:
    touch(tmp_path / "migrations" / "a.sql")
    assert resolve("migrations", tmp_path).description == "migrations (1 file)"


def test_an_alembic_ini(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]")
    expected = SchemaSource("alembic", "alembic.ini", tmp_path, paths=(tmp_path / "alembic.ini",))
    assert resolve("alembic.ini", tmp_path) == expected


def test_a_file_whose_name_looks_like_a_dotted_path(tmp_path: Path) -> None:
    touch(tmp_path / "a:b.sql")
    assert resolve("a:b.sql", tmp_path).paths == (tmp_path / "a:b.sql",)


def test_several(tmp_path: Path) -> None:
    touch(tmp_path / "a.sql", tmp_path / "b" / "c.sql")
    source = resolve(["a.sql", None, Path("b"), create], tmp_path)
    assert (source.kind, source.description) == ("several", f"a.sql, b (1 file), {__name__}.create")
    assert [part.kind for part in source.parts] == ["file", "folder", "callable"]
    assert source.parts[0] == resolve("a.sql", tmp_path)


@pytest.mark.parametrize("value", [["a.sql"], ("a.sql",), "\n  a.sql\n", [["", "a.sql"]]])
def test_several_of_which_there_is_one(value: object, tmp_path: Path) -> None:
    touch(tmp_path / "a.sql")
    assert resolve(value, tmp_path) == resolve("a.sql", tmp_path)


def test_lines_are_a_list(root: Path) -> None:
    write(root, shop_f=MODELS)
    touch(root / "a b.sql")
    assert resolve("\n  a b.sql\n\n  shop_f:Base \n", root) == resolve(["a b.sql", "shop_f:Base"], root)


def test_a_list_may_hold_lists(tmp_path: Path) -> None:
    touch(tmp_path / "a.sql", tmp_path / "b.sql", tmp_path / "c.sql")
    source = resolve(["a.sql", "b.sql\nc.sql"], tmp_path)
    assert source.description == "a.sql, b.sql, c.sql"
    assert [part.kind for part in source.parts] == ["file", "several"]


def test_whatever_is_wrong_with_one_of_several_is_said(tmp_path: Path) -> None:
    touch(tmp_path / "a.sql")
    assert refusal(["a.sql", "b.sql"], tmp_path) == refusal("b.sql", tmp_path)


def test_a_missing_file_has_near_ones(tmp_path: Path) -> None:
    touch(tmp_path / "db" / "schema.sql", tmp_path / "db" / "data.sql")
    assert refusal("db/shema.sql", tmp_path) == (
        f"supaseed_schema is 'db/shema.sql', and there is no file or folder {tmp_path / 'db' / 'shema.sql'} "
        f"(did you mean 'schema.sql'?).\n{CHOICES}"
    )


@pytest.mark.parametrize("value", ["schema.sql", "none/schema.sql", "alembic.ini", "models", "db/x.py:Base"])
def test_a_missing_file(value: str, tmp_path: Path) -> None:
    expected = f"supaseed_schema is {value!r}, and there is no file or folder {tmp_path / value}.\n{CHOICES}"
    assert refusal(value, tmp_path) == expected


def test_a_url_or_a_path_of_windows_is_no_dotted_path(tmp_path: Path) -> None:
    for value in ("postgresql://localhost/app", r"C:\schema.sql", "C:/schema.sql"):
        message = refusal(value, tmp_path)
        assert message.startswith(f"supaseed_schema is {value!r}, and there is no file or folder ")


@pytest.mark.parametrize("value", ["shop.models.Base", "shop.Base"])
def test_a_missing_colon(value: str, tmp_path: Path) -> None:
    assert refusal(value, tmp_path) == (
        f"supaseed_schema is {value!r}. If it is an object in a module, a colon is missing: "
        f"{value.rpartition('.')[0]}:Base"
    )


@pytest.mark.parametrize("value", ["shop.models:", "shop.models: ", "shop:Base()", "shop:a:b"])
def test_a_missing_name(value: str, tmp_path: Path) -> None:
    expected = (
        f"supaseed_schema is {value.strip()!r}, where a name is missing after the colon: package.module:name"
    )
    assert refusal(value, tmp_path) == expected


def test_no_such_attribute(root: Path) -> None:
    write(root, shop_g=MODELS)
    assert refusal("shop_g:metdata", root) == (
        "supaseed_schema is 'shop_g:metdata', and the module shop_g has no metdata "
        "(did you mean 'metadata'?)."
    )
    assert refusal("shop_g:Holder.crate", root) == (
        "supaseed_schema is 'shop_g:Holder.crate', and shop_g.Holder has no crate (did you mean 'create'?)."
    )
    assert refusal("shop_g:zzz", root) == "supaseed_schema is 'shop_g:zzz', and the module shop_g has no zzz."


def test_no_such_module(root: Path) -> None:
    assert refusal("shop_h.models:Base", root) == (
        "supaseed_schema is 'shop_h.models:Base', and shop_h.models cannot be imported: "
        "ModuleNotFoundError: No module named 'shop_h'\n"
        f"{root} and, if there is one, {root / 'src'} were put on sys.path."
    )


BROKEN = {
    "an exception": ("import json\n\njson.loads('{')\n", "JSONDecodeError: Expecting property name", 3),
    "a module that is missing": ("\nimport no_such_module\n", "ModuleNotFoundError: No module named", 2),
    "exit": ("import sys\nsys.exit('no settings')\n", "SystemExit: no settings", 2),
    "without a message": ("raise LookupError\n", "LookupError\n", 1),
}


@pytest.mark.parametrize(("content", "says", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_an_import_that_fails(content: str, says: str, line: int, root: Path) -> None:
    write(root, shop_i__models=content)
    (root / "shop_i" / "__init__.py").write_text("from shop_i import models\n")
    message = refusal("shop_i:Base", root)
    assert message.startswith(f"supaseed_schema is 'shop_i:Base', and shop_i cannot be imported: {says}")
    assert f"\n  at {root / 'shop_i' / 'models.py'}:{line}, in <module>\n{root} and, if" in message


def test_an_import_of_what_is_no_python(root: Path) -> None:
    write(root, shop_j="import os\nclass Base(:\n")
    message = refusal("shop_j:Base", root)
    assert "shop_j cannot be imported: SyntaxError: invalid syntax" in message
    assert f"\n  at {root / 'shop_j.py'}:2\n" in message


def test_pytest_s_own_exceptions_are_let_through(root: Path) -> None:
    write(root, shop_k="import pytest\npytest.skip('not here', allow_module_level=True)\n")
    with pytest.raises(pytest.skip.Exception, match="not here"):
        resolve("shop_k:Base", root)


def test_async_functions_and_generators(root: Path) -> None:
    async def wait(connection: Connection) -> None: ...

    async def wait_often(connection: Connection) -> AsyncIterator[None]:
        yield

    def generate(connection: Connection) -> Iterator[None]:
        yield

    name = f"supaseed_schema is {__name__}.{test_async_functions_and_generators.__name__}.<locals>."
    assert refusal(wait, root) == f"{name}wait, which is async. {PLAIN}"
    assert refusal(wait_often, root) == f"{name}wait_often, which is async. {PLAIN}"
    assert refusal(generate, root) == f"{name}generate, which is a generator. {PLAIN}"
    assert refusal(functools.partial(wait), root) == f"supaseed_schema is a partial, which is async. {PLAIN}"
    write(root, shop_l=MODELS)
    expected = f"supaseed_schema is shop_l:create_async, which is async. {PLAIN}"
    assert refusal("shop_l:create_async", root) == expected


def test_a_wrong_signature(root: Path) -> None:
    write(root, shop_m=MODELS)
    one = "which cannot be called with one argument, a SQLAlchemy Connection: "
    expected = f"supaseed_schema is shop_m:no_argument, {one}too many positional arguments."
    assert refusal("shop_m:no_argument", root) == expected
    message = refusal(of_two, root)
    assert message == f"supaseed_schema is {__name__}.of_two, {one}missing a required argument: 'connection'."

    def keyword(connection: Connection, *, name: str) -> None: ...

    assert re.search(f"{one}missing a required .*'name'", refusal(keyword, root))


def test_a_class_or_a_value_that_is_no_base(root: Path) -> None:
    write(root, shop_n=MODELS)
    no_tables = f"which creates no tables.\n{CHOICES}"
    assert refusal("shop_n:Plain", root) == f"supaseed_schema is 'shop_n:Plain', a type, {no_tables}"
    assert refusal("shop_n:tables", root) == f"supaseed_schema is 'shop_n:tables', a int, {no_tables}"
    assert refusal(5, root) == f"supaseed_schema is 5, {no_tables}"
    assert refusal(Creator, root) == f"supaseed_schema is {Creator!r}, {no_tables}"
    assert refusal({"a.sql"}, root) == f"supaseed_schema is {{'a.sql'}}, {no_tables}"


def test_a_folder_without_sql_files(tmp_path: Path) -> None:
    touch(tmp_path / "db" / "readme.txt")
    start = f"supaseed_schema is 'db', and there are no .sql files in {tmp_path / 'db'}."
    assert refusal("db", tmp_path) == f"{start} Its subfolders are not looked into."
    touch(tmp_path / "db" / "m" / "b.sql", tmp_path / "db" / "n" / "a.sql")
    expected = f"{start} There are some in {tmp_path / 'db' / 'm'}. Its subfolders are not looked into."
    assert refusal("db", tmp_path) == expected


@pytest.mark.parametrize("name", ["models.py", "schema.sql.gz", "schema", "alembic.ini.bak"])
def test_a_file_of_another_kind(name: str, tmp_path: Path) -> None:
    touch(tmp_path / name)
    expected = f"supaseed_schema is {name!r}, which is a file of another kind.\n{CHOICES}"
    assert refusal(name, tmp_path) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (f"CREATE TABLE setups ({', '.join(f'column_{number} int' for number in range(60))});", "[A-Z].*"),
        ("~no-such-user/schema.sql", "Could not determine home directory"),
        ("schema\0.sql", ".*null.*"),
    ],
    ids=["SQL", "nobody's home", "zero byte"],
)
def test_what_cannot_be_a_path(value: str, reason: str, tmp_path: Path) -> None:
    start = re.escape(f"supaseed_schema is {value!r}, and there nothing can be read: ")
    assert re.fullmatch(rf"{start}{reason}\.\n{re.escape(CHOICES)}", refusal(value, tmp_path))


def test_a_long_name_after_a_colon_is_no_file(root: Path) -> None:
    message = refusal(f"shop_o:{'x' * 5000}", root)
    assert "shop_o cannot be imported: ModuleNotFoundError" in message
