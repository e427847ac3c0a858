"""Every table of the schemas in ``schemas/``: exactly as many rows as are asked for, or a reason that is true.

A new schema is a file there, named after what it is about. What of it has to be refused is written down here.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from attempts import Opened, opened_database, seed, spec_for
from pytest_supaseed.errors import SeedError
from pytest_supaseed.markers import parse_seed
from pytest_supaseed.sources.source import load, resolve
from pytest_supaseed.spec import SeedSpec
from test_digests import SPECS
from violations import run

FOLDER = Path(__file__).parents[1] / "schemas"
SCHEMAS = sorted(path.stem for path in FOLDER.glob("*.sql"))
COMPARED = 7
# More than any table of few values holds, and an even number.
ROWS = (1, COMPARED, 22)
EVERY_NUMBER = ROWS

# Schema, table, and the numbers of rows that are refused, with what the message has to say.
REFUSED: dict[tuple[str, str], tuple[tuple[int, ...], list[str]]] = {
    **{
        ("cycles_closed", table): (EVERY_NUMBER, [" -> ", "nullable or DEFERRABLE"])
        for table in ("chickens", "eggs", "concepts", "domains", "vocabularies", "persons")
    },
    ("checks", "singleton"): ((7, 22), ["singleton", "at most 1"]),
    ("deferred_triggers", "bills"): (EVERY_NUMBER, ["bills", "has no lines"]),
    ("deferred_triggers", "tags"): (EVERY_NUMBER, ["tag_is_used", "delete what is not used", "place_tags="]),
    ("defaults_and_keys", "picks"): (EVERY_NUMBER, ["picks.a, c", "no row there has a value of it that few"]),
    ("few_values", "lone"): ((7, 22), ["asks for", "lone_key", "one value", "at most 1"]),
    ("few_values", "lone_active"): ((7, 22), ["asks for", "lone_active_key", "WHERE active", "at most 1"]),
    ("few_values", "lone_generated"): ((7, 22), ["asks for", "lone_generated_one_key", "at most 1"]),
    ("few_values", "lone_excluded"): ((7, 22), ["any two rows conflict by lone_excluded", "at most 1"]),
    ("few_values", "lone_gone"): ((7, 22), ["asks for", "lone_gone_key", "at most 2"]),
    ("few_values", "ordered"): ((7, 22), ["asks for", "ordered_a_b_key", "3 combinations", "at most 3"]),
    ("few_values", "flagged"): ((22,), ["asks for", "flagged_check accepts 7 combinations", "at most 7"]),
    ("few_values", "spelt"): ((7, 22), ["asks for", "accept 3 combinations", "at most 3"]),
    ("few_values", "tens"): ((22,), ["asks for", "tens_n_check accepts 10 values", "at most 10"]),
    ("few_values", "remainders"): ((7, 22), ["remainders_n_check accepts 5 values", "at most 5"]),
    ("few_values", "letters"): ((7, 22), ["asks for", "only 6 values of code", "at most 6"]),
    ("few_values", "seats"): ((22,), ["asks for", "only 20 values of code", "at most 20"]),
    ("few_values", "answers"): ((7, 22), ["asks for", "only 3 values of code", "at most 3"]),
    ("few_values", "numbered"): ((22,), ["public.few", "count only from 3 to 9", "at most 7"]),
    ("identity", "small"): ((22,), ["small", "at most 20"]),
    **{
        ("permuted_keys", table): (EVERY_NUMBER, ['null value in column "a"', "not tried: values of yours"])
        for table in ("swapped", "swapped_beside")
    },
    ("executed", "broken_members"): (
        EVERY_NUMBER,
        ['syntax error at or near "MAKE"', "the function is wrong"],
    ),
    ("executed", "entries"): (
        EVERY_NUMBER,
        ["who are you?", "staff, which has no rows", "ask for rows there: "],
    ),
    ("impossible", "always_false"): (EVERY_NUMBER, ["always_false", "nope"]),
    ("impossible", "broken"): (
        EVERY_NUMBER,
        ["cannot_be_asked CHECK (breaks(n))", "it cannot be evaluated for it: out of order", "columns={'n'"],
    ),
    ("impossible", "contradiction"): (EVERY_NUMBER, ["contradiction", "n > 5", "n < 3", "columns={'n'"]),
    ("impossible", "flags"): ((7, 22), ["flags", "flags_pkey", "at most 4"]),
    ("impossible", "letters"): ((7, 22), ["letters", "letters_pkey"]),
    ("impossible", "moods"): ((7, 22), ["moods", "moods_mood_key", "at most 2"]),
    ("impossible", "secrets"): (EVERY_NUMBER, ["secrets", "secret_phrase", "is_secret", "columns={'phrase'"]),
    ("junction_full", "friends"): ((1,), ["friends", "at most 0", "friends_check"]),
    ("loaded_rows", "singleton"): (EVERY_NUMBER, ["singleton", "singleton_lock_key", "at most 1"]),
    ("looked_up_records", "remittances"): ((1,), ["nothing moves", "purses, which has 1 row", "purses=2"]),
    ("open_references", "shifts"): (EVERY_NUMBER, ["staff needs rows of regions for region", "regions="]),
    ("partitions_range", "empty_ranges"): (EVERY_NUMBER, ["empty_ranges", "partition"]),
    ("polymorphic", "albums"): (
        EVERY_NUMBER,
        ["trigger: album_sealed", "ask for rows there: ", "seed(seals="],
    ),
    ("polymorphic", "boxes"): (EVERY_NUMBER, ["trigger: box_sealed", "ask for rows there: ", "seed(seals="]),
    ("signed_in", "budgets"): (
        EVERY_NUMBER,
        ["no tenant", "seats, which has no rows", "ask for rows there: ", "seed(seats="],
    ),
    ("subtypes_exclusive", "parties"): (EVERY_NUMBER, ["is not of one kind", "companies", "persons="]),
    ("subtypes_exclusive", "vehicles"): (EVERY_NUMBER, ["is only half there", "boats="]),
    ("subtypes_exclusive", "clerks"): (
        EVERY_NUMBER,
        ["a clerk of no kind", "ask for rows there: ", "cooks="],
    ),
    ("subtypes_exclusive", "workers"): (EVERY_NUMBER, ["a worker of no kind", "guests="]),
    ("subtypes_exclusive", "guides"): (EVERY_NUMBER, ["a worker of no kind", "guests="]),
    ("sums_over_rows", "postings"): (
        (1,),
        ["do not balance", "sums over the rows of postings: ask for two rows"],
    ),
    ("sums_over_rows", "transfers"): ((1,), ["transfers", "does not balance"]),
    ("sums_over_rows", "voucher_lines"): ((1,), ["does not balance"]),
    ("triggers_insert_here", "folders"): ((1, 7), ["folders", "insert into it as well: "]),
    ("triggers_insert_here", "halves"): ((1, 7, 22), ["halves", "insert into it as well: "]),
    ("triggers_insert_parents", "vaults"): (
        EVERY_NUMBER,
        ["vaults needs rows of projects for project_id", "projects="],
    ),
    ("triggers_insert_late", "transfers"): (EVERY_NUMBER, ["accounts", "as it leaves, accounts="]),
    ("triggers_link_or_insert", "accounts"): (EVERY_NUMBER, ["badge", "trigger link_person", "seed(people="]),
    ("triggers_raise", "archive"): (EVERY_NUMBER, ["archive", "the archive is closed"]),
    ("triggers_raise", "broken"): (
        EVERY_NUMBER,
        ['relation "elsewhere" does not exist', "no other row helps"],
    ),
    ("triggers_raise", "unfinished"): (EVERY_NUMBER, ["without RETURN", "no other row helps"]),
    ("triggers_refuse_null", "tours"): (
        EVERY_NUMBER,
        ["where?", "ask for rows that can be referenced: ", "seed(stations="],
    ),
    ("triggers_skip", "nothing"): (EVERY_NUMBER, ["nothing", "skip"]),
    ("weekdays", "meetings"): (EVERY_NUMBER, ["closed", "openings, which has no rows"]),
    ("weekdays", "visits"): (EVERY_NUMBER, ["does not work there on that day", "works, which has no rows"]),
    ("unknown_types", "required"): (EVERY_NUMBER, ["required.a", "mystery", "columns={'a'"]),
}
# What may be refused in these words as well: whether values are found is a matter of luck.
PERHAPS: dict[tuple[str, str], list[str]] = {
    ("triggers_raise", "payments"): ["cash only up to 500", "payments"],
    ("triggers_raise", "loans"): ["is not active", "columns={'member_id'"],
    ("triggers_skip", "visits"): ["visits", "skip_bots"],
    # The embedded programs were built without libxml.
    ("odds_and_ends", "invoices"): ["unsupported XML feature", "no other row helps: this server"],
    ("two_tenancies", "attachments"): ["attachments", "no rows of clusters and volumes agree"],
    ("user_functions", "cards"): ["cards", "valid_number", "columns={'number'"],
}
# Counts that differ from one another: tables filled to the last row, and one row too many.
FULL: dict[str, tuple[str, Mapping[str, int]]] = {
    "ordered pairs": ("few_values", {"ordered": 3, "flagged": 7, "spelt": 3, "tens": 10, "remainders": 5}),
    "texts of patterns": ("few_values", {"letters": 6, "seats": 20, "answers": 3, "numbered": 7}),
    "numbers below one": ("few_values", {"below": 60, "from_zero": 50}),
    "two of one owner": ("few_values", {"owners": 3, "paid": 3, "accounts": 20}),
    "one active": ("few_values", {"lone_active": 1, "lone_gone": 2, "some_active": 9}),
    "one player": (
        "differing_references",
        {"players": 1, "matches": 7, "reviews": 7, "loans": 7, "games": 7},
    ),
    "two players": (
        "differing_references",
        {"players": 2, "matches": 7, "reviews": 7, "loans": 7, "games": 7},
    ),
    "on working days": ("weekdays", {"doctors": 3, "clinics": 2, "works": 6, "visits": 12, "stays": 12}),
    "on opening days": ("weekdays", {"rooms": 2, "openings": 9, "meetings": 20}),
    "one zoo": ("odds_and_ends", {"zoos": 1, "animals": 20, "rooms": 1, "bookings": 30}),
    "every pair": ("junction_full", {"a": 6, "b": 8, "ab": 48}),
    "every pair of one table": ("junction_full", {"a": 7, "friends": 21}),
    "every pair and role": ("junction_full", {"a": 4, "b": 5, "roles": 60}),
    "every pair, with others": ("junction_full", {"a": 6, "b": 8, "ab": 48, "friends": 15, "roles": 144}),
    "two uniques": ("two_uniques_sharing", {"setups": 8, "users": 5, "gear": 5, "loans": 40}),
    "two uniques, few users": ("two_uniques_sharing", {"setups": 8, "users": 3, "gear": 5, "loans": 24}),
    "two uniques and a number": ("two_uniques_sharing", {"setups": 8, "users": 5, "seats": 40}),
    "three uniques": ("two_uniques_sharing", {"setups": 8, "users": 5, "gear": 8, "ranks": 40}),
    "one row for each": ("one_to_one", {"users": 9, "profiles": 9, "avatars": 9, "logins": 9, "swaps": 9}),
    "a tenant with everything": (
        "tenants",
        {"tenants": 1, "users": 8, "projects": 6, "members": 48, "tasks": 20},
    ),
    "several tenants": ("tenants", {"tenants": 3, "users": 10, "projects": 8, "members": 20, "tasks": 30}),
    "one of several": ("one_of_several", {"posts": 3, "photos": 4, "users": 9, "comments": 12, "likes": 14}),
    "one of one": ("one_of_several", {"posts": 3, "users": 9, "comments": 12, "likes": 14}),
    "every letter": ("impossible", {"letters": 6, "moods": 2, "flags": 4}),
    "NULLs and values": ("nulls_not_distinct", {"pairs": 63}),
    "every unordered pair": ("expression_uniques", {"pairs": 66}),
    "two deactivated": ("partial_uniques", {"settings": 20, "defaults": 20, "users": 3, "subscriptions": 30}),
    "a whole tree": (
        "trees",
        {"categories": 40, "employees": 30, "nodes": 25, "rooted": 10, "versions": 12},
    ),
    "a team with players": ("cycles_nullable", {"teams": 4, "players": 22, "grounds": 3}),
    "rows that reference one another by the same columns": (
        "cycles_joined",
        {"modes": 3, "locks": 9, "settings": 9, "methods": 4, "bases": 4},
    ),
    "a trigger's rows": ("triggers_insert", {"users": 5}),
    "a trigger's rows, several levels": ("triggers_insert", {"users": 5, "accounts": 8}),
    "more than a trigger's rows": (
        "triggers_insert",
        {"users": 5, "accounts": 8, "memberships": 20, "log": 60},
    ),
    "every vehicle is of some kind": ("subtypes", {"vehicles": 10, "cars": 4, "trucks": 5, "trips": 9}),
    "all are cars": ("subtypes", {"vehicles": 7, "cars": 7}),
    "persons and organizations": ("subtypes", {"registry": 9, "persons": 6, "organizations": 3}),
    "a rule's rows": ("rules_and_instead_of", {"items": 5}),
    "a deferred trigger's rows": ("deferred_triggers", {"entries": 5}),
    "more than a deferred trigger's rows": ("deferred_triggers", {"entries": 5, "totals": 9}),
    "rows for which a deferred trigger waits": (
        "deferred_triggers",
        {"bills": 5, "lines": 9, "labels": 4, "stays": 30, "rooms": 3},
    ),
    "a column that references two tables, with fewer rows of the first": (
        "shared_keys",
        {"profiles": 3, "employees": 5, "leaves": 9},
    ),
    "a column that references two tables, of which one references a third": (
        "shared_keys",
        {"profiles": 3, "users": 4, "clerks": 4, "shifts": 6},
    ),
    "a column that references two tables, with fewer rows of the second": (
        "shared_keys",
        {"profiles": 6, "employees": 2, "leaves": 9},
    ),
    "a nullable reference that others reference": (
        "open_references",
        {"regions": 5, "staff": 4, "shifts": 9},
    ),
    "tags that are used, and rows that reference each other": (
        "deferred_triggers",
        {"tags": 9, "place_tags": 9},
    ),
    "what the arguments of triggers compare, against an even spread": (
        "trigger_arguments",
        {"clubs": 3, "courts": 7, "teams": 5, "games": 11, "team_courts": 6, "squads": 9},
    ),
    "references to rows of several tables, each of them once": (
        "polymorphic",
        {
            "posts": 4,
            "photos": 5,
            "marks": 9,
            "remarks": 7,
            "stamps": 11,
            "albums": 4,
            "boxes": 5,
            "seals": 9,
        },
    ),
    "leaders of crews with several sailors": (
        "cycles_mutual",
        {"crews": 3, "sailors": 10, "flows": 4, "steps": 9, "duels": 2, "fighters": 3},
    ),
    "money that moves between few": ("looked_up_records", {"purses": 2, "remittances": 12}),
    "rows as they are inserted": ("as_inserted", {"people": 7, "polls": 7, "motions": 7}),
    "few who offer, each more than before": ("triggers_in_turn", {"people": 2, "lots": 2, "offers": 9}),
    "staff whom triggers look up by the role": ("executed", {"staff": 5, "memos": 9, "entries": 3}),
    "keys that several tables want": (
        "wanted_by_references",
        {"lots": 3, "crates": 9, "zones": 5, "shelves": 4, "switches": 2, "uses": 6, "plates": 3, "cars": 4}
        | {"channels": 20, "tunings": 9, "grades": 5, "marks": 9},
    ),
    "as many again in the same table": ("triggers_insert_here", {"folders": 8, "halves": 9}),
    "some more in the same table, and others": ("triggers_insert_here", {"orders": 12, "renewals": 5}),
    "rows that triggers make to be referenced": (
        "triggers_insert_parents",
        {"films": 7, "songs": 3, "clubs": 5},
    ),
    "as many as triggers make to be referenced": (
        "triggers_insert_parents",
        {"films": 4, "songs": 3, "media": 7, "assets": 8, "routers": 3, "switches": 4, "nodes": 8},
    ),
    "more than triggers make to be referenced": (
        "triggers_insert_parents",
        {"films": 4, "media": 9, "assets": 12, "clubs": 5, "parties": 8, "labels": 3, "notes": 9},
    ),
    "rows that triggers make, with references of their own": (
        "triggers_insert_parents",
        {"projects": 3, "vaults": 30, "stores": 30, "maps": 20},
    ),
    "rows that triggers make, with what they find for them": (
        "triggers_insert_parents",
        {"methods": 3, "members": 24, "policies": 6, "passphrases": 18, "credentials": 18},
    ),
    "rows that functions make which triggers call": (
        "triggers_insert_by_call",
        {"books": 4, "entities": 6, "shops": 3, "parties": 3, "tools": 5},
    ),
    "keys that are looked up, within documents": (
        "looked_up_in_documents",
        {
            "accounts": 5,
            "events": 7,
            "calls": 4,
            "hooks": 5,
            "baskets": 6,
            "rates": 2,
            "bills": 5,
            "receipts": 4,
        },
    ),
    "rows whose columns triggers call immutable": (
        "immutable_rows",
        {"workers": 4, "badges": 7, "stores": 3, "credentials": 3, "roots": 2, "leaves": 4, "grants": 5}
        | {"orgs": 2, "projects": 4, "roles": 3, "vaults": 5, "secrets": 5, "hidden_secrets": 5},
    ),
    "rows that triggers insert where they are missing, though as many are asked for": (
        "immutable_rows",
        {"methods": 9, "web_methods": 3, "accounts": 5, "web_accounts": 5},
    ),
    "rows for which a user of some table is signed in": (
        "signed_in",
        {"seats": 3, "budgets": 5, "audits": 5},
    ),
    "exclusive subtypes": (
        "subtypes_exclusive",
        {"parties": 14, "persons": 7, "companies": 7, "vehicles": 12, "cars": 3, "boats": 9},
    ),
    "exclusive subtypes, of one of which there are none": (
        "subtypes_exclusive",
        {"parties": 5, "companies": 5},
    ),
    "exclusive subtypes of subtypes, and some that belong together": (
        "subtypes_exclusive",
        {"workers": 20, "clerks": 12, "cooks": 5, "drivers": 7, "guests": 8, "guides": 8, "guest_guides": 6},
    ),
    "balanced entries": (
        "sums_over_rows",
        {
            "accounts": 3,
            "entries": 4,
            "lines": 9,
            "postings": 30,
            "vouchers": 3,
            "voucher_lines": 7,
            "transfers": 5,
        },
    ),
    "totals of bills, some of which have no lines": (
        "sums_over_rows",
        {"bills": 7, "bill_lines": 3, "funds": 2, "holdings": 9},
    ),
    "totals of bills without lines": ("sums_over_rows", {"bills": 7}),
    "rows that triggers insert into tables that are filled": (
        "triggers_insert_late",
        {"accounts": 9, "transfers": 4, "pages": 5, "changes": 12},
    ),
    "rows that a trigger looks up, or inserts": ("triggers_link_or_insert", {"people": 3, "accounts": 7}),
    "references that triggers require": (
        "triggers_refuse_null",
        {"stations": 2, "keepers": 3, "visits": 9, "loans": 5, "tours": 7},
    ),
    "rows that a trigger moves": ("triggers_route", {"readings": 9, "posts": 9}),
    "rows that a trigger moves elsewhere": (
        "triggers_route",
        {"readings": 9, "readings_old": 3, "posts": 9, "posts_north": 2},
    ),
}
OVERFULL: dict[str, tuple[str, Mapping[str, int], list[str]]] = {
    "more than every pair": ("junction_full", {"a": 6, "b": 8, "ab": 49}, ["ab", "ab_pkey", "at most 48"]),
    "more than two uniques": (
        "two_uniques_sharing",
        {"setups": 8, "users": 5, "gear": 3, "loans": 25},
        ["loans", "at most 24"],
    ),
    "more than one for each": ("one_to_one", {"users": 9, "profiles": 10}, ["profiles", "at most 9"]),
    "more than NULLs and values": ("nulls_not_distinct", {"pairs": 64}, ["pairs", "at most 63"]),
    "more than a tenant has": (
        "tenants",
        {"tenants": 1, "users": 8, "projects": 6, "members": 49},
        ["members", "at most 48"],
    ),
    "fewer than a trigger inserts": (
        "triggers_insert",
        {"users": 5, "accounts": 3},
        ["accounts", "accounts=5"],
    ),
    "fewer than triggers insert into tables that are filled": (
        "triggers_insert_late",
        {"pages": 5, "changes": 4},
        ["changes", "were made by triggers on other tables", "changes=7"],
    ),
    "one more than a trigger makes": ("triggers_insert_here", {"folders": 7}, ["folders=6 or folders=8"]),
    "fewer than a trigger makes": ("triggers_insert_here", {"halves": 2}, ["1 written make 3", "halves=3"]),
    "fewer than triggers make to be referenced": (
        "triggers_insert_parents",
        {"films": 4, "songs": 3, "media": 6},
        ["media", "more than the 6", "media=7"],
    ),
    "rows that a trigger would move into a full table": (
        "triggers_route",
        {"readings": 3, "readings_old": 1, "readings_new": 1},
        ["readings", "route_by_day", "leave readings_", "whose rows are asked for by themselves"],
    ),
    "more of a kind than there are": (
        "subtypes",
        {"vehicles": 5, "cars": 3, "trucks": 3},
        ["trucks", "2"],
    ),
    "fewer than a deferred trigger inserts": (
        "deferred_triggers",
        {"entries": 5, "totals": 3},
        ["totals", "5"],
    ),
    "more than the rows of several tables": (
        "polymorphic",
        {"posts": 4, "photos": 5, "marks": 10},
        ["marks", "ask for at most 9"],
    ),
    "fewer than the rows of several tables that want to be referenced": (
        "polymorphic",
        {"albums": 4, "boxes": 5, "seals": 7},
        ["box_sealed", "seals, which has 7 rows", "ask for more rows there: ", "seals=9"],
    ),
    "more than one of an owner": (
        "few_values",
        {"owners": 3, "paid": 4},
        ["paid_key", "WHERE (balance > (0)::numeric)", "at most 3"],
    ),
    "more numbers than there are": ("few_values", {"from_zero": 51}, ["from 0 to 49", "at most 50"]),
    "more than rows that reference them by the same columns": (
        "cycles_joined",
        {"modes": 5, "locks": 2},
        ["modes", "2 rows of locks", "at most 2"],
    ),
    "a parent that a trigger requires": (
        "triggers_refuse_null",
        {"loans": 3, "stations": 2},
        ["loans needs rows of keepers for keeper_id (trigger not_null_columns)", "keepers=1"],
    ),
    "a parent that is empty": ("tenants", {"tasks": 3}, ["tasks", "projects=", "users=", "tenants="]),
    "one of two parents that are empty": (
        "one_of_several",
        {"comments": 3},
        ["comments_check", "comments=3, posts=1"],
    ),
    "a view": ("foreign_tables_and_views", {"cheap": 3}, ["cheap", "view"]),
    "a foreign table": ("foreign_tables_and_views", {"remote": 3}, ["remote", "foreign table"]),
}


def _needs(schema: str) -> list[str]:
    match = re.match(r"-- needs: (.*)", (FOLDER / f"{schema}.sql").read_text(encoding="utf-8"))
    return match[1].split(", ") if match else []


def _is_there(connection: Connection, need: str) -> bool:
    if need.startswith("PostgreSQL "):
        [(version,)] = run(connection, "SELECT current_setting('server_version_num')::int / 10000")
        return bool(version >= int(need.removeprefix("PostgreSQL ")))
    if need == "ICU":
        return bool(run(connection, "SELECT FROM pg_collation WHERE collprovider = 'i' LIMIT 1"))
    return bool(run(connection, f"SELECT FROM pg_available_extensions WHERE name = '{need}'"))


class Opener:
    """Opens the schemas, each once for all tests."""

    def __init__(self, create_database: Callable[[], URL]) -> None:
        self._create_database = create_database
        self._opened: dict[str, Opened] = {}
        # For each schema that test_every_table has filled, what digest_of_most() would find there again.
        self.digests: dict[str, str] = {}

    def opened(self, schema: str) -> Opened:
        """Return a schema that is loaded; skip the test on a server that lacks what it needs."""
        if schema not in self._opened:
            self._opened[schema] = self.loaded(schema)
        return self._opened[schema]

    def loaded(self, schema: str) -> Opened:
        """Load a schema into a new database."""
        url = self._create_database()
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            missing = [need for need in _needs(schema) if not _is_there(connection, need)]
        engine.dispose()
        if missing:
            pytest.skip(f"the server has no {', '.join(missing)}")
        load(resolve(FOLDER / f"{schema}.sql", FOLDER), url)
        return opened_database(url)


@pytest.fixture(scope="session")
def opener(create_database: Callable[[], URL]) -> Opener:
    return Opener(create_database)


def outcome(opened: Opened, spec: SeedSpec, kept: Connection | None = None) -> str:
    """Seed, and return what went wrong; an exception that is none of ours goes through."""
    with opened.undone(kept) as connection:
        try:
            return "; ".join(seed(connection, opened, spec))
        except SeedError as error:
            return f"refused: {error}"


def seeded(opened: Opened, spec: SeedSpec, kept: Connection) -> tuple[str, str]:
    """Seed, and return what went wrong, and what stands for all rows or why there are none."""
    with opened.undone(kept) as connection:
        try:
            return "; ".join(seed(connection, opened, spec)), digest(connection, opened)
        except SeedError as error:
            return f"refused: {error}", str(error)


def spec_of(tables: Mapping[str, int]) -> SeedSpec:
    found, problems = parse_seed((tables,), {})
    assert not problems
    return SeedSpec(found)


def digest(connection: Connection, opened: Opened) -> str:
    """Return what stands for all rows of a database."""
    tables = opened.loaded.schema.tables
    quoted = [
        ".".join('"' + part.replace('"', '""') + '"' for part in (table.name.schema, table.name.name))
        for table in tables
    ]
    rows = ", ".join(
        f"""(SELECT array_agg(t::text ORDER BY t::text COLLATE "C") FROM {name} AS t)""" for name in quoted
    )
    found = run(connection, f"SELECT {rows}") if tables else []
    return hashlib.sha256(repr((quoted, found)).encode()).hexdigest()


def widest(opened: Opened, schema: str) -> dict[str, SeedSpec]:
    """Return a spec for each table and its parents, without those whose tables another one fills as well."""
    specs = {table.label: spec_for(opened.loaded, table, COMPARED) for table in opened.loaded.schema.tables}
    asked = {label: {table.name for table in spec.tables} for label, spec in specs.items()}
    filled = [
        tables for label, tables in asked.items() if not {(schema, label)} & (REFUSED.keys() | PERHAPS.keys())
    ]
    return {
        label: specs[label]
        for label, tables in asked.items()
        if not any(tables < others for others in filled)
    }


def spec_of_most(opened: Opened, schema: str) -> SeedSpec:
    """Return the widest spec that fills the most tables."""
    return max(widest(opened, schema).values(), key=lambda spec: len(spec.tables))


def digest_of_most(opened: Opened, schema: str) -> str:
    """Return what stands for the rows that this spec gets, or why it gets none."""
    with opened.connected() as kept:
        return seeded(opened, spec_of_most(opened, schema), kept)[1]


def test_there_is_a_schema_for_each_refusal() -> None:
    named = {schema for schema, _ in (*REFUSED, *PERHAPS)}
    assert named <= set(SCHEMAS)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_table(opener: Opener, schema: str) -> None:
    opened = opener.opened(schema)
    tables = {table.label: table for table in opened.loaded.schema.tables}
    refused = {table: expected for (name, table), expected in REFUSED.items() if name == schema}
    assert set(refused) <= set(tables)
    wrong = []
    most = spec_of_most(opened, schema)
    # All tables of a spec get as many rows: with other numbers, the widest ones fill the tables of the others, too.
    every = {*widest(opened, schema), *(label for name, label in (*REFUSED, *PERHAPS) if name == schema)}
    with opened.connected() as kept:
        for (label, table), rows in itertools.product(tables.items(), ROWS):
            if rows != COMPARED and label not in every:
                continue
            numbers, words = refused.get(label, ((), []))
            spec = spec_for(opened.loaded, table, rows)
            if spec == most:
                found, opener.digests[schema] = seeded(opened, spec, kept)
            else:
                found = outcome(opened, spec, kept)
            perhaps = PERHAPS.get((schema, label))
            if rows in numbers:
                missing = [word for word in words if word not in found]
                if not found.startswith("refused") or missing:
                    wrong.append(f"{spec} is to be refused with {words}: {found or 'exact'}")
            elif found and not (
                perhaps and found.startswith("refused") and all(word in found for word in perhaps)
            ):
                wrong.append(f"{spec}: {found}")
    assert not wrong, "\n" + "\n".join(wrong)


# Rows of the others are the same wherever they are made: test_digests.py.
@pytest.mark.parametrize("schema", [schema for schema in SCHEMAS if schema not in SPECS])
def test_another_database_gets_the_same_rows(opener: Opener, schema: str) -> None:
    # One is new, in the other seeds of all kinds have been made and undone.
    used = opener.digests.get(schema) or digest_of_most(opener.opened(schema), schema)
    assert digest_of_most(opener.loaded(schema), schema) == used


@pytest.mark.parametrize(("schema", "tables"), FULL.values(), ids=list(FULL))
def test_to_the_last_row(opener: Opener, schema: str, tables: Mapping[str, int]) -> None:
    assert outcome(opener.opened(schema), spec_of(tables)) == ""


@pytest.mark.parametrize(("schema", "tables", "words"), OVERFULL.values(), ids=list(OVERFULL))
def test_a_reason_that_is_true(
    opener: Opener, schema: str, tables: Mapping[str, int], words: list[str]
) -> None:
    found = outcome(opener.opened(schema), spec_of(tables))
    assert found.startswith("refused")
    assert [word for word in words if word not in found] == [], found
