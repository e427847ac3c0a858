"""Which references of a table should lead to one row of a third table, by the graph and by names."""

from __future__ import annotations

import pytest

from builders import asked, column, name_of, planned, reference, schema, table, unique
from pytest_supaseed.model.schema import ForeignKey, Table, Trigger
from pytest_supaseed.planning.diamonds import diamonds, member_tables, most_that_agree, trees
from pytest_supaseed.reports.plan_json import plan_document
from pytest_supaseed.reports.text import table_lines


def tables(**references: str) -> list[Table]:
    """Tables by name, each with its references: ``order="customer_id users, item_id items"``."""
    found = []
    for name, text in references.items():
        keys = [reference(*part.split()) for part in text.split(", ") if part]
        parts: list[ForeignKey | object] = [*keys]
        if name.endswith(("members", "likes")):
            parts.append(unique(*(key.columns[0] for key in keys)))
        found.append(table(name, *parts))  # type: ignore[arg-type] # references and a key
    return found


def agreeing(name: str, **references: str) -> list[tuple[str, str, str]]:
    """The diamonds of a table: the columns of both references, and the third table."""
    found = schema(*tables(**references))
    of = found.table(name_of(name))
    return [
        (first.columns[0], second.columns[0], diamond.shared.name)
        for diamond in diamonds(found, of, of.foreign_keys)
        for first, second in [diamond.foreign_keys]
    ]


SHOP = {"customers": "", "addresses": "customer_id customers"}


@pytest.mark.parametrize(
    ("name", "references", "expected"),
    [
        (
            "orders",
            {**SHOP, "orders": "customer_id customers, address_id addresses"},
            [("address_id", "customer_id", "customers")],
        ),
        (
            "orders",
            {**SHOP, "orders": "shipping_address_id addresses, billing_address_id addresses"},
            [("shipping_address_id", "billing_address_id", "customers")],
        ),
        # Over two tables.
        (
            "payments",
            {
                "customers": "",
                "orders": "customer_id customers",
                "invoices": "order_id orders",
                "payments": "invoice_id invoices, customer_id customers",
            },
            [("invoice_id", "customer_id", "customers")],
        ),
        (
            "encounters",
            {
                "patients": "",
                "doctors": "",
                "appointments": "patient_id patients, doctor_id doctors",
                "encounters": "appointment_id appointments, doctor_id doctors, patient_id patients",
            },
            [("appointment_id", "doctor_id", "doctors"), ("appointment_id", "patient_id", "patients")],
        ),
        (
            "rentals",
            {
                "stores": "",
                "items": "store_id stores",
                "staff": "store_id stores",
                "rentals": "item_id items, staff_id staff",
            },
            [("item_id", "staff_id", "stores")],
        ),
        # Who writes a comment need not have written the post, nor does one like only one's own.
        (
            "comments",
            {"users": "", "posts": "author_id users", "comments": "author_id users, post_id posts"},
            [],
        ),
        ("likes", {"users": "", "posts": "user_id users", "likes": "user_id users, post_id posts"}, []),
        ("bookings", {"users": "", "homes": "user_id users", "bookings": "user_id users, home_id homes"}, []),
        (
            "invoices",
            {"users": "", "orders": "user_id users", "invoices": "user_id users, order_id orders"},
            [("order_id", "user_id", "users")],
        ),
        (
            "timesheet_entries",
            {
                "employees": "",
                "timesheets": "employee_id employees",
                "timesheet_entries": "timesheet_id timesheets, employee_id employees",
            },
            [("timesheet_id", "employee_id", "employees")],
        ),
        # What two rows have in common need not be the same.
        (
            "items",
            {
                "categories": "",
                "products": "category_id categories",
                "shelves": "category_id categories",
                "items": "product_id products, shelf_id shelves",
            },
            [],
        ),
        (
            "transfers",
            {
                "customers": "",
                "accounts": "customer_id customers",
                "transfers": "from_account_id accounts, to_account_id accounts",
            },
            [],
        ),
        # The assignee is a member of the project, not only of the organization.
        (
            "tasks",
            {
                "organizations": "",
                "users": "",
                "organization_members": "organization_id organizations, user_id users",
                "projects": "organization_id organizations",
                "project_members": "project_id projects, user_id users",
                "tasks": "project_id projects, assignee_id users",
            },
            [("project_id", "assignee_id", "projects")],
        ),
        (
            "projects",
            {
                "organizations": "",
                "users": "",
                "organization_members": "organization_id organizations, user_id users",
                "projects": "organization_id organizations, owner_id users",
            },
            [("organization_id", "owner_id", "organizations")],
        ),
        # Whoever likes a post is no member of it.
        (
            "comments",
            {
                "users": "",
                "posts": "",
                "post_likes": "post_id posts, user_id users",
                "comments": "post_id posts, author_id users",
            },
            [],
        ),
        # What a document is made out of says more than a thing that has its current document.
        *(
            (
                document,
                {
                    "people": "",
                    things: f"current_{document[:-1]}_id {document}",
                    origin: f"thing_id {things}, person_id people",
                    document: f"origin_id {origin}, person_id people, thing_id {things}",
                },
                [("origin_id", "person_id", "people"), ("origin_id", "thing_id", things)],
            )
            for document, origin, things in (
                ("leases", "applications", "units"),
                ("rentals", "reservations", "vehicles"),
                ("contracts", "applications", "jobs"),
            )
        ),
        ("notes", {"users": "", "notes": "user_id users"}, []),
    ],
)
def test_diamonds(name: str, references: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    assert agreeing(name, **references) == expected


def test_a_key_over_both_references_does_not_imply_one_by_the_other() -> None:
    found = schema(
        table("organizations", reference("user_id", "users")),
        table("users"),
        table(
            "accounts",
            reference("organization_id", "organizations"),
            reference("user_id", "users"),
            unique("organization_id", "user_id"),
        ),
    )
    of = found.table(name_of("accounts"))
    assert diamonds(found, of, of.foreign_keys) == ()


def test_members_are_there_before_those_who_are_looked_for_among_them() -> None:
    found = schema(
        *tables(
            users="",
            teams="",
            team_members="team_id teams, user_id users",
            chores="team_id teams, assignee_id users",
        )
    )
    assert member_tables(found, found.table(name_of("chores"))) == {name_of("team_members")}
    assert member_tables(found, found.table(name_of("team_members"))) == frozenset()


def test_a_reply_is_to_a_comment_on_the_same_post() -> None:
    posts, users = table("posts"), table("users")
    comments = table(
        "comments",
        reference("post_id", "posts"),
        reference("author_id", "users"),
        reference("parent_id", "comments"),
        nullable=["parent_id"],
    )
    staff = table("staff", column("name"), reference("manager_id", "staff"), nullable=["manager_id"])
    found = schema(posts, users, comments, staff)
    own = [key for key in comments.foreign_keys if key.referenced == comments.name]
    assert trees(found, comments, own) == {"parent_id_fkey": ("post_id",)}
    assert trees(found, staff, staff.foreign_keys) == {}


@pytest.mark.parametrize(
    ("appointments", "shares", "most"),
    [(3, [2, 2, 1, 1, 1], 5), (5, [2, 2, 1, 1, 1], 7), (0, [2, 2, 1, 1, 1], 0), (None, [7], 7)],
)
def test_spread_bounds_how_many_rows_agree(appointments: int | None, shares: list[int], most: int) -> None:
    found = schema(
        *tables(
            patients="",
            appointments="patient_id patients",
            encounters="appointment_id appointments, patient_id patients",
        )
    )
    of = found.table(name_of("encounters"))
    [diamond] = diamonds(found, of, of.foreign_keys)
    counted = {"patient_id_fkey": shares}
    assert most_that_agree(diamond, 7, counted, lambda name: appointments) == most


def test_a_plan_says_where_references_cannot_agree() -> None:
    parts = tables(
        patients="",
        appointments="patient_id patients",
        encounters="appointment_id appointments, patient_id patients",
    )
    plan = planned(*parts, spec=asked(patients=5, appointments=3, encounters=7))
    assert (
        "  encounters: appointment_id and patient_id agree on patients in at most 5 of 7 rows, as these are spread"
        in table_lines(plan)
    )
    assert [each["agree"] for each in plan_document(plan)["tables"]][-1] == [
        {"columns": [["appointment_id"], ["patient_id"]], "on": "public.patients", "at_most": 5}
    ]
    agreeing_plan = planned(*parts, spec=asked(patients=5, appointments=5, encounters=7))
    assert not any("agree" in line for line in table_lines(agreeing_plan))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "PERFORM FROM projects p JOIN roles r ON r.scope_id = p.parent_id WHERE p.id = new.project_id;",
            True,
        ),
        ('PERFORM FROM projects p, roles r WHERE p."parent_id" = r."scope_id";', True),
        ("PERFORM FROM projects p JOIN roles r ON r.scope_id = p.parent_ids;", False),
        ("PERFORM FROM projects p WHERE p.parent_id = 1;", False),
    ],
)
def test_references_that_a_trigger_joins_by_columns_of_other_names(body: str, expected: bool) -> None:
    judge = Trigger("judge", "public.judge", body)
    grants = table("grants", reference("role_id", "roles"), reference("project_id", "projects"), judge)
    found = schema(
        *tables(orgs="", roles="scope_id orgs", projects="parent_id orgs"),
        grants,
    )
    of = found.table(name_of("grants"))
    shared = [diamond.shared.name for diamond in diamonds(found, of, of.foreign_keys)]
    assert shared == (["orgs"] if expected else [])
