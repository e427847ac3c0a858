"""The command ``supaseed``, also ``python -m pytest_supaseed``: its subcommands, what they print, and their exit codes.

Exit codes: 0, done; 1, refused or failed, and nothing was changed; 2, arguments or configuration that cannot be used;
130, interrupted, and nothing was changed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from pytest_supaseed.errors import ConfigError, SeedError, SupaseedWarning, did_you_mean
from pytest_supaseed.notation import COMMAND, written_for
from pytest_supaseed.options import OPTIONS, SWITCHES
from pytest_supaseed.wording import printable

if TYPE_CHECKING:
    from pytest_supaseed.command.arguments import Asked

    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, REFUSED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = """\
Exact rows in PostgreSQL, outside of tests: for the database of development, and for files of SQL.

examples:
  supaseed seed postgresql://localhost/dev users=50 setups=200
  supaseed seed postgresql://localhost/dev --dry-run users=+5 setups=2/users
  supaseed sql supabase users=50 setups=200 > supabase/seed.sql
  supaseed plan schema.sql users=50 setups=200 --json
  supaseed schema migrations/
  supaseed shell models:Base users=5 setups=8
  eval "$(supaseed completion bash)"
"""
_EXIT_CODES = """\
exit codes:
  0 done   1 refused or failed, nothing was changed   2 arguments cannot be used   130 interrupted, nothing was changed
"""
_TABLES = "users=50 for fifty rows in all, users=+5 for five more than there are, setups=2/users for two for each user"
_SOURCE = (
    "where the schema comes from: a .sql file, a folder of migrations, supabase, an alembic.ini, or "
    "package.module:name (default: schema in supaseed.toml)"
)
_TABLE = re.compile(r"[^=]+=\+?\d")


# What shtab writes scripts for.
SHELLS = ("bash", "zsh", "fish", "tcsh", "powershell")


def command_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line, all subcommands included."""
    parser = argparse.ArgumentParser(
        "supaseed",
        description=_DESCRIPTION,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawTextHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_seed(commands)
    _add_sql(commands)
    _add_plan(commands)
    _add_schema(commands)
    _add_shell(commands)
    _add_completion(commands)
    return parser


def _add_seed(commands: _Commands) -> None:
    seed = _added(
        commands,
        "seed",
        "seed a database that is there, exactly and in one transaction, or leave it as it was",
        "supaseed seed postgresql://localhost/dev users=50 setups=200",
    )
    seed.add_argument("url", metavar="URL", help="of the database, postgresql://user:password@host:5432/name")
    seed.add_argument("words", nargs="*", metavar="TABLE=N", help=_TABLES)
    seed.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    seed.add_argument("--yes", action="store_true", help="do not ask")
    seed.add_argument(
        "--i-know",
        action="store_true",
        help="also a database on another machine, or with more rows than --max-records",
    )
    seed.add_argument("--refresh", action="store_true", help="refresh materialized views afterwards")


def _add_sql(commands: _Commands) -> None:
    sql = _added_on_source(
        commands,
        "sql",
        "write the rows as SQL, for supabase/seed.sql, docker-entrypoint-initdb.d and psql",
        "supaseed sql supabase users=50 --output supabase/seed.sql",
    )
    sql.add_argument("--output", "-o", metavar="FILE", help="the file to write (default: standard output)")
    sql.add_argument("--copy", action="store_true", help="COPY, which only psql reads, instead of INSERT")


def _add_plan(commands: _Commands) -> None:
    plan = _added_on_source(
        commands,
        "plan",
        "say which rows would be made, and make none",
        "supaseed plan schema.sql users=50 setups=200",
    )
    plan.add_argument("--json", action="store_true", help="as JSON")


def _add_schema(commands: _Commands) -> None:
    schema = _added_on_source(
        commands,
        "schema",
        "say which tables of a schema can be seeded exactly, and why others are refused",
        "supaseed schema migrations/",
    )
    schema.add_argument("--rows", type=int, default=7, metavar="N", help="rows of each table (default: 7)")
    schema.add_argument("--table", metavar="TABLE", help="this table only")
    schema.add_argument("--json", action="store_true", help="as JSON")


def _add_shell(commands: _Commands) -> None:
    _added_on_source(
        commands,
        "shell",
        "open psql on a throwaway database with the schema and the rows",
        "supaseed shell schema.sql users=5",
    )


def _add_completion(commands: _Commands) -> None:
    completion = commands.add_parser(
        "completion",
        help="print a script that has a shell complete the command",
        description="Print a script that has a shell complete the command: its subcommands, options and files.",
        epilog='example:\n  supaseed completion bash >> ~/.bashrc\n  eval "$(supaseed completion zsh)"',
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    completion.add_argument("shell", choices=SHELLS, help="the shell")
    completion.set_defaults(words=[])


def _added(commands: _Commands, name: str, text: str, example: str) -> argparse.ArgumentParser:
    """Add a subcommand, with the options that all subcommands have that make rows."""
    added = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"example:\n  {example}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    added.add_argument(
        "--config",
        metavar="FILE",
        help="a supaseed.toml, or SupaSeed's supa-seed.config.json (default: supaseed.toml)",
    )
    for option, metavar in (("seed", "SEED"), ("locale", "LOCALE"), ("date", "DATE"), ("max_records", "N")):
        added.add_argument(
            f"--{option.replace('_', '-')}",
            metavar=metavar,
            help=OPTIONS[option].replace("one test", "one command"),
        )
    added.add_argument("--user-password", metavar="PASSWORD", help=OPTIONS["user_password"])
    added.add_argument(
        "--vary-defaults", action=argparse.BooleanOptionalAction, help=SWITCHES["vary_defaults"]
    )
    return added


def _added_on_source(commands: _Commands, name: str, text: str, example: str) -> argparse.ArgumentParser:
    """Add a subcommand that makes rows on a throwaway server, of a schema that its first word may name."""
    added = _added(commands, name, text, example)
    added.add_argument("words", nargs="*", metavar="[SOURCE] TABLE=N", help=f"{_SOURCE}; {_TABLES}")
    added.add_argument(
        "--postgres",
        metavar="SERVER",
        help="the server: auto, embedded, system, either with a version (embedded:16), the path of a bin folder, "
        "or a postgresql:// URL (default: auto)",
    )
    return added


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code.

    Args:
        arguments: of the command line; None for those of the process.

    Example:
        >>> main(["plan", "schema.sql", "users=many"])
        2
    """
    parser = command_parser()
    given, others = parser.parse_known_args(arguments)
    # Tables may stand behind options, too.
    options = [word for word in others if word.startswith("-")]
    if options:
        parser.error(f"unrecognized arguments: {' '.join(options)}")
    if others and given.command == "completion":
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    given.words = [*given.words, *others]
    warnings.simplefilter("ignore")
    warnings.simplefilter("always", SupaseedWarning)
    warnings.showwarning = _show_warning
    try:
        with written_for(COMMAND):
            return _COMMANDS[given.command](given)
    except ConfigError as error:
        _complain(error)
        return UNUSABLE
    except SeedError as error:
        _complain(error)
        return REFUSED
    except KeyboardInterrupt:
        print("supaseed: interrupted, and nothing was changed", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # What reads the output has ended, such as head.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 until the end of the process
        return REFUSED


def run() -> None:
    """Run the command as the console script does, and exit."""
    for stream in (sys.stdout, sys.stderr):
        # What the encoding of a terminal or a pipe lacks is written as an escape, rather than ending the command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())


def write_exactly(text: str, stream: TextIO) -> None:
    """Write a text that a program will read: in UTF-8 and with its own line breaks, whatever the system's are.

    Args:
        text: what is written.
        stream: the standard output; a terminal gets the text as it shows texts.
    """
    binary = getattr(stream, "buffer", None)
    if binary is None or stream.isatty():
        stream.write(text)
        return
    stream.flush()
    binary.write(text.encode())
    binary.flush()


def _complain(error: SeedError) -> None:
    text = f"supaseed: {error}" + (f"\n{error.place}" if error.place else "")
    print(printable(text), file=sys.stderr)


def _show_warning(message: Warning | str, *more: Any, **options: Any) -> None:
    print(printable(f"supaseed: {message}"), file=sys.stderr)


def _asked(given: argparse.Namespace, words: Sequence[str], source: str | None = None) -> Asked:
    from pytest_supaseed.command.arguments import asked_for

    names = ("seed", "locale", "date", "max_records", "user_password", "postgres")
    options = {name: getattr(given, name, None) for name in names}
    return asked_for(
        words,
        options,
        os.environ,
        source=source,
        configuration=given.config,
        vary_defaults=given.vary_defaults,
    )


def _asked_of_source(given: argparse.Namespace, *, tables: bool = True) -> Asked:
    """Read the arguments of a command whose first word may be the source of the schema."""
    words = list(given.words)
    source = words.pop(0) if words and not _TABLE.match(words[0]) else None
    asked = _asked(given, words, source)
    return _with_tables(asked) if tables else asked


def _with_tables(asked: Asked) -> Asked:
    """Return what was asked for; without a table there is nothing to do."""
    if not asked.spec.tables:
        raise ConfigError("there is no table: write how many rows each table shall hold, as in users=50")
    return asked


def _seed(given: argparse.Namespace) -> int:
    from pytest_supaseed.command.standing import StandingDatabase
    from pytest_supaseed.reports.text import table_lines
    from pytest_supaseed.session.template import progress_line

    asked = _with_tables(_asked(given, given.words))
    database = StandingDatabase(given.url, asked)
    if not given.i_know:
        database.check_local()
    seen = database.look(any_size=given.i_know)
    print(f"{database.shown}, PostgreSQL {seen.version}, generator seed {asked.spec.seed}")
    print("\n".join(table_lines(seen.plan)))
    for line in asked.spec.notes:
        print(line)
    if not seen.plan.inserts:
        print("There is nothing to do: the tables hold these rows.")
        return DONE
    print(f"{seen.plan.inserts} new rows, in one transaction; rows that are there stay.")
    if seen.views:
        done = "are refreshed" if given.refresh else "are not refreshed (--refresh does it)"
        print(f"Materialized views {done}: {', '.join(seen.views)}.")
    if given.dry_run:
        print("Nothing was done (--dry-run).")
        return DONE
    if not given.yes and not _agreed():
        print("Nothing was done.")
        return REFUSED
    try:
        with progress_line(seen.plan.inserts, nullcontext) as progress:
            database.seed(seen, progress, refresh_views=given.refresh)
    except KeyboardInterrupt:
        # One that comes after the commit has come too late.
        if not database.committed:
            raise
    print(f"Done: {asked.spec}.")
    return DONE


def _agreed() -> bool:
    """Ask the user; where there is none to ask, say so.

    Raises:
        ConfigError: standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise ConfigError("there is no terminal to ask on, and nothing was done: add --yes to go on without")
    return input("Go on? [y/N] ").strip().lower() in ("y", "yes")


def _sql(given: argparse.Namespace) -> int:
    from pytest_supaseed.command.script import Form, script
    from pytest_supaseed.command.throwaway import opened_schema
    from pytest_supaseed.spec import SeedSpec

    asked = _asked_of_source(given)
    with opened_schema(asked) as opened:
        template = opened.template
        asked.check_limit(template.plan(asked.spec).asked)
        seeded, loaded = template.own(asked.spec), template.own(SeedSpec())
        try:
            with loaded.engine.connect() as before, seeded.engine.connect() as after:
                form = Form.COPY if given.copy else Form.INSERT
                words = f"{asked.spec}, generator seed {asked.spec.seed}"
                lines = [
                    f"-- Rows of supaseed: {words}.",
                    "-- For a database that holds the schema, and what its load inserts.",
                    *script(before, after, template.snapshot.schema, form),
                ]
        finally:
            template.drop(seeded)
            template.drop(loaded)
    text = "\n".join(lines) + "\n"
    if given.output is None:
        write_exactly(text, sys.stdout)
        return DONE
    try:
        # As it is, also on Windows: a line break within a value is one character.
        Path(given.output).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"--output {given.output} cannot be written: {error.strerror}") from error
    print(f"Wrote {given.output}: {words}.")
    return DONE


def _plan(given: argparse.Namespace) -> int:
    from pytest_supaseed.command.throwaway import opened_schema
    from pytest_supaseed.reports.plan_json import plan_document
    from pytest_supaseed.reports.text import table_lines

    asked = _asked_of_source(given)
    with opened_schema(asked) as opened:
        plan = opened.template.plan(asked.spec)
        asked.check_limit(plan.asked)
    if given.json:
        print(json.dumps(plan_document(plan), indent=2, ensure_ascii=False))
        return DONE
    print(f"{asked.spec}, generator seed {asked.spec.seed}, locale {asked.spec.locale}")
    print("\n".join([*table_lines(plan), *asked.spec.notes, f"total {plan.asked} of at most {asked.limit}"]))
    return DONE


def _schema(given: argparse.Namespace) -> int:
    from pytest_supaseed.command.survey import survey
    from pytest_supaseed.command.throwaway import opened_schema
    from pytest_supaseed.spec import SeedSpec

    asked = _asked_of_source(given, tables=False)
    if asked.spec.tables and given.words and not given.config:
        raise ConfigError("supaseed schema tries each table by itself: leave TABLE=N out, or write --table")
    if given.rows < 1:
        raise ConfigError(f"--rows is {given.rows}: write a whole number of rows, such as 7")
    with opened_schema(asked) as opened:
        template = opened.template
        database = template.own(SeedSpec())
        try:
            with database.engine.connect() as connection:
                found = list(
                    survey(connection, template.snapshot, template.defaults, given.rows, given.table)
                )
        finally:
            template.drop(database)
    if given.table is not None and not found:
        near = did_you_mean(given.table, template.snapshot.schema.spellings())
        names = ", ".join(table.label for table in template.snapshot.schema.tables)
        raise ConfigError(f"--table is {given.table!r}, which is no table{near or f'; there are {names}'}")
    if given.json:
        documents = [
            {
                "table": each.table,
                "asked": str(each.spec),
                "exact": not each.refusal,
                "why": each.refusal,
            }
            for each in found
        ]  # fmt: skip
        print(json.dumps(documents, indent=2, ensure_ascii=False))
        return DONE
    width = max((len(each.table) for each in found), default=0)
    for each in found:
        if each.refusal:
            why = each.refusal.replace("\n", "\n    ")
            print(printable(f"{each.table:<{width}}  refused  {each.spec}\n    {why}"))
        else:
            print(printable(f"{each.table:<{width}}  exact    {each.spec}"))
    exact = sum(not each.refusal for each in found)
    print(f"{exact} of {len(found)} tables are exact at {given.rows} rows.")
    return DONE


def _shell(given: argparse.Namespace) -> int:
    from pytest_supaseed.command.throwaway import opened_schema

    asked = _asked_of_source(given, tables=False)
    with opened_schema(asked) as opened:
        programs = opened.programs
        own = None if programs is None else programs.bin / "psql"
        psql = str(own) if own is not None and own.exists() else shutil.which("psql")
        if psql is None:
            raise SeedError(
                "there is no psql: install PostgreSQL's client (Debian: postgresql-client), or use supaseed sql"
            )
        asked.check_limit(opened.template.plan(asked.spec).asked if asked.spec.tables else 0)
        database = opened.template.own(asked.spec)
        try:
            print(
                f"PostgreSQL {opened.version}; the database is gone when psql ends: {database.dsn}",
                file=sys.stderr,
            )
            database.engine.dispose()
            return subprocess.run([psql, database.dsn], check=False).returncode  # noqa: S603 a program of PostgreSQL's
        finally:
            opened.template.drop(database)


def _completion(given: argparse.Namespace) -> int:
    from pytest_supaseed.command.completion import script_of

    write_exactly(script_of(command_parser(), given.shell), sys.stdout)
    return DONE


_COMMANDS = {
    "seed": _seed,
    "sql": _sql,
    "plan": _plan,
    "schema": _schema,
    "shell": _shell,
    "completion": _completion,
}
