"""Objects of plain values, in JSON and in modules that export one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.supabase.config_file import NoValueError, read_json, read_module

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4), st.booleans())
def test_what_json_writes_is_read_as_json_reads_it(value: dict[str, Any], ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=2)
    expected = json.loads(text)
    assert read_json(text).value == expected
    assert read_module(f"module.exports = {text};").value == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        ("{a: 1, 'b': 'it\\'s', \"c\": [1, -2.5, 1e3,],}", {"a": 1, "b": "it's", "c": [1, -2.5, 1000.0]}),
        ("module.exports={a:10_000}", {"a": 10_000}),
        ("export default { a: null, b: undefined, c: true };", {"a": None, "b": None, "c": True}),
        (
            "'use strict';\n// c\nmodule.exports = { /* x: 1 */ $a_1: \"// no comment\" }",
            {"$a_1": "// no comment"},
        ),
        (
            "/** @type {import('supa-seed').Config} */\nmodule.exports = { true: 1, 2: 'two' }",
            {"true": 1, "2": "two"},
        ),
        (r"{a: '\u00e9\x41\n\ud83d\ude00\u{1F600}'}", {"a": "éA\n😀😀"}),
    ],
)
def test_what_a_module_may_hold(text: str, value: dict[str, Any]) -> None:
    assert read_module(text).value == value


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("const users = 5;\nmodule.exports = {}", 1, "const is code"),
        ("module.exports = {\n  a: process.env.USERS\n}", 2, "process is code"),
        ("module.exports = require('./base')", 1, "require is code"),
        ("module.exports = {\n ...base }", 2, "what is spread is code"),
        ("module.exports = {a: `x`}", 1, "a template string is code"),
        ("module.exports = {a: 1 + 1}", 1, "code"),
        ("module.exports = {a: 2 * 3}", 1, "code"),
        ("module.exports = {a: (1)}", 1, "code"),
        ("module.exports = {a() {}}", 1, "code"),
        ("module.exports = () => ({a: 1})", 1, "code"),
        ("module.exports = {a: 1}\nmodule.exports.b = 2", 2, "module is code"),
        ("module.exports = {[a]: 1}", 1, "the name of a key"),
        ("module.exports = {a, b}", 1, "a needs a colon"),
        ("module.exports = {a: 1,, b: 2}", 1, "the name of a key"),
        ("module.exports = {a: 1 b: 2}", 1, "code"),
        ("module.exports = {a: 'b' 'c'}", 1, "a comma or }"),
        ("module.exports = {a: [1}", 1, "a comma or ]"),
        ("module.exports = [1]", 1, "an object has to stand here"),
        ("module.exports = {a: NaN}", 1, "code"),
        ("module.exports = {\na: 1", 2, "the file ends too early"),
        ("", 1, "the file ends too early"),
        ("module.exports = " + "{a:" * 100, 1, "nested too deeply"),
    ],
)
def test_what_would_have_to_be_run_is_refused(text: str, line: int, message: str) -> None:
    with pytest.raises(NoValueError) as refused:
        read_module(text)
    assert refused.value.line == line
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"a": 1,}', 1),
        ('{\n"a": 1 // c\n}', 2),
        ("{a: 1}", 1),
        ("[1]", 1),
        ("", 1),
        ('{"a": NaN}', 1),
        ("[" * 100_000, 1),
    ],
)
def test_a_json_file_is_strict(text: str, line: int) -> None:
    with pytest.raises(NoValueError) as refused:
        read_json(text)
    assert refused.value.line == line


@pytest.mark.parametrize(
    "text", ["{key: eyJhbGciOiJIUzI1NiJ9.e30.abc}", "{key: 'eyJhbGci\n}", "{'key': eyJhbGci"]
)
def test_a_message_never_shows_what_may_be_a_secret(text: str) -> None:
    for read in (read_module, read_json):
        with pytest.raises(NoValueError) as refused:
            read(text)
        assert "eyJ" not in str(refused.value)


def test_lines_and_repeated_keys_are_known() -> None:
    document = read_json('{\n "a": {\n  "b": 1,\n  "b": 2},\n "c": [\n{"d": 1}]\n}')
    assert document.lines == {"a": 2, "a.b": 4, "c": 5, "c[0].d": 6}
    assert document.repeated == ("a.b",)
