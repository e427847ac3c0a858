"""Totals over the rows that reference a row, on a real server: right for every row, in the order of the rows.

``schemas/totals.sql`` has them for several subjects; each condition is about one row of its table, ``p``, in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from pytest_supaseed import pipeline
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.planning.plan import Plan
from pytest_supaseed.reports.text import plan_lines
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.spec import SeedSpec
from servers import run

FOLDER = Path(__file__).parents[1] / "schemas"


def _of(child: str, what: str, key: str) -> str:
    return f"(SELECT {what} FROM {child} AS c WHERE c.{key} = p.id)"


CONDITIONS: dict[str, tuple[str, ...]] = {
    "customers": (
        f"orders_count = {_of('orders', 'count(*)', 'customer_id')}",
        f"total_spent = {_of('orders', 'coalesce(sum(c.total), 0)', 'customer_id')}",
        f"last_order_at IS NOT DISTINCT FROM {_of('orders', 'max(c.placed_at)', 'customer_id')}",
    ),
    "products": (
        f"review_count = {_of('reviews', 'count(*)', 'product_id')}",
        f"average_rating IS NOT DISTINCT FROM {_of('reviews', 'round(avg(c.rating), 2)', 'product_id')}",
        f"min_variant_price IS NOT DISTINCT FROM {_of('variants', 'min(c.price)', 'product_id')}",
        f"variants_count = {_of('variants', 'count(*)', 'product_id')}",
    ),
    "orders": (
        f"subtotal = {_of('order_items', 'coalesce(sum(c.line_total), 0)', 'order_id')}",
        "total = subtotal + tax + shipping - discount",
        "discount <= subtotal AND tax <= 0.21 * subtotal + 0.01 AND rounded = round(total)",
        f"item_count = {_of('order_items', 'count(*)', 'order_id')}",
        f"quantity_total = {_of('order_items', 'coalesce(sum(c.quantity), 0)', 'order_id')}",
        "amount_refunded = (SELECT coalesce(sum(c.amount), 0) FROM refunds AS c WHERE c.order_id = p.id AND "
        "c.status = 'succeeded')",
    ),
    "order_items": ("line_total = quantity * unit_price",),
    "carts": (
        f"total_cents = {_of('cart_items', 'coalesce(sum(c.quantity * c.unit_price_cents), 0)', 'cart_id')}",
        f"items_count = {_of('cart_items', 'count(*)', 'cart_id')}",
    ),
    "invoices": (
        f"abs(total - {_of('invoice_lines', 'coalesce(sum(c.quantity * c.unit_price), 0)', 'invoice_id')}) < 0.001",
        f"abs(amount_paid - {_of('payments', 'coalesce(sum(c.amount), 0)', 'invoice_id')}) < 0.001",
        "abs(amount_due - (total - amount_paid)) < 0.001",
    ),
    "accounts": (
        "balance = (SELECT coalesce(sum(CASE c.kind WHEN 'deposit' THEN c.amount ELSE -c.amount END), 0) "
        "FROM transactions AS c WHERE c.account_id = p.id)",
        f"coalesce(transactions_count, 0) = {_of('transactions', 'count(*)', 'account_id')}",
    ),
    "ledgers": (f"balance_cents = {_of('ledger_entries', 'coalesce(sum(c.amount_cents), 0)', 'ledger_id')}",),
    "artists": (
        f"album_count = {_of('albums', 'count(*)', 'artist_id')}",
        "track_count = (SELECT count(*) FROM tracks JOIN albums AS a ON a.id = album_id WHERE a.artist_id = p.id)",
    ),
    "albums": (
        f"total_duration_seconds = {_of('tracks', 'coalesce(round(sum(c.duration_ms) / 1000.0), 0)', 'album_id')}",
        f"track_count = {_of('tracks', 'count(*)', 'album_id')}",
    ),
    "tracks": (
        f"play_count = {_of('plays', 'count(*)', 'track_id')}",
        f"last_played_at IS NOT DISTINCT FROM {_of('plays', 'max(c.played_at)', 'track_id')}",
    ),
    "playlists": (
        f"track_count = {_of('playlist_tracks', 'count(*)', 'playlist_id')}",
        "total_duration_ms = (SELECT coalesce(sum(t.duration_ms), 0) FROM playlist_tracks c "
        "JOIN tracks t ON t.id = c.track_id WHERE c.playlist_id = p.id)",
    ),
    "users": (
        f"login_count = {_of('sessions', 'count(*)', 'user_id')}",
        f"last_login_at IS NOT DISTINCT FROM {_of('sessions', 'max(c.started_at)', 'user_id')}",
        f"failed_attempts = {_of('login_attempts', 'count(*) FILTER (WHERE NOT c.success)', 'user_id')}",
        f"followers_count = {_of('follows', 'count(*)', 'followed_id')}",
        f"following_count = {_of('follows', 'count(*)', 'follower_id')}",
    ),
    "projects": (
        f"task_count = {_of('tasks', 'count(*)', 'project_id')}",
        "completed_tasks = (SELECT count(*) FROM tasks c WHERE c.project_id = p.id AND c.status = 'completed')",
        "open_tasks_count = (SELECT count(*) FROM tasks c WHERE c.project_id = p.id AND c.status = 'open')",
        "progress = CASE WHEN task_count = 0 THEN 0 ELSE round(100.0 * completed_tasks / task_count, 2) END",
        f"members_count = {_of('project_members', 'count(*)', 'project_id')}",
        f"active_members_count = {_of('project_members', 'count(*) FILTER (WHERE c.is_active)', 'project_id')}",
        f"total_hours = {_of('tasks', 'coalesce(sum(c.hours), 0)', 'project_id')}",
    ),
    "courses": (
        f"enrolled_count = {_of('enrollments', 'count(*)', 'course_id')}",
        f"average_grade IS NOT DISTINCT FROM {_of('enrollments', 'round(avg(c.grade), 2)', 'course_id')}",
        "lesson_count = (SELECT count(*) FROM lessons JOIN modules AS m ON m.id = module_id WHERE m.course_id = p.id)",
    ),
    "warehouses": (
        f"stock = {_of('stock_levels', 'coalesce(sum(c.quantity), 0)', 'warehouse_id')}",
        f"shipments_count = {_of('shipments', 'count(*)', 'warehouse_id')}",
    ),
    "shipments": (
        f"package_count = {_of('packages', 'count(*)', 'shipment_id')}",
        f"total_weight_kg = {_of('packages', 'coalesce(sum(c.weight_kg), 0)', 'shipment_id')}",
    ),
    "posts": (
        f"comments_count = {_of('comments', 'count(*)', 'post_id')}",
        f"likes_count = {_of('likes', 'count(*)', 'post_id')}",
        f"last_comment_at IS NOT DISTINCT FROM {_of('comments', 'max(c.created_at)', 'post_id')}",
        f"score = {_of('votes', 'coalesce(sum(c.value), 0)', 'post_id')}",
    ),
    "comments": (f"replies_count = {_of('comments', 'count(*)', 'parent_id')}",),
    "threads": (
        f"last_message_at IS NOT DISTINCT FROM {_of('messages', 'max(c.sent_at)', 'thread_id')}",
        f"unread_count = {_of('messages', 'count(*) FILTER (WHERE NOT c.is_read)', 'thread_id')}",
    ),
}


@contextmanager
def seeded(
    url: URL, source: str | Path, tables: Mapping[str, Any], *, ours: bool = True
) -> Iterator[tuple[Connection, Plan]]:
    """Load SQL into an empty database and seed it."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        if isinstance(source, Path):
            load(resolve(source, source.parent), url)
        with engine.connect() as connection:
            if isinstance(source, str):
                connection.exec_driver_sql(source.replace("%", "%%"))
            run(connection, "SET timezone = 'UTC'")
            # Whatever is written later is older than the rows of the load.
            connection.commit()
            snapshot = pipeline.read(connection, ours=ours)
            found, problems = parse_seed((tables,), {})
            assert not problems
            spec = SeedSpec(found, limit=1_000_000)
            plan = pipeline.plan(connection, snapshot, spec, ours=ours)
            pipeline.seed(connection, snapshot.schema, plan, ours=ours)
            yield connection, plan
    finally:
        engine.dispose()


def failing(connection: Connection, tables: Mapping[str, int]) -> dict[str, int]:
    """The number of rows that break each condition."""
    found = {}
    for table in tables:
        for condition in CONDITIONS.get(table, ()):
            [(count,)] = run(
                connection, f"SELECT count(*) FROM {table} AS p WHERE NOT coalesce(({condition}), false)"
            )
            if count:
                found[f"{table}: {condition}"] = count
    return found


def out_of_order(connection: Connection, tables: Mapping[str, int]) -> dict[str, list[int]]:
    """The tables whose rows do not come in the order of their numbers from a query without ORDER BY."""
    found = {}
    for table in tables:
        if table in CONDITIONS and table != "users":
            [(ids,)] = run(connection, f"SELECT array_agg(id) FROM {table}")
            if ids != sorted(ids):
                found[table] = ids
    return found


TABLES = [
    line.split()[2]
    for line in (FOLDER / "totals.sql").read_text().splitlines()
    if line.startswith("CREATE TABLE")
]


@pytest.mark.parametrize("rows", [7, 50])
def test_totals_are_right_for_every_row(empty_database: URL, rows: int) -> None:
    tables = dict.fromkeys(TABLES, rows)
    with seeded(empty_database, FOLDER / "totals.sql", tables) as (connection, _):
        assert not failing(connection, tables)
        assert not out_of_order(connection, tables)
        # What has made room for them is undone.
        assert (
            run(connection, "SELECT relname FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r'")
            == []
        )


def test_totals_of_large_tables(empty_database: URL) -> None:
    tables = {"products": 50, "customers": 500, "orders": 6_000, "order_items": 8_000, "refunds": 300}
    with seeded(empty_database, FOLDER / "totals.sql", tables) as (connection, _):
        for table, column in (
            ("orders", "customer_id"),
            ("order_items", "order_id"),
            ("refunds", "order_id"),
        ):
            connection.exec_driver_sql(f"CREATE INDEX ON {table} ({column}); ANALYZE {table}")
        assert not failing(connection, {name: 1 for name in tables if name != "products"})
        assert not out_of_order(connection, tables)
        [(spread,)] = run(connection, "SELECT count(DISTINCT total) FROM orders")
        assert spread > 4_000


# Each table is a case of its own; what has a trigger keeps what the trigger has made of it.
CASES = """
CREATE TABLE audit (id serial PRIMARY KEY, what text NOT NULL);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.updated_at := '1999-01-01'; INSERT INTO audit (what) VALUES ('touched'); RETURN NEW;
END $$;
CREATE TABLE posts (id serial PRIMARY KEY, comments_count int NOT NULL DEFAULT 0, last_comment_at timestamptz,
    updated_at timestamptz NOT NULL);
CREATE TABLE comments (id serial PRIMARY KEY, post_id int NOT NULL REFERENCES posts, created_at timestamptz NOT NULL);
CREATE TRIGGER touched BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();

CREATE TABLE pages (id serial PRIMARY KEY, views_count int NOT NULL DEFAULT 0, total_seconds int NOT NULL);
CREATE TABLE views (id serial PRIMARY KEY, page_id int NOT NULL REFERENCES pages, seconds int NOT NULL);
CREATE FUNCTION viewed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE pages SET views_count = views_count + 10 WHERE id = NEW.page_id; RETURN NEW;
END $$;
CREATE TRIGGER counted AFTER INSERT ON views FOR EACH ROW EXECUTE FUNCTION viewed();

CREATE TABLE boxes (id serial PRIMARY KEY, packages_count int NOT NULL DEFAULT 0, total_weight int NOT NULL);
CREATE TABLE packages (id serial PRIMARY KEY, box_id int NOT NULL REFERENCES boxes, weight int NOT NULL);
CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE format('UPDATE %I SET %I = %I + 7 WHERE id = $1', TG_ARGV[0], TG_ARGV[1], TG_ARGV[1]) USING NEW.box_id;
    RETURN NEW;
END $$;
CREATE TRIGGER counted AFTER INSERT ON packages FOR EACH ROW EXECUTE FUNCTION counted('boxes', 'packages_count');

CREATE TABLE films (id serial PRIMARY KEY, rating_average numeric(3, 2) NOT NULL CHECK (rating_average BETWEEN 1 AND 5),
    reviews_count int NOT NULL);
CREATE TABLE reviews (id serial PRIMARY KEY, film_id int NOT NULL REFERENCES films,
    rating int NOT NULL CHECK (rating BETWEEN 1 AND 5));

CREATE TABLE bills (id serial PRIMARY KEY, subtotal numeric(10, 2) NOT NULL, tax_rate numeric(4, 2) NOT NULL,
    tax numeric(10, 2) NOT NULL, total numeric(10, 2) GENERATED ALWAYS AS (subtotal + tax) STORED,
    lines_count smallint);
CREATE TABLE bill_lines (bill_id int NOT NULL REFERENCES bills DEFERRABLE INITIALLY DEFERRED, quantity int NOT NULL,
    unit_price numeric(8, 2) NOT NULL, line_total numeric(10, 2) GENERATED ALWAYS AS (quantity * unit_price) STORED);

CREATE TABLE sales (id serial, sold_on date NOT NULL, total numeric(10, 2) NOT NULL, PRIMARY KEY (id, sold_on))
    PARTITION BY RANGE (sold_on);
CREATE TABLE sales_old PARTITION OF sales FOR VALUES FROM (MINVALUE) TO ('2025-07-01');
CREATE TABLE sales_new PARTITION OF sales FOR VALUES FROM ('2025-07-01') TO (MAXVALUE);
CREATE TABLE sale_items (sale_id int NOT NULL, sold_on date NOT NULL, quantity int NOT NULL,
    price numeric(8, 2) NOT NULL, FOREIGN KEY (sale_id, sold_on) REFERENCES sales);

CREATE TABLE tiny (id serial PRIMARY KEY, notes_count smallint NOT NULL CHECK (notes_count < 2),
    total_points numeric(2, 0));
CREATE TABLE notes (id serial PRIMARY KEY, tiny_id int NOT NULL REFERENCES tiny, points int NOT NULL);

CREATE TABLE clubs (id serial PRIMARY KEY, captain_id int, members_count int NOT NULL, active_members int NOT NULL);
CREATE TABLE members (id serial PRIMARY KEY, club_id int NOT NULL REFERENCES clubs,
    status text NOT NULL CHECK (status IN ('active', 'paused')));
ALTER TABLE clubs ADD FOREIGN KEY (captain_id) REFERENCES members;

CREATE TABLE tabs (id serial PRIMARY KEY, total numeric(10, 2) NOT NULL, amount_paid numeric(10, 2) NOT NULL,
    balance_due numeric(10, 2) NOT NULL CHECK (balance_due >= 0), status text CHECK (status IN ('open', 'paid')));
CREATE TABLE tab_payments (id serial PRIMARY KEY, tab_id int NOT NULL REFERENCES tabs,
    amount numeric(9, 2) NOT NULL CHECK (amount >= 0), status text CHECK (status IN ('failed', 'captured')));
CREATE TABLE tab_lines (tab_id int NOT NULL REFERENCES tabs, quantity int NOT NULL, unit_price numeric(6, 2) NOT NULL);

CREATE TABLE empties (id serial PRIMARY KEY, orders_count int NOT NULL, total_spent numeric(8, 2) NOT NULL);
CREATE TABLE orders (id serial PRIMARY KEY, empty_id int REFERENCES empties, total numeric(8, 2) NOT NULL);
INSERT INTO posts (comments_count, updated_at) VALUES (77, '2001-01-01');
INSERT INTO films (rating_average, reviews_count) VALUES (3, 88);
"""
ROWS = {
    "posts": 9, "comments": 30, "pages": 5, "views": 8, "boxes": 5, "packages": 9, "films": 7, "reviews": 5, "bills": 5,
    "bill_lines": 14, "sales": 6, "sale_items": 20, "tiny": 6, "notes": 9, "clubs": 4, "members": 13, "empties": 4,
    "tabs": 6, "tab_payments": 17, "tab_lines": 11,
}  # fmt: skip
# Of which each row, ``p``, is to be so.
HELD = {
    "posts": f"id = 1 AND comments_count = 77 AND updated_at = '2001-01-01' OR updated_at > '2020-01-01' "
    f"AND comments_count = {_of('comments', 'count(*)', 'post_id')} "
    f"AND last_comment_at IS NOT DISTINCT FROM {_of('comments', 'max(created_at)', 'post_id')}",
    "pages": f"views_count = 10 * {_of('views', 'count(*)', 'page_id')} "
    f"AND total_seconds = {_of('views', 'coalesce(sum(seconds), 0)', 'page_id')}",
    "boxes": f"packages_count >= 7 * {_of('packages', 'count(*)', 'box_id')} "
    f"AND total_weight = {_of('packages', 'coalesce(sum(weight), 0)', 'box_id')}",
    "films": f"id = 1 AND reviews_count = 88 OR reviews_count = {_of('reviews', 'count(*)', 'film_id')} "
    f"AND coalesce(rating_average = {_of('reviews', 'round(avg(rating), 2)', 'film_id')}, reviews_count = 0)",
    "bills": f"subtotal = {_of('bill_lines', 'coalesce(sum(line_total), 0)', 'bill_id')} AND total = subtotal + tax "
    "AND abs(tax - subtotal * tax_rate / 100) <= 0.01 AND lines_count = "
    f"{_of('bill_lines', 'count(*)', 'bill_id')}",
    "sales": f"total = {_of('sale_items', 'coalesce(sum(quantity * price), 0)', 'sale_id')}",
    # What a CHECK or a type refuses keeps what it had.
    "tiny": f"notes_count = {_of('notes', 'count(*)', 'tiny_id')} OR {_of('notes', 'count(*)', 'tiny_id')} > 1 "
    f"AND (total_points = {_of('notes', 'sum(points)', 'tiny_id')} OR {_of('notes', 'sum(points)', 'tiny_id')} > 99)",
    "clubs": f"members_count = {_of('members', 'count(*)', 'club_id')} "
    "AND active_members = (SELECT count(*) FROM members c WHERE c.club_id = p.id AND c.status = 'active') "
    "AND captain_id IS NOT NULL",
    # Payments are no more than what is to be paid, and all of it where that is said.
    "tabs": f"total = {_of('tab_lines', 'coalesce(sum(quantity * unit_price), 0)', 'tab_id')} AND amount_paid = "
    "(SELECT coalesce(sum(amount), 0) FROM tab_payments c WHERE c.tab_id = p.id AND c.status = 'captured') "
    "AND balance_due = total - amount_paid AND (p.status = 'open' OR balance_due = 0 OR amount_paid = 0)",
    # Nothing is asked for of what would be counted.
    "empties": "total_spent > 0",
}


def test_rules_of_totals(empty_database: URL) -> None:
    with seeded(empty_database, CASES, ROWS) as (connection, plan):
        totals = {each.table.label: each.columns for each in plan.totals}
        assert totals["pages"] == ("total_seconds",)
        assert totals["bills"] == ("subtotal", "lines_count", "tax")
        assert "empties" not in totals
        lines = plan_lines(plan)
        assert "  tabs.amount_paid: tab_payments.amount is made to fit total" in lines
        assert "  tiny: rows keep the totals that they were made with where a CHECK refuses others" in lines
        for table, condition in HELD.items():
            broken = run(connection, f"SELECT p.* FROM {table} AS p WHERE NOT coalesce(({condition}), false)")
            assert not broken, table
        assert run(connection, "SELECT count(*) FROM audit") == [(0,)]
        counts = {name: run(connection, f"SELECT count(*) FROM {name}")[0][0] for name in ROWS}
        assert counts == ROWS
        assert run(connection, "SELECT current_setting('session_replication_role')") == [("origin",)]


def test_what_is_given_wins_over_totals(empty_database: URL) -> None:
    given = {
        "bills": {"count": 4, "subtotal": [10]},
        "bill_lines": 8,
        "films": {"count": 3, "reviews_count": 7},
        "reviews": 4,
    }
    with seeded(empty_database, CASES, given) as (connection, plan):
        assert {each.table.label: each.columns for each in plan.totals} == {
            "bills": ("lines_count",), "films": ("rating_average",),
        }  # fmt: skip
        assert run(connection, "SELECT DISTINCT subtotal, total - tax FROM bills") == [(10, 10)]
        assert run(connection, "SELECT DISTINCT reviews_count FROM films WHERE id > 1") == [(7,)]


def test_triggers_of_a_database_that_is_not_ours_do_not_fire(empty_database: URL) -> None:
    tables = {"posts": 4, "comments": 6, "films": 4, "reviews": 5}
    with seeded(empty_database, CASES, tables, ours=False) as (connection, plan):
        assert [each.table.label for each in plan.totals] == ["films"]
        assert [name.name for name in plan.untouched] == ["posts"]
        lines = plan_lines(plan)
        assert "  posts: no totals over other tables, as an UPDATE fires triggers" in lines
        assert "  films.rating_average: average of reviews.rating" in lines
        assert run(connection, "SELECT count(*) FROM audit") == [(0,)]
        broken = f"SELECT count(*) FROM films AS p WHERE NOT ({HELD['films']})"
        assert run(connection, broken) == [(0,)]
