"""Random schemas, for the fuzzer: small, and odd in as many ways as schemas are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

# A domain may need the one before it.
BEFORE = {
    "mood": "CREATE TYPE mood AS ENUM ('good', 'so so', 'bad')",
    "positive|percent": "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
    "percent": "CREATE DOMAIN percent AS positive CHECK (VALUE <= 100)",
    "slug": "CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z]+(-[a-z]+)*$')",
    "code": "CREATE DOMAIN code AS char(3) NOT NULL CHECK (VALUE = upper(VALUE))",
    "stage": "CREATE TYPE stage AS ENUM ('draft', 'pending', 'paid', 'shipped', 'delivered', 'cancelled')",
    "unpaid": "CREATE DOMAIN unpaid AS text CHECK (VALUE IN ('pending', 'failed', 'cancelled'))",
}
LOG = """CREATE TABLE log (id serial PRIMARY KEY, what text);
CREATE FUNCTION write_log() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO log (what) VALUES (tg_table_name); RETURN NULL; END $$"""
INTS = ("int", "smallint", "bigint", "positive", "percent", "numeric(5, 2)", "numeric(3, 0)")
TEXTS = ("text", "varchar(3)", "varchar(40)", "char(2)", "slug", "code")
TIMES = ("date", "timestamptz", "timestamp")
OTHERS = (
    "boolean",
    "uuid",
    "mood",
    "jsonb",
    "int[]",
    "text[]",
    "mood[]",
    "inet",
    "interval",
    "time",
    "int4range",
    "bytea",
)
# Tables whose rows tell a story, by columns that follow one another, and the types that each column may have.
SUBJECTS = ("orders", "order_items", "customers", "products", "invoices", "payments", "tickets", "categories")
_STATUS = ("stage", "text", "unpaid", "varchar(3)", "stage[]", "char(2)", "mood")
_AMOUNT = ("numeric(8, 2)", "numeric(3, 1)", "int", "smallint", "bigint", "real", "positive")
_TEXT = ("text", "varchar(40)", "varchar(3)", "slug", "code", "text[]", "int")
_FLAG = ("boolean", "boolean", "int", "text")
STORIES: dict[str, Sequence[str]] = {
    **dict.fromkeys(("status", "payment_status", "state"), _STATUS),
    **dict.fromkeys(
        ("created_at", "ordered_at", "paid_at", "shipped_at", "delivered_at", "cancelled_at", "deleted_at",
         "updated_at", "starts_at", "ends_at", "due_on", "born_on"),
        (*TIMES, "timestamptz", "time", "text"),
    ),
    **dict.fromkeys(("is_paid", "is_deleted", "is_active"), _FLAG),
    **dict.fromkeys(
        ("quantity", "unit_price", "price", "line_total", "total", "subtotal", "tax", "discount", "balance",
         "total_cents", "item_count", "order_count", "amount", "amount_paid", "rating_average", "duration_minutes",
         "level"),
        _AMOUNT,
    ),
    **dict.fromkeys(
        ("email", "name", "sku", "slug", "currency", "customer_email", "customer_name", "product_name", "product_sku",
         "cancellation_reason", "path"),
        _TEXT,
    ),
}  # fmt: skip
# Types that a key can have, and that a reference copies.
KEYS = ("int", "bigint", "uuid", "text", "varchar(8)", "mood", "date", "positive", "slug", "smallint")


@dataclass
class Column:
    """A column, as DDL spells it."""

    name: str
    type: str
    not_null: bool = False
    more: str = ""

    @property
    def ddl(self) -> str:
        return f"{self.name} {self.type} {self.more}{' NOT NULL' if self.not_null else ''}"


@dataclass
class Table:
    """A table, as DDL spells it.

    Attributes:
        name: of the table.
        columns: of the table.
        keys: sets of columns that are unique and can be referenced.
        constraints: of the table.
        later: statements that are run when all tables are there.
        partitions: how it is partitioned, and statements for its partitions.
        inherits: the table that it inherits all but its last column from; empty for any other table.
    """

    name: str
    columns: list[Column] = field(default_factory=list)
    keys: list[tuple[Column, ...]] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    partitions: tuple[str, list[str]] = ("", [])
    inherits: str = ""

    @property
    def ddl(self) -> list[str]:
        if self.inherits:
            return [f"CREATE TABLE {self.name} ({self.columns[-1].ddl}) INHERITS ({self.inherits})"]
        parts = [*(column.ddl for column in self.columns), *self.constraints]
        how, partitions = self.partitions
        return [f"CREATE TABLE {self.name} ({', '.join(parts)}) {how}", *partitions]

    def of(self, types: Sequence[str]) -> list[Column]:
        """The columns of some types; not what is computed, and not what tells the partition."""
        return [
            column
            for column in self.columns
            if column.type in types and not column.more and column.name != "part"
        ]


@dataclass(frozen=True)
class RandomSchema:
    """A schema and what is asked of it.

    Attributes:
        ddl: statements, one a line.
        counts: rows of tables.
    """

    ddl: str
    counts: dict[str, int]


class Builder:
    """Draws a schema.

    Args:
        draw: of Hypothesis.
        version: major version of PostgreSQL.
    """

    def __init__(self, draw: st.DrawFn, version: int) -> None:
        self.draw = draw
        self.version = version
        self.tables: list[Table] = []

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def chance(self, percent: int) -> bool:
        # Hypothesis shrinks to the simple case: no.
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def one(self, values: Sequence[T]) -> T:
        return self.draw(st.sampled_from(list(values)))

    def some(self, values: Sequence[T], most: int) -> list[T]:
        indexes = self.draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=most, unique=True))
        return [values[index] for index in indexes]

    def schema(self) -> RandomSchema:
        # Half of the schemas tell a story.
        subjects = self.some(SUBJECTS, 5) if self.chance(50) else ()
        for number in range(self.number(1, 5)):
            self.table(subjects[number] if number < len(subjects) else f"t{number}")
        if self.chance(15):
            self.inheriting(self.one(self.tables))
        ddl = []
        if self.chance(20):
            ddl.append(LOG)
            for table in self.some(self.tables, 2):
                row = self.one(("ROW", "STATEMENT"))
                table.later.append(
                    f"CREATE TRIGGER log AFTER INSERT ON {table.name} FOR EACH {row} EXECUTE FUNCTION write_log()"
                )
        if self.chance(35):
            for table in self.some(self.tables, 2):
                self.trigger(table)
        for table in self.tables:
            ddl += table.ddl
        for table in self.tables:
            ddl += table.later
        counts = {}
        for table in self.tables:
            if not self.chance(15):
                counts[table.name] = self.number(0, 12)
        if not counts:
            counts = {self.tables[0].name: 3}
        for table in self.tables:
            # Most of these are possible: the count of a table includes those of the tables that inherit from it.
            if table.inherits in counts and not self.chance(10):
                counts[table.inherits] += counts.get(table.name, 0)
        before = [each for names, each in BEFORE.items() if re.search(rf"\b({names})\b", " ".join(ddl))]
        return RandomSchema("".join(f"{statement};\n" for statement in [*before, *ddl]), counts)

    def table(self, name: str) -> None:
        table = Table(name)
        self.tables.append(table)
        partitioned = self.chance(10)
        if partitioned:
            self.partitioned(table)
        else:
            self.key(table)
        if name in SUBJECTS:
            self.story(table)
        for number in range(self.number(0, 5 if name not in SUBJECTS else 1)):
            self.column(table, f"c{number}")
        for number in range(self.number(0, 3)):
            self.reference(table, f"r{number}")
        if name in SUBJECTS:
            self.restrict_story(table)
        if not partitioned:
            self.generated(table)
            for _ in range(self.number(0, 2)):
                self.unique(table)
        for number in range(self.number(0, 3)):
            self.check(table, f"{name}_k{number}")
        if self.chance(10):
            self.reading_check(table)

    def story(self, table: Table) -> None:
        """Columns that follow one another, of any types, some of them with a default."""
        for name in self.some(list(STORIES), 9):
            # One of three has a type that suits the name less.
            kinds = STORIES[name]
            kind = self.one(kinds) if self.chance(33) else kinds[0]
            column = Column(name, kind, self.chance(40))
            table.columns.append(column)
            if kind in ("timestamptz", "timestamp", "date") and self.chance(20):
                column.more = f"DEFAULT {self.one(('now()', 'NULL'))}"
            elif kind in ("boolean", "int", "smallint", "numeric(8, 2)") and self.chance(25):
                column.more = f"DEFAULT {'false' if kind == 'boolean' else self.one(('0', '1'))}"
            elif kind in ("stage", "text", "unpaid") and name in ("status", "state") and self.chance(25):
                column.more = "DEFAULT 'pending'"
            elif kind in ("int", "bigint") and not self.chance(95):
                column.more, column.not_null = "GENERATED BY DEFAULT AS IDENTITY", False

    def restrict_story(self, table: Table) -> None:
        """What may contradict a story: CHECKs, unique keys, exclusion constraints, computed columns, triggers."""
        # Columns with a default take part, too.
        usual = {column.name: column for column in table.columns if column.type != "serial"}
        kinds = {name: column.type for name, column in usual.items()}
        statuses = [name for name in ("status", "payment_status", "state") if name in kinds]
        times = [name for name, kind in kinds.items() if kind in TIMES and name in STORIES]
        amounts = [name for name, kind in kinds.items() if name in STORIES and kind in _AMOUNT]
        amounts = [name for name in amounts if "IDENTITY" not in usual[name].more]
        texts = [name for name, kind in kinds.items() if kind in ("text", "varchar(40)") and name in STORIES]
        found: list[str] = []
        for status in statuses:
            if kinds[status] in ("text", "stage") and self.chance(60):
                labels = self.some(("draft", "pending", "paid", "shipped", "delivered", "cancelled"), 4)
                listed = ", ".join(f"'{label}'" for label in labels)
                table.constraints.append(f"CHECK ({status} IN ({listed}))")
            if kinds[status] in ("text", "stage", "unpaid"):
                for name in times:
                    word = self.one(("pending", "cancelled", name.partition("_")[0]))
                    if kinds[status] == "stage" and word not in BEFORE["stage"]:
                        continue
                    filled = f"{name} IS {self.one(('NULL', 'NOT NULL'))}"
                    found += [f"({status} = '{word}') = ({filled})", f"{status} <> '{word}' OR {filled}"]
        found += [f"{first} {self.one(('<', '<=', '>', '>='))} {second}" for first, second in pairwise(times)]
        for first, second in pairwise(amounts):
            found += [
                f"{first} {self.one(('<', '<=', '>', '>=', '=', '<>'))} {second}",
                f"{first} + {second} <= {self.one((5, 40, 1000))}",
            ]
        for first, second, third in zip(amounts, amounts[1:], amounts[2:], strict=False):
            found.append(f"{third} {self.one(('=', '<>', '<'))} {first} * {second}")
            found.append(f"{first} = {second} - {third}")
        for name in amounts:
            found += [
                f"{name} {self.one(('<', '>', '>=', '='))} {self.one((0, 1, 7, 30000))}",
                f"{name} <= 9",
            ]
        found += [f"{name} = lower({name})" for name in texts] + [f"length({name}) < 7" for name in texts]
        for expression in self.some(found, 3) if found else ():
            table.constraints.append(f"CHECK ({expression})")
        if table.partitions[0]:
            return
        if self.chance(15) and kinds:
            columns = self.some([name for name in kinds if name in STORIES] or list(kinds), 2)
            table.constraints.append(f"UNIQUE ({', '.join(columns)}){self.one(('', ' DEFERRABLE'))}")
        same = [(first, second) for first, second in pairwise(times) if kinds[first] == kinds[second]]
        if same and self.chance(20):
            first, second = self.one(same)
            of = {"date": "daterange", "timestamp": "tsrange", "timestamptz": "tstzrange"}[kinds[first]]
            table.constraints += [
                f"CHECK ({first} <= {second})",
                f"EXCLUDE USING gist ({of}({first}, {second}) WITH &&)",
            ]
        elif texts and self.chance(10):
            table.constraints.append(f"EXCLUDE USING btree ({self.one(texts)} WITH =)")
        if len(amounts) > 2 and self.chance(15):
            # Computed of two columns, in place of what would follow them.
            usual[amounts[2]].more = f"GENERATED ALWAYS AS ({amounts[0]} * {amounts[1]}) STORED"
        if times and "status" not in kinds and self.chance(10):
            computed = f"CASE WHEN {times[0]} IS NULL THEN 'pending' ELSE 'paid' END"
            table.columns.append(Column("status", "text", False, f"GENERATED ALWAYS AS ({computed}) STORED"))
        if amounts and self.chance(15):
            # A total is written last.
            raised = "RAISE EXCEPTION 'is not changed';"
            body = self.one(
                (raised, f"new.{amounts[0]} := 1;", f"IF new.{amounts[0]} > 5 THEN {raised} END IF;")
            )
            if usual[amounts[0]].more.startswith("GENERATED"):
                body = raised
            when = self.one(("BEFORE", "AFTER"))
            table.later += [
                f"CREATE FUNCTION {table.name}_changed() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {body} RETURN new; END $$",
                f"CREATE TRIGGER changed {when} UPDATE ON {table.name} FOR EACH ROW "
                f"EXECUTE FUNCTION {table.name}_changed()",
            ]

    def reading_check(self, table: Table) -> None:
        """A CHECK whose function reads a table: its own, or one that is made before it."""
        columns = [column for column in table.of(KEYS) if column.type not in ("positive", "slug")]
        if not columns:
            return
        column = self.one(columns)
        other = self.one([table, *self.tables])
        same = self.one([each for each in other.columns if each.type == column.type] or [None])
        found = [f"(SELECT count(*) FROM {other.name}) < 40"]
        if same is not None:
            found.append(f"(SELECT count(*) FROM {other.name} WHERE {same.name} = wanted) <= 2")
        if other is table and (flags := table.of(["boolean"])):
            found.append(
                f"(SELECT count(*) FROM {table.name} WHERE {column.name} = wanted AND {flags[0].name}) <= 1"
            )
        table.later.append(
            f"CREATE FUNCTION {table.name}_reads(wanted {column.type}) RETURNS boolean LANGUAGE sql STABLE AS "
            f"$$ SELECT {self.one(found)} $$"
        )
        table.later.append(f"ALTER TABLE {table.name} ADD CHECK ({table.name}_reads({column.name}))")

    def inheriting(self, parent: Table) -> None:
        """A table that inherits from another one, without its keys."""
        if parent.partitions[0]:
            return
        columns = [*parent.columns, Column("extra", self.one(("int", "text", "boolean")), self.chance(50))]
        self.tables.append(Table(f"{parent.name}_heir", columns, inherits=parent.name))

    def trigger(self, table: Table) -> None:
        """A trigger that looks up, fills, inserts, removes or raises."""
        found = [*self.raising(table), *self.looking_up(table), *self.filling(table), *self.removing(table)]
        found += self.inserting(table)
        if not found:
            return
        when, body = self.one(found)
        name = f"{table.name}_does"
        table.later.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN new; END $$"
        )
        table.later.append(
            f"CREATE TRIGGER does {when} INSERT ON {table.name} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )

    def raising(self, table: Table) -> list[tuple[str, str]]:
        when = self.one(("BEFORE", "AFTER"))
        found = [(when, f"IF (SELECT count(*) FROM {table.name}) > 9 THEN RAISE EXCEPTION 'full'; END IF;")]
        conditions = [f"new.{column.name} > 40" for column in table.of(INTS)]
        conditions += [f"new.{column.name} < '2020-01-01'" for column in table.of(TIMES)]
        conditions += [f"length(new.{column.name}) > 8" for column in table.of(("text", "varchar(40)"))]
        conditions += [f"new.{column.name} = 'bad'" for column in table.of(["mood"])]
        conditions += [f"new.{column.name} IS NULL" for column in table.columns if not column.more]
        return found + [
            (when, f"IF {condition} THEN RAISE EXCEPTION 'no such %', new; END IF;")
            for condition in conditions
        ]

    def looking_up(self, table: Table) -> list[tuple[str, str]]:
        found = []
        for other in self.tables:
            for column in table.of(KEYS):
                for there in other.of([column.type]) if other is not table else ():
                    exists = f"EXISTS (SELECT FROM {other.name} o WHERE o.{there.name} = new.{column.name})"
                    given = self.one(("", f"new.{column.name} IS NOT NULL AND "))
                    found += [
                        ("BEFORE", f"IF {given}NOT {exists} THEN RAISE EXCEPTION 'not there'; END IF;"),
                        ("AFTER", f"IF {exists} THEN RAISE EXCEPTION 'there'; END IF;"),
                        (
                            "BEFORE",
                            f"PERFORM 1 FROM {other.name} o WHERE o.{there.name} = new.{column.name}; "
                            "IF NOT FOUND THEN RAISE EXCEPTION 'not found'; END IF;",
                        ),
                    ]
        return found

    def filling(self, table: Table) -> list[tuple[str, str]]:
        found = [f"new.{column.name} := lower(new.{column.name});" for column in table.of(("text", "slug"))]
        found += [f"new.{column.name} := coalesce(new.{column.name}, 3) + 1;" for column in table.of(INTS)]
        found += [f"new.{column.name} := now();" for column in table.of(TIMES)]
        found += [
            f"SELECT o.{there.name} INTO new.{column.name} FROM {other.name} o ORDER BY 1 LIMIT 1;"
            for other in self.tables
            for column in table.of(KEYS)
            for there in (other.of([column.type]) if other is not table else ())
        ]
        return [("BEFORE", body) for body in found]

    def removing(self, table: Table) -> list[tuple[str, str]]:
        old = ("now()", "now() - interval '30 days'", "'2010-01-01'")
        found = [
            f"DELETE FROM {table.name} WHERE {column.name} < {self.one(old)};" for column in table.of(TIMES)
        ]
        found += [
            f"DELETE FROM {table.name} WHERE {column.name} = new.{column.name};" for column in table.of(KEYS)
        ]
        return [("BEFORE", body) for body in found]

    def inserting(self, table: Table) -> list[tuple[str, str]]:
        found = [
            (when, f"INSERT INTO {other.name} DEFAULT VALUES;")
            for other in self.tables
            for when in ("BEFORE", "AFTER")
            if other is not table and not any(column.not_null for column in other.columns)
        ]
        if not any(column.not_null for column in table.columns):
            here = f"INSERT INTO {table.name} DEFAULT VALUES;"
            found.append(("AFTER", f"IF pg_trigger_depth() < 2 THEN {here} END IF;"))
        if table.keys and len(table.keys[0]) == 1 and not table.inherits:
            [key] = table.keys[0]
            base = Table(f"{table.name}_base", [Column("id", key.type, True)])
            base.constraints.append("PRIMARY KEY (id)")
            self.tables.append(base)
            if self.chance(50):
                table.later.append(
                    f"ALTER TABLE {table.name} ADD FOREIGN KEY ({key.name}) REFERENCES {base.name} (id)"
                )
            found.append(("BEFORE", f"INSERT INTO {base.name} (id) VALUES (new.{key.name});"))
        return found

    def key(self, table: Table) -> None:
        kind = self.one(("serial", "always", "default", "plain", "uuid", "two", "none", "reference"))
        if kind == "serial":
            columns = [Column("id", "int", True, "DEFAULT 0")]
            table.columns.append(Column("id", "serial"))
        elif kind in ("always", "default"):
            columns = [Column("id", "bigint", True)]
            how = "ALWAYS" if kind == "always" else "BY DEFAULT"
            table.columns.append(Column("id", "bigint", False, f"GENERATED {how} AS IDENTITY"))
        elif kind == "uuid":
            columns = [Column("id", "uuid", True)]
            table.columns.append(Column("id", "uuid", False, "DEFAULT gen_random_uuid()"))
        elif kind == "two":
            columns = [Column("a", self.one(KEYS), True), Column("b", self.one(KEYS), True)]
            table.columns += columns
        elif kind == "plain":
            columns = [Column("id", self.one(KEYS), True)]
            table.columns += columns
        elif kind == "reference" and self.referenceable():
            columns = self.reference(table, "p", key=True)
        else:
            return
        table.constraints.append(f"PRIMARY KEY ({names(columns)})")
        table.keys.append(tuple(columns))

    def partitioned(self, table: Table) -> None:
        kind = self.one(("list", "range", "hash"))
        column = Column("part", {"list": "text", "range": "int", "hash": "int"}[kind], True)
        table.columns += [Column("id", "serial"), column]
        table.constraints.append("PRIMARY KEY (id, part)")
        bounds = {
            "list": ["FOR VALUES IN ('a', 'b')", "FOR VALUES IN ('c')"],
            "range": ["FOR VALUES FROM (100) TO (103)", "FOR VALUES FROM (2000) TO (3000)"],
            "hash": [f"FOR VALUES WITH (MODULUS 2, REMAINDER {remainder})" for remainder in (0, 1)],
        }[kind]
        if self.chance(30):
            bounds = bounds[:1]
        own = []
        if self.chance(40):
            number = self.number(0, len(bounds) - 1)
            own = [f"ALTER TABLE {table.name}_{number} ADD CHECK (id % 2 = 1)"]
            if kind == "list":
                own.append(f"ALTER TABLE {table.name}_{number} ADD CHECK (part <> 'a')")
            elif kind == "range":
                own.append(f"ALTER TABLE {table.name}_{number} ADD CHECK (part <> 101)")
            own = [self.one(own)]
        table.partitions = (
            f"PARTITION BY {kind.upper()} (part)",
            [
                f"CREATE TABLE {table.name}_{number} PARTITION OF {table.name} {bound}"
                for number, bound in enumerate(bounds)
            ]
            + own,
        )

    def column(self, table: Table, name: str) -> None:
        types = self.one((INTS, TEXTS, TIMES, OTHERS))
        column = Column(name, self.one(types), self.chance(50))
        table.columns.append(column)
        if self.chance(10) and column.type in KEYS and not table.partitions[0]:
            column.not_null = True
            table.constraints.append(f"UNIQUE ({name})")
            table.keys.append((column,))

    def referenceable(self) -> list[tuple[Table, tuple[Column, ...]]]:
        return [(table, key) for table in self.tables for key in table.keys]

    def reference(self, table: Table, prefix: str, *, key: bool = False) -> list[Column]:
        targets = [(parent, found) for parent, found in self.referenceable() if not (key and parent is table)]
        if not targets:
            return []
        parent, referenced = self.one(targets)
        not_null = key or self.chance(50)
        columns = []
        for number, target in enumerate(referenced):
            kept = [column for column in table.of([target.type]) if column not in columns]
            if kept and not key and self.chance(30):
                columns.append(self.one(kept))
            else:
                columns.append(
                    Column(
                        self.name_of(table, parent, referenced) or f"{prefix}_{number}", target.type, not_null
                    )
                )
                table.columns.append(columns[-1])
        options = self.one(("", "", "DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED", "ON DELETE CASCADE"))
        full = "MATCH FULL" if len(columns) > 1 and self.chance(20) else ""
        text = (
            f"FOREIGN KEY ({names(columns)}) REFERENCES {parent.name} ({names(referenced)}) {full} {options}"
        )
        if parent is table or not self.chance(20):
            table.constraints.append(text)
        else:
            table.later.append(f"ALTER TABLE {table.name} ADD {text}")
        if not key and parent is not table and self.chance(15):
            self.back(parent, table)
        return columns

    def name_of(self, table: Table, parent: Table, referenced: Sequence[Column]) -> str:
        """The usual name of a reference to a table of a story, where it is free; empty for any other."""
        single = parent.name.removesuffix("s").replace("categorie", "category")
        found = f"parent_{single}_id" if parent is table else f"{single}_id"
        free = all(column.name != found for column in table.columns)
        return found if parent.name in SUBJECTS and len(referenced) == 1 and free else ""

    def back(self, parent: Table, child: Table) -> None:
        """Close a cycle, where the child can be referenced and the parent takes another column."""
        if not child.keys or parent.partitions[0]:
            return
        [key] = [self.one(child.keys)]
        columns = [
            Column(f"back_{child.name}_{number}_{len(parent.columns)}", target.type, self.chance(20))
            for number, target in enumerate(key)
        ]
        parent.columns += columns
        options = self.one(("", "DEFERRABLE", "DEFERRABLE INITIALLY DEFERRED"))
        parent.later.append(
            f"ALTER TABLE {parent.name} ADD FOREIGN KEY ({names(columns)}) "
            f"REFERENCES {child.name} ({names(key)}) {options}"
        )

    def generated(self, table: Table) -> None:
        numbers, texts = (
            table.of(("int", "smallint", "positive")),
            table.of(("text", "varchar(3)", "varchar(40)")),
        )
        if numbers and self.chance(15):
            expression = f"{self.one(numbers).name}::bigint * 2"
            table.columns.append(
                Column("doubled", "bigint", False, f"GENERATED ALWAYS AS ({expression}) STORED")
            )
        if texts and self.chance(15):
            more = f"GENERATED ALWAYS AS (lower({self.one(texts).name})) STORED"
            table.columns.append(Column("lowered", "text", False, more + self.one(("", " UNIQUE"))))

    def unique(self, table: Table) -> None:
        comparable = [column for column in table.columns if column.type != "serial" and not column.more]
        if not comparable:
            return
        columns = self.some(comparable, 3)
        kind = self.one(("plain", "plain", "partial", "expression", "nulls"))
        texts = table.of(("text", "varchar(3)", "varchar(40)", "slug"))
        if kind == "partial":
            where = self.one(
                [f"{column.name} IS NULL" for column in table.columns]
                + [column.name for column in table.of(["boolean"])]
                + [f"{column.name} = 'good'" for column in table.of(["mood"])]
            )
            table.later.append(f"CREATE UNIQUE INDEX ON {table.name} ({names(columns)}) WHERE {where}")
        elif kind == "expression" and texts:
            others = "".join(f", {column.name}" for column in columns[:1])
            table.later.append(f"CREATE UNIQUE INDEX ON {table.name} (lower({self.one(texts).name}){others})")
        elif kind == "nulls" and self.version >= 15:
            table.constraints.append(f"UNIQUE NULLS NOT DISTINCT ({names(columns)})")
        else:
            table.constraints.append(f"UNIQUE ({names(columns)})")
            if all(column.not_null and column.type in KEYS for column in columns):
                table.keys.append(tuple(columns))

    def check(self, table: Table, name: str) -> None:
        # Each is possible by itself; together they need not be.
        found: list[str] = []
        numbers = table.of(INTS)
        for column in numbers:
            found += [
                f"{column.name} > 3",
                f"{column.name} BETWEEN 2 AND 40",
                f"{column.name} IN (1, 2, 3, 5, 8)",
                f"{column.name} <> 4",
                f"{column.name}::int % 3 = 0",
            ]
        for first, second in pairwise(numbers):
            found += [f"{first.name} < {second.name}", f"{first.name} + {second.name} <= 90"]
            found.append(f"{first.name} IS DISTINCT FROM {second.name}")
        times = [table.of([each]) for each in TIMES]
        for several in times:
            found += [f"{first.name} <= {second.name}" for first, second in pairwise(several)]
            found += [f"{column.name} > '2020-01-01'" for column in several]
        for column in table.of(("text", "varchar(40)")):
            found += [
                f"length({column.name}) BETWEEN 2 AND 9",
                f"{column.name} IN ('one', 'two', 'three', 'four')",
                f"{column.name} ~ '^[A-Z]{{2}}-[0-9]{{3}}$'",
                f"{column.name} = lower({column.name})",
                f"{column.name} LIKE 'x%'",
                f"btrim({column.name}) <> ''",
            ]
        nullable = [column for column in table.columns if not column.not_null and not column.more][-3:]
        nullable = [column for column in nullable if column.type != "serial"]
        if len(nullable) > 1:
            listed = names(nullable)
            found += [
                f"num_nonnulls({listed}) = 1",
                f"num_nonnulls({listed}) >= 1",
                f"num_nulls({listed}) <= 1",
            ]
            found.append(f"({nullable[0].name} IS NULL) = ({nullable[1].name} IS NULL)")
            found.append(f"({nullable[0].name} IS NULL) <> ({nullable[1].name} IS NULL)")
            found.append(f"{nullable[0].name} IS NULL OR {nullable[1].name} IS NOT NULL")
        for column in table.of(["mood"]):
            found.append(f"{column.name} <> 'bad'")
            found += [f"{column.name} <> 'good' OR {other.name} IS NOT NULL" for other in nullable]
            found += [f"({column.name} = 'good') = ({other.name} IS NOT NULL)" for other in nullable]
        for column in table.of(["boolean"]):
            found += [f"{column.name} OR {other.name} IS NULL" for other in nullable]
        found += [f"jsonb_typeof({column.name}) = 'object'" for column in table.of(["jsonb"])]
        found += [f"cardinality({column.name}) <= 2" for column in table.of(("int[]", "text[]", "mood[]"))]
        found += [f"NOT isempty({column.name})" for column in table.of(["int4range"])]
        if found:
            table.constraints.append(f"CONSTRAINT {name} CHECK ({self.one(found)})")


def names(columns: Sequence[Column]) -> str:
    """Return the names of columns, separated by commas."""
    return ", ".join(column.name for column in columns)


@st.composite
def random_schemas(draw: st.DrawFn, version: int = 14) -> RandomSchema:
    """Draw a schema and counts.

    Args:
        version: major version of PostgreSQL.
    """
    return Builder(draw, version).schema()
