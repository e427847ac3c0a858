"""The arguments of the command ``supaseed``, and its configuration file, as the spec and the settings that they mean.

Begin with :func:`asked_for`. A table stands on the command line as ``users=50``; in the configuration, a TOML file, as
a marker would have it. The command line wins over the configuration, table by table and option by option.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pytest_supaseed.errors import ConfigError, Problem, did_you_mean
from pytest_supaseed.markers import Arguments, Suite, asked_spec
from pytest_supaseed.settings import OptionSources, Settings, resolve
from pytest_supaseed.sources.projects import configuration_file
from pytest_supaseed.spec import SeedSpec
from pytest_supaseed.wording import shortened

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# The file that is read where none is named.
USUAL_CONFIGURATION = "supaseed.toml"
# Keys of the configuration, and options of the command, by the names of settings.
_OPTIONS = ("postgres", "seed", "locale", "date", "max_records", "user_password")
_SWITCH = "vary_defaults"
_KEYS = ("schema", *_OPTIONS, _SWITCH, "tables")
_NEGATIVE = re.compile(r"[^=]+=\s*-\d+")
_TABLE = re.compile(r"(?P<table>[^=]+)=(?P<plus>\+?)(?P<number>\d+)(?:/(?P<parent>.+))?,?", re.DOTALL)
_HOW = (
    "write users=50 for fifty rows in all, users=+5 for five more than there are, or setups=2/users for two for "
    "each user"
)
# The limit is the command's: it refuses by its own name, and more than markers do.
_WITHOUT_LIMIT = sys.maxsize


@dataclass(frozen=True)
class Asked:
    """What a command was asked for.

    Attributes:
        spec: the rows.
        settings: of the generator and the server.
        schema: where the schema comes from; empty for none.
        root: the folder that relative paths start from.
    """

    spec: SeedSpec
    settings: Settings
    schema: str = ""
    root: Path = field(default_factory=Path.cwd)

    @property
    def limit(self) -> int:
        """The most rows that the spec may ask for, and that a standing database may hold."""
        return self.settings.max_records

    def check_limit(self, rows: int) -> None:
        """Check a number of rows against the limit.

        Raises:
            ConfigError: it is exceeded.
        """
        if rows > self.limit:
            raise ConfigError(
                f"{self.spec} asks for {rows} rows in all, {rows - self.limit} above the limit of "
                f"{self.limit}: write --max-records {rows}, or ask for fewer"
            )


def tables_of(words: Iterable[str]) -> tuple[dict[str, Any], list[Problem]]:
    """Read the tables of a command line.

    Returns:
        By table what a marker's mapping says of it, and the problems.

    Example:
        >>> tables_of(["users=5", "setups=2/users"])[0]
        {'users': 5, 'setups': {'per': {'users': 2}}}
    """
    found: dict[str, Any] = {}
    problems = []
    for word in words:
        name = word.partition("=")[0].strip()
        read = _TABLE.fullmatch(word.strip())
        if _NEGATIVE.fullmatch(word.strip()):
            problems.append(
                Problem(
                    f"{shortened(word)}: a count cannot be negative",
                    f"write {name}=0 for no rows",
                    table=name,
                )
            )
        elif read is None or (read["plus"] and read["parent"]):
            problems.append(Problem(f"{shortened(word)} does not say how many rows a table holds", _HOW))
        elif name in found:
            problems.append(Problem(f"{shortened(name)} is named twice", "keep one of them", table=name))
        else:
            number = int(read["number"])
            found[name] = (
                {"per": {read["parent"]: number}}
                if read["parent"]
                else {"add": number}
                if read["plus"]
                else number
            )
    return found, problems


def asked_for(
    words: Sequence[str],
    options: Mapping[str, str | None],
    environment: Mapping[str, str],
    *,
    source: str | None = None,
    configuration: str | None = None,
    root: Path | None = None,
    vary_defaults: bool | None = None,
) -> Asked:
    """Bring the arguments of a command and its configuration together.

    Args:
        words: the tables, as ``users=50``.
        options: of the command line, by the names of settings; None for those not given.
        environment: of the process.
        source: where the schema comes from, as the command line says; None where it does not.
        configuration: the path of a configuration file, a ``.toml`` or a SupaSeed configuration; None for
            ``supaseed.toml`` where there is one.
        root: the folder that paths start from; None for the working folder.
        vary_defaults: whether columns with a constant default get other values, too; None where the command line does
            not say.

    Raises:
        ConfigError: something cannot be used; the message names all of it.
    """
    root = root or Path.cwd()
    tables, problems = tables_of(words)
    markers: list[Arguments] = [((tables,), {})] if tables else []
    given: Mapping[str, Any] = {}
    if configuration is None and (root / USUAL_CONFIGURATION).is_file():
        configuration = USUAL_CONFIGURATION
    if configuration is not None and not configuration.lower().endswith(".toml"):
        markers.append(((configuration_file(configuration, root),), {}))
    elif configuration is not None:
        given, wrong = _read(root / configuration, configuration)
        problems += wrong
        if given.get("tables"):
            markers.append(((given["tables"],), {}))
    texts = [str(problem) for problem in problems]
    sources = OptionSources(
        options, environment, {key: str(given[key]) for key in _OPTIONS if key in given}, "--", ""
    )
    settings = Settings()
    try:
        settings = resolve(
            sources, vary_defaults=bool(given.get(_SWITCH)) if vary_defaults is None else vary_defaults
        )
    except ConfigError as error:
        texts.append(str(error))
    suite = Suite(replace(settings, max_records=_WITHOUT_LIMIT, hard=False), root)
    spec, found = asked_spec(markers, [], suite, declared=True)
    if texts or found:
        raise ConfigError("\n".join([*texts, *found]))
    schema = source if source is not None else str(given.get("schema", ""))
    asked = Asked(replace(spec, limit=settings.max_records), settings, schema, root)
    asked.check_limit(spec.known_total())
    return asked


def _read(path: Path, shown: str) -> tuple[Mapping[str, Any], list[Problem]]:
    """Read a configuration file, and what is wrong with it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return {}, [Problem(f"the configuration {shown} cannot be read: {reason}")]
    problems = [
        Problem(
            f"{shown} has {shortened(key)}",
            f"write one of {', '.join(_KEYS)}{did_you_mean(key, _KEYS)}",
        )
        for key in content
        if key not in _KEYS
    ]
    for key in (each for each in _KEYS if each in content):
        value = content[key]
        fits, kind = not isinstance(value, (dict, list, bool)), "one value"
        if key == "tables":
            fits, kind = isinstance(value, dict), "a table, as [tables] with users = 50 below it"
        elif key == _SWITCH:
            fits, kind = isinstance(value, bool), "true or false"
        if not fits:
            problems.append(Problem(f"{shown} has {key} = {shortened(str(value))}", f"write {kind}"))
    return {} if problems else content, problems
