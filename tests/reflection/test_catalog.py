"""What is read from the catalog of a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed.model.schema import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Schema,
    Sequence,
    Table,
    TableName,
    Trigger,
    UniqueKey,
)
from pytest_supaseed.reflection.catalog import reflect

Reading = Callable[..., Schema]


def run(connection: Connection, statement: str) -> None:
    # To the driver itself a % is a %, as long as there are no parameters.
    cursor = connection.connection.cursor()
    cursor.execute(statement)
    cursor.close()


@pytest.fixture(scope="module")
def database(create_database: Callable[[], URL]) -> URL:
    """A database that stays empty: what a test creates is rolled back."""
    return create_database()


@pytest.fixture
def connection(database: URL) -> Iterator[Connection]:
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture
def read(connection: Connection) -> Reading:
    """Load a schema and read it."""

    def read(*statements: str) -> Schema:
        for statement in statements:
            run(connection, statement)
        return reflect(connection)

    return read


@pytest.fixture
def version(connection: Connection) -> int:
    found: int = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
    return int(found) // 10_000


def named(schema: str, name: str) -> TableName:
    return TableName(schema, name)


def of(table: Table, attribute: str) -> dict[str, Any]:
    """Return one attribute of every column."""
    return {column.name: getattr(column, attribute) for column in table.columns}


def only(schema: Schema) -> Table:
    [table] = schema.tables
    return table


def test_an_empty_database_has_no_tables(read: Reading) -> None:
    assert read() == Schema()


def test_a_table_is_read_as_a_whole(read: Reading) -> None:
    schema = read(
        """
        CREATE SCHEMA app;
        CREATE TABLE app.setups (
            id integer PRIMARY KEY,
            title varchar(20) NOT NULL DEFAULT 'x',
            price numeric(8, 2) CONSTRAINT positive CHECK (price > 0)
        );
        COMMENT ON TABLE app.setups IS 'What people drive';
        COMMENT ON COLUMN app.setups.title IS 'In one line'
        """
    )
    assert schema == Schema(
        (
            Table(
                named("app", "setups"),
                (
                    Column("id", ColumnType("integer", "int4", "N"), nullable=False),
                    Column(
                        "title",
                        ColumnType("character varying(20)", "varchar", "S", length=20),
                        nullable=False,
                        default="'x'::character varying",
                        comment="In one line",
                    ),
                    Column("price", ColumnType("numeric(8,2)", "numeric", "N", precision=8, scale=2)),
                ),
                primary_key=("id",),
                uniques=(
                    UniqueKey(
                        "setups_pkey",
                        ("id",),
                        "CREATE UNIQUE INDEX setups_pkey ON app.setups USING btree (id)",
                    ),
                ),
                checks=(Check("positive", "(price > (0)::numeric)", ("price",)),),
                visible=False,
                comment="What people drive",
            ),
        )
    )


PLAIN_TYPES = [
    ("smallint", "int2", "N"),
    ("integer", "int4", "N"),
    ("bigint", "int8", "N"),
    ("real", "float4", "N"),
    ("double precision", "float8", "N"),
    ("numeric", "numeric", "N"),
    ("money", "money", "N"),
    ("oid", "oid", "N"),
    ("boolean", "bool", "B"),
    ("text", "text", "S"),
    ("character varying", "varchar", "S"),
    ("name", "name", "S"),
    ('"char"', "char", "Z"),
    ("bytea", "bytea", "U"),
    ("uuid", "uuid", "U"),
    ("json", "json", "U"),
    ("jsonb", "jsonb", "U"),
    ("xml", "xml", "U"),
    ("date", "date", "D"),
    ("time without time zone", "time", "D"),
    ("time with time zone", "timetz", "D"),
    ("timestamp without time zone", "timestamp", "D"),
    ("timestamp(3) with time zone", "timestamptz", "D"),
    ("interval", "interval", "T"),
    ("interval day to second(2)", "interval", "T"),
    ("inet", "inet", "I"),
    ("cidr", "cidr", "I"),
    ("macaddr", "macaddr", "U"),
    ("point", "point", "G"),
    ("box", "box", "G"),
    ("tsvector", "tsvector", "U"),
    ("int4range", "int4range", "R"),
    ("tstzmultirange", "tstzmultirange", "R"),
]


def flat(column_type: ColumnType) -> ColumnType:
    """A type without what it is made of and what depends on the server."""
    return replace(
        column_type, base="", delimiter=",", element=None, attributes=(), subtype=None, multirange=False,
        own_checks=(), unavailable="",
    )  # fmt: skip


def flat_types(table: Table) -> dict[str, ColumnType]:
    return {column.name: flat(column.type) for column in table.columns}


@pytest.mark.parametrize(("text", "name", "category"), PLAIN_TYPES)
@pytest.mark.parametrize("array", [False, True])
def test_the_types_of_postgresql_are_read(
    read: Reading, text: str, name: str, category: str, array: bool
) -> None:
    brackets = "[]" if array else ""
    table = only(read(f"CREATE TABLE t (c {text}{brackets})"))
    # "char" is of a category of its own since PostgreSQL 15.
    found = table.column("c").type
    assert found.category in ((category, "S") if name == "char" else (category,))
    assert flat(found) == ColumnType(text + brackets, name, found.category, array)
    assert (found.element is not None) == array
    if found.element is not None:
        assert flat(found.element) == ColumnType(text, name, found.category)


@pytest.mark.parametrize(
    ("text", "length", "precision", "scale"),
    [
        ("varchar(1)", 1, None, None),
        ("varchar(10485760)", 10485760, None, None),
        ("char(3)", 3, None, None),
        ("char", 1, None, None),
        ("bit(4)", 4, None, None),
        ("bit varying(9)", 9, None, None),
        ("bit varying", None, None, None),
        ("numeric(5)", None, 5, 0),
        ("numeric(1000, 1000)", None, 1000, 1000),
        ("numeric(3, 3)[]", None, 3, 3),
        ("varchar(20)[][]", 20, None, None),
        ("timestamp(3)", None, None, None),
    ],
)
def test_modifiers_of_types_are_read(
    read: Reading, text: str, length: int | None, precision: int | None, scale: int | None
) -> None:
    found = only(read(f"CREATE TABLE t (c {text})")).column("c").type
    assert (found.length, found.precision, found.scale) == (length, precision, scale)


@pytest.mark.parametrize(("text", "scale"), [("numeric(5, -2)", -2), ("numeric(2, 4)", 4)])
def test_a_scale_may_be_negative_or_beyond_the_precision(
    read: Reading, version: int, text: str, scale: int
) -> None:
    if version < 15:
        pytest.skip("a scale lies between 0 and the precision before PostgreSQL 15")
    assert only(read(f"CREATE TABLE t (c {text})")).column("c").type.scale == scale


def test_an_enum_has_its_labels_in_order(read: Reading) -> None:
    table = only(
        read(
            """
            CREATE SCHEMA app;
            CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'it''s "fine", {really}');
            ALTER TYPE app.mood ADD VALUE 'so-so' BEFORE 'ok';
            CREATE TABLE t (one app.mood DEFAULT 'ok', more app.mood[])
            """
        )
    )
    labels = ("sad", "so-so", "ok", 'it\'s "fine", {really}')
    assert flat_types(table) == {
        "one": ColumnType("app.mood", "mood", "E", labels=labels),
        "more": ColumnType("app.mood[]", "mood", "E", array=True, labels=labels),
    }
    assert table.column("one").default == "'ok'::app.mood"


DOMAINS = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN short AS varchar(20) DEFAULT 'x'
    CONSTRAINT b_not_empty CHECK (VALUE <> '') CHECK (VALUE <> 'y');
CREATE DOMAIN email AS short NOT NULL CHECK (VALUE ~ '@');
CREATE DOMAIN tags AS text[] CHECK (cardinality(VALUE) > 0);
CREATE DOMAIN feeling AS mood CHECK (VALUE <> 'sad');
CREATE DOMAIN price AS numeric(8, 2);
CREATE TABLE t (
    plain short, given short DEFAULT 'z', email email, emails email[], tags tags, tag_lists tags[],
    feeling feeling, feelings feeling[], price price, prices price[]
)
"""


def test_domains_are_resolved(read: Reading) -> None:
    table = only(read(DOMAINS))
    short_checks = (
        Check("b_not_empty", "((VALUE)::text <> ''::text)"),
        Check("short_check", "((VALUE)::text <> 'y'::text)"),
    )
    email_checks = (Check("email_check", "((VALUE)::text ~ '@'::text)"), *short_checks)
    tags = (Check("tags_check", "(cardinality(VALUE) > 0)"),)
    short = ColumnType("short", "varchar", "S", length=20, domain="public.short", checks=short_checks)
    feeling = (Check("feeling_check", "(VALUE <> 'sad'::mood)"),)
    labels = ("sad", "ok")
    assert flat_types(table) == {
        "plain": short,
        "given": short,
        "email": ColumnType("email", "varchar", "S", length=20, domain="public.email", checks=email_checks),
        "emails": ColumnType(
            "email[]", "varchar", "S", array=True, length=20, domain="public.email", checks=email_checks
        ),
        "tags": ColumnType("tags", "text", "S", array=True, domain="public.tags", checks=tags),
        "tag_lists": ColumnType("tags[]", "text", "S", array=True, domain="public.tags", checks=tags),
        "feeling": ColumnType("feeling", "mood", "E", labels=labels, domain="public.feeling", checks=feeling),
        "feelings": ColumnType(
            "feeling[]", "mood", "E", array=True, labels=labels, domain="public.feeling", checks=feeling
        ),
        "price": ColumnType("price", "numeric", "N", precision=8, scale=2, domain="public.price"),
        "prices": ColumnType(
            "price[]", "numeric", "N", array=True, precision=8, scale=2, domain="public.price"
        ),
    }


def test_a_domain_says_what_its_column_does_not(read: Reading) -> None:
    table = only(read(DOMAINS))
    # What holds for the elements of an array does not hold for the array.
    assert {name for name, nullable in of(table, "nullable").items() if not nullable} == {"email"}
    assert {name: default for name, default in of(table, "default").items() if default is not None} == {
        "plain": "'x'::character varying",
        "given": "'z'::character varying",
        "email": "'x'::character varying",
    }


def test_a_domain_may_have_another_default_than_the_domain_below(read: Reading) -> None:
    table = only(
        read(
            "CREATE DOMAIN a AS text DEFAULT 'a'; CREATE DOMAIN b AS a DEFAULT 'b'; CREATE TABLE t (c b, d a)"
        )
    )
    assert of(table, "default") == {"c": "'b'::text", "d": "'a'::text"}


def test_a_composite_type_is_read(read: Reading) -> None:
    table = only(
        read(
            "CREATE DOMAIN short AS varchar(3) NOT NULL; CREATE TYPE pair AS (a int, b short, c text[]);"
            "CREATE TYPE outer_pair AS (p pair); CREATE TABLE t (c pair, d pair[], e outer_pair)"
        )
    )
    assert flat_types(table) == {
        "c": ColumnType("pair", "pair", "C"),
        "d": ColumnType("pair[]", "pair", "C", array=True),
        "e": ColumnType("outer_pair", "outer_pair", "C"),
    }
    pair = table.column("c").type
    assert [(found.name, found.type.name, found.nullable) for found in pair.attributes] == [
        ("a", "int4", True),
        ("b", "varchar", False),
        ("c", "text", True),
    ]
    assert pair.attributes[1].type.length == 3
    assert pair.attributes[2].type.array
    assert table.column("d").type.element == pair
    assert table.column("e").type.attributes[0].type == pair


def test_the_rows_of_a_table_are_a_type(read: Reading) -> None:
    schema = read("CREATE TABLE a (x int, y text); CREATE TABLE b (rows a[], none int)")
    found = {table.name.name: table for table in schema.tables}["b"].column("rows").type
    assert [attribute.name for attribute in found.element_type.attributes] == ["x", "y"]


def test_arrays_of_domains_over_arrays_are_told_from_arrays(read: Reading) -> None:
    table = only(
        read(
            "CREATE DOMAIN tag AS text CHECK (VALUE <> 'x');"
            "CREATE DOMAIN tags AS tag[] CHECK (cardinality(VALUE) < 9);"
            "CREATE TABLE t (a tags[], b int[][], c numeric(4, 1)[])"
        )
    )
    lists, matrix, numbers = (table.column(name).type for name in "abc")
    assert lists.element is not None
    assert lists.element.array
    assert lists.own_checks == ()
    assert [check.name for check in lists.element.own_checks] == ["tags_check"]
    assert [check.name for check in lists.element.element_type.checks] == ["tag_check"]
    assert (matrix.dimensions, matrix.element_type.array) == (2, False)
    assert (numbers.element_type.text, numbers.element_type.precision) == ("numeric(4,1)", 4)


def test_a_range_has_a_subtype(read: Reading) -> None:
    table = only(
        read(
            "CREATE TYPE spans AS RANGE (subtype = float8, multirange_type_name = many);"
            "CREATE TABLE t (a spans, b many, c int4range)"
        )
    )
    found = of(table, "type")
    assert [found[name].subtype.name for name in "abc"] == ["float8", "float8", "int4"]
    assert [found[name].multirange for name in "abc"] == [False, True, False]


def test_a_user_s_type_is_told_from_a_built_in_one_of_the_same_name(read: Reading) -> None:
    table = only(
        read("CREATE TYPE public.point AS (x int); CREATE TABLE t (a public.point, b pg_catalog.point)")
    )
    assert [found.name for found in of(table, "type").values()] == ["public.point", "point"]


VOLATILE = """
CREATE SEQUENCE numbers;
CREATE FUNCTION constant() RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT 'random()' $$;
CREATE FUNCTION counted() RETURNS text LANGUAGE sql AS $$ SELECT 'n' || nextval('numbers') $$;
CREATE FUNCTION chance() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN md5(random()::text); END $$;
CREATE FUNCTION indirect() RETURNS text LANGUAGE sql AS $$ SELECT upper(public.chance()) $$;
CREATE FUNCTION twice() RETURNS text LANGUAGE sql RETURN indirect() || 'x';
CREATE FUNCTION tenant() RETURNS text STABLE LANGUAGE sql AS $$ SELECT current_setting('app.tenant', true) $$;
CREATE DOMAIN token AS text DEFAULT chance();
CREATE DOMAIN small_token AS token;
"""


@pytest.mark.parametrize(
    ("default", "varying"),
    [
        ("DEFAULT 'x'", False),
        ("", False),
        ("DEFAULT lower('random()')", False),
        ("DEFAULT constant()", False),
        ("DEFAULT counted()", False),
        ("DEFAULT 'ORD-' || nextval('numbers')", False),
        ("DEFAULT chance()", True),
        ("DEFAULT lower(chance())", True),
        ("DEFAULT indirect()", True),
        ("DEFAULT twice()", True),
        ("DEFAULT tenant()", True),
        ("DEFAULT current_user", True),
        ("DEFAULT current_database()", True),
        ("DEFAULT to_char(now(), 'YYYY')", True),
        ("DEFAULT gen_random_uuid()::text", True),
        ("DEFAULT random()::text", True),
        ("GENERATED ALWAYS AS (chr(65)) STORED", False),
    ],
)
def test_a_default_that_varies_is_known(read: Reading, default: str, varying: bool) -> None:
    table = only(read(f"{VOLATILE} CREATE TABLE t (a text {default})"))
    assert table.column("a").varying == varying


def test_the_default_of_a_domain_may_vary(read: Reading) -> None:
    table = only(read(f"{VOLATILE} CREATE TABLE t (a token, b small_token, c token DEFAULT 'x')"))
    assert of(table, "varying") == {"a": True, "b": True, "c": False}


def test_columns_that_number_themselves_are_read(read: Reading) -> None:
    table = only(
        read(
            """
            CREATE SEQUENCE shared INCREMENT -2 MINVALUE -100 MAXVALUE 5 START 5;
            CREATE TABLE "My Table" (
                always bigint GENERATED ALWAYS AS IDENTITY (INCREMENT 3),
                by_default int GENERATED BY DEFAULT AS IDENTITY,
                serial serial,
                small smallserial,
                shared int DEFAULT nextval('shared'),
                text text DEFAULT 'X' || nextval('shared'),
                plain int DEFAULT 5,
                none int
            )
            """
        )
    )
    assert of(table, "sequence") == {
        "always": Sequence("public", "My Table_always_seq", 3),
        "by_default": Sequence("public", "My Table_by_default_seq", maximum=2**31 - 1),
        "serial": Sequence("public", "My Table_serial_seq", maximum=2**31 - 1),
        "small": Sequence("public", "My Table_small_seq", maximum=2**15 - 1),
        "shared": Sequence("public", "shared", -2, -100, 5),
        "text": None,
        "plain": None,
        "none": None,
    }
    assert of(table, "identity") == {
        **dict.fromkeys(of(table, "name")),
        "always": "always",
        "by_default": "by default",
    }
    assert of(table, "default") == {
        "always": None,
        "by_default": None,
        "serial": "nextval('\"My Table_serial_seq\"'::regclass)",
        "small": "nextval('\"My Table_small_seq\"'::regclass)",
        "shared": "nextval('shared'::regclass)",
        "text": "('X'::text || nextval('shared'::regclass))",
        "plain": "5",
        "none": None,
    }
    assert [name for name, nullable in of(table, "nullable").items() if not nullable] == [
        "always",
        "by_default",
        "serial",
        "small",
    ]


def test_a_sequence_without_its_default_numbers_nothing(read: Reading) -> None:
    table = only(read("CREATE TABLE t (id serial)", "ALTER TABLE t ALTER id DROP DEFAULT"))
    assert table.column("id").sequence is None


def test_a_sequence_may_be_in_another_schema(read: Reading) -> None:
    table = only(
        read("CREATE SCHEMA ids; CREATE SEQUENCE ids.s; CREATE TABLE t (id int DEFAULT nextval('ids.s'))")
    )
    assert table.column("id").sequence == Sequence("ids", "s")


def test_generated_columns_are_read(read: Reading, version: int) -> None:
    columns = "a int, stored int GENERATED ALWAYS AS (a * 2) STORED"
    if version >= 18:
        columns += ", virtual int GENERATED ALWAYS AS (a * 3) VIRTUAL"
    table = only(read(f"CREATE TABLE t ({columns})"))
    generated = of(table, "generated")
    assert generated.pop("a") is False
    assert generated == dict.fromkeys(["stored", "virtual"] if version >= 18 else ["stored"], True)


def test_a_dropped_column_is_gone(read: Reading) -> None:
    table = only(
        read(
            "CREATE TABLE t (a int, b int, c int, d int, UNIQUE (b, d), CHECK (d > c))",
            "ALTER TABLE t DROP a",
        )
    )
    assert list(of(table, "name")) == ["b", "c", "d"]
    assert table.uniques[0].columns == ("b", "d")
    assert table.checks == (Check("t_check", "(d > c)", ("d", "c")),)


def test_unique_keys_are_read(read: Reading) -> None:
    table = only(
        read(
            """
            CREATE TABLE t (
                a int, b int, c text, d text, deleted_at date, note text,
                PRIMARY KEY (b, a),
                CONSTRAINT named UNIQUE (c, a) INCLUDE (note) DEFERRABLE
            );
            CREATE UNIQUE INDEX partial ON t (c) WHERE deleted_at IS NULL;
            CREATE UNIQUE INDEX included ON t (d) INCLUDE (a, note);
            CREATE UNIQUE INDEX folded ON t (lower(c));
            CREATE UNIQUE INDEX mixed ON t (upper(d), b DESC NULLS LAST);
            CREATE UNIQUE INDEX some_folded ON t (lower(c)) INCLUDE (note) WHERE deleted_at IS NULL;
            CREATE UNIQUE INDEX twice ON t (coalesce(c, d), (a + b));
            CREATE UNIQUE INDEX constant ON t ((true)) WHERE a = 1;
            CREATE INDEX plain ON t (note)
            """
        )
    )
    keys = {key.name: key for key in table.uniques}
    assert list(keys) == sorted(keys)
    assert {name: (key.columns, key.partial, key.expression) for name, key in keys.items()} == {
        "t_pkey": (("b", "a"), False, False),
        "named": (("c", "a"), False, False),
        "partial": (("c",), True, False),
        "included": (("d",), False, False),
        "folded": (("c",), False, True),
        "mixed": (("b", "d"), False, True),
        # What it holds for, and what it carries along, is no part of the key.
        "some_folded": (("c",), True, True),
        "twice": (("a", "b", "c", "d"), False, True),
        "constant": ((), True, True),
    }
    assert table.primary_key == ("b", "a")
    assert keys["some_folded"].definition == (
        "CREATE UNIQUE INDEX some_folded ON public.t USING btree (lower(c)) INCLUDE (note) "
        "WHERE (deleted_at IS NULL)"
    )
    assert all(key.nulls_distinct for key in keys.values())


def test_nulls_that_are_not_distinct_are_read(read: Reading, version: int) -> None:
    if version < 15:
        pytest.skip("NULLS NOT DISTINCT is new in PostgreSQL 15")
    table = only(
        read(
            """
            CREATE TABLE t (
                a int CONSTRAINT same UNIQUE NULLS NOT DISTINCT,
                b int CONSTRAINT different UNIQUE NULLS DISTINCT
            );
            CREATE UNIQUE INDEX same_index ON t (a, b) NULLS NOT DISTINCT
            """
        )
    )
    distinct = {key.name: key.nulls_distinct for key in table.uniques}
    assert distinct == {"same": False, "different": True, "same_index": False}


def test_foreign_keys_are_read(read: Reading) -> None:
    schema = read(
        """
        CREATE SCHEMA auth;
        CREATE TABLE auth.users (
            id int PRIMARY KEY, tenant_id int, email text UNIQUE, UNIQUE (tenant_id, id)
        );
        CREATE TABLE setups (
            id int PRIMARY KEY,
            user_id int,
            tenant_id int,
            email text,
            parent_id int,
            CONSTRAINT "a user" FOREIGN KEY (user_id) REFERENCES auth.users,
            CONSTRAINT b_full FOREIGN KEY (user_id, tenant_id) REFERENCES auth.users (id, tenant_id)
                MATCH FULL,
            CONSTRAINT c_late FOREIGN KEY (email) REFERENCES auth.users (email) DEFERRABLE,
            CONSTRAINT d_later FOREIGN KEY (parent_id) REFERENCES setups DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT e_swapped FOREIGN KEY (tenant_id, user_id) REFERENCES auth.users (tenant_id, id)
                ON DELETE CASCADE
        )
        """
    )
    users, setups = named("auth", "users"), named("public", "setups")
    assert schema.table(setups).foreign_keys == (
        ForeignKey("a user", ("user_id",), users, ("id",)),
        ForeignKey("b_full", ("user_id", "tenant_id"), users, ("id", "tenant_id"), match_full=True),
        ForeignKey("c_late", ("email",), users, ("email",), deferrable=True),
        ForeignKey("d_later", ("parent_id",), setups, ("id",), deferrable=True),
        ForeignKey("e_swapped", ("tenant_id", "user_id"), users, ("tenant_id", "id")),
    )
    assert schema.table(users).foreign_keys == ()


PARTITIONS = """
CREATE TABLE sales (id int, day date, PRIMARY KEY (id, day), UNIQUE (day)) PARTITION BY RANGE (day);
CREATE TABLE sales_2024 PARTITION OF sales FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
    PARTITION BY RANGE (day);
CREATE TABLE sales_2024_01 PARTITION OF sales_2024 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
"""


def test_a_partitioned_table_stands_for_its_partitions(read: Reading) -> None:
    schema = read(
        PARTITIONS,
        "CREATE TABLE refunds (id int PRIMARY KEY, day date REFERENCES sales (day))",
        "ALTER TABLE sales ADD refund_id int REFERENCES refunds",
    )
    refunds, sales = schema.tables
    assert (refunds.name.name, refunds.partitioned) == ("refunds", False)
    assert (sales.name.name, sales.partitioned) == ("sales", True)
    assert sales.primary_key == ("id", "day")
    assert [key.name for key in sales.uniques] == ["sales_day_key", "sales_pkey"]
    assert [key.referenced for key in sales.foreign_keys] == [refunds.name]
    # PostgreSQL keeps one more constraint for every partition.
    assert [key.referenced for key in refunds.foreign_keys] == [sales.name]
    partitions = [named("public", name) for name in ("sales_2024", "sales_2024_01", "sales_rest")]
    assert schema.others == tuple((name, "partition") for name in partitions)


def test_a_single_partition_may_be_referenced(read: Reading) -> None:
    schema = read(PARTITIONS, "CREATE TABLE rest (id int, day date REFERENCES sales_rest (day))")
    [foreign_key] = schema.table(named("public", "rest")).foreign_keys
    assert foreign_key.referenced == named("public", "sales_rest")
    assert foreign_key.referenced_columns == ("day",)
    assert not schema.has_table(foreign_key.referenced)


def test_what_only_looks_like_a_table_is_told_apart(read: Reading) -> None:
    schema = read(
        """
        CREATE TABLE t (a int);
        CREATE UNLOGGED TABLE unlogged (a int);
        CREATE TEMPORARY TABLE temporary (a int);
        CREATE VIEW recent AS SELECT * FROM t;
        CREATE MATERIALIZED VIEW stored AS SELECT * FROM t;
        CREATE FOREIGN DATA WRAPPER nothing;
        CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
        CREATE FOREIGN TABLE far (a int) SERVER nowhere;
        CREATE SEQUENCE numbers;
        CREATE TYPE pair AS (a int)
        """
    )
    assert [table.name.name for table in schema.tables] == ["t", "unlogged"]
    assert [(name.name, word) for name, word in schema.others] == [
        ("far", "foreign table"),
        ("recent", "view"),
        ("stored", "materialized view"),
    ]


def test_a_table_that_inherits_has_rows_of_its_own(read: Reading) -> None:
    schema = read("CREATE TABLE a (id int PRIMARY KEY CHECK (id > 0)); CREATE TABLE b (x int) INHERITS (a)")
    child = schema.table(named("public", "b"))
    assert list(of(child, "name")) == ["id", "x"]
    assert [check.name for check in child.checks] == ["a_id_check"]
    assert child.uniques == ()


def test_checks_name_their_columns(read: Reading) -> None:
    table = only(
        read(
            """
            CREATE TABLE t (
                a int NOT NULL, b text, c text,
                CONSTRAINT z CHECK (a BETWEEN 1 AND 5),
                CONSTRAINT y CHECK (b IN ('x', '50%') OR c IS NOT NULL),
                CONSTRAINT x CHECK (1 = 1)
            )
            """
        )
    )
    assert table.checks == (
        Check("x", "(1 = 1)"),
        Check("y", "((b = ANY (ARRAY['x'::text, '50%'::text])) OR (c IS NOT NULL))", ("b", "c")),
        Check("z", "((a >= 1) AND (a <= 5))", ("a",)),
    )


def test_triggers_are_read_in_the_order_in_which_they_fire(read: Reading) -> None:
    schema = read(
        """
        CREATE SCHEMA app;
        CREATE FUNCTION app.profile() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE users (id int PRIMARY KEY);
        CREATE TABLE setups (user_id int REFERENCES users);
        CREATE TRIGGER b AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION app.profile();
        CREATE TRIGGER a BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION app.profile();
        CREATE TRIGGER "C" AFTER INSERT OR DELETE ON users EXECUTE FUNCTION app.profile();
        CREATE TRIGGER d AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION app.profile();
        CREATE TRIGGER e AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION app.profile();
        ALTER TABLE users DISABLE TRIGGER d;
        ALTER TABLE users ENABLE REPLICA TRIGGER e;
        """
    )
    source = "BEGIN RETURN NEW; END"
    assert schema.table(named("public", "users")).triggers == (
        Trigger("C", "app.profile", source),
        Trigger("a", "app.profile", source, on_insert=False, before=True, on_update=True),
        Trigger("b", "app.profile", source),
    )
    # The triggers of a foreign key are PostgreSQL's own.
    assert schema.table(named("public", "setups")).triggers == ()


NAMES = [
    "order",
    "My Table",
    "a%b",
    "a%%b",
    "%s",
    "%(x)s",
    "naïve",
    'x"y',
    "x'y",
    "back\\slash",
    "{0}",
    ":name",
    "a.b",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_read_as_it_is(connection: Connection, name: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote_identifier(name)
    # SQLAlchemy doubles each % for the driver.
    quoted = quoted.replace("%%", "%")
    run(
        connection,
        f"""
        CREATE SCHEMA {quoted};
        CREATE TYPE {quoted}.{quoted} AS ENUM ('{name.replace("'", "''")}');
        CREATE FUNCTION {quoted}.{quoted}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE {quoted}.parents ({quoted} int PRIMARY KEY);
        CREATE TABLE {quoted}.children (
            {quoted} int CONSTRAINT {quoted} CHECK ({quoted} > 0),
            kind {quoted}.{quoted},
            FOREIGN KEY ({quoted}) REFERENCES {quoted}.parents
        );
        CREATE UNIQUE INDEX {quoted} ON {quoted}.children (abs({quoted}));
        CREATE TRIGGER {quoted} BEFORE INSERT ON {quoted}.children EXECUTE FUNCTION {quoted}.{quoted}()
        """,
    )
    children, parents = reflect(connection).tables
    assert (parents.name, children.name) == (named(name, "parents"), named(name, "children"))
    assert parents.primary_key == (name,)
    assert children.column(name).name == name
    assert children.column("kind").type.labels == (name,)
    [key] = children.foreign_keys
    assert (key.columns, key.referenced, key.referenced_columns) == ((name,), parents.name, (name,))
    [check] = children.checks
    assert (check.name, check.columns) == (name, (name,))
    [unique] = children.uniques
    assert (unique.name, unique.columns) == (name, (name,))
    [trigger] = children.triggers
    assert (trigger.name, trigger.function) == (name, f"{name}.{name}")
    assert children.label == f"{name}.children"


def test_the_schemas_of_postgresql_are_left_out(read: Reading) -> None:
    schema = read(
        "CREATE SCHEMA pgx; CREATE TABLE pgx.t (a int); CREATE SCHEMA pg; CREATE TABLE pg.t (a int)"
    )
    assert [table.name.schema for table in schema.tables] == ["pg", "pgx"]
    assert schema.others == ()


def test_the_tables_of_an_extension_are_left_out(read: Reading) -> None:
    # Every server has this extension, and no other for sure.
    schema = read(
        "CREATE TABLE spatial_ref_sys (srid int PRIMARY KEY); CREATE VIEW columns AS SELECT 1 AS a",
        "CREATE TABLE places (srid int REFERENCES spatial_ref_sys)",
        "ALTER EXTENSION plpgsql ADD TABLE spatial_ref_sys; ALTER EXTENSION plpgsql ADD VIEW columns",
    )
    places = only(schema)
    assert schema.others == ()
    [foreign_key] = places.foreign_keys
    assert (foreign_key.referenced, foreign_key.referenced_columns) == (
        named("public", "spatial_ref_sys"),
        ("srid",),
    )


def test_the_search_path_decides_what_a_bare_name_finds(read: Reading) -> None:
    ddl = """
    CREATE SCHEMA app; CREATE SCHEMA auth;
    CREATE TABLE app.users (id int); CREATE TABLE auth.users (id int); CREATE TABLE public.users (id int);
    CREATE TABLE app.setups (id int); CREATE TABLE auth.sessions (id int)
    """
    schema = read(ddl)
    assert {str(table.name): table.label for table in schema.tables} == {
        "app.setups": "app.setups",
        "app.users": "app.users",
        "auth.sessions": "auth.sessions",
        "auth.users": "auth.users",
        "public.users": "users",
    }
    schema = read("SET LOCAL search_path = app, public")
    assert {str(table.name): table.label for table in schema.tables} == {
        "app.setups": "setups",
        "app.users": "users",
        "auth.sessions": "auth.sessions",
        "auth.users": "auth.users",
        "public.users": "public.users",
    }


def test_tables_come_in_order_of_their_names(read: Reading) -> None:
    schema = read(
        'CREATE SCHEMA z; CREATE TABLE z.a (); CREATE TABLE "B" (); CREATE TABLE b (); CREATE TABLE a ()',
        "CREATE VIEW y AS SELECT 1 AS a; CREATE VIEW x AS SELECT 1 AS a",
    )
    assert [str(table.name) for table in schema.tables] == ["public.B", "public.a", "public.b", "z.a"]
    assert [str(name) for name, _ in schema.others] == ["public.x", "public.y"]
    assert schema.tables[0].columns == ()


def test_reading_writes_nothing(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    assert reflect(connection) == Schema()
