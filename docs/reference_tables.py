"""Tables of the reference that are made of the declarations in the package: the directive ``supaseed-table``.

:data:`TABLES` has a function for each table, which returns it in Markdown.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pytest_supaseed.values.meanings.meaning import Meaning

# What a name is shown of that matches a pattern with many alternatives.
_MOST_NAMES = 6
_ANY = "…"
# What is shown of an example.
_LONGEST = 60
_BORDER = r"\|"
# What stands as it is in the texts of options.
_CODE = re.compile(r"(?<!\w)(--?[a-z][\w-]*|package[.]module:name|alembic[.]ini|\.sql)")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; a cell's ``|`` is no border."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', _BORDER) for cell in line)} |\n" for line in lines)


class Option(NamedTuple):
    """An option of pytest.

    Attributes:
        flag: on the command line, with its argument; empty if it is in the ini only.
        ini: its key there, empty if it is on the command line only.
        default: as it is written; empty for none.
        text: what it is for.
    """

    flag: str
    ini: str
    default: str
    text: str


class _Recorder:
    """The parser, the group and the plugin manager that the plugin adds its options to."""

    def __init__(self) -> None:
        self.flags: dict[str, tuple[str, dict[str, Any]]] = {}
        self.ini: dict[str, str] = {}
        self.hook = SimpleNamespace(pytest_plugin_registered=None)

    def getgroup(self, *names: str) -> _Recorder:
        return self

    def register(self, *plugin: object) -> None:
        """The fixtures, which are in another table."""

    def addoption(self, flag: str, **attributes: Any) -> None:
        self.flags[attributes["dest"]] = (flag, attributes)

    def addini(self, name: str, text: str, **attributes: Any) -> None:
        self.ini[name] = text


def options() -> list[Option]:
    """Return all options and ini keys of the plugin, those of the command line first."""
    from pytest_supaseed.plugin.hooks import pytest_addoption

    recorder: Any = _Recorder()
    pytest_addoption(recorder, recorder)
    rows = []
    for key in dict.fromkeys([*recorder.flags, *sorted(recorder.ini)]):
        flag, attributes = recorder.flags.get(key, ("", {}))
        choices = "|".join(attributes.get("choices", ()))
        argument = attributes.get("metavar") or choices
        text = recorder.ini.get(key) or attributes["help"]
        found = re.fullmatch(r"(.*?) \(default: (.*)\)", text)
        text, default = (found[1], found[2]) if found else (text, "")
        rows.append(Option(f"{flag} {argument}".strip(), key if key in recorder.ini else "", default, text))
    return rows


def _options() -> str:
    return table(
        ("command line", "ini", "default", ""),
        (
            [
                *(f"`{name}`" if name else "" for name in (each.flag, each.ini)),
                each.default,
                _sentence(each.text),
            ]
            for each in options()
        ),
    )


def _sentence(text: str) -> str:
    """Return a text with what would be markup of Markdown as it is."""
    return re.sub(_CODE, r"`\1`", text[0].upper() + text[1:])


def names_of(pattern: str, most: int = _MOST_NAMES) -> list[str]:
    """Return some of the names that a regular expression of normalized names matches.

    Args:
        pattern: as it is declared: ``_first_name_|^_name_$``.
        most: how many at most; one more, which is ``…``, stands for the others.
    """
    if sys.version_info >= (3, 11):
        from re import _parser as parser  # type: ignore[attr-defined]
    else:
        import sre_parse as parser

    found = [text.strip("_") or _ANY for text in _matches(list(parser.parse(pattern)), 3 * most)]
    distinct = list(dict.fromkeys(found))
    return distinct if len(distinct) <= most else [*distinct[:most], _ANY]


def _matches(tree: list[Any], most: int) -> list[str]:
    texts = [""]
    for operation, value in tree:
        name = str(operation)
        if name in {"AT", "ASSERT", "ASSERT_NOT"}:
            continue
        if name == "LITERAL":
            choices = [chr(value)]
        elif name == "IN" and all(str(kind) == "LITERAL" for kind, _ in value):
            choices = [chr(code) for _, code in value]
        elif name == "BRANCH":
            choices = [text for branch in value[1] for text in _matches(list(branch), most)]
        elif name == "SUBPATTERN":
            choices = _matches(list(value[-1]), most)
        elif name in {"MAX_REPEAT", "MIN_REPEAT"}:
            least, greatest, inner = value
            if str(inner[0][0]) in {"IN", "ANY", "CATEGORY"}:
                choices = [_ANY if greatest > 1 else ""]
            else:
                choices = _matches(list(inner), most) if least else ["", *_matches(list(inner), most)]
        else:
            choices = [_ANY]
        texts = [text + choice for text in texts for choice in choices][: most * 4]
    return texts


def _names(pattern: str) -> str:
    return ", ".join(f"`{name}`" if name != _ANY else name for name in names_of(pattern))


def _meanings() -> str:
    from pytest_supaseed.values.meanings.registry import MEANINGS

    return table(
        ("meaning", "names", "for example"),
        ([_title(each.name), _names(each.names), _code(example(each))] for each in MEANINGS if each.names),
    )


def example(meaning: Meaning) -> str:
    """Return a text that a column with a meaning holds; empty for one that depends on the table or on other columns."""
    from faker.factory import Factory

    from pytest_supaseed.constraints.column import value_domain
    from pytest_supaseed.constraints.domain import ValueDomain
    from pytest_supaseed.model.schema import Column, ColumnType, Table, TableName
    from pytest_supaseed.values.column import value_source
    from pytest_supaseed.values.meanings.context import Context
    from pytest_supaseed.values.meanings.registry import meaning_of

    faker = Factory.create("en_US")
    for name in names_of(meaning.names):
        column = Column(name, ColumnType("text", "text", "S"))
        of_it = Table(TableName("public", "things"), (column,))
        found = None if _ANY in name else meaning_of(Context(of_it, column, ValueDomain()))
        if found is None or found[0] is not meaning:
            continue
        source = value_source(of_it, column, value_domain(of_it, column))
        if source is None or getattr(source, "uses", ()):
            continue
        faker.random = Random(meaning.name)  # noqa: S311 an example
        text = str(source.choose(faker, {}))
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} {_ANY}"
    return ""


def _code(text: str) -> str:
    return f"`{text}`" if text and "`" not in text else text


def _title(name: str) -> str:
    return name.removeprefix("listed ").replace("_", " ")


def _numbers() -> str:
    from pytest_supaseed.values.meanings.numbers import MEASURES

    return table(
        ("number", "names", "from", "to"),
        (
            [each.name, _names(each.names.pattern), f"{each.range.first:f}", f"{each.range.last:f}"]
            for each in MEASURES
        ),
    )


def _subjects() -> str:
    """The names that words, phrases and codes of a subject are written for: of each line the first."""
    from pytest_supaseed.values.meanings.endings import lines
    from pytest_supaseed.values.meanings.vocabulary import SUBJECTS

    return table(
        ("subject", "names"),
        (
            [
                _title(module.__name__.rpartition(".")[2]),
                ", ".join(dict.fromkeys(f"`{line.names[0].lstrip('^')}`" for line in lines(module.NAMES))),
            ]
            for module in SUBJECTS
        ),
    )


def _measured() -> str:
    from pytest_supaseed.values.meanings.measures import MEASURED

    rows: dict[str, list[str]] = {}
    for line in MEASURED.declared:
        rows.setdefault(line.names[0], [line.text, " ".join(sorted(line.entities))])
    return table(
        ("names that end in", "of", "from, to"),
        ([f"`{name}`", of, text] for name, (text, of) in rows.items()),
    )


def _moments() -> str:
    from pytest_supaseed.values.meanings.moments import MOMENTS

    return table(
        ("event", "names"),
        ([each.name, _names(each.names.pattern)] for each in sorted(MOMENTS, key=lambda each: each.rank)),
    )


def _types() -> str:
    from pytest_supaseed.values.types.registry import TYPES

    return table(
        ("types", "values"),
        (
            [", ".join(f"`{name}`" for name in each.names), "counted" if each.capacity else "many"]
            for each in TYPES
        ),
    )


TABLES: dict[str, Callable[[], str]] = {
    "options": _options,
    "meanings": _meanings,
    "numbers": _numbers,
    "subjects": _subjects,
    "measures": _measured,
    "moments": _moments,
    "types": _types,
}


def setup(app: Any) -> dict[str, bool]:
    """Add the directive to Sphinx."""
    from docutils import nodes
    from docutils.statemachine import StringList
    from sphinx.util.docutils import SphinxDirective

    class SupaseedTable(SphinxDirective):
        required_arguments = 1

        def run(self) -> list[nodes.Node]:
            container = nodes.container()
            lines = TABLES[self.arguments[0]]().splitlines()
            self.state.nested_parse(StringList(lines, "generated"), self.content_offset, container)
            return container.children

    app.add_directive("supaseed-table", SupaseedTable)
    return {"parallel_read_safe": True}
