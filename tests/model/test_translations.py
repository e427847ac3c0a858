"""How the words of names are read: joined, shortened, of other languages, and with the prefix of their table."""

from __future__ import annotations

import pytest

from pytest_supaseed.model.identifiers import separated_names, spelt, subject_of
from pytest_supaseed.model.schema import Column, ColumnType, ForeignKey, Table, TableName

TEXT = ColumnType("text", "text", "S")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("jobtitle", "job_title"),
        ("ordercategoryname", "order_category_name"),
        ("updatedby", "updated_by"),
        ("serialnumber", "serial_number"),
        ("candidate", "candidate"),
        ("format", "format"),
        ("username", "username"),
        ("marketplace", "marketplace"),
        ("fst_nm", "first_name"),
        ("pymt_amt", "payment_amount"),
        ("pst_cd", "postcode"),
        ("labour_cost", "labor_cost"),
        ("haemoglobin", "hemoglobin"),
        ("Straße", "street"),
        ("kundennummer", "customer_number"),
        ("rechnungsdatum", "invoice_date"),
        ("geburtsdatum", "birth_date"),
        ("fecha_de_nacimiento", "birth_date"),
        ("número_factura", "invoice_number"),
        ("codigo_postal", "postcode"),
        ("cliente_id", "customer_id"),
        ("data_nascimento", "birth_date"),
        ("preco_unitario", "unit_price"),
        # English words that begin as those of other languages do, and are not parted.
        ("quantitation_limit", "quantitation_limit"),
        ("precondition", "precondition"),
        ("keynotes", "keynotes"),
        ("date_naissance", "birth_date"),
        ("adresse_livraison", "delivery_address"),
        ("huisnummer", "house_number"),
        ("sperrgrund", "blocked_reason"),
        ("abbuchungsgrund", "abbuchungs_reason"),
        ("background", "background"),
        ("preis_pro_qm", "price_per_sqm"),
        ("mwst_satz", "vat_rate"),
        ("förnamn", "first_name"),
        ("størrelse", "size"),
        ("imie", "first_name"),
        ("leaverequest", "leave_request"),
        ("prerequisite", "prerequisite"),
        ("ccy_cd", "currency_code"),
        # Written as one, in both orders, and words that only look so.
        ("materialbeschreibung", "material_description"),
        ("Mindestbestand", "minimum_stock"),
        ("maxgewicht", "max_weight"),
        ("nomedipendente", "employee_name"),
        ("tipodiruolo", "role_type"),
        ("prezzoacquisto", "purchase_price"),
        ("numcontrato", "contract_number"),
        ("newvalue", "new_value"),
        ("permalink", "permalink"),
        ("numeric", "numeric"),
        ("datasheet", "datasheet"),
        ("workordercount", "work_order_count"),
        ("purchaseorderid", "purchase_order_id"),
        ("workorderstatus", "work_order_status"),
        ("runtime", "runtime"),
        ("timeline", "timeline"),
        ("typography", "typography"),
        ("data", "data"),
    ],
)
def test_words_of_a_name(name: str, words: str) -> None:
    assert spelt(name) == f"_{words}_"


@pytest.mark.parametrize(
    ("table", "subject"),
    [("kunden", "customer"), ("Bestellungen", "order"), ("pedidos", "order"), ("produits", "product")],
)
def test_rows_of_tables_in_other_languages(table: str, subject: str) -> None:
    assert subject_of(table) == subject


def table_of(*names: str, key: str, foreign: tuple[str, ...] = (), name: str = "vehicle") -> Table:
    keys = tuple(ForeignKey(name, (name,), TableName("public", "other"), ("id",)) for name in foreign)
    columns = tuple(Column(name, TEXT) for name in names)
    return Table(TableName("public", name), columns, primary_key=(key,), foreign_keys=keys)


@pytest.mark.parametrize(
    ("table", "name", "words"),
    [
        (table_of("veh_id", "veh_make", "veh_model", "veh_year", key="veh_id"), "veh_make", "make"),
        (
            table_of("veh_id", "cls_id", "veh_make", "veh_model", "veh_year", key="veh_id", foreign=("cls_id",)),
            "veh_model",
            "model",
        ),
        # Too few columns, a column without it, a key without it.
        (table_of("veh_id", "veh_make", "veh_model", key="veh_id"), "veh_make", "vehicle_make"),
        (table_of("veh_id", "veh_make", "veh_model", "veh_year", "note", key="veh_id"), "veh_make", "vehicle_make"),
        # A key that shortens the name of the table is enough; what means something else is none.
        (table_of("br_no", "br_nm", "city", "opened", "street", key="br_no", name="branches"), "br_nm", "name"),
        (table_of("coll_id", "coll_desc", "a", "b", key="coll_id", name="collateral"), "coll_desc", "description"),
        (table_of("cust_id", "cust_nm", "a", "b", key="cust_id", name="customer"), "cust_nm", "customer_name"),
        (table_of("loan_id", "loan_type", "a", "b", key="loan_id", name="loans"), "loan_type", "loan_type"),
        (table_of("id", "notify_mail", "notify_sms", "notify_push", key="id"), "notify_mail", "notify_mail"),
    ],
)  # fmt: skip
def test_the_prefix_of_all_columns_says_nothing(table: Table, name: str, words: str) -> None:
    assert table.column(name).words == f"_{words}_"


@pytest.mark.parametrize(
    ("tables", "columns", "separated"),
    [
        # By the name of a reference, of a count, of another table, and by known nouns.
        ("crm_gizmofault", "gizmo_fault_id", "crm_gizmo_fault"),
        ("crm_gizmofaults", "open_gizmo_fault_count", "crm_gizmo_faults"),
        ("pumpreadings pumps", "", "pump_readings pumps"),
        ("shop_productreview", "", "shop_product_review"),
        ("maintenance_maintenancerequest", "", "maintenance_maintenance_request"),
        ("leasing_rentalapplication", "", "leasing_rental_application"),
        ("purchaseorders purchaseorderlines", "", "purchase_orders purchase_order_lines"),
        ("customeraddresses orderstatuses", "", "customer_addresses order_statuses"),
        ("timeslots", "timeSlotId", "time_slots"),
        ("movies actors movieactors", "", "movies actors movie_actors"),
        # One word, whatever its parts mean.
        ("news newsletters", "news_letter_id", "news newsletters"),
        ("logins forms", "log_in_count for_ms", "logins forms"),
        ("users memberships friendships friends", "", "users memberships friendships friends"),
        (
            "workshops endpoints subcategories",
            "work_shop_id end_point_id",
            "workshops endpoints subcategories",
        ),
        ("OrderItems", "order_item_id", "OrderItems"),
    ],
)
def test_words_of_tables_that_are_written_together(tables: str, columns: str, separated: str) -> None:
    found, _ = separated_names(tables.split(), columns.split())
    assert " ".join(found[table] for table in tables.split()) == separated


@pytest.mark.parametrize(
    ("tables", "columns", "applications"),
    [
        ("shop_order shop_orderitem care_visit care_nurse", "order_id nurse_id", ("shop_", "care_")),
        # A table or a reference is called so.
        ("orders order_items order_notes order_tags", "item_id", ()),
        ("order_items order_notes order_tags order_files", "order_id item_id", ()),
        ("sales_orders sales_lines sales_notes sales_tags", "sales_order_id line_id", ()),
        # Most tables have none, or nothing references without it.
        ("shop_order shop_item users roles visits", "order_id", ()),
        ("ops_visits ops_rounds ops_wards crm_leads crm_calls crm_deals", "", ("ops_", "crm_")),
        ("work_orders work_logs hour_logs hour_rates", "", ()),
    ],
)
def test_names_of_applications(tables: str, columns: str, applications: tuple[str, ...]) -> None:
    assert separated_names(tables.split(), columns.split())[1] == applications
