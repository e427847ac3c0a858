"""Keys of every type: what the driver changes when it reads them is read as PostgreSQL prints it, and found again."""

from __future__ import annotations

import pytest

# By type: three keys that the load puts there, and what spread() makes of one of them.
KEYS: dict[str, tuple[list[str], str]] = {
    "interval": (["1 year", "1 mon 3 days 04:05:06.7", "-3 days +04:00:00"], "'1 year'"),
    "interval year": (["1 year", "-2 years", "100000 years"], "'1 year'"),
    "interval year to month": (["1 year 2 mons", "-14 mons", "2 years"], "'1 year 2 mons'"),
    "interval day to second": (["400 days", "25:00:00", "-00:00:01"], "timedelta(days=400)"),
    "date": (["infinity", "-infinity", "0044-03-15 BC"], "'infinity'"),
    "date, of this time": (["2025-12-31", "0001-01-01", "9999-12-31"], "date(2025, 12, 31)"),
    "timestamp": (["infinity", "20000-01-01", "0044-03-15 01:00 BC"], "'infinity'"),
    "timestamptz": (["-infinity", "20000-01-01 00:00+00", "2025-01-01 00:00:00.123456+00"], "'-infinity'"),
    "time": (["24:00", "00:00", "12:00:00.5"], "'24:00:00'"),
    "timetz": (["12:00+02:30:15", "24:00+00", "12:00:00.25-05"], "'24:00:00+00'"),
    "numeric": (["NaN", "Infinity", "1.50000000000000000000000001"], "Decimal('Infinity')"),
    "numeric, long": (["1" * 100, "0." + "0" * 50 + "1", "-0"], "Decimal('-0')"),
    "float8": (["0.1", "1e-300", "Infinity"], "0.1"),
    "float8, close": (["0.30000000000000004", "0.3", "-Infinity"], "0.3"),
    "float4": (["0.1", "3.4028235e38", "1e-45"], "0.1"),
    "money": (["1000.50", "-3", "0"], "'$1,000.50'"),
    "bit(3)": (["101", "000", "111"], "'101'"),
    "varbit": (["1", "", "1010"], "'1010'"),
    "bytea": (["\\x00ff", "\\x", "\\x5c27"], "b'\\x00\\xff'"),
    "jsonb": (['{"b": 1, "a": [null]}', "1.00000000000000000001", '"x"'], '\'{"a": [null], "b": 1}\''),
    "char(5)": (["a", "ab", "abcde"], "'a    '"),
    '"char"': (["a", "b", "c"], "'a'"),
    "name": (["a", "B", "c d"], "'B'"),
    "text": (["a\tb", "\\N", "ä\n"], "'a\\tb'"),
    "citext": (["Anna", "BERND", "c"], "'Anna'"),
    "uuid": ([f"{number:032x}" for number in (1, 2, 3)], "uuid.UUID(int=1)"),
    "inet": (["10.0.0.1", "10.0.0.1/8", "::1"], "'10.0.0.1'"),
    "cidr": (["10.0.0.0/8", "0.0.0.0/0", "::/0"], "'10.0.0.0/8'"),
    "macaddr": (["08:00:2b:01:02:03", "08:00:2b:01:02:04", "08:00:2b:01:02:05"], "'08:00:2b:01:02:03'"),
    "int4range": (["[1,5)", "(,5)", "empty"], "'[1,5)'"),
    "numrange": (["[1.50,)", "(,)", "(1,2]"], "'(,)'"),
    "tstzrange": (["[2025-01-01 00:00+00,infinity)", "(,)", "empty"], "'empty'"),
    "daterange": (["[0044-03-15 BC,)", "[2025-01-01,2025-01-02)", "(,)"], "'(,)'"),
    "int4multirange": (["{[1,2),[5,7)}", "{}", "{(,)}"], "'{}'"),
    "int8[]": (["{1,NULL}", "{{1,2},{3,4}}", "{}"], "(1, None)"),
    "text[]": (['{a,"b c",NULL}', '{"NULL"}', "{}"], "('a', 'b c', None)"),
    "interval[]": (['{"1 year"}', '{"365 days"}', "{NULL}"], "'{\"1 year\"}'"),
    "date[]": (["{infinity}", "{9999-12-31}", "{}"], "'{infinity}'"),
    "timestamptz[]": (['{"2025-01-01 00:00:00.5+00"}', "{infinity}", "{}"], "'{infinity}'"),
    "bytea[]": (['{"\\\\x00"}', "{NULL}", "{}"], "'{}'"),
    "mood": (["happy", "so so", "it's"], "'so so'"),
    "mood[]": (['{happy,"so so"}', "{}", "{NULL}"], "'{}'"),
    "pair": (["(1,a)", '(,"b, c")', "(,)"], "'(1,a)'"),
    "span": (["1 year", "12 mons 1 day", "0"], "'1 year'"),
    "spans": (['{"1 year"}', '{"1 mon"}', "{}"], "'{}'"),
    "hour": (["24:00", "12:00", "00:00"], "'24:00:00'"),
    "oid": (["1", "4294967295", "0"], "4294967295"),
    "bool": (["t", "f"], "True"),
    "pg_lsn": (["0/1", "FFFFFFFF/FFFFFFFF", "1/0"], "'0/1'"),
    "tsvector": (["'a':1 'b'", "'c d'", ""], "\"'c d'\""),
    "ltree": (["a.b", "a", ""], "'a.b'"),
    "hstore": (['"a"=>NULL', '"a"=>"b, c"', ""], "'\"a\"=>NULL'"),
}
TYPES = """
CREATE EXTENSION citext; CREATE EXTENSION ltree; CREATE EXTENSION hstore;
CREATE TYPE mood AS ENUM ('happy', 'so so', 'it''s');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN span AS interval CHECK (VALUE >= interval '0');
CREATE DOMAIN spans AS interval[];
CREATE DOMAIN hour AS time;
"""
# Settings that change how PostgreSQL prints values, and what a project may have registered for all connections.
SETTINGS = (
    "intervalstyle = 'sql_standard'",
    "datestyle = 'SQL, DMY'",
    "extra_float_digits = -5",
    "bytea_output = 'escape'",
    "timezone = 'Asia/Kolkata'",
)
REGISTERED = """
    import psycopg2.extensions as e
    import psycopg2.extras as x
    for name in ("INTEGER", "LONGINTEGER", "FLOAT", "DECIMAL", "BOOLEAN", "PYDATE", "PYTIME",
                 "PYDATETIME", "PYDATETIMETZ", "PYINTERVAL", "BINARY"):
        kind = getattr(e, name, None) or getattr(__import__("psycopg2._psycopg")._psycopg, name)
        e.register_type(e.new_type(kind.values, "LOSSY", lambda value, cursor: None if value is None else object()))
        e.register_type(e.new_array_type((1016,), "LOSSIES", kind))
    x.register_default_jsonb(globally=True, loads=lambda text: object())
"""
TESTS = """
    import uuid
    from datetime import date, timedelta
    from decimal import Decimal
    import pytest
    from pytest_supaseed import Rows, seeded_database

    NAMES = {names!r}
    FIRST = {first!r}
    EXPECTED = [{expected}]
    found = seeded_database(**{{f"child{{n}}": 7 for n in range(len(NAMES))}}, max_records=10_000, scope="module")
    given = seeded_database(
        **{{f"child{{n}}": Rows(5, columns={{"parent": FIRST[n]}}) for n in range(len(NAMES))}}, max_records=10_000)

    def orphans(database, n):
        from sqlalchemy import text
        with database.engine.connect() as connection:
            return connection.execute(text(
                f"SELECT count(*)::text FROM child{{n}} c WHERE NOT EXISTS "
                f"(SELECT FROM parent{{n}} p WHERE p.id = c.parent)")).scalar()

    @pytest.mark.parametrize("n", range(len(NAMES)), ids=NAMES)
    def test_found(found, n):
        spread = found.spread(f"child{{n}}", f"parent{{n}}")
        assert sum(spread.values()) == 7
        assert sorted(spread.values()) in ([2, 2, 3], [3, 4]), spread
        assert EXPECTED[n] in spread, spread

    def test_given(given):
        for n in range(len(NAMES)):
            assert sorted(given.spread(f"child{{n}}", f"parent{{n}}").values()) in ([0, 0, 5], [0, 5]), NAMES[n]

    def test_nothing_is_lost(found, given):
        for n in range(len(NAMES)):
            assert str(orphans(found, n)) == str(orphans(given, n)) == "0"
"""


def schema(keys: dict[str, tuple[list[str], str]]) -> str:
    statements = [TYPES]
    for number, (name, (values, _)) in enumerate(keys.items()):
        written = name.partition(", ")[0]
        rows = ", ".join("('" + value.replace("'", "''") + "')" for value in values)
        statements.append(
            f"CREATE TABLE parent{number} (id {written} PRIMARY KEY);\n"
            f"CREATE TABLE child{number} (parent {written} NOT NULL REFERENCES parent{number});\n"
            f"INSERT INTO parent{number} VALUES {rows};"
        )
    return "\n".join(statements)


def written_tests(keys: dict[str, tuple[list[str], str]]) -> str:
    first = [values[0] for values, _ in keys.values()]
    expected = ", ".join(expected for _, expected in keys.values())
    return TESTS.format(names=list(keys), first=first, expected=expected)


def test_keys_of_every_type_are_found_again(project: pytest.Pytester) -> None:
    assert len(KEYS) > 50
    project.path.joinpath("schema.sql").write_text(schema(KEYS), encoding="utf-8")
    project.makepyfile(test_found_again=written_tests(KEYS))
    project.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=len(KEYS) + 2)


def test_whatever_the_settings_and_the_driver_s_types_are(project: pytest.Pytester) -> None:
    path = project.path.joinpath("schema.sql")
    settings = "\n".join(
        f"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {each}', current_database()); END $$;".replace(
            f"{each}", each.replace("'", "''")
        )
        for each in SETTINGS
    )
    keys = KEYS
    path.write_text(f"{settings}\n{schema(keys)}", encoding="utf-8")
    project.makepyfile(test_found_again=written_tests(keys))
    project.makeconftest(REGISTERED)
    result = project.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=len(keys) + 2)
