"""Folders of migration tools: which of their files make the schema, in which order, and which part of each.

:func:`read_folder` recognizes the tool by what lies in the folder, and returns the files as the tool would run them on
an empty database. :func:`applied` leaves out of a file what takes it back. What a tool does that SQL files do not say,
such as a migration in a programming language, is refused with the tool's name.

The formats are those of the tools' documentation: dbmate, goose, golang-migrate, sqlx, Pop, sql-migrate,
node-pg-migrate, Flyway, Prisma, Drizzle, Diesel, Hasura, Atlas, Sqitch, yoyo and Play.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.notation import notation

_MOST_BYTES = 16 << 20
# A line that begins the part of a file which applies the migration, or the part which takes it back.
_SECTION = re.compile(
    r"""[ \t]*(?:
        --[ \t]*(?:\+goose|\+migrate|migrate:|rambler)[ \t]*(?P<word>up|down)\b
      | --[ \t]*!(?P<of_play>up|down)s\b
      | --[ \t]*(?P<of_node>up|down)[ ]migration\b
      | \#[ \t]*---[ \t]*!(?P<of_old_play>up|down)s\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_MARKS = (b"+goose", b"+migrate", b"migrate:", b"rambler", b"migration", b"!ups", b"!downs")


def applied(text: str) -> str:
    r"""Return the text of a migration without the part that takes it back; its lines keep their numbers.

    Example:
        >>> applied("-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n")
        '-- migrate:up\nCREATE TABLE a ();\n\n\n'
    """
    lowered = text.lower()
    if not any(mark.decode() in lowered for mark in _MARKS):
        return text
    lines = text.split("\n")
    kept = True
    for number, line in enumerate(lines):
        found = _SECTION.match(line)
        if found is not None:
            kept = str(next(filter(None, found.groups()))).lower() == "up"
        if not kept or (found is not None and found["of_old_play"]):
            # The line of an older Play is no comment of SQL.
            lines[number] = ""
    return "\n".join(lines)


@dataclass(frozen=True)
class MigrationFolder:
    """The files of a folder that make a schema.

    Attributes:
        tool: whose format it is; empty for plain SQL files.
        paths: in the order in which they are run.
    """

    tool: str
    paths: tuple[Path, ...]


def read_folder(folder: Path) -> MigrationFolder:
    """Return the files of a folder as its migration tool would run them on an empty database.

    Files of a tool that is not recognized, and files of no tool, are sorted by name; by number first where each name
    begins with one.

    Returns:
        The folder; without files where there are none to run.

    Raises:
        SchemaError: the tool does something that SQL files do not say.
        OSError: the folder cannot be read.
    """
    files = [each for each in folder.iterdir() if not each.name.startswith(".") and each.is_file()]
    for tool, read in _TOOLS:
        found = read(folder, files)
        if found is not None:
            return MigrationFolder(tool(folder) if callable(tool) else tool, tuple(found))
    return MigrationFolder("", tuple(_in_order(each for each in files if _is_sql(each))))


_Files = Sequence[Path]
_Found = Iterable[Path] | None


def _is_sql(path: Path) -> bool:
    return path.suffix.lower() == ".sql"


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES).decode("utf-8", "surrogateescape")


def _number(name: str) -> int | None:
    found = re.match(r"\d+", name)
    return int(found[0]) if found else None


# 2024-05-17-101112_name, 2024-05-17-101112-0000_name and 20240517101112_name may stand side by side.
_DATED = re.compile(r"(?:\d{4}-\d{2}|\d{8})[\d-]*(?=_|$)")


def _in_order(paths: Iterable[Path]) -> list[Path]:
    """Sort paths by name, and by number first where each name begins with one: 2 stands before 10."""
    found = sorted(paths, key=lambda each: each.name)
    if all(_number(each.name) is not None for each in found):
        found.sort(key=lambda each: _number(each.name) or 0)
    return found


def _in_order_of_versions(paths: Sequence[Path]) -> list[Path]:
    """Sort paths as :func:`_in_order` does, and dates as Diesel does, to which the dashes in them mean nothing."""
    dated = [_DATED.match(each.name) for each in paths]
    if not all(dated) or not any("-" in found[0] for found in dated if found is not None):
        return _in_order(paths)
    return sorted(paths, key=lambda each: (each.name.partition("_")[0].replace("-", ""), each.name))


_INSTEAD = (
    "Let {tool} make the schema in a callable that {schema} names (package.module:function, which takes a "
    "SQLAlchemy Connection), or give a .sql file of a database that it has migrated: pg_dump --schema-only"
)


def _refuse(tool: str, place: Path, why: str) -> SchemaError:
    return SchemaError(f"{place} is {tool}'s: {why}. {_INSTEAD.format(tool=tool, schema=notation().schema)}.")


def _drizzle(folder: Path, files: _Files) -> _Found:
    """The files that the journal lists; a comment separates statements."""
    journal = folder / "meta" / "_journal.json"
    if not journal.is_file():
        return None
    try:
        content = json.loads(_text(journal))
        if content.get("dialect", "postgresql") not in ("postgresql", "pg"):
            raise _refuse("Drizzle", journal, f"its dialect is {content['dialect']}, and not postgresql")
        tags = [str(entry["tag"]) for entry in sorted(content["entries"], key=lambda each: int(each["idx"]))]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refuse("Drizzle", journal, "it cannot be read as a journal of migrations") from error
    paths = [folder / f"{tag}.sql" for tag in tags]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise _refuse("Drizzle", journal, f"it lists {', '.join(missing)}, and there is no such file")
    return paths


def _below(folder: Path) -> list[Path]:
    """The folders below one, but for those that are closed to this user."""
    return [each for each in folder.iterdir() if each.is_dir() and os.access(each, os.R_OK | os.X_OK)]


def _folders_with(folder: Path, name: str) -> list[Path]:
    """The files of a name in the folders below, in the order of the folders.

    Raises:
        OSError: there are such files, and a folder beside theirs is closed to this user.
    """
    if not any((each / name).is_file() for each in _below(folder)):
        return []
    # What a closed folder holds may be a migration as well, which nothing may leave out.
    below = [each for each in folder.iterdir() if each.is_dir() and (each / name).is_file()]
    return [each / name for each in _in_order_of_versions(below)]


def _prisma(folder: Path, files: _Files) -> _Found:
    """One file in a folder of its own for each migration."""
    inner = folder / "migrations"
    found = _folders_with(folder, "migration.sql") or (
        _folders_with(inner, "migration.sql") if inner.is_dir() else []
    )
    for lock in (folder / "migration_lock.toml", inner / "migration_lock.toml"):
        provider = (
            re.search(r'^\s*provider\s*=\s*"(\w+)"', _text(lock), re.MULTILINE) if lock.is_file() else None
        )
        if provider is not None and provider[1] not in ("postgresql", "cockroachdb"):
            raise _refuse("Prisma", lock, f"its provider is {provider[1]}, and not postgresql")
    return found or None


def _of_prisma_or_drizzle(folder: Path) -> str:
    return "Drizzle" if next(folder.glob("*/snapshot.json"), None) is not None else "Prisma"


def _up_folders(folder: Path, files: _Files) -> _Found:
    """Folders with up.sql and down.sql, as Diesel and Hasura have; Hasura has one of them for each database."""
    found = _folders_with(folder, "up.sql")
    if not found:
        databases = [each for each in _below(folder) if _folders_with(each, "up.sql")]
        if len(databases) > 1:
            names = ", ".join(sorted(each.name for each in databases))
            raise SchemaError(
                f"{folder} has the migrations of several databases, {names}: let {notation().schema} name one of them, "
                f"such as {folder.name}/{min(each.name for each in databases)}."
            )
        found = _folders_with(databases[0], "up.sql") if databases else []
    return found or None


# V1.2__name.sql, R__name.sql, U1.2__name.sql, B1.2__name.sql.
_FLYWAY = re.compile(
    r"(?P<kind>[VUBR])(?P<version>[0-9][0-9._]*)?__(?P<name>.+)\.(?P<suffix>sql|java|class|py|sh|ps1)"
)
_PLACEHOLDER = re.compile(r"\$\{[\w:.]+\}")
_EACH_TIME = re.compile(r"(?:before|after)(?:Each)?(?:Migrate|Versioned|Repeatables|Connect)\w*\.sql")


def _flyway(folder: Path, files: _Files) -> _Found:
    """Versions by their numbers, from the last baseline on, then repeatable migrations by their names."""
    if not any(_is_flyway(each.name) for each in files):
        return None
    below = [each for each in folder.rglob("*") if each.is_file()]
    named = [(each, found) for each in below if (found := _FLYWAY.fullmatch(each.name)) is not None]
    versions: dict[tuple[int, ...], Path] = {}
    baselines: dict[tuple[int, ...], Path] = {}
    repeatable: list[tuple[str, Path]] = []
    for path, found in named:
        if found["kind"] == "U":
            continue
        if found["suffix"] != "sql":
            raise _refuse("Flyway", path, "it is a migration in a programming language")
        placeholder = _PLACEHOLDER.search(_text(path))
        if placeholder is not None:
            raise _refuse(
                "Flyway", path, f"{placeholder[0]} stands for a value that Flyway's configuration has"
            )
        if found["kind"] == "R":
            repeatable.append((found["name"], path))
            continue
        version = _version(found["version"] or "0")
        others = baselines if found["kind"] == "B" else versions
        if version in others:
            raise _refuse("Flyway", path, f"{others[version].name} has the same version")
        others[version] = path
    called = next((each for each in below if _EACH_TIME.fullmatch(each.name)), None)
    if called is not None:
        raise _refuse("Flyway", called, "it is a callback, which Flyway runs beside the migrations")
    first = max(baselines, default=())
    return [
        *([baselines[first]] if baselines else []),
        *(versions[version] for version in sorted(versions) if version > first or not baselines),
        *(path for _, path in sorted(repeatable)),
    ]


def _is_flyway(name: str) -> bool:
    found = _FLYWAY.fullmatch(name)
    return found is not None and found["kind"] in "VR" and (found["kind"] == "V") == bool(found["version"])


def _version(text: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.split(r"[._]+", text.strip("._"))]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


# Databases for which Pop has files beside those for all: name.postgres.up.sql, name.sqlite3.up.sql, name.up.sql.
_DIALECT = re.compile(
    r"\.(postgres(?:ql)?|cockroach(?:db)?|mysql|mariadb|sqlite3?|mssql|sqlserver)(?:\.autocommit)?\.up\.sql$"
)


def _of_up_files(folder: Path) -> str:
    return "Pop" if any(_DIALECT.search(each.name) for each in folder.iterdir()) else "golang-migrate"


def _up_files(folder: Path, files: _Files) -> _Found:
    """Files named .up.sql and .down.sql, as golang-migrate, sqlx and Pop have."""
    if not any(each.name.endswith(".up.sql") for each in files):
        return None
    found = [each for each in files if _is_sql(each) and not each.name.endswith(".down.sql")]
    dialects = {each: named[1] for each in found if (named := _DIALECT.search(each.name)) is not None}
    own = {_number(each.name) for each, dialect in dialects.items() if dialect.startswith("postgres")}
    found = [
        each
        for each in found
        if dialects.get(each, "").startswith("postgres")
        or (each not in dialects and not (dialects and _number(each.name) in own))
    ]
    numbers: dict[int, Path] = {}
    for path in found:
        number = _number(path.name)
        if number is not None and numbers.setdefault(number, path) != path:
            raise _refuse(_of_up_files(folder), path, f"{numbers[number].name} has the same version")
    return _in_order(found)


def _sqitch(folder: Path, files: _Files) -> _Found:
    """The changes of a plan, in its order; an earlier version of a reworked change has the name of the next tag."""
    top = folder.parent if folder.name == "deploy" else folder
    plan = top / "sqitch.plan"
    if not plan.is_file():
        return None
    lines = [line.strip() for line in _text(plan).splitlines()]
    words = [line.split()[0] for line in lines if line and not line.startswith(("%", "#"))]
    deploy = top / "deploy"
    paths: list[Path] = []
    for place, word in enumerate(words):
        if word.startswith("@"):
            continue
        if word.startswith(("-", "+")):
            raise _refuse("Sqitch", plan, f"{word} is no change that this program understands")
        later = words[place + 1 :]
        # Any tag between the change and the one that reworks it may be in the name of the file.
        between = later[: later.index(word)] if word in later else []
        tagged = [deploy / f"{word}{each}.sql" for each in between if each.startswith("@")]
        paths.append(next((each for each in tagged if each.is_file()), (*tagged, deploy / f"{word}.sql")[0]))
    missing = next((path for path in paths if not path.is_file()), None)
    if missing is not None:
        raise _refuse("Sqitch", plan, f"it lists {missing.stem}, and there is no file {missing}")
    return paths


_DEPENDS = re.compile(r"^--[ \t]*depends:[ \t]*(.*)$", re.MULTILINE)


def _yoyo(folder: Path, files: _Files) -> _Found:
    """Migrations after those that they depend on; .rollback.sql takes one back."""
    scripts = [each for each in files if _is_sql(each)]
    steps = {each.stem: each for each in scripts if not each.name.endswith(".rollback.sql")}
    depends = {name: _DEPENDS.search(_text(path)) for name, path in steps.items()}
    if len(steps) == len(scripts) and not any(depends.values()):
        return None
    code = next((each for each in files if each.suffix == ".py" and "yoyo" in _text(each)), None)
    if code is not None:
        raise _refuse("yoyo", code, "it is a migration in Python")
    order = [each.stem for each in _in_order(steps.values())]
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in order:
        found = depends[name]
        sorter.add(name, *(each for each in (found[1].split() if found else ()) if each in steps))
    try:
        sorter.prepare()
    except CycleError as error:
        raise _refuse("yoyo", folder, f"{' and '.join(error.args[1])} depend on one another") from error
    return [steps[name] for name in _ready(sorter, order)]


def _ready(sorter: TopologicalSorter[str], order: Sequence[str]) -> Iterator[str]:
    waiting: list[str] = []
    while sorter.is_active():
        waiting = sorted((*waiting, *sorter.get_ready()), key=order.index)
        name = waiting.pop(0)
        yield name
        sorter.done(name)


def _atlas(folder: Path, files: _Files) -> _Found:
    """Files by name, from the last checkpoint on, which holds all that was before it."""
    if not (folder / "atlas.sum").is_file():
        return None
    found = sorted((each for each in files if _is_sql(each)), key=lambda each: each.name)
    checkpoints = [
        place for place, each in enumerate(found) if re.match(r"\s*--\s*atlas:checkpoint", _text(each))
    ]
    return found[checkpoints[-1] :] if checkpoints else found


def _liquibase(folder: Path, files: _Files) -> _Found:
    for path in files:
        is_log = path.suffix.lower() in (".xml", ".yaml", ".yml", ".json") and "databaseChangeLog" in _text(
            path
        )
        if is_log or (
            _is_sql(path) and re.match(r"\s*--\s*liquibase formatted sql", _text(path), re.IGNORECASE)
        ):
            raise _refuse("Liquibase", path, "its changelog decides what is run, and when")
    return None


def _with_sections(folder: Path, files: _Files) -> _Found:
    """Files with a part that takes back what the other has done."""
    found = [each for each in files if _is_sql(each)]
    marked = {each: _SECTION_OF_TOOL.search(_text(each)) for each in found}
    if not any(marked.values()):
        return None
    for path in files:
        of_goose = any(mark and "+goose" in mark[0] for mark in marked.values())
        if (
            of_goose
            and path.suffix == ".go"
            and not path.name.endswith("_test.go")
            and _number(path.name) is not None
        ):
            raise _refuse("goose", path, "it is a migration in Go")
    for path in found:
        if re.search(r"^\s*--\s*\+goose\s+ENVSUB\s+ON\b", _text(path), re.MULTILINE | re.IGNORECASE):
            raise _refuse("goose", path, "goose puts variables of the environment into it")
    return _in_order(found)


_SECTION_OF_TOOL = re.compile(
    _SECTION.pattern.replace(r"[ \t]*(?:", r"^[ \t]*(?:", 1), _SECTION.flags | re.MULTILINE
)
_OF_MARK = {
    "+goose": "goose",
    "+migrate": "sql-migrate",
    "migrate:": "dbmate",
    "rambler": "rambler",
    "!": "Play",
}


def _of_sections(folder: Path) -> str:
    for path in sorted(folder.glob("*.sql")):
        found = _SECTION_OF_TOOL.search(_text(path))
        if found is not None:
            return next(
                (tool for mark, tool in _OF_MARK.items() if mark in found[0].lower()), "node-pg-migrate"
            )
    return ""


# What a folder without SQL files is, by the text of a file that some tool runs.
_CODE = (
    ("Rails", "*.rb", "ActiveRecord::Migration"),
    ("Ecto", "*.exs", "Ecto.Migration"),
    ("Knex", "*.[cm]js", "exports.up"),
    ("Knex", "*.js", "exports.up"),
    ("Knex", "*.ts", "from 'knex'"),
    ("Knex", "*.ts", 'from "knex"'),
    ("TypeORM", "*.ts", "MigrationInterface"),
    ("TypeORM", "*.js", "MigrationInterface"),
    ("Sequelize", "*.js", "queryInterface"),
    ("Kysely", "*.ts", "Kysely"),
    ("goose", "*.go", "goose"),
    ("yoyo", "*.py", "yoyo"),
    ("Aerich", "*.py", "tortoise"),
    ("Django", "*.py", "django.db"),
    ("Alembic", "*.py", "alembic"),
    ("Piccolo", "*.py", "piccolo"),
)
_SETTING = {
    "Django": "Let {} be django",
    "Alembic": "Let {} name the alembic.ini",
}


def _code(folder: Path, files: _Files) -> _Found:
    if any(_is_sql(each) for each in files):
        return None
    for tool, pattern, word in _CODE:
        path = next((each for each in sorted(folder.glob(pattern)) if word in _text(each)), None)
        if path is not None and tool in _SETTING:
            raise SchemaError(
                f"{path} is {tool}'s, a migration in Python. {_SETTING[tool].format(notation().schema)}."
            )
        if path is not None:
            raise _refuse(tool, path, "it is a migration in a programming language")
    return None


_TOOLS: tuple[tuple[str | Callable[[Path], str], Callable[[Path, _Files], _Found]], ...] = (
    ("Drizzle", _drizzle),
    (_of_prisma_or_drizzle, _prisma),
    ("Sqitch", _sqitch),
    ("Diesel or Hasura", _up_folders),
    ("Flyway", _flyway),
    (_of_up_files, _up_files),
    ("Atlas", _atlas),
    ("Liquibase", _liquibase),
    (_of_sections, _with_sections),
    ("yoyo", _yoyo),
    ("", _code),
)
