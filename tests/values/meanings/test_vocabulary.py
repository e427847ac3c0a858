"""Words and phrases of each subject: many different texts, short enough, and reviews that suit their rating."""

from __future__ import annotations

import re
from random import Random

import pytest

from builders import column
from pytest_supaseed.constraints.domain import ValueDomain
from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column, ColumnType
from pytest_supaseed.values.meanings import own_words, vocabulary
from pytest_supaseed.values.meanings.codebooks import FIELDS
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.objects import NAMED
from pytest_supaseed.values.meanings.own_words import slots_about
from pytest_supaseed.values.meanings.phrases import Phrases, declared_slots, slots_of
from pytest_supaseed.values.meanings.vocabulary import SLOTS, VOCABULARY, reviewed
from test_column_values import made, rows_of, table_of, typed

THINGS = Context(
    table_of("things", Column("size", typed("text")), Column("owner", typed("text"))),
    Column("size", typed("text")),
    ValueDomain(),
)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("products", "description"),
        ("reviews", "body"),
        ("support_tickets", "description"),
        ("tasks", "description"),
        ("comments", "body"),
        ("messages", "content"),
        ("notes", "note"),
        ("users", "bio"),
        ("patients", "medical_history"),
        ("appointments", "notes"),
        ("encounters", "discharge_instructions"),
        ("courses", "description"),
        ("assignments", "instructions"),
        ("recipes", "instructions"),
        ("events", "description"),
        ("properties", "description"),
        ("hotels", "description"),
        ("books", "summary"),
        ("articles", "abstract"),
        ("candidates", "cover_letter"),
        ("job_postings", "description"),
        ("performance_reviews", "comments"),
        ("posts", "content"),
        ("releases", "changelog"),
        ("emails", "body"),
        ("artists", "biography"),
        ("things", "description"),
        ("things", "notes"),
        ("things", "terms"),
        ("things", "statement"),
        ("things", "findings"),
        ("things", "exclusions"),
        ("things", "next_steps"),
        ("claims", "loss_description"),
        ("claim_diary", "entry"),
        ("artworks", "provenance"),
        ("matches", "match_report"),
        ("players", "scouting_report"),
        ("daily_logs", "work_performed"),
        ("trouble_tickets", "description"),
        ("pull_requests", "body"),
        ("vulnerabilities", "details"),
    ],
)
def test_hundreds_of_different_texts_in_two_hundred_rows(table: str, name: str) -> None:
    values = made(name, typed("text"), table, 200)
    assert len(set(values)) > 150, values[:5]
    assert all(text[0].isupper() or text[0].isdigit() or text[0] == "[" for text in values)


@pytest.mark.parametrize(
    ("table", "name", "pattern"),
    [
        ("refunds", "reason", r"[A-Z][a-z ]+"),
        ("medications", "route", r"[a-z]+"),
        ("prescriptions", "sig", r"(Take|Apply|Inhale) .+\."),
        ("providers", "specialty", r"[A-Z].+"),
        ("shipments", "incoterm", r"[A-Z]{3}"),
        ("deployments", "branch", r"main|develop|[a-z]+/.+"),
        ("deployments", "commit_message", r".+"),
        ("webhook_deliveries", "error_message", r"[a-z].+"),
        ("tracks", "musical_key", r"[A-G][#b]? (major|minor)"),
        ("items", "rarity", r"common|uncommon|rare|epic|legendary"),
        ("students", "letter_grade", r"[ABC][+-]?"),
        ("rooms", "housekeeping_status", r"clean|dirty|inspected|in progress|out of order"),
        ("properties", "heating_type", r"[a-z ]+"),
        ("transactions", "merchant_name", r"[A-Z].+"),
        ("devices", "protocol", r"[a-z]+"),
        # In the words of the column, where no subject has any.
        ("things", "drawbridge_lever", r"Drawbridge lever (\d+|[A-F])"),
        ("things", "assessor_name", r"[A-Z]\w+ [A-Z]\w+"),
        # What a column's last word says of a thing of any kind.
        ("things", "front_seal_material", r"[a-z]+"),
        ("things", "received_from", r"[A-Z]\w+ [A-Z]\w+"),
        ("things", "officiant", r"[A-Z]\w+ [A-Z]\w+"),
        ("things", "taster", r"[A-Z]\w+ [A-Z]\w+"),
        ("things", "inverter", r"Inverter (\d+|[A-F])"),
        ("things", "drawbridge_regime", r"[A-Z][a-z]+"),
        # Texts that hold moments, numbers and sizes, codes that are only letters, and what is told of a thing.
        ("things", "planned_arrival", r"\d{4}-\d\d-\d\d \d\d:\d\d"),
        ("things", "issue_date", r"2025-\d\d-\d\d|2024-12-31"),
        ("things", "birth_date", r"(19|20)\d\d-\d\d-\d\d"),
        ("things", "opening_time", r"(06|07|08|09|10):(00|15|30|45)"),
        ("things", "closing_time", r"(16|17|18|19|20):(00|15|30|45)"),
        ("things", "completion_year", r"20[012]\d"),
        ("things", "image_size", r"\d\.\d (MB|KB)"),
        ("things", "toll_amount", r"\d+(\.\d+)?"),
        ("things", "krbl", r"[A-Z]{2}\d{6}"),
        ("things", "drawbridge_obstruction", r"[A-Z][a-zA-Z0-9,. ]+"),
        ("users", "cpf", r"\d{3}\.\d{3}\.\d{3}-00"),
        # What kinds of a thing there are, and what it is called; an office's products are no offices.
        ("box_office_products", "name", r".*[a-z]( \d+| [A-F])?"),
        ("kitchens", "category", r"Italian|Asian|vegetarian|bakery|grill|seafood"),
        ("log_events", "loggable_type", r"user|post|order|product"),
        ("students", "father_contact_name", r"[A-Z]\w+ [A-Z]\w+"),
        ("audit_log", "old_value", r"[A-Za-z]+|\d+\.\d\d"),
        ("artworks", "category", r"[a-z]+"),
        ("things", "complaint_type", r"service|quality|delivery|billing|noise|staff"),
        ("inspections", "name", r"[A-Z][a-z ]+ inspection"),
        ("routines", "routine_key", r"routine_([a-z]+|\d+)"),
        # Programs and machines.
        ("nodes", "signature", r"sha256=[0-9a-f]{64}"),
        ("nodes", "fqdn", r"[a-z]+-\d\.example\.(com|net|org)"),
        ("nodes", "grant_type", r"[a-z]+_[a-z]+"),
        ("user_security_keys", "nickname", r"[A-Z][a-z]+( [a-z0-9]+)*"),
        ("background_jobs", "kind", r"[a-z]+_[a-z]+"),
        ("settings", "category", r"[a-z]+"),
        # Of a hotel, a bank, a landlord and pay.
        ("hotel_rate_plans", "name", r"[A-Z][-A-Za-z ]+ Rate"),
        ("hotel_rooms", "number", r"[1-6][0-2][1-9]"),
        ("account_products", "name", r"[A-Z]\w+ (Checking|Savings|Account|(Deposit|Loan) \d\d)"),
        ("wohnung", "nummer", r"[1-9][ABC]?|(EG|[12]\. OG) (left|right)|WE \d\d"),
        ("payslip_lines", "label", r"[A-Z][a-z ]+"),
        # A car park is no car, and a product that says what it is sells no tents.
        ("car_parks", "name", r"[A-Z].* (park|North|South|East|West)"),
        ("pass_products", "name", r"[A-Z]\w+ pass|Pass (\d+|[A-F])"),
        ("things", "winch_type", r"standard|general|special|internal|external|other"),
        # The word before it says more than the table.
        ("damage_assessments", "repair_method", r"[a-z ]+"),
        ("vehicles", "usage_type", r"private|commuting|business|ride hailing|farm"),
        ("work_orders", "order_type", r"preventive|corrective|inspection|calibration"),
        # The area of the table says which.
        ("artworks", "medium", r"[a-z ]+"),
        ("campaigns", "utm_medium", r"cpc|email|organic|social"),
    ],
)
def test_words_of_a_subject(table: str, name: str, pattern: str) -> None:
    values = made(name, typed("text"), table)
    assert all(re.fullmatch(pattern, value) for value in values), values[:5]
    assert len(set(values)) > 1


@pytest.mark.parametrize(
    ("of", "end"),
    [
        ("book", "_book"),
        ("hotel", "_stay"),
        ("dish", "_meal"),
        ("course", "_course"),
        ("driver", "_work"),
        ("museum", "_place"),
        ("plugin", "_app"),
        ("product", ""),
        ("order", ""),
    ],
)
def test_reviews_are_of_what_they_review(of: str, end: str) -> None:
    table = table_of(
        "reviews", column(f"{of}_id", "int8"), column("rating", "int4"), Column("body", typed("text"))
    )
    context = Context(table, table.columns[-1], ValueDomain())
    assert reviewed(context) == end
    for tone in ("good", "mixed", "bad"):
        assert SLOTS(f"review_{tone}{end}").one(Random(0)).endswith(".")


def test_a_product_that_is_reviewed_by_its_guests_is_an_article() -> None:
    table = table_of("product_reviews", column("guest_id", "int8"), Column("body", typed("text")))
    assert reviewed(Context(table, table.columns[-1], ValueDomain())) == ""


def test_a_product_is_called_as_its_category_says() -> None:
    category = Column("category", ColumnType("sort", "sort", "E", labels=("urn", "burial_casket")))
    for row in rows_of(table_of("products", category, Column("name", typed("text"))), 20):
        assert row["name"].endswith({"urn": " urn", "burial_casket": " burial casket"}[row["category"]])


def test_texts_that_would_often_be_the_same_go_on_with_a_remark() -> None:
    values = made("corrective_action", typed("text"), "safety_incidents", 200)
    assert len(set(values)) > 120


def test_reviews_suit_the_rating_that_stands_before_or_behind_them() -> None:
    rating = column("rating", "int4")
    body, title = Column("body", typed("text")), Column("title", typed("text"))
    good = [SLOTS("review_good").one(Random(seed)) for seed in range(2000)]
    bad = [SLOTS("review_bad").one(Random(seed)) for seed in range(2000)]
    for columns in ((rating, title, body), (body, title, rating)):
        for row in rows_of(table_of("reviews", *columns), 60):
            kind = good if row["rating"] >= 4 else bad if row["rating"] <= 2 else ()
            if kind:
                assert any(row["body"].startswith(sentence[:12]) for sentence in kind), row


@pytest.mark.parametrize("most", [200, 60, 25, 8])
def test_texts_are_short_enough(most: int) -> None:
    for table, name in (
        ("products", "description"),
        ("tasks", "title"),
        ("reviews", "body"),
        ("things", "notes"),
    ):
        values = made(name, typed("varchar", length=most), table)
        assert all(0 < len(text) <= most for text in values)
        assert not any(text.endswith(" ") for text in values)


def test_a_name_of_another_thing_is_no_name_of_the_tables_entity() -> None:
    values = made("first_name", typed("text"), "departments")
    assert all(re.fullmatch(r"[A-Z]\w+", value) for value in values)
    assert not any(value in ("Finance", "Science", "Cardiology") for value in values)


def test_departments_are_those_of_their_area() -> None:
    beds = table_of("departments", Column("name", typed("text")), column("bed_count", "int4"))
    assert {row["name"] for row in rows_of(beds)} & {"Cardiology", "Radiology", "Neurology", "Oncology"}


def test_every_declared_text_can_be_written() -> None:
    random = Random(0)
    for line in VOCABULARY.declared:
        phrases = Phrases(line.text, SLOTS)
        for text in phrases.alternatives:
            found = Phrases(text, slots_about(THINGS, SLOTS)).one(random)
            assert "{^" not in found, (line, found)
            assert not re.search(r"<[#AaxX*U]\d+>|\{[a-z_]+\}|  ", found), (line.names, found)


@pytest.mark.parametrize("name", [*declared_slots((own_words.SLOTS,)), "thing", "detail", "column"])
def test_slots_in_the_words_of_a_table_have_names_that_no_subject_has(name: str) -> None:
    with pytest.raises(KeyError):
        SLOTS(name)


def test_names_are_declared_as_they_are_looked_up() -> None:
    for endings in (VOCABULARY, vocabulary.ATTRIBUTES, NAMED, FIELDS):
        for line in endings.declared:
            for name in line.names:
                assert name.removeprefix("^") == spelt(name).strip("_"), line


def test_no_name_is_declared_twice_for_one_entity_of_a_subject() -> None:
    seen: dict[tuple[str, str], str] = {}
    for line in VOCABULARY.declared:
        for name in line.names:
            for entity in line.entities or {""}:
                assert (name, entity) not in seen, (name, entity, line.text[:60])
                seen[name, entity] = line.text


def test_phrases_are_drawn_from_alternatives_slots_and_codes() -> None:
    slots = slots_of(["animal: cat | dog\n | bird\nplace: {red/old} house\n"])
    found = {Phrases("{^animal} in the {place} | <2-3><#2>", slots).one(Random(seed)) for seed in range(200)}
    assert {"Cat in the red house", "Bird in the old house"} < found
    assert all(re.fullmatch(r"(Cat|Dog|Bird) in the (red|old) house|[23]\d\d", text) for text in found)


def test_sentences_of_a_text_differ() -> None:
    several = Phrases("+2-2 One. | Two.", slots_of([]))
    assert {several.drawn(Random(seed)) for seed in range(50)} == {"One. Two.", "Two. One."}


def test_slots_that_do_not_exist_are_an_error() -> None:
    with pytest.raises(KeyError, match="animal"):
        Phrases("{animal}", slots_of([])).one(Random(0))


def test_slots_are_read_line_by_line() -> None:
    assert declared_slots(["a: b/\n c | d\n e\nf: g\n"]) == {"a": "b/c | d e", "f": "g"}


def test_a_street_has_no_number_beside_one() -> None:
    apart = table_of("addresses", Column("street", typed("text")), Column("house_number", typed("text")))
    assert not any(re.search(r"\d", row["street"]) for row in rows_of(apart))
    together = table_of("addresses", Column("street", typed("text")))
    assert all(re.search(r"\d", row["street"]) for row in rows_of(together))
