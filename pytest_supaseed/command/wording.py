"""Messages in the words of the command line: what they advise as markers is written as arguments and as configuration.

The package's messages name markers, options of pytest and fixtures, as tests have them. :func:`in_command_words` turns
``write @pytest.mark.seed(film=5, language=1)`` into ``write film=5 language=1``, and what the command line cannot say
into a line of ``supaseed.toml``.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator

# A marker, its options, and a table's value alone: each up to its opening bracket.
_CALLS = re.compile(
    r"@pytest\.mark\.seed_options\(|(?:@pytest\.mark\.)?\bseed\(|(?<![\w.])(?P<table>[^\W\d]\w*)=Rows\("
    r"|\{(?P<quoted>\"(?:[^\"\\]|\\.)*\"): Rows\("
)
_OPTIONS = re.compile(r"(?:--supaseed-)([a-z][a-z-]*)")
_PHRASES = (
    (
        re.compile(r"set supaseed_schema to where your schema comes from: "),
        "name where the schema comes from as the first argument: ",
    ),
    (
        re.compile(r", or max_records=\d+ to a seeded_database\(\.\.\.\), set supaseed_max_records = \d+,"),
        ",",
    ),
    (re.compile(r"\bsupaseed_(max_records|seed|locale|date|postgres|user_password|schema)\b"), r"\1"),
    (re.compile(r"\bthe fixture supaseed_generators\b|\bsupaseed_generators\b"), "columns in supaseed.toml"),
    (re.compile(r"\b(adds?|write|paste) (--)"), r"\1 \2"),
)
_BELOW = "below [tables] in supaseed.toml"


def in_command_words(text: str) -> str:
    """Return a message with what it advises as it is written for the command.

    Example:
        >>> in_command_words("would be empty: write @pytest.mark.seed(film=5, language=1)")
        'would be empty: write film=5 language=1'
        >>> in_command_words("write setups=Rows(8, columns={'is_public': True})")
        'write setups = {count = 8, columns = {is_public = true}} below [tables] in supaseed.toml'
    """
    parts, end = [], 0
    while found := _CALLS.search(text, end):
        close = _closing(text, found.end())
        written = None if close is None else _written(found, text[found.end() : close - 1])
        if close is None or written is None:
            parts.append(text[end : found.end()])
            end = found.end()
            continue
        parts += [text[end : found.start()], written]
        end = close + 1 if found["quoted"] and text[close : close + 1] == "}" else close
    text = "".join([*parts, text[end:]])
    for pattern, words in _PHRASES:
        text = pattern.sub(words, text)
    return _OPTIONS.sub(r"--\1", text)


def _closing(text: str, start: int) -> int | None:
    """The position behind the bracket that closes one opened before a position; None if none does."""
    depth, quote, position = 1, "", start
    while position < len(text):
        letter = text[position]
        if quote:
            position += letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
            if depth == 0:
                return position + 1
        position += 1
    return None


def _written(found: re.Match[str], arguments: str) -> str | None:
    """What is written for a call; None if it is none that the command can say."""
    try:
        [call] = [ast.parse(f"f({arguments})", mode="eval").body]
    except SyntaxError:
        return None
    if not isinstance(call, ast.Call):
        return None
    name = found["table"] or (json.loads(found["quoted"]) if found["quoted"] else None)
    if name is not None:
        return _one(name, call)
    if "seed_options" in found[0]:
        return _options(call)
    return _tables(call)


def _options(call: ast.Call) -> str | None:
    """Options as those of the command line; None where it has none of the name."""
    words = []
    for argument in call.keywords:
        if argument.arg not in ("max_records", "seed", "locale", "date"):
            return None
        value = (
            ast.unparse(argument.value)
            if not isinstance(argument.value, ast.Constant)
            else argument.value.value
        )
        shown = "..." if value is Ellipsis else str(value)
        words.append(f"--{argument.arg.replace('_', '-')} {shown}")
    return " ".join(words) or None


def _tables(call: ast.Call) -> str | None:
    """A marker's tables as words, and those that words cannot say as lines of the configuration."""
    words, lines = [], []
    for name, value in _pairs(call):
        word = _word(name, value)
        if word is not None:
            words.append(word)
        else:
            lines.append(f"{_key(name)} = {_toml(value)}")
    if not words and not lines:
        return None
    return " and ".join(filter(None, (" ".join(words), f"{', '.join(lines)} {_BELOW}" if lines else "")))


def _one(name: str, call: ast.Call) -> str:
    word = _word(name, call)
    return word if word is not None else f"{_key(name)} = {_toml(call)} {_BELOW}"


def _pairs(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    for mapping in call.args:
        if isinstance(mapping, ast.Dict):
            for key, value in zip(mapping.keys, mapping.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), value
    for argument in call.keywords:
        if argument.arg is not None:
            yield argument.arg, argument.value


def _parts(value: ast.expr) -> dict[str, ast.expr]:
    """The parts of a table's value, by the keys of the configuration: ``count``, ``add``, ``columns``, ..."""
    if isinstance(value, ast.Dict):
        return {
            str(key.value): each
            for key, each in zip(value.keys, value.values, strict=True)
            if isinstance(key, ast.Constant)
        }
    if isinstance(value, ast.Call):
        named = {each.arg: each.value for each in value.keywords if each.arg is not None}
        return {**({"count": value.args[0]} if value.args else {}), **named}
    return {"count": value}


def _word(name: str, value: ast.expr) -> str | None:
    """A table and its count as a word of the command line; None where it has more than a count."""
    parts = _parts(value)
    if len(parts) != 1:
        return None
    [(key, amount)] = parts.items()
    if key == "per" and isinstance(amount, ast.Dict) and len(amount.keys) == 1:
        parent, number = amount.keys[0], amount.values[0]
        if isinstance(parent, ast.Constant) and isinstance(number, ast.Constant):
            return _quoted(f"{name}={number.value!r}/{parent.value!s}")
    if key in ("count", "add") and isinstance(amount, ast.Constant) and isinstance(amount.value, int):
        return _quoted(f"{name}={'+' if key == 'add' else ''}{amount.value}")
    return None


def _quoted(word: str) -> str:
    """A word as a shell takes it."""
    return word if re.fullmatch(r"[\w=+/.-]+", word) else shlex.quote(word)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _toml(value: ast.expr) -> str:
    """A value as TOML has it; what TOML has not, as a text."""
    if isinstance(value, ast.Call) or (isinstance(value, ast.Dict) and value.keys):
        return f"{{{', '.join(f'{_key(key)} = {_toml(each)}' for key, each in _parts(value).items())}}}"
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return f"[{', '.join(map(_toml, value.elts))}]"
    if isinstance(value, ast.Constant):
        if value.value is Ellipsis or value.value is None:
            return "..."
        if isinstance(value.value, bool):
            return str(value.value).lower()
        if isinstance(value.value, int | float):
            return repr(value.value)
        return json.dumps(str(value.value), ensure_ascii=False)
    return json.dumps(ast.unparse(value), ensure_ascii=False)
