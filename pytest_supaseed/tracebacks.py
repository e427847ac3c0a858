"""Errors in the user's schema code and SQL, described with the user's line and advice on what to do.

:func:`describe` words an exception; :func:`hint` gives the advice for the errors of PostgreSQL that schemas meet most
often on a new server: missing roles, schemas, extensions, functions and types.
"""

from __future__ import annotations

import os
import re
import site
import sysconfig
import traceback
from collections.abc import Callable
from typing import NamedTuple

from pytest_supaseed.filesystem import PACKAGE
from pytest_supaseed.notation import notation
from pytest_supaseed.wording import redacted, text_of

# Schemas that CREATE EXTENSION creates.
_OF_EXTENSIONS = {"cron": "pg_cron", "pgmq": "pgmq"}
_EXTENSIONS = {
    "uuid-ossp": "uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 "
    "uuid_nil uuid_ns_dns uuid_ns_url",
    "pgcrypto": "armor crypt decrypt digest encrypt gen_random_bytes gen_salt hmac pgp_sym_decrypt "
    "pgp_sym_encrypt",
    "citext": "citext",
    "hstore": "hstore",
    "ltree": "ltree lquery",
    "pg_trgm": "gin_trgm_ops gist_trgm_ops similarity word_similarity",
    "btree_gist": "gist_int4_ops gist_int8_ops gist_uuid_ops gist_text_ops",
    "unaccent": "unaccent",
    "postgis": "geography geometry st_distance st_dwithin st_makepoint st_setsrid",
    "vector": "halfvec sparsevec vector vector_cosine_ops vector_l2_ops",
    "tablefunc": "connectby crosstab normal_rand",
}
_EXTENSION_OF = {name: extension for extension, names in _EXTENSIONS.items() for name in names.split()}
_STOOD_IN = ("uuid-ossp", "pgcrypto")
# The major version in which each was added.
_VERSION_OF = {"gen_random_uuid": 13, "uuidv4": 18, "uuidv7": 18, "random_normal": 16, "json_table": 17}
_ROLE = re.compile(r'role "(?P<name>.+)" does not exist')
_SCHEMA = re.compile(r'schema "(?P<name>.+)" does not exist')
_UNAVAILABLE = re.compile(
    r'extension "(?P<name>.+)" is not available'
    r'|could not open extension control file ".*/(?P<file>.+)\.control"'
)
_MISSING = re.compile(
    r'(?:function (?P<function>[^(]+)\(|(?:type|operator class) "(?P<type>[^"]+)").* does not exist'
)
_VARIABLE = re.compile(r'syntax error at or near ":"')
_LACKING = re.compile(r"ICU is not supported in this build|unsupported XML feature")
_TEMPLATE = re.compile(r'syntax error at or near "(?:\{|\$|<%?|%)"')
_ENCODING = re.compile(r'invalid byte sequence for encoding "UTF8"')
# psycopg2's message on COPY TO is written for the caller of its API.
_OUTPUT = re.compile(r"can't execute COPY TO\b")
# Takes what a database lacks (role, schema or extension), its name and the SQL that creates it, and returns advice; an
# empty string where it is not known.
Missing = Callable[[str, str, str], str]


def _nothing_known(what: str, name: str, create: str) -> str:
    return ""


def hint(message: str, version: str, missing: Missing = _nothing_known) -> str:
    """Return advice on an error of PostgreSQL.

    Args:
        message: PostgreSQL's primary message, in English.
        version: of the server, such as ``"18.6"``; empty where it is not known.
        missing: what is known of roles, schemas and extensions that some databases have.

    Returns:
        The advice; empty where there is none.

    Example:
        >>> hint('role "app" does not exist', "18.6")
        'List a .sql file before this one in supaseed_schema that creates it: CREATE ROLE "app";'
    """
    if found := _ROLE.search(message):
        role = found["name"]
        create = f"CREATE ROLE {_quoted(role)};"
        return missing("role", role, create) or _before(create)
    if found := _SCHEMA.search(message):
        schema = found["name"]
        create = f"CREATE SCHEMA {_quoted(schema)};"
        if schema in _OF_EXTENSIONS:
            extension = _OF_EXTENSIONS[schema]
            create = f'CREATE EXTENSION IF NOT EXISTS "{extension}";'
            advice = f"{schema} is the schema of an extension: {create} has to come first."
            return f"{advice} {missing('extension', extension, create)}".rstrip()
        return missing("schema", schema, create) or _before(create)
    if found := _UNAVAILABLE.search(message):
        extension = found["name"] or found["file"]
        # The embedded server (a wheel) has pgvector, and few systems have.
        with_it = "embedded" if extension == "vector" else "system"
        return (
            f'The server is PostgreSQL {version}, installed without the extension "{extension}". Choose a '
            f"server that has it: {notation().switch('postgres', with_it)}, the path of a bin folder, or a "
            "postgresql:// URL."
        )
    if found := _MISSING.search(message):
        name = (found["function"] or found["type"]).removesuffix("[]").rpartition(".")[2]
        return _missing(name.strip('"').lower(), version)
    if _VARIABLE.search(message):
        return "Variables of psql (:name) are not replaced here. Write the value itself."
    if _TEMPLATE.search(message):
        return (
            "Placeholders of a template, such as {{ name }}, ${name} and <%= name %>, are not replaced here. Give the "
            f"files that the template's tool makes, or let a callable that {notation().schema} names run the tool."
        )
    if _LACKING.search(message):
        return (
            f"The server is PostgreSQL {version}, built without what this needs. Choose a server that has it: "
            f"{notation().switch('postgres', 'system')}, the path of a bin folder, or a postgresql:// URL."
        )
    if _ENCODING.search(message):
        return (
            "Save the file as UTF-8, or begin it with what it is in, such as SET client_encoding = 'LATIN1';"
        )
    if _OUTPUT.search(message):
        return "COPY ... TO stdout changes nothing in a database. Remove it."
    return ""


def _before(create: str) -> str:
    return f"List a .sql file before this one in {notation().schema} that creates it: {create}"


def _missing(name: str, version: str) -> str:
    """Return advice on a missing function, type or operator class."""
    since = _VERSION_OF.get(name)
    major = re.match(r"\d+", version)
    if since is not None and major and int(major[0]) < since:
        return (
            f"{name} came with PostgreSQL {since}, and the server is {version}. Choose a newer one: "
            f"{notation().switch('postgres', 'embedded')}, the path of a bin folder, or a postgresql:// URL."
        )
    extension = _EXTENSION_OF.get(name)
    if extension is None:
        return ""
    stub = " Where the server lacks it, it is stood in for." if extension in _STOOD_IN else ""
    return (
        f'{name} is part of an extension: CREATE EXTENSION IF NOT EXISTS "{extension}"; has to come first, '
        f"into a schema of the search path.{stub}"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_OURS = str(PACKAGE) + os.sep
_INSTALLED = (
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    *site.getsitepackages(),
    str(PACKAGE),
)
_PACKAGES = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_NOT_THE_USERS = ("<", *(folder + os.sep for folder in _INSTALLED))


def is_installed(filename: str) -> bool:
    """Whether a file, given as its code object names it, is in a folder of installed packages."""
    # By path component, because a .pth file may add the packages of another environment.
    return any(folder in filename for folder in _PACKAGES)


def is_users(error: BaseException) -> bool:
    """Whether an exception was raised by the user's code, or by a library, and not by this package."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and not frames[-1].filename.startswith(_OURS)


class Description(NamedTuple):
    """An exception in words.

    Attributes:
        raised: its type and message.
        below: lines that follow, each with a line break before it: the user's file and line, and advice.
    """

    raised: str
    below: str

    def __str__(self) -> str:
        return f"{self.raised}{self.below}"


def describe(
    error: BaseException,
    server_version: tuple[int, ...] | None = None,
    missing: Missing = _nothing_known,
) -> Description:
    """Describe an exception in the user's code.

    Args:
        error: the exception.
        server_version: as SQLAlchemy's dialect has it, for errors of PostgreSQL.
        missing: as for :func:`hint`.

    Returns:
        Its type and message, and below the user's file, line and function that led to it, and advice.

    Example:
        >>> str(describe(ValueError("no such role")))
        'ValueError: no such role'
    """
    # SQLAlchemy's message adds the whole statement and a link; the driver's does not.
    original = getattr(error, "orig", None)
    cause = original if isinstance(original, BaseException) else error
    message = redacted(cause.msg if isinstance(cause, SyntaxError) else text_of(cause))
    lines = []
    frames = traceback.extract_tb(error.__traceback__)
    users = [
        frame
        for frame in frames
        if not frame.filename.startswith(_NOT_THE_USERS) and not is_installed(frame.filename)
    ]
    if isinstance(error, SyntaxError) and error.filename:
        lines.append(f"  at {error.filename}:{error.lineno}")
    elif users or (frames and not message):
        # An exception without a message, raised in a library, is described by the library's line.
        users = users or frames
        lines.append(f"  at {users[-1].filename}:{users[-1].lineno}, in {users[-1].name}")
    advice = hint(message, ".".join(map(str, server_version or ())), missing)
    return Description(
        f"{type(cause).__name__}: {message}" if message else type(cause).__name__,
        "".join(f"\n{line}" for line in (*lines, advice) if line),
    )
