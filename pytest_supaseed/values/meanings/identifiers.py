"""Identifiers by their kind, well formed, with the right check digits, of ranges that are not assigned.

:data:`NAMES` are those that are a form with letters and digits drawn, as prefixed ids of services, in declarations of
:mod:`~pytest_supaseed.values.meanings.endings` with codes of :mod:`~pytest_supaseed.values.meanings.phrases`.
:data:`CHECKED` and :data:`NUMBERS` are the meanings of those with check digits or an authority, such as ISBN, IBAN, VIN
and ISIN, from ranges that are not assigned; :data:`FORM` is an example in a column's comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from pytest_supaseed.model.type_families import is_string
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning, matched_range
from pytest_supaseed.values.types.identifiers import (
    ean_check_digit,
    iban_check_digits,
    isbn_10_check_digit,
    luhn_check_digit,
)

_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"

NAMES = """
stripe_customer_id stripe_customer stripe_id provider_customer_id: cus_<*14>
payment_intent_id stripe_payment_intent stripe_payment_intent_id: pi_<*24>
stripe_charge_id charge_id: ch_<*24>
stripe_subscription_id provider_subscription_id: sub_<*24>
stripe_price_id: price_<*24>
stripe_product_id: prod_<*14>
stripe_invoice_id provider_invoice_id: in_<*24>
stripe_payment_method_id payment_method_id payment_method_token: pm_<*24>
stripe_setup_intent_id setup_intent_id: seti_<*24>
stripe_account_id connect_account_id: acct_<*16>
stripe_refund_id: re_<*24>
stripe_coupon_id: coupon_<*8>
stripe_event_id: evt_<*24>
stripe_session_id checkout_session_id stripe_checkout_session_id: cs_test_<*40>
stripe_transfer_id: tr_<*24>
stripe_payout_id payout_id: po_<*24>
stripe_dispute_id dispute_id: dp_<*24>
stripe_publishable_key publishable_key: pk_test_<*24>
stripe_secret_key: sk_test_<*24>
webhook_secret signing_secret webhook_signing_secret: whsec_<*32>
cpf cpf_number: <#3>.<#3>.<#3>-00
cnpj cnpj_number: <#2>.<#3>.<#3>/0001-00
siret siret_number: 000 <#3> <#3> <#5>
siren siren_number: 000 <#3> <#3>
pan pan_number permanent_account_number: AAAPA<#4>A
gstin gst_number gst_no: 00AAAAA<#4>A1Z5
ifsc ifsc_code: TEST0<#6>
uan uan_number aadhaar aadhar aadhaar_number: 0000<#8>
nrc nrc_number nrc_no: <#6>/<10-99>/1
uhid hospital_number: MR<#8>
dni nie nif: <#8>X
cuit cuil: 20-<#8>-0
ruc nit rut: <#8>-<0-9>
curp rfc: XAXX01<#6>
rpps adeli: 1000<#7>
hsn_code hsn sac_code: <10-97><#2>{/<#2>}
dtc_code obd_code fault_code trouble_code [vehicle car reading@device vehicle_reading diagnostic]: {P/B/C/U}0<#3>
paypal_order_id paypal_transaction_id paypal_id paypal_payment_id: <U17>
braintree_customer_id braintree_id: <#9>
razorpay_order_id: order_<*14>
razorpay_payment_id: pay_<*14>
shopify_order_id shopify_product_id shopify_customer_id shopify_id: <1-9><#12>
twilio_sid call_sid twilio_call_sid: CA<x32>
message_sid sms_sid twilio_message_sid: SM<x32>
account_sid twilio_account_sid: AC<x32>
sendgrid_message_id sg_message_id: <*22>.filter<#4>
mailgun_id provider_message_id message_id email_message_id: <<x16>@mail.example.com>
github_id gitlab_id github_user_id: <1-9><#7>
github_username github_login github_handle:
 {ann/ben/clara/leo/maria/nora/sam/tara}{-/}{codes/dev/builds/lab/writes}<1-99>
github_token personal_access_token: ghp_<*36>
github_installation_id installation_id: <1-9><#7>
slack_user_id slack_id slack_member_id: U0<U9>
slack_channel_id: C0<U9>
slack_team_id slack_workspace_id: T0<U9>
slack_token: xoxb-<#12>-<#12>-<*24>
slack_timestamp: 17<#8>.<#6>
google_id google_user_id google_sub: 1<#20>
google_place_id place_id: ChIJ<*23>
google_analytics_id ga_tracking_id: G-<U10>
gtm_id: GTM-<U7>
facebook_id facebook_user_id meta_id: 1000<#11>
apple_id apple_user_id apple_sub: 00<#4>.<x32>.<#4>
microsoft_id azure_oid azure_object_id tenant_guid: <x8>-<x4>-4<x3>-a<x3>-<x12>
auth_0_id auth_0_user_id: auth0|<x24>
firebase_uid firebase_id: <*28>
cognito_sub: <x8>-<x4>-4<x3>-a<x3>-<x12>
linkedin_id: <*10>
twitter_id tweet_id x_user_id: 17<#17>
discord_id discord_user_id snowflake_id: 9<#17>
telegram_id telegram_user_id telegram_chat_id: <1-9><#8>
steam_id: 7656119<#10>
spotify_id spotify_uri: <*22>
youtube_id youtube_video_id video_id: <*11>
youtube_channel_id: UC<*22>
musicbrainz_id mbid: <x8>-<x4>-4<x3>-a<x3>-<x12>
imdb_id: tt<#7>
tmdb_id tvdb_id discogs_id: <1-9><#5>
openai_file_id: file-<*24>
openai_thread_id thread_id: thread_<*24>
openai_assistant_id assistant_id: asst_<*24>
openai_api_key: sk-test-<*40>
completion_id: chatcmpl-<*29>
hubspot_id hubspot_contact_id: <1-9><#10>
salesforce_id sf_id salesforce_account_id: 001<*15>
zendesk_id zendesk_ticket_id: <1-9><#6>
intercom_id: <x24>
jira_key jira_issue_key: {WEB/OPS/APP/CRM}-<10-4800>
mongo_id object_id mongodb_id: <x24>
ulid: 01<U24>
nanoid short_id public_id: <*12>
ksuid: 2<*26>
cuid: c<a1><x23>
arn resource_arn role_arn aws_arn:
 arn:aws:{iam/s3/lambda/sqs}::000000000000:{role/bucket/function/queue}/{api/worker/reports/uploads}-<#3>
instance_id ec_2_instance_id: i-0<x16>
aws_account_id: 0000<#8>
access_key_id aws_access_key_id: AKIAEXAMPLE<U9>
s_3_key object_key storage_key: uploads/202<3-5>/<x8>.{jpg/pdf/csv}
s_3_bucket bucket_name: example-{uploads/backups/reports/images}
commit_sha commit_hash git_sha git_commit sha revision_sha git_hash: <x40>
short_sha short_hash abbreviated_sha: <x7>
build_hash: <x12>
container_id docker_id: <x64>
pod_name: {api/web/worker}-<x9>-<a5>
event_id: evt_<*24>
request_id: req_<*14>
session_id: sess_<*24>
idempotency_key: <x8>-<x4>-4<x3>-a<x3>-<x12>
transaction_id payment_reference: txn_<*20>
order_number order_no: ORD-202<3-5>-<#6>
invoice_number invoice_no: INV-202<3-5>-<#5>
number [invoice bill]: INV-202<3-5>-<#5>
number [quote quotation estimate]: QUO-202<3-5>-<#5>
number [credit_note]: CN-202<3-5>-<#5>
number [ticket case]: TCK-<#6>
purchase_order_number purchase_order: PO-<#6>
rma_number return_number: RMA-<#6>
claim_number claim_no: CLM-202<3-5>-<#6>
policy_number insurance_policy_number policy_no: POL-<#8>
contract_number agreement_number: CTR-202<3-5>-<#4>
loan_number loan_account_number: LN-<#8>
confirmation_number booking_reference booking_code confirmation_code booking_number pnr record_locator
 reservation_code: <U6>
receipt_number: R-<#7>
voucher_number: V-<#6>
folio_number: F-<#6>
statement_number: ST-<#6>
report_number: RPT-<#5>
batch_number lot_number: L<2-5><#5>
serial_number serial serial_no: SN-<U8>
asset_tag asset_number inventory_number: AST-<#5>
member_id member_number membership_number subscriber_id [claim insurance patient policy @medical]: W<#9>
member_number membership_number: M-<#6>
group_number [claim insurance patient policy @medical]: <#6>
payer_id: <#5>
authorization_number prior_authorization: AUTH-<#8>
accession_number specimen_id: {A/C/H/M/S}25-<#6>
mrn medical_record_number patient_number chart_number: MRN-<#7>
patient_id_number: P-<#7>
encounter_number visit_number: ENC-<#8>
prescription_number rx_number: RX<#7>
ndc ndc_code national_drug_code: 99999-<#4>-<#2>
rxnorm rxnorm_code rxcui: {29046/6809/83367/7646/17767/10582/20610/435/161/36437}
atc_code atc: {A10BA02/C09AA03/C10AA05/A02BC01/N02BE01/R03AC02/M01AE01/J01CA04/N06AB06/C08CA01}
license_number [doctor provider physician nurse practitioner]: MD-<#6>
license_number [driver employee customer]: D<#8>
license_number [agent realtor broker]: RE-<#6>
license_number: LIC-<#6>
passport passport_number passport_no: X00<#6>
national_id national_id_number id_number identity_number id_card_number: 00-<#7>
driver_license drivers_license driver_license_number drivers_license_number: D<#8>
tax_id ein employer_id_number tax_number federal_tax_id taxpayer_id: 00-<#7>
tin itin: 900-<#2>-<#4>
vat vat_id vat_number vat_no: DE0<#8>
eori eori_number: DE00<#13>
duns duns_number: 00<#7>
ssn_last_4: <#4>
employee_number employee_id_number employee_no personnel_number staff_number: E-<#5>
student_number student_no matriculation_number: S<2-9><#6>
card_number library_card_no library_card_number [member borrower patron @library]: 2<#13>
customer_number customer_no account_no: C-<#6>
loyalty_number frequent_flyer_number rewards_number: LP<#8>
bank_account bank_account_number: 00<#8>
sort_code: 00-<#2>-<#2>
branch_code: <#4>
end_to_end_id: E2E-<#10>
reference_number reference reference_no [transaction transfer payment @bank]: REF<#10>
^bin iin card_bin [card @bank]: 4242<#2>
swift_message_type: MT{103/202/940/950}
sic_code: {1521/2834/3571/5411/5812/6022/7011/7372/8011/8211}
bill_of_lading bol_number: BOL<#8>
mc_number: MC<#6>
dot_number usdot: 0<#6>
scac scac_code: {ZZQA/ZZQB/ZZQC/ZZRT/ZZSW/ZZTL}
seal_number: SL<#7>
license_plate plate plate_number registration_plate plate_no: {X/Q/Z}<A2>-0<#3>
registration_number [vehicle car truck]: {X/Q/Z}<A2>-0<#3>
call_sign callsign: Z<A1><#1><A2>
unlocode un_locode locode:
 {DEHAM/NLRTM/BEANR/SGSIN/USOAK/USSAV/BRSSZ/ZADUR/KRPUS/ESVLC/ITGOA/SEGOT/GBFXT/FRLEH/CNSHA/JPTYO}
un_number: UN{1090/1203/1263/1950/1993/2315/2794/3077/3082/3480}
origin_airport destination_airport departure_airport arrival_airport airport_iata origin_airport_iata
 destination_airport_iata origin_iata destination_iata [airport flight shipment route itinerary trip]:
 {AMS/ATL/CDG/DEN/DXB/FRA/HND/JFK/LAX/LHR/MAD/ORD/SEA/SFO/SIN/SYD/VIE/YYZ/ZRH}
icao icao_code airport_icao [flight route]:
 {EHAM/KATL/LFPG/KDEN/OMDB/EDDF/RJTT/KJFK/KLAX/EGLL/LEMD/KORD/KSEA/KSFO/WSSS/YSSY/LOWW/CYYZ/LSZH}
iata_code [airline carrier]: {ZZ/XQ/QQ/X0/Z0/Q0}
icao_code [airline carrier]: Z<A2>
flight_number flight_no: {XQ/ZZ/QX}<100-990>
tail_number aircraft_registration: N0<#3><A1>
door_lock_code lock_code access_code door_code gate_code: <#4>
pin pin_code otp otp_code verification_code one_time_code: <#6>
zip_plus_4: <#5>-<#4>
parcel_number parcel_id apn [property listing @estate]: <#3>-<#3>-<#2>
mls_number mls_id: MLS<#7>
isrc: ZZ{A/B/X}<U2><#2><#5>
iswc: T-000.<#3>.<#3>-<#1>
ipi_number: 000<#8>
doi: 10.5555/{<#8>/<a4>.202<3-5>.<#4>}
arxiv_id: 2{3/4/5}0<1-9>.<#5>
pmid pubmed_id: 0<#7>
oclc oclc_number: <#9>
lccn: 202<#7>
dewey dewey_decimal ddc: <100-980>.<10-99>
call_number: <A2><100-980> .{B/C/D/H/M}<10-99> 20<10-24>
rfid_tag rfid epc nfc_tag: E280<X20>
iccid sim_iccid: 8999<#15>
imsi: 00101<#10>
eui_64 dev_eui device_eui: 02<X14>
app_key: <X32>
fcc_id: 2AZZZ-<U6>
gps_device_id tracker_id: GPS-<#6>
device_id device_identifier: dev_<x12>
public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI<*43>
color_code hex_code hex color_hex accent_color primary_color background_color brand_color: #<x6>
ticket_code: TKT-<U8>
qr_code qr: QR-<U12>
barcode_number: 2<#12>
license_key product_key activation_key: <U5>-<U5>-<U5>-<U5>
build build_id: build-<#4>
purchase_token receipt [purchase]: <*48>
server_id: srv-<#4>
ein_number: 00-<#7>
steam_app_id: <1-9><#5>
"""


def _digits(count: int, random: Random) -> str:
    return "".join(random.choices("0123456789", k=count))


def ean(most: int | None, random: Random) -> str:
    """An EAN from the range for in-store use (prefix 2), cut to ``most`` digits."""
    size = 13 if most is None or most >= 13 else 12 if most == 12 else 8
    digits = "2" + _digits(size - 2, random)
    return (digits + ean_check_digit(digits))[:most]


def isbn(ask: Ask) -> str:
    """An ISBN with its check digit: of 10 digits if the name says so or no more fit, else of 13."""
    digits = ask.digits(9)
    if "_10_" in ask.context.words or (ask.most or 13) < 13:
        return digits + isbn_10_check_digit(digits)
    return f"978{digits}{ean_check_digit('978' + digits)}"


def vin(ask: Ask) -> str:
    """A vehicle identification number that cannot exist: no region code is 0."""
    return "0" + "".join(ask.faker.random.choices(_VIN_LETTERS, k=16))


def imei(ask: Ask) -> str:
    """The IMEI of a test device (prefix 00), with its Luhn check digit."""
    digits = "00" + ask.digits(12)
    return digits + luhn_check_digit(digits)


def ssn(ask: Ask) -> str:
    """A US Social Security number in area 000, which is never assigned."""
    random = ask.faker.random
    return f"000-{random.randint(1, 99):02}-{random.randint(1, 9999):04}"


def _next_ssn(found: re.Match[str], number: int) -> str:
    place = (int(found[1] + found[2]) + number) % 10**6
    return f"000-{place // 10**4:02}-{place % 10**4:04}"


def _german_iban(account: int) -> str:
    """An IBAN of a bank that cannot exist: no German sort code begins with 9."""
    digits = f"99{account % 10**16:016}"
    return f"DE{iban_check_digits('DE', digits)}{digits}"


def bic(most: int | None, random: Random) -> str:
    """The BIC of a fictitious bank."""
    return f"{random.choice(('EXAM', 'TEST', 'DEMO'))}{random.choice(('DE', 'FR', 'GB', 'US'))}00"[:most]


def account_number(ask: Ask) -> str:
    """The number of an account, customer, policy or the like: digits."""
    return ask.digits(min(9, ask.most or 9))


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def npi(ask: Ask) -> str:
    """A National Provider Identifier of ten digits: none is issued that begins with 2."""
    digits = "2" + ask.digits(8)
    # The check digit is computed with the issuer's prefix of a card number.
    return digits + luhn_check_digit("80840" + digits)


def dea(ask: Ask) -> str:
    """A DEA number: two letters, of which no registrant has the first, and seven digits."""
    digits = ask.digits(6)
    total = sum(int(digit) for digit in digits[::2]) + 2 * sum(int(digit) for digit in digits[1::2])
    return f"Z{ask.pick('ABCDEFGHJKLMNPRST')}{digits}{total % 10}"


def _numerals(text: str) -> str:
    """A text with letters as numbers: A is 10."""
    return "".join(str(int(sign, 36)) for sign in text)


def isin(ask: Ask) -> str:
    """An ISIN of no country: ZZ."""
    body = "ZZ" + "".join(ask.faker.random.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=3)) + ask.digits(6)
    return body + luhn_check_digit(_numerals(body))


def cusip(ask: Ask) -> str:
    """A CUSIP of an issuer number that is left to its users: its fifth and sixth sign are 9."""
    body = f"{ask.digits(3)}99{ask.pick('0123456789')}{ask.digits(2)}"
    total = 0
    for place, digit in enumerate(body):
        value = int(digit) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return body + str((10 - total % 10) % 10)


def sedol(ask: Ask) -> str:
    """A SEDOL of the range for users' own numbers, which begins with 9."""
    body = "9" + "".join(ask.faker.random.choices("0123456789BCDFGHJKLMNPQRSTVWXYZ", k=5))
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, (1, 3, 1, 7, 3, 9), strict=True))
    return body + str((10 - total % 10) % 10)


def lei(ask: Ask) -> str:
    """A Legal Entity Identifier of no issuer: 9999."""
    body = "999900" + "".join(ask.faker.random.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=12))
    return f"{body}{98 - int(_numerals(body + '00')) % 97:02}"


def issn(ask: Ask) -> str:
    """An ISSN that begins with 0000; without the hyphen where eight characters fit."""
    digits = "0000" + ask.digits(3)
    rest = (11 - _weighted(digits, (8, 7, 6, 5, 4, 3, 2)) % 11) % 11
    whole = digits + ("X" if rest == 10 else str(rest))
    return whole if ask.most is not None and ask.most < 9 else f"{whole[:4]}-{whole[4:]}"


def _mod_11_2(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    rest = (12 - total) % 11
    return "X" if rest == 10 else str(rest)


def orcid(ask: Ask) -> str:
    """An ORCID iD of a block that is not assigned."""
    digits = "00000005" + ask.digits(7)
    whole = digits + _mod_11_2(digits)
    return "-".join(whole[at : at + 4] for at in range(0, 16, 4))


def isni(ask: Ask) -> str:
    """An ISNI of a block that is not assigned."""
    digits = "00000005" + ask.digits(7)
    return digits + _mod_11_2(digits)


def imo(ask: Ask) -> str:
    """An IMO number of a ship that cannot exist: it begins with 0."""
    digits = "0" + ask.digits(5)
    number = digits + str(_weighted(digits, (7, 6, 5, 4, 3, 2)) % 10)
    return f"IMO {number}" if "_mmsi_" in ask.context.words else number


def mmsi(ask: Ask) -> str:
    """An MMSI of no country: 799."""
    return "799" + ask.digits(6)


def container(ask: Ask) -> str:
    """The number of a container by ISO 6346, of an owner that is not registered."""
    body = "ZZZU" + ask.digits(6)
    # Letters count 10 to 38 without the multiples of 11.
    values = [int(sign) if sign.isdigit() else _LETTER_VALUES[sign] for sign in body]
    total = sum(value * 2**place for place, value in enumerate(values))
    return body + str(total % 11 % 10)


_LETTER_VALUES = dict(
    zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (value for value in range(10, 39) if value % 11), strict=True)
)


def routing(ask: Ask) -> str:
    """The routing number of a bank that cannot exist: no district of the Federal Reserve is 99."""
    digits = "99" + ask.digits(6)
    return digits + str((10 - _weighted(digits, (3, 7, 1, 3, 7, 1, 3, 7)) % 10) % 10)


def air_waybill(ask: Ask) -> str:
    """The number of an air waybill, of no airline: 999; its last digit is the remainder by 7."""
    digits = ask.digits(7)
    return f"999-{digits}{int(digits) % 7}"


def postal_item(ask: Ask) -> str:
    """The number of a postal item by S10, of no country: ZZ."""
    digits = ask.digits(8)
    check = 11 - _weighted(digits, (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return f"RR{digits}{ {10: 0, 11: 5}.get(check, check) }ZZ"


def gtin(ask: Ask) -> str:
    """A GTIN-14 of the range for use within a store."""
    digits = "02" + ask.digits(11)
    # The weights begin with 3, as they end with 3 before the check digit.
    return digits + ean_check_digit(digits)


def _checked(name: str, names: str, write: Callable[[Ask], str]) -> Meaning:
    return Meaning(name, names, write, comments=True)


CHECKED = (
    _checked("National Provider Identifier", r"_npi_", npi),
    _checked("DEA number", r"_dea_(number_|no_)?$", dea),
    _checked("ISIN", r"_isin_", isin),
    _checked("CUSIP", r"_cusip_", cusip),
    _checked("SEDOL", r"_sedol_", sedol),
    _checked("Legal Entity Identifier", r"_lei_", lei),
    _checked("ISSN", r"_(e|p)?issn_", issn),
    _checked("ORCID iD", r"_orcid_", orcid),
    _checked("ISNI", r"_isni_", isni),
    _checked("IMO number", r"_imo_(number_|no_)?$", imo),
    _checked("MMSI", r"_mmsi_", mmsi),
    _checked("container number", r"_container_(number|no)_$", container),
    _checked("routing number", r"_routing_(number|no|code)_$|_aba_(number_|no_|code_)?$", routing),
    _checked("air waybill", r"_(awb|air_waybill|waybill)_(number_|no_)?$", air_waybill),
    _checked("postal item", r"_(s_10|postal_item|registered_mail)_(number_|code_|id_)?$", postal_item),
    _checked("GTIN-14", r"_gtin_14_|_itf_14_", gtin),
)

NUMBERS = (
    Meaning("ISBN", r"_(isbn)_", isbn),
    Meaning(
        "IBAN",
        r"_iban_",
        lambda ask: _german_iban(int(ask.digits(16))),
        reserved=matched_range(
            r"DE\d\d99(\d{16})", 10**16, lambda found, number: _german_iban(int(found[1]) + number)
        ),
    ),
    Meaning("BIC", r"_(bic|swift)_", lambda ask: bic(ask.most, ask.faker.random)),
    Meaning("EAN", r"_(ean|gtin|barcode|ean_13|jan)_", lambda ask: ean(ask.most, ask.faker.random)),
    Meaning("UPC", r"_upc_", lambda ask: ean(min(12, ask.most or 12), ask.faker.random)),
    Meaning("VIN", r"_vin_", vin),
    Meaning("IMEI", r"_imei_", imei),
    Meaning(
        "Social Security number",
        r"_ssn_|_social_security_",
        ssn,
        reserved=matched_range(r"000-(\d\d)-(\d{4})", 10**6, _next_ssn),
    ),
    Meaning(
        "account number",
        r"_(account|routing|customer|registration|passport|insurance|policy|phone_id|tax|vat|duns)_(number|no|id)_|_duns_",
        account_number,
    ),
)

# An example of a code in a comment, such as "e.g. ORD-2024-000123" or "format: AB-1234".
_EXAMPLE = re.compile(
    r"""\b(?:e\.\s?g\.|eg|ex\.|example|examples|for\ example|such\ as|like|format|form|pattern|as\ in)(?:\ is)?[:,]?\s*
    ["'`(]?(?P<code>[A-Za-z0-9#][A-Za-z0-9#/_.:-]*[A-Za-z0-9#])["'`)]?""",
    re.IGNORECASE | re.VERBOSE,
)
_SEGMENT = re.compile(r"[A-Za-z]+|[0-9#]+|[^A-Za-z0-9#]+")
_YEAR = re.compile(r"(19|20)\d\d")
# Letters that stand for digits in a description of a form.
_PLACEHOLDERS = re.compile(r"(N{2,}|n{2,}|9{3,}|#+)")


def example_of(comment: str) -> str:
    """Return the example of a code that a comment gives, empty if it gives none.

    Example:
        >>> example_of("Number of the order, e.g. ORD-2024-000123"), example_of("like the others")
        ('ORD-2024-000123', '')
    """
    for found in _EXAMPLE.finditer(comment):
        code = found["code"]
        if re.search(r"[0-9#]", code) and (re.search(r"[A-Za-z]", code) or re.search(r"[-#/]", code)):
            return code
    return ""


def of_form(code: str, random: Random, year: int) -> str:
    """Return another code of the form of an example.

    Digits vary, and letters of one or two; longer words are prefixes and stay. Years lie in the last three.

    Args:
        code: the example.
        random: draws.
        year: the year of the rows' reference date.
    """
    parts = []
    for segment in _SEGMENT.findall(code):
        if _YEAR.fullmatch(segment) or segment.upper() in ("YYYY", "JJJJ"):
            parts.append(str(year - random.randint(0, 2)))
        elif segment[0].isdigit() or _PLACEHOLDERS.fullmatch(segment):
            parts.append("".join(random.choices("0123456789", k=len(segment))))
        elif segment.isalpha() and (len(segment) < 3 or set(segment.upper()) == {"X"}):
            letters = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=len(segment)))
            parts.append(letters.lower() if segment.islower() else letters)
        else:
            parts.append(segment)
    return "".join(parts)


def _has_example(context: Context) -> bool:
    return not context.spelling and bool(example_of(context.column.comment or ""))


def _formed(context: Context) -> Derived:
    code = example_of(context.column.comment or "")
    return lambda ask: of_form(code, ask.faker.random, ask.context.today.year), ()


FORM = Meaning(
    "example in a comment", "", derive=_formed, where=_has_example, types=is_string, comments=False
)
