"""The names and texts of options, ini keys and markers, as pytest shows them: ``--help``, ``--markers``.

Every pytest run imports this module; :mod:`~pytest_supaseed.settings` gives the options their meaning.
"""

from __future__ import annotations

# The environment variable for the option postgres.
ENVIRONMENT = "SUPASEED_POSTGRES"
DEFAULT_LIMIT = 1000
# How many databases of failing tests are kept, and for how long.
DEFAULT_KEPT = 10
DEFAULT_KEPT_MINUTES = 60
# Incremented whenever the same spec, schema and seed give other rows than before; the report header prints it.
VALUES_VERSION = 2
OPTIONS = {
    "max_records": "the most rows that one test may ask for in all (default: 1000)",
    "postgres": "the server: auto, embedded, system, either with a version (embedded:16), the path of a bin folder, a "
    "postgresql:// URL, or fixture:NAME of a process fixture of pytest-postgresql (default: auto)",
    "seed": "the seed of the generator, or random for another one in each run (default: 0)",
    "locale": "Faker's locale (default: en_US)",
    "date": "the day that the rows take for today: most of their times lie in the year before it (default: "
    "2025-12-31)",
    "user_password": "the password of the users that are made for a Supabase project (default: password123)",
    "keep_most": "how many databases of failing tests --supaseed-keep keeps at most, of all workers together "
    f"(default: {DEFAULT_KEPT})",
    "keep_minutes": "for how many minutes after the session --supaseed-keep keeps them (default: "
    f"{DEFAULT_KEPT_MINUTES})",
    "keep_folder": "the folder of the server that --supaseed-keep leaves running (default: a folder for temporary "
    "files, on disk)",
}
# Drivers of the fixtures, by the name of the package: for SQLAlchemy's engines, and for its async engines.
DRIVERS = ("psycopg2", "psycopg")
ASYNC_DRIVERS = ("asyncpg", "psycopg")
INI = {
    "env": "Environment variables that hold the address of the running test's database before conftests and tests are "
    "imported: NAME, NAME=postgresql+asyncpg for another driver, or NAME=host, port, user, password or database",
    "async_driver": "The driver of the async fixtures: asyncpg or psycopg (default: the one that is installed, asyncpg "
    "where both are)",
    "config": "What the whole suite asks for: a supa-seed.config.json; markers merge over it",
    "driver": "The driver of seeded_engine, seeded_url, seeded_connection and seeded_session: psycopg2, or psycopg for "
    "psycopg 3 (default: psycopg2)",
    "settings": "PostgreSQL's settings in every database that tests see, one in a line: app.tenant = 7",
    "schema": "Where the schema comes from: package.module:name of a MetaData, a declarative base or a callable, a "
    ".sql file, a folder of .sql files or of a migration tool, the folder of a Supabase project, an "
    "alembic.ini, or django",
}
SWITCHES = {
    "vary_defaults": "Whether columns with a constant default get other values as well, as those without one do "
    "(default: false)",
    "keep": "Whether databases of failing tests outlive the session, to be looked into (default: false)",
    "keep_code": "Whether schemas that are code, such as Alembic's migrations, are kept between sessions as long as "
    "nothing has changed that their load has read (default: false)",
    "tcp": "Whether the server also listens on 127.0.0.1, with a random password that seeded_url and supaseed_postgres "
    "have (default: false, a Unix socket only)",
}
METAVARS = {
    "max_records": "N",
    "postgres": "SERVER",
    "seed": "SEED",
    "locale": "LOCALE",
    "date": "DATE",
    "user_password": "PASSWORD",
    "keep_most": "N",
    "keep_minutes": "N",
    "keep_folder": "FOLDER",
}
MARKERS = (
    "seed(tables={}, /, **counts): the test finds exactly these rows in PostgreSQL: seed(users=5, setups=8). A value "
    "is a count, a Rows(...), or a mapping with count, add or per, and columns. Names with a schema go into "
    'the mapping: seed({"auth.users": 5}).',
    "seed_options(max_records=N, seed=N, locale=NAME, date=DATE, settings={NAME: VALUE}, vary_defaults=True): options "
    "for the rows of this test, and PostgreSQL's settings of its database.",
)
