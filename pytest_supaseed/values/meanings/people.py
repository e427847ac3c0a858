"""Names of persons, companies, jobs and streets, account names and e-mail addresses.

The word lists serve English locales, so that their values do not depend on Faker's version; other locales use Faker.
:func:`name_columns` finds the columns with the name of the person that another column, such as an e-mail address,
belongs to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from pytest_supaseed.model.identifiers import spelt
from pytest_supaseed.model.schema import Column
from pytest_supaseed.model.type_families import has_string_category

# Reserved by RFC 2606: mail to these domains is never delivered.
DOMAINS = ("example.com", "example.org", "example.net")
WOMEN = (
    "Abigail", "Alice", "Amanda", "Amelia", "Amy", "Andrea", "Angela", "Anna", "Ashley", "Audrey", "Barbara",
    "Beth", "Brenda", "Brooke", "Camille", "Carla", "Caroline", "Catherine", "Cheryl", "Christina", "Claire",
    "Cynthia", "Dana", "Deborah", "Denise", "Diana", "Donna", "Dorothy", "Eleanor", "Elena", "Elizabeth",
    "Ella", "Emily", "Emma", "Erica", "Erin", "Eva", "Evelyn", "Faith", "Fiona", "Gloria", "Grace", "Hannah",
    "Harriet", "Heather", "Helen", "Holly", "Irene", "Isabel", "Jane", "Janet", "Jennifer", "Jessica",
    "Joanna", "Joyce", "Judith", "Julia", "Karen", "Kate", "Kathleen", "Kelly", "Laura", "Lauren", "Leah",
    "Linda", "Lisa", "Lucy", "Lydia", "Margaret", "Maria", "Marie", "Martha", "Mary", "Megan", "Melissa",
    "Michelle", "Monica", "Nancy", "Naomi", "Natalie", "Nicole", "Nina", "Nora", "Olivia", "Pamela",
    "Patricia", "Paula", "Rachel", "Rebecca", "Robin", "Rosa", "Ruth", "Samantha", "Sandra", "Sara", "Sarah",
    "Sharon", "Sophia", "Stephanie", "Susan", "Tara", "Teresa", "Vanessa", "Victoria", "Wendy", "Yvonne",
    "Zoe",
)  # fmt: skip
MEN = (
    "Aaron", "Adam", "Adrian", "Alan", "Albert", "Alex", "Andrew", "Anthony", "Arthur", "Austin", "Benjamin",
    "Blake", "Brandon", "Brian", "Bruce", "Caleb", "Carl", "Charles", "Christopher", "Colin", "Connor",
    "Craig", "Daniel", "David", "Dennis", "Derek", "Dominic", "Donald", "Douglas", "Dylan", "Edward",
    "Elijah", "Eric", "Ethan", "Eugene", "Evan", "Felix", "Francis", "Frank", "Frederick", "Gabriel", "Gary",
    "George", "Gerald", "Gordon", "Grant", "Gregory", "Harold", "Harry", "Henry", "Howard", "Hugh", "Ian",
    "Isaac", "Ivan", "Jack", "Jacob", "James", "Jason", "Jeffrey", "Jeremy", "Joel", "John", "Jonathan",
    "Jordan", "Joseph", "Joshua", "Justin", "Keith", "Kenneth", "Kevin", "Kyle", "Lawrence", "Leo", "Leonard",
    "Louis", "Lucas", "Luke", "Marcus", "Mark", "Martin", "Matthew", "Max", "Michael", "Nathan", "Neil",
    "Nicholas", "Noah", "Oliver", "Oscar", "Owen", "Patrick", "Paul", "Peter", "Philip", "Ralph", "Raymond",
    "Richard", "Robert", "Roger", "Ronald", "Russell", "Ryan", "Samuel", "Scott", "Sean", "Simon", "Stephen",
    "Steven", "Stuart", "Theodore", "Thomas", "Timothy", "Todd", "Tyler", "Victor", "Vincent", "Walter",
    "Wayne", "William", "Zachary",
)  # fmt: skip
LAST = (
    "Adams", "Allen", "Anderson", "Andrews", "Armstrong", "Arnold", "Bailey", "Baker", "Barnes", "Bennett",
    "Berry", "Bishop", "Black", "Boyd", "Bradley", "Brooks", "Brown", "Bryant", "Burke", "Burns", "Butler",
    "Campbell", "Carpenter", "Carroll", "Carter", "Chapman", "Clark", "Cole", "Coleman", "Collins", "Cook",
    "Cooper", "Cox", "Crawford", "Cruz", "Cunningham", "Daniels", "Davidson", "Davis", "Dean", "Diaz",
    "Dixon", "Douglas", "Duncan", "Dunn", "Edwards", "Elliott", "Ellis", "Evans", "Ferguson", "Fisher",
    "Fletcher", "Flores", "Ford", "Foster", "Fox", "Franklin", "Freeman", "Fuller", "Garcia", "Gardner",
    "Gibson", "Gilbert", "Gomez", "Gordon", "Graham", "Grant", "Gray", "Green", "Greene", "Griffin", "Hall",
    "Hamilton", "Hansen", "Hanson", "Harper", "Harris", "Harrison", "Hart", "Harvey", "Hayes", "Henderson",
    "Henry", "Hernandez", "Hicks", "Hill", "Holmes", "Howard", "Hudson", "Hughes", "Hunt", "Hunter",
    "Jackson", "Jacobs", "James", "Jenkins", "Jensen", "Johnson", "Johnston", "Jones", "Jordan", "Kelley",
    "Kelly", "Kennedy", "Kim", "King", "Knight", "Lane", "Larson", "Lawrence", "Lawson", "Lee", "Lewis",
    "Little", "Long", "Lopez", "Lynch", "Marshall", "Martin", "Martinez", "Mason", "Matthews", "May", "McCoy",
    "McDonald", "Meyer", "Miller", "Mills", "Mitchell", "Montgomery", "Moore", "Morales", "Morgan", "Morris",
    "Morrison", "Murphy", "Murray", "Myers", "Nelson", "Newman", "Nguyen", "Nichols", "Oliver", "Olson",
    "Ortiz", "Owens", "Palmer", "Park", "Parker", "Patel", "Patterson", "Payne", "Perez", "Perkins", "Perry",
    "Peters", "Peterson", "Phillips", "Pierce", "Porter", "Powell", "Price", "Ramirez", "Ray", "Reed", "Reid",
    "Reyes", "Reynolds", "Rice", "Richards", "Richardson", "Riley", "Rivera", "Roberts", "Robertson",
    "Robinson", "Rodriguez", "Rogers", "Rose", "Ross", "Russell", "Ryan", "Sanchez", "Sanders", "Schmidt",
    "Scott", "Shaw", "Simmons", "Simpson", "Sims", "Singh", "Smith", "Snyder", "Spencer", "Stephens",
    "Stevens", "Stewart", "Stone", "Sullivan", "Taylor", "Thomas", "Thompson", "Torres", "Tucker", "Turner",
    "Wagner", "Walker", "Wallace", "Ward", "Warren", "Washington", "Watkins", "Watson", "Weaver", "Webb",
    "Weber", "Welch", "Wells", "West", "Wheeler", "White", "Williams", "Williamson", "Willis", "Wilson",
    "Wood", "Woods", "Wright", "Young",
)  # fmt: skip
COMPANY_FIRST = (
    "Alder", "Amber", "Anchor", "Apex", "Arbor", "Aspen", "Atlas", "Beacon", "Birch", "Bluebird",
    "Brightside", "Bristlecone", "Cascade", "Cedar", "Clearwater", "Cobalt", "Compass", "Copperfield",
    "Coral", "Crescent", "Crestline", "Driftwood", "Elmwood", "Evergreen", "Fairview", "Falcon", "Foxglove",
    "Garnet", "Glacier", "Granite", "Greenfield", "Halcyon", "Harbor", "Hawthorn", "Hazel", "Heron",
    "Highland", "Horizon", "Indigo", "Ironwood", "Juniper", "Keystone", "Lakeside", "Lantern", "Larkspur",
    "Linden", "Lodestar", "Maple", "Meridian", "Millstone", "Mistral", "Moonrise", "Northgate", "Oakridge",
    "Opal", "Orchard", "Osprey", "Pinecrest", "Pioneer", "Polaris", "Quarry", "Redwood", "Ridgeway",
    "Riverbend", "Rosewood", "Saffron", "Sandstone", "Sequoia", "Silverline", "Skylark", "Solstice",
    "Sparrow", "Sterling", "Stonebridge", "Summit", "Sycamore", "Tamarack", "Thistle", "Timberline",
    "Tidewater", "Vantage", "Verdant", "Vista", "Wayfarer", "Westbrook", "Whitecap", "Wildflower", "Willow",
    "Windmill", "Wren",
)  # fmt: skip
COMPANY_LAST = (
    "Analytics", "Associates", "Bakery", "Books", "Brands", "Brewing", "Capital", "Coffee", "Collective",
    "Consulting", "Dynamics", "Electronics", "Energy", "Engineering", "Farms", "Foods", "Goods", "Group",
    "Health", "Holdings", "Industries", "Instruments", "Interactive", "Labs", "Legal", "Logistics",
    "Manufacturing", "Media", "Motors", "Networks", "Outfitters", "Partners", "Pharma", "Press", "Retail",
    "Robotics", "Services", "Software", "Solutions", "Studio", "Supply", "Systems", "Textiles", "Tools",
    "Trading", "Transport", "Travel", "Ventures", "Works",
)  # fmt: skip
COMPANY_FORMS = ("", "", " Inc.", " LLC", " Ltd", " Co.")
JOBS = (
    "Account Manager", "Accountant", "Administrative Assistant", "Analyst", "Architect", "Backend Developer",
    "Business Analyst", "Buyer", "Chef", "Civil Engineer", "Consultant", "Copywriter",
    "Customer Success Manager", "Data Analyst", "Data Engineer", "Designer", "Director of Sales",
    "Electrician", "Engineering Manager", "Event Planner", "Finance Manager", "Frontend Developer",
    "Graphic Designer", "HR Manager", "Head of Marketing", "IT Support Specialist", "Journalist", "Lawyer",
    "Logistics Coordinator", "Marketing Manager", "Mechanical Engineer", "Nurse", "Office Manager",
    "Operations Manager", "Pharmacist", "Photographer", "Product Manager", "Project Manager",
    "Purchasing Manager", "QA Engineer", "Recruiter", "Research Assistant", "Sales Representative",
    "Site Manager", "Social Media Manager", "Software Engineer", "Store Manager", "Support Engineer",
    "Systems Administrator", "Teacher", "Technical Writer", "Translator", "UX Designer",
    "Warehouse Supervisor",
)  # fmt: skip
STREETS = (
    "Acorn", "Ash", "Beech", "Birch", "Bridge", "Cedar", "Chapel", "Cherry", "Chestnut", "Church", "Clover",
    "College", "Cypress", "Dogwood", "Elm", "Fairview", "Forest", "Garden", "Grove", "Harbor", "Hickory",
    "Highland", "Hill", "Juniper", "Lake", "Laurel", "Lincoln", "Linden", "Main", "Maple", "Meadow", "Mill",
    "Oak", "Orchard", "Park", "Pine", "Poplar", "Prospect", "Ridge", "River", "School", "Spring", "Spruce",
    "Station", "Sunset", "Sycamore", "Union", "Valley", "Walnut", "Washington", "Water", "Willow", "Woodland",
)  # fmt: skip
STREET_ENDS = ("Street", "Street", "Avenue", "Road", "Lane", "Drive", "Court", "Way")
PERSONS = frozenset((
    "account", "actor", "admin", "agent", "alumni", "alumnus",
    "applicant", "assignee", "attendee", "author", "borrower", "buyer",
    "candidate", "ceo", "client", "coach", "composer", "contact", "creator", "customer", "director", "doctor",
    "driver", "editor", "employee", "follower", "founder", "friend", "guest", "host", "instructor", "landlord",
    "lead", "lecturer", "manager", "member", "mentor", "nurse", "organizer", "owner", "participant", "passenger",
    "patient", "person", "photographer", "physician", "player", "professor", "profile", "recipient", "reporter",
    "representative", "resident", "responsible", "reviewer", "seller", "sender", "speaker", "staff", "student",
    "subscriber", "supervisor", "teacher", "tenant", "trainer", "tutor", "user", "visitor", "volunteer", "worker",
    "writer",
))  # fmt: skip
# Who is addressed by a title: of others, who work, the title is that of their job.
ADDRESSED = frozenset((
    "attendee", "beneficiary", "borrower", "buyer", "client", "customer", "donor", "guest", "passenger",
    "patient", "person", "policyholder", "resident", "student", "subscriber", "tenant", "traveler", "traveller",
    "visitor",
))  # fmt: skip
# Who does or is something in a row of another subject; the rows of their own tables are persons of other kinds, too.
_TRADES = """
accountant accused acrobat adjudicator adjuster administrator adoptee adopter adviser advisor aide alderman allocator
alumnus ambassador anaesthetist analyst anesthesiologist anesthetist animator announcer appellant appellee appointee
appraiser apprentice approver arbiter arbitrator archer architect archivist arranger artist assembler assessor
assignor assistant associate athlete attendant attorney auctioneer auditor aunt babysitter bailiff baker barber
barista bartender bassist batter bearer beekeeper benefactor beneficiary bidder bishop blacksmith boarder bookkeeper
bosun bowler boxer breeder brewer bride bridegroom broker builder bursar butcher butler buyer caddie cadet caller
cantor captain caregiver carer caretaker caretaking carpenter cashier celebrant chair chairman chairperson chairwoman
chancellor chaplain chauffeur chef chemist chief choreographer cinematographer citizen claimant cleaner clerk climber
clinician clown coachman cofounder colleague commander commentator commissioner complainant concierge conductor
conservator consignee consignor constable consultant contestant contributor controller cook coordinator copilot
copywriter coroner cosigner councillor councilor counsellor counselor courier cousin creditor crewman curator
custodian cyclist dancer deacon dean debtor deceased decedent deckhand decorator defendant defender delegate dentist
deputy designer detainee detective developer dietitian dispatcher dispenser distiller diver docent docker donor doula
drafter drawee driller drummer elder elector electrician embalmer endorser enforcer engineer enquirer entrant escort
estimator evacuee evaluatee evaluator examiner executor expert facilitator fan farmer father fellow fencer finalist
finder firefighter fisher fisherman fitter florist foreman forester fosterer founder franchisee fundraiser gaffer
gamekeeper gaoler gardener geologist glazier goalie goalkeeper godfather godmother goldsmith golfer governor
grandfather grandmother grantee grantor groomer grower guarantor guard guardian guide guitarist hairdresser handler
harvester headmaster headmistress heir helmsman helper herder hiker hirer historian holder homeowner householder
housemate hunter husband illustrator imam incumbent informant inhabitant initiator inmate inquirer inspector
instigator insured intern interpreter interviewee interviewer inventor investigator investor invigilator invitee
janitor jeweler jeweller jockey journalist journeyman judge juggler juror keeper keyholder laborer landlady landowner
lawyer leader learner lender lessee librarian licensee lieutenant lifeguard linesman lobbyist locksmith lodger logger
lyricist machinist magician magistrate maid maintainer marker marshal mason mate mayor mechanic mediator medic mentee
merchandiser messenger midfielder midwife milker miner minister modeler moderator monk mortgagee mortgagor mortician
mother musician nanny narrator navigator negotiator neighbor neighbour nominee notary notifier novelist nutritionist
obligee obligor observer occupant occupier offender officer officiant ombudsman oncologist optician orderly organist
originator orphan overseer packer painter panelist paramedic parent parolee partner pastor patrol payee payer
pensioner petitioner pharmacist phlebotomist physio pianist picker pilot pitcher plaintiff planner planter plasterer
playwright pledger plumber poet policyholder porter postman preparer prescriber presenter president priest principal
prisoner proctor producer programmer promoter proprietor prosecutor provost psychiatrist publicist puppeteer purchaser
purser quartermaster rabbi rancher ranger rapporteur realtor receptionist recruiter rector referee referrer refugee
registrar relative reporter requester requestor rescuer researcher respondent responder restorer retiree rider rigger
roofer roommate rower runner sailor salesperson scheduler scholar scientist scorer scout sculptor sculptress
seamstress secretary senator sergeant shareholder shepherd sheriff sibling signatory signee signer singer sitter
skater skier skipper soldier solicitor soloist sommelier specialist spokesman spokesperson spokeswoman spotter spouse
sprinter stevedore steward stewardess stockholder striker stuntman stylist submitter substitute subtenant
superintendent superior surgeon surveyor suspect swimmer tailor taxpayer technician teller testator tester therapist
tiler timekeeper toolmaker trader trainee transferee transferor translator trapper traveler traveller treasurer
trucker trustee umpire uncle undertaker underwriter upholsterer usher vaccinator valet verifier vet veterinarian vicar
victim villager vintner violinist vocalist voter waiter waitress waitstaff walker warden watchmaker weaver welder
whistleblower widow widower wife winemaker winner witness wrestler
"""
_BY_TRADE = frozenset(_TRADES.split())
_TRADE = re.compile(
    r"[a-z]{2,}(ologist|ician|grapher|iatrist|pathist|woman|craftsman|person|keeper|smith)|(?!place)[a-z]{3,}holder"
)


def is_person(word: str) -> bool:
    """Whether a noun in the singular is who does or is something: a trade, an office, a part in a matter.

    Example:
        >>> [word for word in ("curator", "radiologist", "inverter", "witness") if is_person(word)]
        ['curator', 'radiologist', 'witness']
    """
    if word in PERSONS or word in _BY_TRADE:
        return True
    return _TRADE.fullmatch(word) is not None


FIRST_NAME = re.compile(r"_first_name_")
LAST_NAME = re.compile(r"_last_name_")
FULL_NAME = re.compile(
    r"_(full|display|contact|real|preferred|customer|employee|author|owner|person|recipient|cardholder|card_holder"
    r"|account_holder|client|guest|patient|student|sender|ship|billing|shipping|reviewer|manager|user|driver|passenger"
    r"|teacher|doctor|member|contact_person|nominee|beneficiary|guardian|parent|father|mother|spouse|husband|wife|kin"
    r"|witness|referee)_name_"
)
ACCOUNT_NAME = re.compile(r"_(username|login|handle|nickname|nick)_")
# Persons related to the row's own person, whose names and addresses are not that person's.
_OTHERS = frozenset((
    "beneficiary", "emergency", "father", "guardian", "husband", "kin", "mother", "nominee", "parent", "referee",
    "referrer", "spouse", "wife", "witness",
))  # fmt: skip
_NO_WORD = re.compile(r"[^a-z0-9]+")
_OF_A_NAME = re.compile(
    r"_(first|last|full|display)_name_|_name_$|_(email|mail|username|login|gender|sex|salutation|courtesy|honorific|title_of)_"
)


def folded(text: str) -> str:
    """Return the ASCII letters and digits of a text, in lower case; letters of other scripts are dropped."""
    return _NO_WORD.sub("", without_marks(text))


# Letters that have no mark to lose.
_PLAIN = str.maketrans("øØłŁıđ", "oOlLid")


def without_marks(text: str) -> str:
    """Return a text in lower case and ASCII: letters lose their accents, other characters are dropped.

    Example:
        >>> without_marks("Café Größe")
        'cafe grosse'
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").translate(_PLAIN))
    return plain.encode("ascii", "ignore").decode().lower()


def first_name(locale: str, faker: Any) -> str:
    """Return a first name."""
    if locale.startswith("en"):
        return str(faker.random.choice(faker.random.choice((WOMEN, MEN))))
    return str(faker.first_name())


def last_name(locale: str, faker: Any) -> str:
    """Return a last name."""
    return str(faker.random.choice(LAST)) if locale.startswith("en") else str(faker.last_name())


# Languages in which the family's name comes first.
_FAMILY_FIRST = frozenset(("hu", "ja", "ko", "vi", "zh"))


def is_family_first(locale: str) -> bool:
    """Whether the family's name stands before the given one, as in Japanese and Hungarian."""
    return locale.partition("_")[0] in _FAMILY_FIRST


def full_name(first: str, last: str, locale: str) -> str:
    """Return both names in the order of the locale.

    Example:
        >>> full_name("Béla", "Nagy", "hu_HU"), full_name("Ann", "Lee", "en_US")
        ('Nagy Béla', 'Ann Lee')
    """
    return f"{last} {first}" if is_family_first(locale) else f"{first} {last}"


def name_columns(columns: tuple[Column, ...], subject: str, words: str) -> tuple[str, ...]:
    """Return the columns with the name of the person that a column belongs to.

    Args:
        columns: those that may be used.
        subject: the entity that a row describes.
        words: the normalized name of the column: ``author_email`` belongs to ``author_name`` alone.
    """
    found = {}
    given = any(column.words == "_first_name_" for column in columns)
    for column in columns:
        name = column.words
        named = FIRST_NAME.search(name) or LAST_NAME.search(name) or FULL_NAME.search(name)
        if (
            has_string_category(column.type)
            and not column.type.array
            and (named or (name == "_name_" and (given or subject in PERSONS)) or name.strip("_") in PERSONS)
        ):
            found[column.name] = _whose(name)
    whose = _whose(words)
    same = tuple(name for name, other in found.items() if other == whose)
    if same or _is_another(whose):
        return same
    # An order's ``email`` belongs to its ``customer_name``, but a company's ``email`` not to its ``ceo``.
    return tuple(
        name
        for name, other in found.items()
        if not other or (not whose and "_name_" in spelt(name) and not _is_another(other))
    )


def _whose(words: str) -> str:
    """The person that a column belongs to: ``author`` for ``author_email``; empty for the row's own person."""
    rest = _OF_A_NAME.sub("_", _OF_A_NAME.sub("_", words)).strip("_")
    return "" if rest in ("", "user", "contact", "address", "email_address") else rest


def _is_another(whose: str) -> bool:
    return not _OTHERS.isdisjoint(whose.split("_"))


def names_of(row: Mapping[str, object], columns: tuple[str, ...], faker: Any, locale: str) -> tuple[str, str]:
    """Return a person's first and last name: from the row as far as ``columns`` hold them, the rest generated."""
    first = last = ""
    given = any(FIRST_NAME.search(spelt(column)) for column in columns)
    for column in columns:
        value, words = row.get(column), spelt(column)
        if not isinstance(value, str) or not value.strip():
            continue
        if FIRST_NAME.search(words):
            first = value.strip()
        elif LAST_NAME.search(words) or (given and words == "_name_"):
            last = value.strip()
        elif not first and not last:
            first, _, last = value.strip().partition(" ")
            if is_family_first(locale):
                first, last = last, first
    return first or first_name(locale, faker), last or last_name(locale, faker)


def local_part(first: str, last: str, faker: Any, separators: str = "..__") -> str:
    """Draw an account name.

    Args:
        first: the person's first name.
        last: the last name; may be empty.
        faker: draws.
        separators: characters between the names, each repeated by its weight.
    """
    random = faker.random
    forename, surname = folded(first), folded(last)
    digits = str(random.randint(1, 99)) if random.random() < 0.4 else ""
    if not forename and not surname:
        return f"user{random.randint(1000, 99999)}"
    if not forename or not surname:
        return (forename or surname) + digits
    form = random.random()
    if form < 0.25:
        return f"{forename[0]}{surname}{digits}"
    return f"{forename}{random.choice(separators)}{surname}{digits}"


def email(local: str, faker: Any, most: int | None, host: str = "") -> str:
    """Return an e-mail address under a reserved domain.

    Args:
        local: the part before the @.
        faker: draws.
        most: the maximum number of characters, None for no limit.
        host: a host under a reserved domain; drawn if it is empty or too long.
    """
    if not host or (most is not None and len(local) + len(host) >= most):
        host = faker.random.choice(DOMAINS)
    room = 64 if most is None else min(64, most - len(host) - 1)
    if room < 1:
        # The column is too short for any reserved domain: the address exceeds it.
        return f"{local[0]}@{host}"
    return f"{local[:room].rstrip('._') or local[0]}@{host}"


def gender_of(first: str) -> str:
    """Return ``female`` or ``male`` by a first name, empty if it is unknown."""
    return "female" if first in WOMEN else "male" if first in MEN else ""
