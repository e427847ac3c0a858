r"""Where a file is split: at the semicolons at which psql splits it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_supaseed.sources.script import Statement, split, variables


def texts(source: str) -> list[str]:
    return [statement.text for statement in split(source)]


# Each is one statement, whatever semicolons are in it.
ONE_STATEMENT = {
    "plain": "SELECT 1;",
    "no semicolon": "SELECT 1",
    "single quotes": "SELECT 'a;b', 'it''s;';",
    "backslash in a standard string": r"SELECT 'C:\', 1;",
    "string with escapes": r"SELECT E'it\'s;', e'\\';",
    "string with escapes, continued": "SELECT E'a\\'' -- why\n  '\\';';",
    "letter before a standard string": r"SELECT namee'\';",
    "bit strings": "SELECT b'1;', X'f;', n';';",
    "unicode string": r"SELECT U&'\0441;' UESCAPE '!';",
    "unicode identifier": r'SELECT U&"\0441;";',
    "quoted identifier": 'SELECT "a;""b;";',
    "dollar quotes": "DO $$ BEGIN; END $$;",
    "dollar quotes with a tag": "DO $body$ a; $$ b; $other$ c; $body$;",
    "dollar quotes with a tag of other letters": "SELECT $тег$;$тег$;",
    "dollar quotes after a parameter": "SELECT $1$a$;$a$;",
    "dollar in an identifier": "SELECT a$b$ || 'x', c$b$;",
    "line comment": "SELECT 1 -- not; here\n+ 2;",
    "line comment in an operator": "SELECT 1 +-- not; here\n 2;",
    "comment": "SELECT /* a; */ 1;",
    "nested comments": "SELECT /* a /* b; */ c; /* d; */ */ 1;",
    "comment in an operator": "SELECT 2 */* a; */ 1;",
    "quote in a comment": "SELECT /* it's */ 1 -- it's\n;",
    "comment in a quote": "SELECT '--', '/*';",
    "parentheses": "CREATE RULE r AS ON INSERT TO a DO ALSO (DELETE FROM b; DELETE FROM c);",
    "percent and colons": "SELECT 5 % 2, '%s', a::text, b[1:2], f(c := 1);",
    "begin atomic": "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;",
    "begin atomic, replaced": "create or replace procedure p() begin atomic delete from a; end;",
    "begin atomic with case": "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC"
    " SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END ELSE 3 END FROM t; SELECT 2; END;",
    "column called begin": "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT begin FROM t; END;",
    "function called begin": "CREATE FUNCTION begin() RETURNS int LANGUAGE sql RETURN 1;",
    "case outside of a body": "CREATE FUNCTION f(a int DEFAULT CASE WHEN true THEN 1 END) RETURNS int RETURN a;",
    "no-break space": "SELECT\u00a01;",
    "bytes that are no UTF-8": "SELECT '\udce9;' AS \udce9$$;",
    "open quote": "SELECT 'a; SELECT 2;",
    "open quote with escapes": "SELECT E'a; SELECT 2;\\",
    "open dollar quote": "SELECT $$a; SELECT 2;",
    "open parenthesis": "SELECT (1; SELECT 2;",
    "closed parenthesis": "SELECT 1);",
}


@pytest.mark.parametrize("source", ONE_STATEMENT.values(), ids=ONE_STATEMENT.keys())
def test_one_statement(source: str) -> None:
    assert split(source) == (Statement(source, 1, "sql"),)


CLOSED = {name: source for name, source in ONE_STATEMENT.items() if "open" not in name and source[-1] == ";"}


@pytest.mark.parametrize("source", CLOSED.values(), ids=CLOSED.keys())
def test_the_next_statement_is_another(source: str) -> None:
    assert texts(f"{source}SELECT 2;") == [source, "SELECT 2;"]
    assert texts(f"-- a;\n{source}/* b; */ SELECT 2;") == [source, "SELECT 2;"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("BEGIN; SELECT 1; END; SELECT 2;", ["BEGIN;", "SELECT 1;", "END;", "SELECT 2;"]),
        ("CREATE TABLE begin (atomic int); END;", ["CREATE TABLE begin (atomic int);", "END;"]),
        ("SELECT 1;\n-- the end", ["SELECT 1;"]),
        ("SELECT 1 -- no semicolon\n", ["SELECT 1"]),
        ("", []),
        ("\ufeff", []),
        ("-- a\n/* b */\n", []),
        ("/* never closed ; ", []),
        (";;\n;", []),
        ("\ufeffSELECT 1;", ["SELECT 1;"]),
        ("SELECT 1\r\n+ 2;\r\n-- a\r\nSELECT 3;\r\n", ["SELECT 1\r\n+ 2;", "SELECT 3;"]),
        (r"SELECT 1 \; SELECT a\:b;", ["SELECT 1 ; SELECT a:b;"]),
        (
            r"SET standard_conforming_strings = off; SELECT 'it\'s;'; SELECT 2;",
            ["SET standard_conforming_strings = off;", r"SELECT 'it\'s;';", "SELECT 2;"],
        ),
        (
            r"SET standard_conforming_strings = on; SELECT 'it\'; SELECT 2;",
            ["SET standard_conforming_strings = on;", r"SELECT 'it\';", "SELECT 2;"],
        ),
    ],
)
def test_statements(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_lines() -> None:
    source = "\ufeff-- a\n\nSELECT 1;/* b\n*/ SELECT\n2; SELECT 3;\r\n\\echo x\nSELECT 4"
    assert [(statement.text, statement.line) for statement in split(source)] == [
        ("SELECT 1;", 3),
        ("SELECT\n2;", 4),
        ("SELECT 3;", 5),
        (r"\echo x", 6),
        ("SELECT 4", 7),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_copy(end: str) -> None:
    lines = [
        "SELECT 1;",
        'COPY "a;" (b,',
        "  c) FROM stdin;",
        "1\tit's",
        "; --",
        r"\N" + "\t\\\\.",
        r"\.",
        "SELECT 2;",
    ]
    first, copy, last = split(end.join(lines))
    assert (first.text, last.text, last.line) == ("SELECT 1;", "SELECT 2;", 8)
    assert (copy.kind, copy.line) == ("copy", 2)
    assert copy.text == end.join(lines[1:3])
    assert copy.data == end.join([*lines[3:6], ""])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("COPY a FROM STDIN;", [Statement("COPY a FROM STDIN;", 1, "copy")]),
        ("COPY a FROM STDIN", [Statement("COPY a FROM STDIN", 1, "copy")]),
        ("COPY a FROM stdin;\n\\.\n", [Statement("COPY a FROM stdin;", 1, "copy")]),
        ("copy a from /* b */ stdin with (format csv);\n1;\n",
         [Statement("copy a from /* b */ stdin with (format csv);", 1, "copy", "1;\n")]),
        ("COPY a FROM stdin; -- b\n1\n\\.\n", [Statement("COPY a FROM stdin;", 1, "copy", "1\n")]),
        # psql takes the data before the rest of the line, and so is the order of what follows.
        ("COPY a\nFROM stdin; SELECT 1;\n1\n\\.\nSELECT 2;",
         [Statement("COPY a\nFROM stdin;", 1, "copy", "1\n"), Statement("SELECT 1;", 2, "sql"),
          Statement("SELECT 2;", 5, "sql")]),
        ("COPY a FROM 'stdin';\n1;", [Statement("COPY a FROM 'stdin';", 1, "sql"), Statement("1;", 2, "sql")]),
        ('COPY a FROM "stdin";\n1;', [Statement('COPY a FROM "stdin";', 1, "sql"), Statement("1;", 2, "sql")]),
        ("COPY a TO stdout;\n1;", [Statement("COPY a TO stdout;", 1, "sql"), Statement("1;", 2, "sql")]),
        ("COPY (SELECT * FROM stdin) TO 'a';\n1;",
         [Statement("COPY (SELECT * FROM stdin) TO 'a';", 1, "sql"), Statement("1;", 2, "sql")]),
        ("SELECT * FROM stdin;\n1;", [Statement("SELECT * FROM stdin;", 1, "sql"), Statement("1;", 2, "sql")]),
    ],
)  # fmt: skip
def test_what_is_a_copy(source: str, expected: list[Statement]) -> None:
    assert list(split(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("\\set a 'b;c'\nSELECT 1;", [("\\set a 'b;c'", ""), ("SELECT 1;", "")]),
        ("  \\c other;  \r\nSELECT 1;", [("\\c other;", ""), ("SELECT 1;", "")]),
        (r"\echo a \\ SELECT 1;", [(r"\echo a", ""), ("SELECT 1;", "")]),
        (r"\pset null '\\' \timing", [(r"\pset null '\\'", ""), (r"\timing", "")]),
        (r"\copy a from 'b' delimiter '\' csv", [(r"\copy a from 'b' delimiter '\' csv", "")]),
        ("\\! ls \\ -l\nSELECT 1;", [(r"\! ls \ -l", ""), ("SELECT 1;", "")]),
        ("SELECT 1 \\gexec\nSELECT 2;", [(r"\gexec", "SELECT 1"), ("SELECT 2;", "")]),
        ("SELECT\n1\n\\g", [(r"\g", "SELECT\n1")]),
        ("SELECT '\\g', $$\\g$$, \"\\g\" /* \\g */;", [("SELECT '\\g', $$\\g$$, \"\\g\" /* \\g */;", "")]),
    ],
)
def test_commands_of_psql(source: str, expected: list[tuple[str, str]]) -> None:
    statements = split(source)
    assert [(statement.text, statement.data) for statement in statements] == expected
    assert [statement.kind == "meta" for statement in statements] == [text[0] == "\\" for text, _ in expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("SELECT :a, :'b', :\"c\", :{?d};", {"a", "b", "c", "d"}),
        ("SELECT a::text, b := 1, ':c', \":d\", $$:e$$ -- :f\n /* :g */;", set()),
        ("SELECT b[1:n];", {"n"}),
        ("SELECT ':a' :b", {"b"}),
    ],
)
def test_variables(source: str, expected: set[str]) -> None:
    assert names(source) == expected


def names(source: str) -> set[str]:
    return {found[0].strip(":'\"{?}") for found in variables(source)}


# What may be in a statement, each with a semicolon or a quote that is not to be seen.
_WORDS = [
    "a",
    "BEGIN",
    "END",
    "CASE",
    "ATOMIC",
    "CREATE",
    "FUNCTION",
    "é$1",
    "1.5",
    "::",
    "%",
    "-",
    "/",
    "*",
    ",",
    "$1",
]
_QUOTED = ["';'", "''';'", "E'\\';'", "U&';'", '";"', '";"";"', "$$;'$$", "$a$;$$;$a$", "(a; ')')", "(;(;))"]
_BLANK = ["-- ';\n", "/* ';\" */", "/* /* ; */ ; */", ":x", "\n", "\r\n", "\u00a0"]
_PIECES = st.sampled_from([*_WORDS, *_QUOTED, *_BLANK])
_BETWEEN = st.sampled_from(["", " ", "\n", "\r\n", "-- ;'\n", "/* ;' */", "/* /* */ ; */", " -- $$\r\n\t"])


@st.composite
def statements(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(_PIECES, min_size=1, max_size=8))
    # Not part of the body of a function, whose semicolons are another matter.
    return f"SELECT {' '.join(pieces)} ;"


@given(st.lists(st.tuples(_BETWEEN, statements()), max_size=6), _BETWEEN)
def test_joined_statements_are_split_again(parts: list[tuple[str, str]], last: str) -> None:
    found = split("".join(f"{between}{statement}" for between, statement in parts) + last)
    assert [statement.text for statement in found] == [statement for _, statement in parts]


def without_comments(source: str) -> str:
    """What is left of text that has no quotes: an independent, slow way to find comments."""
    innermost = re.compile(r"/\*(?:(?!/\*|\*/).)*\*/", re.DOTALL)
    while innermost.search(source):
        source = innermost.sub(" ", source)
    return re.sub(r"--[^\n\r]*|/\*.*", " ", source, flags=re.DOTALL)


@given(st.text(st.sampled_from("ab1 \n\r;()'\"$-/*:.E&é,%"), max_size=60))
@example("a;/*/**/;*/b;--;\n;c")
@example("a$b$;$$;$b$")
def test_nothing_but_comments_is_left_out(source: str) -> None:
    position = 0
    gaps = []
    for statement in split(source):
        found = source.index(statement.text, position)
        gaps.append(source[position:found])
        assert statement.line == source.count("\n", 0, found) + 1
        position = found + len(statement.text)
    for gap in [*gaps, source[position:]]:
        if not set(gap) & set("'\"$"):
            assert not without_comments(gap).strip(" \n\r;"), gap


@given(st.text(st.sampled_from("ab \n;()'$-/*\\E.:"), max_size=60))
@example("a::b :a :'b'")
@example("':a'")
def test_whatever_is_in_it_it_can_be_split(source: str) -> None:
    for statement in split(source):
        assert statement.text
        written = re.findall(r":('?)(\w+)\1", statement.text)
        assert names(statement.text) <= {name for _, name in written}


@given(st.text(st.sampled_from("ab \n;()-/*E.:"), max_size=60))
@example("a::b :E:ab -- :a")
def test_variables_outside_of_quotes_are_found(source: str) -> None:
    for statement in split(source):
        written = re.findall(r"::|:(\w+)", without_comments(statement.text))
        assert names(statement.text) == {*filter(None, written)}


def test_a_long_file_takes_time_in_proportion_to_its_length() -> None:
    # A scanner that looks back, or ahead, for each of these would not come to its end.
    for piece in ("'", '"', "$a$", "$a", "(", "/*", "-- \n", "E'\\", "E'a'\n-- b\n", ":", "\\"):
        assert isinstance(split(piece * 20_000), tuple)
