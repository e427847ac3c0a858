"""Columns that are totals over the rows that reference theirs: which of them, by name and type.

Tables are spelt as ``name(column type, ...)``, with ``column>table`` for a reference.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from test_agreement_in_rows import spelt_column

from pytest_supaseed.model.schema import (
    Check,
    Column,
    ColumnType,
    ForeignKey,
    Table,
    TableName,
    UniqueKey,
    with_separated_names,
)
from pytest_supaseed.planning.aggregates import FilledTables, children_of
from pytest_supaseed.values.meanings.aggregates import aggregate_of, nearest_first
from test_column_values import typed


def spelt_table(text: str) -> Table:
    name, columns = text.removesuffix(")").split("(", 1)
    found: list[Column] = [Column("id", typed("int4"))]
    keys: list[ForeignKey] = []
    checks: list[Check] = []
    for part in re.split(r", (?=\w)", columns) if columns else ():
        if ">" in part:
            column, referenced = part.split(">")
            found.append(Column(column, typed("int4")))
            keys.append(ForeignKey(f"{name}_{column}", (column,), TableName("public", referenced), ("id",)))
        elif " enum " in part:
            column, labels = part.split(" enum ")
            found.append(Column(column, ColumnType("e", "e", "E", labels=tuple(labels.split("|")))))
        else:
            found.append(spelt_column(part))
    uniques = (UniqueKey("pkey", ("id",)),)
    return Table(TableName("public", name), tuple(found), ("id",), uniques, tuple(keys), tuple(checks))


# The column of the first table, and what it is computed from, in words; None for nothing.
CASES: list[tuple[str, str, str | None]] = [
    ("categories(parent_id>categories)", "children_count int4", "count of categories"),
    # Words written together, as Django, Rails and others have them in names of tables.
    ("care_vendor(); care_workorder(vendor_id>care_vendor)", "work_order_count int4", "count of care_workorder"),
    ("care_vendor(); care_workorder(vendor_id>care_vendor, status enum open|completed)",
     "completed_work_order_count int4", "count of care_workorder by status"),
    ("leasing_lease(); billing_rentcharge(lease_id>leasing_lease, balance numeric(9,2)); "
     "billing_payment(rent_charge_id>billing_rentcharge)", "outstanding_balance numeric(9,2)",
     "sum of billing_rentcharge.balance"),
    ("purchaseorders(); purchaseorderlines(purchaseorderid>purchaseorders, linetotal numeric(9,2))",
     "total numeric(9,2)", "sum of purchaseorderlines.linetotal"),
    ("orders(); orderitems(order_id>orders, quantity int4)", "item_count int4", "count of orderitems"),
    ("crm_gizmo(); crm_gizmofault(gizmo_id>crm_gizmo); crm_visit(gizmo_fault_id>crm_gizmofault)",
     "gizmo_fault_count int4", "count of crm_gizmofault"),
    ("flats(); rentalapplications(flat_id>flats)", "rental_application_count int4", "count of rentalapplications"),
    ("flats(); rentalapplications(flat_id>flats)", "application_count int4", "count of rentalapplications"),
    ("shop_product(); shop_productreview(product_id>shop_product, rating int4)", "average_rating numeric(3,2)",
     "average of shop_productreview.rating"),
    ("hosts(); endpoints(host_id>hosts)", "point_count int4", None),
    ("categories(parent_id>categories)", "subcategory_count int4", "count of categories"),
    ("comments(parent_id>comments, body text)", "replies_count int4", "count of comments"),
    ("employees(manager_id>employees)", "direct_reports int4", "count of employees"),
    ("patrons(); fines(patron_id>patrons, amount numeric(8,2), is_paid bool)", "outstanding_fines numeric(8,2)",
     "sum of fines.amount by is_paid"),
    ("stays(); stay_extras(stay_id>stays, amount_cents int4)", "extras_total_cents int4",
     "sum of stay_extras.amount_cents"),
    ("guests(); bookings(guest_id>guests)", "total_stays int4", "count of bookings"),
    ("timesheets(); timesheet_entries(timesheet_id>timesheets, break_minutes int4, hours numeric(5,2))",
     "total_hours numeric(6,2)", "sum of timesheet_entries.hours"),
    ("stays(room_total int4); stay_extras(stay_id>stays, amount int4)", "total int4", None),
    ("orders(customer_id int4); items(order_id>orders, quantity int4, unit_price float8)", "total_amount numeric(9,2)",
     "sum of items.quantity * unit_price"),
    ("orders(tax numeric(9,2), discount numeric(9,2)); order_lines(order_id>orders, line_total numeric(9,2))",
     "total numeric(9,2)", "sum of order_lines.line_total + tax - discount"),
    ("orders(subtotal numeric(9,2)); order_items(order_id>orders, amount numeric(9,2))", "total numeric(9,2)", None),
    ("orders(); order_items(order_id>orders, price numeric(9,2))", "total numeric(9,2)", "sum of order_items.price"),
    ("orders(); order_items(order_id>orders, quantity int4)", "items_count int4", "count of order_items"),
    ("orders(); order_items(order_id>orders, quantity int4)", "line_count int4", "count of order_items"),
    ("orders(); order_items(order_id>orders, quantity int4)", "total_quantity int4", "sum of order_items.quantity"),
    ("quotes(); quote_line_items(quote_id>quotes, qty int4, price_cents int4)", "subtotal_cents int4",
     "sum of quote_line_items.qty * price_cents"),
    ("invoices(); payments(invoice_id>invoices, amount numeric(9,2), status enum pending|paid)",
     "paid_amount numeric(9,2)",
     "sum of payments.amount by status"),
    ("invoices(); payments(invoice_id>invoices, amount numeric(9,2))", "balance numeric(9,2)", None),
    ("accounts(); entries(account_id>accounts, debit numeric(9,2), credit numeric(9,2))", "balance numeric(9,2)",
     "sum of entries.debit - credit"),
    ("wallets(); wallet_transactions(wallet_id>wallets, amount_cents int8, direction enum in|out)",
     "balance_cents int8",
     "sum of wallet_transactions.amount_cents by direction"),
    ("members(); loyalty_transactions(member_id>members, points int4, type enum earn|redeem)", "points_balance int4",
     "sum of loyalty_transactions.points by type"),
    ("products(); reviews(product_id>products, stars int4)", "avg_rating numeric(3,2)", "average of reviews.stars"),
    ("products(); product_reviews(product_id>products, rating int4)", "rating float8",
     "average of product_reviews.rating"),
    ("films(); scores(film_id>films, value int4)", "rating float8", None),
    ("products(); product_reviews(product_id>products, rating int4)", "ratings_count int4", "count of product_reviews"),
    ("authors(); books(author_id>authors, pages int4)", "book_count int4", "count of books"),
    ("authors(); books(author_id>authors, pages int4)", "num_books int4", "count of books"),
    ("authors(); books(author_id>authors, pages int4)", "number_of_books int4", "count of books"),
    ("authors(); books(author_id>authors, pages int4)", "total_books int4", "count of books"),
    ("authors(); books(author_id>authors, pages int4)", "books int4", "count of books"),
    ("authors(); books(author_id>authors, pages int4)", "total_pages int4", "sum of books.pages"),
    ("authors(); books(author_id>authors, pages int4)", "average_pages numeric(8,2)", "average of books.pages"),
    ("authors(); books(author_id>authors, pages int4)", "max_pages int4", None),
    ("authors(); books(author_id>authors, pages int4)", "highest_pages int4", "greatest of books.pages"),
    ("authors(); books(author_id>authors, pages int4)", "age int4", None),
    ("authors(); books(author_id>authors, pages int4)", "awards_count int4", None),
    ("posts(); comments(post_id>posts, created_at timestamptz)", "last_commented_at timestamptz",
     "greatest of comments.created_at"),
    ("posts(); comments(post_id>posts, created_at timestamptz)", "latest_comment_at timestamp",
     "greatest of comments.created_at"),
    ("posts(); comments(post_id>posts, created_at timestamptz)", "first_comment_at timestamptz",
     "least of comments.created_at"),
    ("posts(); comments(post_id>posts, created_at timestamptz)", "last_edited_at timestamptz", None),
    ("posts(); comments(post_id>posts, created_at timestamptz)", "last_activity_at timestamptz",
     "greatest of comments.created_at"),
    ("posts(); post_likes(post_id>posts, user_id>users); users(name text)", "like_count int4", "count of post_likes"),
    ("users(); follows(follower_id>users, followee_id>users)", "follower_count int4", "count of follows"),
    ("users(); sessions(user_id>users, created_at timestamptz)", "login_count int4", "count of sessions"),
    ("users(); sessions(user_id>users, created_at timestamptz)", "last_seen_at timestamptz",
     "greatest of sessions.created_at"),
    ("users(); login_attempts(user_id>users, succeeded bool)", "failed_login_attempts int4",
     "count of login_attempts by succeeded"),
    ("projects(); tasks(project_id>projects, completed_at timestamptz?)", "completed_task_count int4",
     "count of tasks by completed_at"),
    ("projects(); tasks(project_id>projects, is_done bool)", "completed_tasks int4", "count of tasks by is_done"),
    ("projects(); tasks(project_id>projects, is_done bool)", "progress int4", "share of tasks by is_done"),
    ("projects(); tasks(project_id>projects, title text)", "completed_tasks int4", None),
    ("teams(); memberships(team_id>teams, user_id>users); users(name text)",
     "member_count int4", "count of memberships"),
    ("teams(); memberships(team_id>teams, user_id>users, status enum active|left); users(name text)",
     "active_member_count int4", "count of memberships by status"),
    ("courses(); enrollments(course_id>courses, student_id>students); students(name text)", "student_count int4",
     "count of enrollments"),
    ("courses(); enrollments(course_id>courses, student_id>students); students(name text)", "enrolled_students int4",
     "count of enrollments"),
    ("courses(); sections(course_id>courses); lessons(section_id>sections, duration_minutes int4)", "lesson_count int4",
     "count of lessons"),
    ("events(); registrations(event_id>events, user_id>users); users(name text)", "attendee_count int4",
     "count of registrations"),
    ("campaigns(); donations(campaign_id>campaigns, amount numeric(9,2))", "amount_raised numeric(9,2)",
     "sum of donations.amount"),
    ("campaigns(); donations(campaign_id>campaigns, amount numeric(9,2))", "backers_count int4", "count of donations"),
    ("auctions(); bids(auction_id>auctions, amount numeric(9,2))",
     "highest_bid numeric(9,2)", "greatest of bids.amount"),
    ("auctions(); bids(auction_id>auctions, amount numeric(9,2))", "bid_count int4", "count of bids"),
    ("albums(); songs(album_id>albums, length_seconds int4)", "duration_seconds int4", "sum of songs.length_seconds"),
    ("playlists(); playlist_tracks(playlist_id>playlists, track_id>tracks); tracks(duration_ms int4)",
     "total_duration_ms int8", "sum of tracks.duration_ms"),
    ("warehouses(); inventory(warehouse_id>warehouses, quantity int4)",
     "total_stock int4", "sum of inventory.quantity"),
    ("products(); stock_movements(product_id>products, quantity int4, kind enum inbound|outbound)",
     "stock_quantity int4", "sum of stock_movements.quantity by kind"),
    ("customers(); orders(customer_id>customers, total numeric(9,2), placed_at timestamptz)",
     "total_spent numeric(9,2)",
     "sum of orders.total"),
    ("customers(); orders(customer_id>customers, total numeric(9,2), placed_at timestamptz)", "lifetime_value float8",
     "sum of orders.total"),
    ("customers(); orders(customer_id>customers, total numeric(9,2), placed_at timestamptz)", "last_order_date date",
     "greatest of orders.placed_at"),
    ("customers(); orders(customer_id>customers, total numeric(9,2), placed_at timestamptz)",
     "average_order_total numeric(9,2)", "average of orders.total"),
    ("projects(); time_entries(project_id>projects, hours numeric(6,2))", "logged_hours numeric(9,2)",
     "sum of time_entries.hours"),
    ("folders(); files(folder_id>folders, size_bytes int8)", "total_size int8", "sum of files.size_bytes"),
    ("threads(); messages(thread_id>threads, sent_at timestamptz, is_read bool)", "last_message_at timestamptz",
     "greatest of messages.sent_at"),
    ("threads(); messages(thread_id>threads, sent_at timestamptz, read_at timestamptz?)", "unread_messages int4",
     "count of messages by read_at"),
    ("categories(); products(category_id>categories, price numeric(9,2))", "products_count int4", "count of products"),
    ("categories(); products(category_id>categories, price numeric(9,2))", "min_price numeric(9,2)",
     "least of products.price"),
    ("listings(); bookings(listing_id>listings, nights int4)", "bookings_count int4", "count of bookings"),
    ("listings(); bookings(listing_id>listings, nights int4)", "max_guests int4", None),
    ("coupons(); coupon_redemptions(coupon_id>coupons, user_id>users); users(name text)", "times_used int4",
     "count of coupon_redemptions"),
    ("coupons(); coupon_redemptions(coupon_id>coupons, user_id>users); users(name text)", "usage_count int4",
     "count of coupon_redemptions"),
    ("coupons(); coupon_redemptions(coupon_id>coupons, user_id>users); users(name text)", "redemption_count int4",
     "count of coupon_redemptions"),
    ("promo_codes(); orders(promo_code_id>promo_codes, total int4)", "redemption_count int4", "count of orders"),
    ("promo_codes(); orders(promo_code_id>promo_codes, total int4)", "max_redemptions int4", None),
    ("patients(); appointments(patient_id>patients, scheduled_at timestamptz)", "last_appointment_at timestamptz",
     "greatest of appointments.scheduled_at"),
    ("patients(); visits(patient_id>patients, visited_on date)",
     "last_visit_date date", "greatest of visits.visited_on"),
    ("tickets(); ticket_messages(ticket_id>tickets, created_at timestamptz)", "message_count int2",
     "count of ticket_messages"),
    ("departments(); employees(department_id>departments, salary numeric(9,2))",
     "headcount int4", "count of employees"),
    ("departments(); employees(department_id>departments, salary numeric(9,2))", "total_salary numeric(12,2)",
     "sum of employees.salary"),
    ("departments(); employees(department_id>departments, salary numeric(9,2))", "budget numeric(12,2)", None),
    ("polls(); poll_options(poll_id>polls); votes(poll_option_id>poll_options)", "votes_count int4", "count of votes"),
    ("shipments(); packages(shipment_id>shipments, weight_kg numeric(8,2))", "total_weight_kg numeric(8,2)",
     "sum of packages.weight_kg"),
    ("shows(); episodes(show_id>shows, published_at timestamptz?)", "last_published_at timestamptz?",
     "greatest of episodes.published_at"),
    ("lots(); bids(lot_id>lots, retracted_at timestamptz?, placed_at timestamptz)", "last_bid_at timestamptz?",
     "greatest of bids.placed_at"),
    ("guests(); ski_passes(guest_id>guests)", "passes_bought int4", "count of ski_passes"),
    ("machines(); ww_work_order(machine_id>machines)", "work_order_cnt int4", "count of ww_work_order"),
    ("rewards(); pledges(reward_id>rewards)", "claimed_count int4", "count of pledges"),
    # Rows that a word, or a flag's name, tells.
    ("lab_order(); lab_result(lab_order_id>lab_order, abnormal_flag enum NORMAL|LOW|HIGH)",
     "abnormal_result_count int4", "count of lab_result by abnormal_flag"),
    ("panels(); results(panel_id>panels, abnormal_flag bool)", "abnormal_count int4",
     "count of results by abnormal_flag"),
    ("panels(); results(panel_id>panels, flag enum L|N|H, value float8, ref_low float8, ref_high float8)",
     "abnormal_results int4", "count of results by flag"),
    ("inspections(); items(inspection_id>inspections, defect_type enum none|minor|major)", "defect_items int4",
     "count of items by defect_type"),
    ("sheets(); time_entries(sheet_id>sheets, hours numeric(5,2), is_billable bool)", "billable_hours numeric(6,2)",
     "sum of time_entries.hours by is_billable"),
    ("sheets(); time_entries(sheet_id>sheets, hours numeric(5,2), status enum draft|approved)",
     "approved_hours numeric(6,2)", "sum of time_entries.hours by status"),
    ("reports(); expense_items(report_id>reports, amount_cents int4, status enum pending|approved|rejected)",
     "approved_amount_cents int4", "sum of expense_items.amount_cents by status"),
    ("reports(); expense_items(report_id>reports, amount int4, status enum pending|approved)", "declined_amount int4",
     None),
    ("loans(); payments(loan_id>loans, amount numeric(9,2), status enum pending|overdue)",
     "overdue_amount numeric(9,2)", "sum of payments.amount by status"),
    # What is owed, of bills that count, and no sum of payments for what a bill comes to.
    ("patient(); invoice(patient_id>patient, balance_amount numeric(9,2), invoice_status enum DRAFT|ISSUED|VOID)",
     "outstanding_balance numeric(9,2)", "sum of invoice.balance_amount by invoice_status"),
    ("customers(); invoices(customer_id>customers, amount_due numeric(9,2))", "balance_due numeric(9,2)",
     "sum of invoices.amount_due"),
    ("invoices(subtotal numeric(9,2), discount numeric(9,2)); payments(invoice_id>invoices, amount numeric(9,2))",
     "total_amount numeric(9,2)", None),
    ("payouts(); payments(payout_id>payouts, amount numeric(9,2))", "total_amount numeric(9,2)",
     "sum of payments.amount"),
    ("album(); track(album_id>album, milliseconds int4)", "duration_ms int8", "sum of track.milliseconds"),
    ("albums(); tracks(album_id>albums, track_length_seconds int4)", "total_duration_seconds int4",
     "sum of tracks.track_length_seconds"),
    ("playlist(); playlist_track(playlist_id>playlist, track_id>track); track(milliseconds int4)", "duration_ms int8",
     "sum of track.milliseconds"),
    ("areas(); slopes(area_id>areas, length_m int4)", "slope_length_total_m int4", "sum of slopes.length_m"),
]  # fmt: skip
# The column of the first table and its comment, and what it is computed from.
STATED: list[tuple[str, str, str, str | None]] = [
    ("rentals(); rental_extras(rental_id>rentals, rex_amount numeric(9,2))", "extra numeric(9,2)",
     "sum of rex_amount", "sum of rental_extras.rex_amount"),
    ("auctions(); invoices(auction_id>auctions, hammer_cents int8); "
     "lots(auction_id>auctions, hammer_cents int8, state enum open|sold)", "hammer_total_cents int8",
     'sum of "hammer_cents" of the lots of this auction that were sold', "sum of lots.hammer_cents by state"),
    ("cases(); case_items(case_id>cases, line_total numeric(9,2))", "worth numeric(9,2)",
     "Sum of the line totals of the case items", "sum of case_items.line_total"),
    ("guests(); passes(guest_id>guests, price_cents int4)", "spent numeric(9,2)",
     "Sum of price_cents of the passes of the guest", "sum of passes.price_cents"),
    ("teams(); players(team_id>teams, goals int4)", "strength int4", "number of players", "count of players"),
    ("teams(); players(team_id>teams, goals int4)", "strength int4", "sum of efforts of the week", None),
    ("teams(); players(team_id>teams, goals int4)", "strength int4", "from 1 to 5", None),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "column", "words"), CASES)
def test_totals_by_name(tables: str, column: str, words: str | None) -> None:
    _compute(tables, spelt_column(column), words)


@pytest.mark.parametrize(("tables", "column", "comment", "words"), STATED)
def test_totals_by_comment(tables: str, column: str, comment: str, words: str | None) -> None:
    _compute(tables, replace(spelt_column(column), comment=comment), words)


def _compute(tables: str, of: Column, words: str | None) -> None:
    parent, *others = with_separated_names(tuple(map(spelt_table, tables.split("; "))))
    parent = Table(
        parent.name,
        (*parent.columns, of),
        parent.primary_key,
        parent.uniques,
        parent.foreign_keys,
        parent.checks,
    )
    filled = FilledTables((parent, *others))
    found = aggregate_of(of, nearest_first(children_of(parent, filled)), parent)
    assert (None if found is None else found.words) == words
