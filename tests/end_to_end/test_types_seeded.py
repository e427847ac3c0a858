"""Every type of PostgreSQL and of its contrib extensions, through the whole pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

import psycopg2
import pytest
from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.errors import PlanError, SeedError
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.model.schema import Snapshot
from pytest_supaseed.spec import SeedSpec
from servers import run

COUNTS = (1, 50)

# The names of types by pg_type.typname, where DDL spells them otherwise or they have modifiers worth a try.
SPELLINGS = {
    "char": ('"char"',),
    "bpchar": ("char(4)", "char(1)", "bpchar"),
    "varchar": ("varchar", "varchar(1)", "varchar(2)", "varchar(40)"),
    "bit": ("bit(8)", "bit(300)"),
    "varbit": ("varbit", "varbit(6)"),
    "numeric": ("numeric", "numeric(12,4)", "numeric(2,0)", "numeric(4,4)", "numeric(1000,2)"),
    "time": ("time", "time(0)"),
    "timetz": ("timetz", "timetz(3)"),
    "timestamp": ("timestamp", "timestamp(0)"),
    "timestamptz": ("timestamptz", "timestamptz(3)"),
    "interval": (
        "interval", "interval(0)", "interval year", "interval year to month", "interval month", "interval day",
        "interval day to hour", "interval day to minute", "interval day to second(1)", "interval hour",
        "interval hour to minute", "interval hour to second", "interval minute", "interval minute to second",
        "interval second(2)",
    ),
    "vector": ("vector(5)", "vector"),
    "halfvec": ("halfvec(4)",),
    "sparsevec": ("sparsevec(20)",),
    "geometry": (
        "geometry", "geometry(Point,4326)", "geometry(PointZ,4326)", "geometry(PointZM,3857)",
        "geometry(LineString,4326)", "geometry(Polygon,4326)", "geometry(MultiPolygon,4326)",
        "geometry(MultiPoint,4326)", "geometry(MultiLineString,3857)", "geometry(GeometryCollection,4326)",
        "geometry(Geometry,4326)", "geometry(CurvePolygon)", "geometry(CircularString)", "geometry(CompoundCurve)",
        "geometry(MultiCurve)", "geometry(MultiSurface)", "geometry(Triangle)", "geometry(Tin)",
        "geometry(PolyhedralSurfaceZ)", "geometry(LineStringM,4326)",
    ),
    "geography": ("geography", "geography(Point,4326)", "geography(Polygon,4326)", "geography(PointZ,4326)"),
}  # fmt: skip
# Of fewer values than are asked for: how many a unique column can hold.
FEW = {"bool": 2}
NO_VALUE = {
    **dict.fromkeys(
        ("pg_node_tree", "pg_ndistinct", "pg_dependencies", "pg_mcv_list", "pg_brin_bloom_summary"),
        "PostgreSQL reads no text of it",
    ),
    "pg_brin_minmax_multi_summary": "PostgreSQL reads no text of it",
    **dict.fromkeys(
        ("gtsvector", "ghstore", "gtrgm", "ltree_gist", "intbig_gkey"), "it lives in indexes only"
    ),
    **dict.fromkeys(
        [f"gbtreekey{size}" for size in ("2", "4", "8", "16", "32", "_var")], "it lives in indexes only"
    ),
    **dict.fromkeys(
        ("gidx", "box2df", "spheroid", "raster", "geometry_dump", "geomval", "addbandarg", "rastbandarg"),
        "PostGIS uses it within its functions",
    ),
}
ALL_TYPES = """
SELECT t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('b', 'r', 'm', 'd') AND n.nspname IN ('pg_catalog', 'public')
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) AND NOT t.typname = ANY (%s)
ORDER BY t.typname
"""
EXTENSIONS = (
    "hstore", "citext", "ltree", "cube", "seg", "isn", "intarray", "lo", "pg_trgm", "btree_gist", "earthdistance",
    "vector", "postgis",
)  # fmt: skip


@pytest.fixture(scope="module")
def extended_connection(create_database: Callable[[], URL]) -> Iterator[Connection]:
    """A connection to a database with all extensions that the server has."""
    engine = create_engine(create_database(), poolclass=NullPool)
    with engine.connect() as connection:
        available = set(connection.scalars(text("SELECT name FROM pg_available_extensions")))
        for extension in EXTENSIONS:
            if extension in available:
                run(connection, f"CREATE EXTENSION IF NOT EXISTS {extension} CASCADE")
        connection.commit()
        yield connection
    engine.dispose()


@pytest.fixture
def connection(extended_connection: Connection) -> Iterator[Connection]:
    yield extended_connection
    extended_connection.rollback()
    # SQLAlchemy does not know what others have begun on it.
    extended_connection.connection.rollback()


def accepts(connection: Connection, statement: str) -> bool:
    run(connection, "SAVEPOINT attempt")
    try:
        run(connection, statement)
    except psycopg2.Error:
        run(connection, "ROLLBACK TO SAVEPOINT attempt")
        return False
    return True


def specified(count: int, snapshot: Snapshot, fewer: Mapping[str, int]) -> SeedSpec:
    tables = {table.label: min(count, fewer.get(table.label, count)) for table in snapshot.schema.tables}
    found, problems = parse_seed((tables,), {})
    assert not problems
    return SeedSpec(found, limit=100_000)


def seed_all(connection: Connection, fewer: Mapping[str, int] | None = None) -> None:
    """Seed all tables with every count; a count that is not exact is an error."""
    snapshot = pipeline.read(connection)
    for count in COUNTS:
        run(connection, "SAVEPOINT seed")
        spec = specified(count, snapshot, fewer or {})
        plan = pipeline.plan(connection, snapshot, spec)
        pipeline.seed(connection, snapshot.schema, plan)
        run(connection, "ROLLBACK TO SAVEPOINT seed")


def tables_of(connection: Connection, spelling: str) -> None:
    """A column of a type, of arrays of it, of a domain over it, and of whatever else can be made of it."""
    run(connection, f"CREATE TABLE plain (v {spelling} NOT NULL)")
    run(connection, f"CREATE TABLE arrays (v {spelling}[] NOT NULL, m {spelling}[][] NOT NULL)")
    run(connection, f"CREATE DOMAIN over AS {spelling}; CREATE DOMAIN over_array AS {spelling}[] NOT NULL")
    run(connection, "CREATE DOMAIN over_domain AS over NOT NULL CHECK (VALUE IS NOT NULL)")
    run(
        connection,
        """CREATE TABLE domains (a over NOT NULL, b over_domain NOT NULL, c over[] NOT NULL, d over_array,
        e over_array[] NOT NULL)""",
    )
    run(
        connection,
        f"""CREATE TYPE composite AS (a {spelling}, "B ü" over_array, c over_domain[], d text);
        CREATE TYPE outer_composite AS (a composite, b composite[], c {spelling});
        CREATE DOMAIN over_composite AS composite;
        CREATE TABLE composites (a composite NOT NULL, b composite[] NOT NULL, c over_composite NOT NULL,
                                 d outer_composite[] NOT NULL)""",
    )
    if accepts(connection, f"CREATE TABLE uniques (v {spelling} PRIMARY KEY)"):
        run(connection, f"CREATE TABLE unique_arrays (v {spelling}[] NOT NULL UNIQUE)")
        run(
            connection,
            f"""CREATE TYPE pair AS (a {spelling}, b {spelling});
            CREATE TABLE unique_composites (v pair NOT NULL UNIQUE)""",
        )


def type_names(connection: Connection) -> list[str]:
    cursor = connection.connection.cursor()
    cursor.execute(ALL_TYPES, (list(NO_VALUE),))
    return [name for (name,) in cursor.fetchall()]


PARTS = 6


def test_there_are_types_of_all_kinds(connection: Connection) -> None:
    assert len(type_names(connection)) > 90


@pytest.mark.parametrize("part", range(PARTS))
def test_every_type_is_seeded(connection: Connection, part: int) -> None:
    """The tables of each spelling lie in a schema of their own, and those of all schemas are seeded at once."""
    names = type_names(connection)[part::PARTS]
    readable = accepts(connection, "SELECT '<a/>'::xml")
    few = {}
    for name in names:
        for number, spelling in enumerate(SPELLINGS.get(name, (name,))):
            if name == "xml" and not readable:
                continue
            schema = f"of {name} {number}"
            run(connection, f'CREATE SCHEMA "{schema}"; SET LOCAL search_path = "{schema}", public')
            tables_of(connection, spelling)
            # Only where values have to differ may there be too few of them.
            few |= {f"{schema}.{table}": 12 for table in ("plain", "arrays", "domains", "composites")}
            if name in FEW:
                few |= {f"{schema}.uniques": FEW[name], f"{schema}.unique_composites": FEW[name] ** 2}
    run(connection, "SET LOCAL search_path = public")
    seed_all(connection, few)


def test_documents_that_the_server_cannot_read_are_refused(connection: Connection) -> None:
    if accepts(connection, "SELECT '<a/>'::xml"):
        pytest.skip("this server was built with libxml")
    tables_of(connection, "xml")
    with pytest.raises(SeedError, match=r"\(this server was built without libxml\): give some, as in"):
        seed_all(connection)


def test_what_has_no_value_has_none(connection: Connection) -> None:
    """What a later version takes, is to be taken from the list."""
    snapshot = pipeline.read(connection)
    assert snapshot.schema.tables == ()
    for name in NO_VALUE:
        if not accepts(connection, f'CREATE TABLE "{name}" (v "{name}" NOT NULL)'):
            continue
        snapshot = pipeline.read(connection)
        with pytest.raises(PlanError, match=r"is NOT NULL, and no value of type .* can be made: give some"):
            pipeline.plan(connection, snapshot, specified(1, snapshot, {}))
        run(connection, f'DROP TABLE "{name}"')


def test_an_unknown_type_is_left_to_null_and_to_its_default(connection: Connection) -> None:
    run(
        connection, "CREATE TABLE t (id int PRIMARY KEY, a gtsvector, b pg_node_tree, c gtsvector[] NOT NULL)"
    )
    seed_all(connection)


# Of those that are made without words.
DIGESTS = {
    "inet": "bf8183c1", "cidr": "3dfa7bd5", "macaddr": "a7d9abce", "macaddr8": "cacc2fb3",
    "bit(5)": "b0e32826", "varbit": "6b2d9345", "bytea": "cd72dc09", "uuid": "44e14f78",
    "point": "6046348e", "line": "ba8a4ff3", "lseg": "162c8b14", "box": "e0ec0585", "path": "76211c0f",
    "polygon": "b7f2f4bf", "circle": "930c43a0", "pg_lsn": "9de198bb", "xid": "464140d6",
    "xid8": "a5489333", "cid": "c9c9e202", "tid": "17b3ab2c", "pg_snapshot": "0b9ac781",
    "txid_snapshot": "db6997ff", "aclitem": "fbc9ea2b", "int2vector": "6cad6c5b", "oidvector": "ecbea1d2",
    "int4range": "c7e5e53a", "nummultirange": "70894022", "daterange": "67234797", "tstzrange": "7cd5abc8",
    "regclass": "8c97036a", "regtype": "7da65a16", "interval year to month": "8be9166f",
    "interval day to second(1)": "cb37beda", "numeric(3,3)": "cad26a2e", "int4range[]": "92f29194",
    "bool[][]": "1206e508", "int[][]": "5033e5e9", "cube": "672c6aab", "isn.isbn": "fa6fef79",
}  # fmt: skip


def digests(connection: Connection) -> dict[str, str]:
    run(connection, "SET LOCAL TimeZone = 'UTC'; CREATE DOMAIN \"isn.isbn\" AS isbn")
    spellings = {name: '"isn.isbn"' if name == "isn.isbn" else name for name in DIGESTS}
    columns = ", ".join(f'"v {name}" {spelling} NOT NULL' for name, spelling in spellings.items())
    run(connection, f"CREATE TABLE t ({columns})")
    snapshot = pipeline.read(connection)
    pipeline.seed(
        connection, snapshot.schema, pipeline.plan(connection, snapshot, specified(20, snapshot, {}))
    )
    found = {}
    for name in DIGESTS:
        texts = run(connection, f'SELECT "v {name}"::text FROM t ORDER BY ctid')
        found[name] = sha256(repr(texts).encode()).hexdigest()[:8]
    return found


def test_values_are_the_same_on_every_server(connection: Connection) -> None:
    assert digests(connection) == DIGESTS
