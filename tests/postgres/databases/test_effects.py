"""What a text does that ends with its transaction."""

from __future__ import annotations

import pytest

from pytest_supaseed.constraints.functions import settings_read
from pytest_supaseed.postgres.databases.effects import (
    CURSORS,
    DEFERS,
    DEFINES,
    LABELS,
    LISTENS,
    LOCKS,
    NO_EFFECTS,
    SESSION_LOCKS,
    UNNAMED_LASTING,
    UNNAMED_LOCAL,
    UNNAMED_TABLES,
    Effects,
    effects_of,
)

TEXTS = {
    "SELECT 1": ((), (), ()),
    "UPDATE t SET role = 'a', x = 1": ((), (), ()),
    "set local Work_Mem to '7MB'": (("work_mem",), (), ()),
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY": ((), ("characteristics",), ()),
    "SET TRANSACTION READ ONLY": ((), (), ()),
    "SET LOCAL transaction_read_only = on": ((), (), ()),
    "SET LOCAL transaction_timeout = '1s'": (("transaction_timeout",), (), ()),
    "set time zone 'UTC'; reset role": ((), ("role", "timezone"), ()),
    "SELECT set_config('a.b', f('x, y', (1)), TRUE)": (("a.b",), (), ()),
    "SELECT set_config('a.b', 'it''s, true)', false)": ((), ("a.b",), ()),
    "SELECT set_config('a.b'::text, v, p_local)": (("a.b",), ("a.b",), ()),
    "SELECT set_config('a.b', 'x', 't')": (("a.b",), (), ()),
    "SELECT set_config('a', 'x', false), set_config('b', 'y', true)": (("b",), ("a",), ()),
    "EXECUTE 'SELECT set_config(''a.b'', $1, true)'": (("a.b",), (), ()),
    "SELECT set_config(": ((), (), ()),
    "CREATE TEMP TABLE A (b text DEFAULT 'on commit drop')": ((), (), ()),
    "create table if not exists pg_temp.A (b int) on commit drop": ((), (), (("a", True),)),
    "CREATE TABLE a (b int); -- ON COMMIT DROP": ((), (), ()),
    "CREATE TEMP TABLE a (b text DEFAULT E'\\';') ON COMMIT DROP": ((), (), (("a", True),)),
    'CREATE TEMP TABLE "a;--b" (c int) ON COMMIT DROP': ((), (), (("a;--b", True),)),
    "EXECUTE 'CREATE TEMP TABLE a (b text DEFAULT '';'') ON COMMIT DELETE ROWS'": ((), (), (("a", False),)),
    "EXECUTE 'CREATE TEMP TABLE a (b int); CREATE TEMP TABLE c (d int) ON COMMIT DROP'": (
        (),
        (),
        (("c", True),),
    ),
    "create temporary table if not exists pg_temp.a on commit delete rows as select 1": (
        (),
        (),
        (("a", False),),
    ),
    "CREATE TEMP TABLE a (b int); CREATE TEMP TABLE c (d int) ON COMMIT DROP": ((), (), (("c", True),)),
    # Settings with a syntax of their own.
    "SET SCHEMA 'a'": ((), ("search_path",), ()),
    "SET LOCAL NAMES 'utf8'": (("client_encoding",), (), ()),
    "SET  SESSION  AUTHORIZATION a": ((), ("session_authorization",), ()),
    "SET LOCAL \"A.b\" = '1'": (("a.b",), (), ()),
    "SET SESSION work_mem = '7MB'; RESET ALL": ((), ("all", "work_mem"), ()),
    # They end with a rollback to a savepoint, and cannot be set back before.
    "SET LOCAL transaction_isolation = 'serializable'; SET LOCAL transaction_deferrable = on": ((), (), ()),
    "SET CONSTRAINTS ALL DEFERRED": ((), (), ()),
    # Only at the beginning of a statement, wherever that is.
    "BEGIN SET a.b = 1; IF c THEN SET a.c = 1; ELSE RESET a.d; END IF; LOOP SET a.e = 1; END LOOP; END": (
        (),
        ("a.b", "a.c", "a.d", "a.e"),
        (),
    ),
    "BEGIN EXECUTE 'SET a.b = 1'; END": ((), ("a.b",), ()),
    "DO $$SET a.b = 1$$": ((), ("a.b",), ()),
    # Calls with other calls, lists and quotes in them, and such as are none.
    "SELECT set_config('a.b', (ARRAY['x', ')'])[1], true)": (("a.b",), (), ()),
    "SELECT set_config ( E'a.b' , f((g(')')), ']'), false )": ((), ("a.b",), ()),
    "SELECT set_config('a.b', 'x')": ((), (), ()),
    "SELECT set_config('a.b', 'x', true, 1)": ((), (), ()),
    "SELECT set_config('a.b', 'x', true": ((), (), ()),
    "SELECT set_config('A.B', 'x', true), set_config('C.d', 'x', false)": (("a.b",), ("c.d",), ()),
    'CREATE TEMP TABLE "A "" b" (c int) ON COMMIT DROP': ((), (), (('A " b', True),)),
    "CREATE GLOBAL TEMPORARY TABLE a (b text DEFAULT 'it''s') ON COMMIT DROP": ((), (), (("a", True),)),
    "EXECUTE E'CREATE TEMP TABLE a (b int) ON COMMIT DROP'": ((), (), (("a", True),)),
    "/* one */ CREATE TEMP TABLE a -- two; 'three\n (b int) ON COMMIT DROP": ((), (), (("a", True),)),
    # A literal that makes no temporary table is none, also beside one that does.
    "SELECT 'on commit drop'; EXECUTE 'CREATE TEMP TABLE a (b int) ON COMMIT DROP'": ((), (), (("a", True),)),
}


@pytest.mark.parametrize(
    "text",
    [
        "EXECUTE 'CREATE TEMP TABLE ' || quote_ident(name) || ' (a int) ON COMMIT DROP'",
        "EXECUTE format('CREATE TEMP TABLE %I (a int) ON COMMIT DROP', name)",
        "EXECUTE format('CREATE TEMP TABLE scratch_%s (a int) ON COMMIT DROP', name)",
        "EXECUTE 'CREATE TEMP TABLE scratch_' || name || ' (a int) ON COMMIT DROP'",
    ],
)
def test_a_name_that_is_put_together_is_none(text: str) -> None:
    effects = effects_of(text)
    assert (effects.tables, effects.kinds) == (set(), {UNNAMED_TABLES})


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_text_does(text: str) -> None:
    effects = effects_of(text)
    local, lasting, tables = TEXTS[text]
    assert (effects.local, effects.lasting, effects.tables) == (set(local), set(lasting), set(tables))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("DECLARE c CURSOR FOR SELECT 1", CURSORS),
        ("DECLARE c refcursor; BEGIN RETURN c; END", CURSORS),
        ('OPEN "c" FOR SELECT 1', CURSORS),
        ("SELECT pg_advisory_xact_lock_shared(7)", LOCKS),
        ("SELECT pg_try_advisory_xact_lock(7)", LOCKS),
        ("SELECT pg_advisory_lock(7)", SESSION_LOCKS),
        ("SELECT pg_try_advisory_lock_shared(7)", SESSION_LOCKS),
        ("ALTER TYPE mood ADD VALUE 'bored'", LABELS),
        ("listen news", LISTENS),
        ("SELECT 1; LISTEN news", LISTENS),
        ("ALTER TABLE a ADD UNIQUE (b) DEFERRABLE", DEFERS),
        ("CREATE TABLE a (b int REFERENCES c INITIALLY DEFERRED)", DEFERS),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", DEFINES),
        ("create or replace procedure f() language sql as 'SELECT 1'", DEFINES),
        ("SELECT set_config(name, '1', true)", UNNAMED_LOCAL),
        ("SELECT set_config(name, '1', false)", UNNAMED_LASTING),
        ("EXECUTE 'SET LOCAL ' || name", UNNAMED_LOCAL),
    ],
)
def test_effects_without_a_name_are_known_by_their_kind(text: str, kind: str) -> None:
    assert effects_of(text) == Effects(kinds=frozenset([kind]))


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
        "ALTER TYPE mood OWNER TO a; ALTER TABLE b ADD value int",
        "SELECT 'to listen to the news'",
        "DROP FUNCTION f; CREATE TABLE a (b int)",
        "SELECT opened, precursor FROM doors",
        "CREATE TABLE a (locally text, committed text, dollars text DEFAULT '$')",
    ],
)
def test_words_alone_have_no_effect(text: str) -> None:
    assert effects_of(text) == NO_EFFECTS


@pytest.mark.parametrize("spelled", ["true", "TRUE", "'true'", "'t'", "'yes'", "'on'", "'1'", "1::boolean"])
def test_a_setting_for_the_transaction(spelled: str) -> None:
    assert effects_of(f"SELECT set_config('a.b', '7', {spelled})") == Effects(local=frozenset(["a.b"]))


@pytest.mark.parametrize("spelled", ["false", "'false'", "'f'", "'no'", "'off'", "'0'", "0::boolean"])
def test_a_setting_for_the_session(spelled: str) -> None:
    assert effects_of(f"SELECT set_config('a.b', '7', {spelled})") == Effects(lasting=frozenset(["a.b"]))


def test_effects_are_put_together() -> None:
    first, second = effects_of("SET LOCAL a.b = 1"), effects_of("SET a.c = 1; LISTEN news")
    temporary = effects_of("CREATE TEMP TABLE d (e int) ON COMMIT DROP")
    assert first | second | temporary == Effects(
        frozenset(["a.b"]), frozenset(["a.c"]), frozenset([("d", True)]), frozenset([LISTENS])
    )
    assert temporary | first | second == first | second | temporary


def test_texts_without_effects_are_not_read() -> None:
    assert effects_of("SELECT id, title FROM setups WHERE id = %(id)s") is NO_EFFECTS
    assert effects_of("UPDATE setups SET title = %(title)s") is NO_EFFECTS
    assert settings_read("a = current_setting('app.a'::text, true) OR b = CURRENT_SETTING('role')") == {
        "app.a"
    }


@pytest.mark.parametrize(
    "text",
    [
        " \n set a.b = '1'",
        "RESET a.b",
        "DO 'BEGIN END'",
        "CREATE TABLE a (b int)",
        "SELECT 1; SELECT 2",
        "SELECT $$ $$",
    ],
)
def test_texts_that_may_have_effects_are_read(text: str) -> None:
    # The same text a second time is not read again.
    assert effects_of(text) is not NO_EFFECTS
    assert effects_of(text) is effects_of(text)
