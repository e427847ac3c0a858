"""Areas of life that a table belongs to: medical, software, shop, by the words of its name, references and columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_supaseed.constraints.column import memoized_by_identity
from pytest_supaseed.model.identifiers import singular, spelt, subject_of
from pytest_supaseed.model.schema import Table

_WORDS = {
    "medical": "blood hemoglobin systolic diastolic phlebotomist"
    " patient encounter clinic hospital ward vital prescription diagnosis physician doctor provider_npi npi"
    " pharmacy radiology immunization medication allergy vaccine icd cpt ndc mrn lab specimen surgery nurse dental bed",
    "shop": "product variant sku cart coupon brand checkout wishlist storefront merchandise",
    "school": "student teacher enrollment pupil classroom school curriculum semester homework lecture exam grade gpa"
    " course",
    "insurance": "policyholder underwriting adjuster insured claimant peril reinsurance",
    "air": "flight aircraft airport airline passenger pnr baggage",
    "marketing": "campaign advertiser creative ad adgroup impression keyword newsletter utm audience",
    "vet": "veterinarian vet animal pet breed kennel microchip",
    "farm": "crop herd livestock harvest farm irrigation tractor paddock silo barn",
    "construction": "rfi subcontractor scaffold concrete blueprint punch excavation storey",
    "factory": "bom workstation scrap workorder spindle oee takt downtime",
    "energy": "meter substation kwh solar charger turbine",
    "telecom": "msisdn imsi iccid tower roaming cdr porting",
    "arts": "artwork ulan exhibition museum curator sculpture painting provenance accession",
    "sport": "league stadium referee fixture kickoff tournament matchday shirt athlete",
    "law": "attorney lawyer matter docket litigation counsel hearing plaintiff defendant lawsuit courtroom",
    "lab": "reagent analyte assay lims custody preservative chromatography",
    "transit": "headsign fare ridership headway gtfs wheelchair_boarding tap",
    "event": "conference attendee speaker sponsor booth proposal keynote hackathon",
    "charity": "donation donor fundraiser volunteer charity nonprofit",
    "library": "borrower isbn book author dewey publisher journal",
    "music": "track album artist song playlist concert listener isrc band tonewood fretboard body_wood",
    "game": "player guild quest match character loot leaderboard achievement npc xp"
    " rarity weapon mana loot armor",
    "transport": "shipment vehicle carrier driver warehouse vessel container route fleet freight cargo port"
    " consignee customs odometer",
    "politics": "election ballot voter constituency electoral polling referendum parliament mayor",
    "bank": "loan iban transfer statement swift routing branch beneficiary ledger mortgage overdraft",
    "hotel": "reservation guest hotel checkin housekeeping folio lodging room_type",
    "staff": "employee payroll timesheet candidate leave interview position applicant salary hire",
    "estate": "property listing lease tenant landlord mls agent parcel realtor zoning",
    "device": "sensor device reading gateway firmware telemetry rssi imei",
    "software": "deployment webhook commit repository subscription organization api project sprint build"
    " pipeline mrr subdomain sso oauth queue cron",
    "kitchen": "recipe ingredient restaurant menu dish cuisine meal calories",
}
_AREAS = {word: area for area, words in reversed(_WORDS.items()) for word in words.split()}
# Areas that share words with another: a player and a match are of a game, unless the table has words of the other.
_RIVALS: Mapping[str, tuple[str, ...]] = {
    "game": ("sport",),
    "charity": ("medical",),
    "estate": ("software",),
    "shop": ("marketing", "factory"),
    "bank": ("sport",),
    "medical": ("vet",),
    "device": ("energy", "factory"),
    "software": ("construction", "factory"),
    "transport": ("transit",),
    "music": ("arts", "event"),
}


@memoized_by_identity
def area_of(table: Table) -> str:
    """Return the area of a table, empty if it is unknown.

    The nearest word counts: the table's own name, then the tables that it references, then its columns in their order.
    """
    found = [_AREAS[word] for word in dict.fromkeys(_words(table)) if word in _AREAS]
    nearest = found[0] if found else ""
    rivals = (rival for rival in _RIVALS.get(nearest, ()) if rival in found)
    return next((rival for rival in rivals if found.count(rival) >= found.count(nearest)), nearest)


def _words(table: Table) -> Iterable[str]:
    yield subject_of(table.name.separated)
    yield from map(singular, reversed(spelt(table.name.separated).strip("_").split("_")))
    for key in table.foreign_keys:
        yield subject_of(key.referenced.separated)
    for column in table.columns:
        yield from map(singular, column.words.strip("_").split("_"))
