"""Word lists: columns with a few well-known texts by name, statuses and types by entity, and titles of each kind.

:data:`LISTED` are the meanings of such columns, in the order in which they are tried; :func:`words_for` looks up
entities in :data:`STATUSES`, :data:`TYPES` or :data:`LEVELS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pytest_supaseed.model.identifiers import singular
from pytest_supaseed.values.meanings import local_words, places
from pytest_supaseed.values.meanings.context import Context
from pytest_supaseed.values.meanings.meaning import Ask, Derived, Meaning, Write, fitting, one_fitting, one_of

# fmt: off
_LISTS: tuple[tuple[str, tuple[str, ...]] | tuple[str, tuple[str, ...], str], ...] = (
    (r"_browser_(name_)?$", ("Chrome", "Edge", "Firefox", "Safari")),
    (r"_(os|operating_system)_(name_)?$", ("Android", "Linux", "Windows", "iOS", "macOS")),
    (r"^_platform_$|_(app|device|client|social)_platform_", ("android", "ios", "linux", "macos", "web", "windows")),
    (r"^_device_$|^_(user|login|client|visitor)_device_$|_(device|client)_type_$", ("desktop", "mobile", "tablet")),
    (r"_(http|request)_(method|verb)_|_verb_", ("GET", "POST", "PUT", "PATCH", "DELETE")),
    (r"_(env|environment|stage_name)_$", ("development", "production", "staging", "test")),
    (r"_name_suffix_|^_suffix_$", ("Jr.", "Sr.", "III", "PhD")),
    (r"_marital_(status_)?$|_civil_status_", ("single", "married", "divorced", "widowed")),
    (r"_blood_(type|group)_", ("A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-")),
    (r"_(transmission|gearbox)_", ("automatic", "manual")),
    (r"_(direction)_$", ("inbound", "outbound")),
    (r"_(writing|text)_direction_", ("ltr", "rtl")),
    (r"_continent_", ("Africa", "Asia", "Europe", "North America", "Oceania", "South America")),
    (r"_(region|subregion|world_region)_", ("Eastern Asia", "Eastern Europe", "Northern America", "Northern Europe",
                                     "South America", "Southern Europe", "Western Europe")),
    (r"_(card|credit_card)_(brand|type|network|company)_", ("visa", "mastercard", "amex", "discover")),
    (r"_payment_(method|type|mode)_|_pay_method_", ("card", "cash", "invoice", "paypal", "bank_transfer")),
    (r"_(shipping|delivery|ship)_(method|mode|option)_|_ship_via_", ("standard", "express", "pickup")),
    (r"_payment_terms_|_terms_of_payment_", ("due on receipt", "net 14", "net 30", "net 60")),
    (r"_airline_", ("Blue Sky Air", "Coastal Airways", "Meridian Air", "Polar Wings")),
    (r"_(aircraft|plane)_", ("Airbus A320", "Airbus A350", "Boeing 737", "Boeing 787", "Embraer 190")),
    (r"_airport_", ("AMS", "ATL", "CDG", "DEN", "FRA", "JFK", "LAX", "LHR", "MAD", "ORD", "SEA", "SFO")),
    (r"_(billing_period|billing_cycle|billing_interval|recurrence|frequency|periodicity|interval|cadence|repeat)_$",
     ("daily", "weekly", "monthly", "yearly")),
    (r"_rrule_", ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=1")),
    (r"_cron_", ("*/5 * * * *", "0 * * * *", "0 3 * * *", "0 8 * * 1", "30 6 1 * *")),
    (r"_visibility_|_privacy_", ("private", "public", "unlisted")),
    (r"_sentiment_", ("negative", "neutral", "positive")),
    (r"_(utm_source|traffic_source|lead_source|acquisition_source|origin_channel)_$|^_source_$",
     ("advertisement", "direct", "newsletter", "partner", "referral", "search", "website")),
    (r"_utm_medium_|^_medium_$", ("cpc", "email", "organic", "social")),
    (r"^_channel_$|^_(contact|preferred|communication|sales|support|notification)_channel_$",
     ("chat", "email", "phone", "social", "web")),
    (r"^_((oauth|auth|identity|login|signin|sso|social)_)?provider_$", ("apple", "email", "github", "google")),
    (r"_(gateway|payment_gateway|payment_provider|processor|psp)_$", ("adyen", "braintree", "paypal", "stripe")),
    (r"_(industry|sector)_", ("Construction", "Education", "Energy", "Finance", "Food", "Health Care", "Logistics",
                              "Manufacturing", "Media", "Retail", "Software", "Travel")),
    (r"_(education|degree|qualification)_(level_)?$", ("High School", "Bachelor", "Master", "Doctorate")),
    (r"_(major|field_of_study)_",
     ("Biology", "Business", "Chemistry", "Computer Science", "Economics", "History", "Law", "Mathematics",
      "Mechanical Engineering", "Medicine", "Psychology")),
    (r"_(school|university|college|institution)_(name_)?$",
     ("Cedar High School", "Hillcrest College", "Lakeside University", "Northern State University",
      "Oakwood Elementary", "Riverside Academy")),
    (r"_(league|division|conference)_$", ("Central League", "First Division", "Northern Conference", "Premier League")),
    (r"_(stadium|arena)_", ("City Arena", "Harbor Stadium", "Lakeside Park", "Memorial Stadium", "Union Field")),
    (r"_(shift)_$", ("early", "late", "night")),
    (r"_weekday_|_day_of_week_|_dow_", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
    (r"_month_(name_)?$", ("January", "February", "March", "April", "May", "June", "July", "August", "September",
                           "October", "November", "December")),
    (r"_(disk|storage_disk|storage_driver)_$", ("local", "s3")),
    (r"_(bucket|bucket_name|container)_$", ("avatars", "backups", "documents", "images", "uploads")),
    (r"_(queue|queue_name)_$", ("default", "emails", "exports", "high", "low")),
    (r"_(job_handler|job_class)_|^_handler_$", ("export_report", "import_products", "resize_image", "send_email")),
    (r"_logger_", ("app.auth", "app.billing", "app.orders", "http.access", "jobs")),
    (r"_(exception|error_class|error_type)_", ("ConnectionError", "KeyError", "PermissionError", "TimeoutError",
                                               "ValueError")),
    (r"^_(event|event_name|event_type|trigger|topic_name)_$|^_(webhook|domain|system)_event(_name|_type)?_$",
     ("order.created", "order.shipped", "payment.failed", "payment.succeeded", "user.created", "user.deleted",
      "user.login"), "event"),
    (r"_events_$", ("order.created", "order.shipped", "payment.failed", "user.created", "user.deleted")),
    (r"^_(action|operation|activity)_$|^_(user|audit|log|performed|last)_(action|operation|activity)_$",
     ("create", "delete", "login", "logout", "update", "view"), "action"),
    (r"_(table_name|tablename|relation_name)_", ("comments", "invoices", "orders", "products", "users")),
    (r"_(column_name|field_name|attribute_name)_", ("amount", "description", "email", "name", "price", "status")),
    (r"_module_$", ("billing", "calendar", "inventory", "orders", "reports", "users")),
    (r"^_resource_$|_(resource_name|entity|entity_name|subject_type|model_name)_$",
     ("comments", "invoices", "orders", "posts", "products", "users")),
    (r"_scopes?_$", ("read", "write", "admin", "profile", "email")),
    (r"_guard_name_", ("api", "web")),
    (r"_aud_$", ("authenticated",)),
    (r"_reason_(code|type)_",
     ("01", "02", "05", "10", "12")),
    (r"^_resolution_$", ("done", "duplicate", "fixed", "won't fix")),
    (r"^_license_$|_software_license_$|_license_(spdx|name)_$", ("Apache-2.0", "BSD-3-Clause", "GPL-3.0", "MIT")),
    (r"_encoding_|_charset_", ("UTF-8", "ISO-8859-1")),
    (r"_(algorithm|hash_algo)_", ("argon2id", "bcrypt", "sha256")),
    (r"_(yes_no|yn|flag|indicator|ind)_$", ("Y", "N")),
    (r"_quantity_per_unit_", ("10 boxes", "12 bottles", "24 - 250 g jars", "6 pieces", "500 g package", "1 kg bag")),
    (r"_(unit|uom|measure)_(code_|abbreviation_)?$", ("pcs", "kg", "g", "m", "cm", "l", "box")),
    (r"_(dress|shirt|shoe|clothing)_size_$|^_size_$", ("XS", "S", "M", "L", "XL")),
    (r"_icon_", ("bell", "book", "calendar", "camera", "clock", "compass", "flag", "heart", "home", "key", "map",
                 "star", "user")),
    (r"_theme_", ("dark", "light", "system")),
    (r"^_layout_$|_(page|grid|view)_layout_", ("card", "default", "grid", "list")),
    (r"_(format)_$", ("csv", "json", "pdf", "xlsx")),
    (r"_(seat|seat_number|seat_no)_$", ("1A", "4C", "7F", "12A", "14D", "18B", "21E", "27C")),
    (r"_gate_$", ("A1", "A12", "B4", "B22", "C7", "D3")),
    (r"_(aisle|rack|shelf|bin)_(no_|number_|code_)?$", ("A1", "A2", "B1", "B3", "C2", "D4")),
    (r"_(office|branch|branch_name)_$", ("Berlin", "Boston", "Headquarters", "London", "Main Street", "Paris")),
    (r"_(location|place|whereabouts)_$", ("Building A", "Building C", "Head Office", "Main Entrance", "Main Hall",
                                          "North Side", "Parking Lot", "Room 12", "Room 204", "Second Floor",
                                          "South Yard", "Warehouse 1")),
    (r"_pros_", ("comfortable", "easy to use", "good battery", "light", "well made")),
    (r"_cons_", ("a bit heavy", "few colors", "no manual", "short cable")),
    (r"_(features|amenities|perks|benefits)_$", ("API access", "Free parking", "Priority support", "Pool",
                                                 "Unlimited projects", "Wi-Fi")),
    (r"_(bank|bank_name)_$", ("Example Bank", "First Test Bank", "Sample Savings Bank")),
    (r"_(insurance|insurer|insurance_company)_$", ("Example Insurance", "Sample Health", "Test Mutual")),
    (r"_(distribution|edition)_$", ("Community", "Enterprise", "First Edition", "Second Edition")),
    (r"_(tld)_$", (".com", ".de", ".fr", ".org", ".uk")),
    (r"_(headers|payload|parameters|params|options|metadata|properties|attributes|extra|config|data)_$", ("{}",)),
    (r"_emoji_", ("👍", "🎉", "❤️", "🚀", "👀")),
    (r"^_keywords_$|^_(meta|seo)_keywords_$", ("accessories, outdoor", "guide, tips", "new, featured", "sale, summer")),
    (r"_(mood|feeling)_", ("calm", "cheerful", "happy", "tired")),
    (r"_(season)_$", ("spring", "summer", "autumn", "winter")),
    (r"_(relationship|relation)_$", ("child", "friend", "parent", "sibling", "spouse")),
    (r"_(religion)_", ("none", "Buddhist", "Christian", "Hindu", "Jewish", "Muslim")),
)
# fmt: on


def _listed(names: str, words: tuple[str, ...], essential: str = "") -> Meaning:
    """The meaning of columns with a few well-known texts, called by the first of its names."""
    first = re.search(r"[a-z][a-z_]*[a-z]", names)
    write = one_fitting(words)
    name = first[0] if first else names
    return Meaning(f"listed {name}", names, _unit(write) if name == "unit" else write, essential=essential)


def _unit(write: Write) -> Write:
    """A unit of goods in the locale's words."""
    return lambda ask: local_words.word(ask, "unit") if local_words.has_words(ask) else write(ask)


LISTED = tuple(_listed(*each) for each in _LISTS)


def _by_thing(text: str) -> dict[str, tuple[str, ...]]:
    """Parse lines such as ``order purchase: pending shipped``, entities and their words."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.strip().splitlines():
        things, _, words = line.partition(":")
        found.update(dict.fromkeys(things.split(), tuple(words.split())))
    return found


STATUSES = _by_thing("""
order purchase cart checkout fulfillment: pending processing shipped delivered cancelled
payment transaction charge payout transfer refund: pending completed failed refunded
invoice bill statement: draft sent paid overdue void
subscription plan: active trialing past_due canceled
task todo issue card story checklist step: open in_progress in_review done
ticket case complaint incident support: open pending resolved closed
bug defect: new confirmed fixed closed
post article page blog story news content document lesson chapter: draft published archived
comment review feedback question answer: pending approved rejected
user account member customer client profile employee contact vendor supplier partner: active inactive pending
job run batch import export sync process workflow execution build pipeline: queued running succeeded failed
deployment release migration: pending running succeeded failed
booking reservation appointment visit: pending confirmed completed cancelled
project milestone sprint epic initiative: planned active on_hold completed
lead opportunity deal prospect: new contacted qualified won lost
shipment delivery parcel package shipping tracking: pending in_transit delivered returned
device sensor server node host machine printer: online offline maintenance
campaign newsletter promotion: draft scheduled running finished
message email mail notification sms push reminder: queued sent delivered failed
event meeting webinar class course: scheduled ongoing completed cancelled
flight train trip ride route: scheduled boarding departed arrived delayed
product item gear: active draft out_of_stock archived
candidate applicant application: applied interviewing offered hired rejected
invitation invite friendship connection follow: pending accepted declined
vehicle car room table asset equipment copy: available in_use maintenance retired
contract agreement policy proposal quote offer: draft sent signed expired
subscriber: active suspended cancelled
change_order change_request: draft submitted approved rejected
work_order service_order field_job: open scheduled in_progress completed
purchase_order supplier_order: draft sent confirmed received
porting: requested scheduled completed rejected
rfi inquiry: open answered closed
smart_card gift_card sim_card library_card credit_card debit_card member_card: active blocked expired lost
sample specimen: received in_progress analyzed disposed
instrument: in_service calibration out_of_service
charger connector station: available charging out_of_order reserved
loan_request: requested approved returned
enrollment registration student: enrolled active completed dropped
file upload attachment media video image: uploading processing ready failed
game match: scheduled playing finished
exam test quiz assignment submission: assigned submitted graded
loan claim: requested approved repaid rejected
webhook integration key token: active disabled
leave absence approval timesheet expense request: requested approved rejected
marital: single married divorced widowed
employment: employed on_leave terminated
health: healthy degraded down
attendance: present absent late excused
container: empty loaded in_transit maintenance
declaration customs clearance: submitted held cleared released
prescription: active completed cancelled expired
encounter: planned in_progress finished
kyc aml verification: pending verified rejected expired
housekeeping cleaning: clean dirty inspected
visa: citizen permanent_resident work_visa student_visa
posting vacancy: draft published closed
listing: active pending sold withdrawn expired
property house apartment: available under_offer sold rented
viewing showing: scheduled completed cancelled
command: sent acknowledged failed
alert alarm: open acknowledged resolved
report: open reviewed dismissed
housing: rented owned
stock inventory: in_stock low_stock out_of_stock
""")
ANY_STATUS = ("active", "inactive", "pending", "completed")
TYPES = _by_thing(
    """
address: billing shipping home office
phone: mobile home work
contact: customer supplier partner
account bank: checking savings credit
transaction payment txn entry: payment refund transfer fee
movement: purchase sale transfer adjustment return
notification channel reminder: email sms push
event activity interaction: view click signup purchase
discount coupon promotion voucher promo offer: percentage fixed_amount free_shipping
document: contract invoice report letter
vehicle car: sedan suv hatchback van
body: sedan suv hatchback van
room: single double suite
question: single_choice multiple_choice text scale
user member customer client: individual business
profile: personal business
property listing real: apartment house studio office
leave absence: vacation sick parental unpaid
field column attribute input setting value data config variable: text number date boolean
entity resource subject model target owner item commentable taggable object record source reference related parent
 imageable attachable likeable notifiable auditable: user post order product
employment job: full_time part_time contract internship
contract: fixed_price time_and_material framework service
fuel: petrol diesel electric hybrid
blood: A+ A- B+ AB+ O+ O-
token: bearer refresh api
card: visa mastercard amex
id identity identification: passport drivers_license national_id
file media attachment asset: image video document audio
message: text image file system
post article content page: article news guide video
task issue ticket story: bug feature task improvement
product item: physical digital service
meeting: online in_person phone
course lesson: video text quiz
membership plan subscription: monthly yearly lifetime
organization company: company nonprofit agency
device client platform: desktop mobile tablet
appointment visit: checkup consultation follow_up
log audit action: create update delete login
relation relationship link: parent child sibling friend
policy insurance: health auto home travel
service: repair installation consulting
expense cost: travel meals office software
actor: user system api_key
bed: single double queen king
shipment shipping delivery: standard express pickup
tax: vat sales reduced
rule condition trigger: equals contains greater_than
widget chart: bar line pie table
goal: weight distance steps
""".replace("\n ", " ")
)
ANY_TYPE = ("standard", "general", "special", "other")
LEVELS = _by_thing("""
log event audit message entry logger: debug info warning error
course lesson skill language class workout exercise recipe education player: beginner intermediate advanced
severity incident alert bug vulnerability error: low medium high critical
access permission: read write admin
risk priority difficulty importance stock: low medium high
user customer membership loyalty member account tier: bronze silver gold
experience job position employee seniority: junior mid senior lead
""")
ANY_LEVEL = ("low", "medium", "high")
PRIORITIES = ("low", "medium", "high", "urgent")


def words_for(
    lists: dict[str, tuple[str, ...]], things: Iterable[str], otherwise: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the words of the first entity in ``things`` that ``lists`` has, else ``otherwise``.

    Example:
        >>> words_for(STATUSES, ["gizmo", "order"], ANY_STATUS)[0]
        'pending'
    """
    return next((lists[thing] for thing in things if thing in lists), otherwise)


FILMS = (
    "A Winter's Letter", "Beyond the Harbor", "Borrowed Time", "Midnight at the Station", "Nine Quiet Days",
    "Paper Lanterns", "Salt and Thunder", "Shadows on the Lake", "The Cartographer", "The Glass Orchard",
    "The Last Ferry", "The Lighthouse Keeper", "The Long Way North", "The Orchid Thief's Daughter",
    "The Silent Valley", "The Watchmaker", "Two Suitcases", "Under a Copper Sky", "What the River Knew",
    "Winter Crossing",
)  # fmt: skip
SONGS = (
    "Blue Motel", "Carry Me Over", "City of Glass", "Cold Coffee", "Dancing in Slow Motion", "Echo Park",
    "Electric Rain", "Falling Upward", "Golden Hour", "Half the Moon", "Hold the Line", "Kites",
    "Last Train Home", "Lemonade Sky", "Northern Wind", "Ocean Floor", "Paper Hearts", "Run to the River",
    "Silver Lining", "Stay a While", "Sunday Driver", "Tidal", "Waiting for Snow", "Wildfire",
)  # fmt: skip
ALBUMS = (
    "Afterglow", "Between Stations", "Bright Static", "Distant Shores", "Early Works", "Fields & Fences",
    "Folklight", "Greatest Hits", "Home Recordings", "Live at the Mill", "Low Tide", "Night Atlas",
    "Open Windows", "Parallel Lines", "Slow Fade", "Songs for June", "Still Life", "The Basement Tapes",
    "The Weather Inside", "Unplugged",
)  # fmt: skip
ARTISTS = (
    "Amber Coast", "Blue Parade", "Copper Kings", "Cloud Theory", "Echo Valley", "Fable & Pine",
    "Glass Animals Club", "Hollow Pines", "Ivory Lane", "June Harbor", "Little Giants", "Lunar Youth",
    "Marble Street", "Night Ferry", "Paper Foxes", "Quiet Riot Club", "Red Umbrella", "Silver Tongues",
    "The Lamplighters", "The Wandering Sons", "Velvet Avenue", "Wild Geese",
)  # fmt: skip
BOOKS = (
    "A Brief History of Maps", "A House by the Sea", "Cooking with Fire", "Everyday Statistics",
    "Letters to a Gardener", "Mountains and Memory", "Notes from the North", "Practical Databases",
    "The Art of Small Talk", "The Bread Book", "The Clockmaker's Apprentice", "The Collector of Stamps",
    "The Invisible Bridge", "The Language of Trees", "The Night Librarian", "The Salt Road",
    "The Shape of Water", "Thinking in Systems", "Walking the Coast", "Why Birds Sing",
)  # fmt: skip
COURSES = (
    "Advanced Databases", "Algebra I", "American History", "Business Writing", "Calculus II",
    "Computer Networks", "Creative Writing", "Data Analysis with Python", "Digital Marketing Basics",
    "Drawing for Beginners", "Financial Accounting", "General Chemistry", "Introduction to Psychology",
    "Introduction to SQL", "Linear Algebra", "Modern Art", "Music Theory", "Organic Chemistry",
    "Photography 101", "Physics I", "Project Management", "Public Speaking", "Spanish for Beginners",
    "Statistics", "Web Development", "World Literature",
)  # fmt: skip
EVENTS = (
    "Annual General Meeting", "Board Meeting", "Book Launch", "Charity Run", "Community Breakfast",
    "Design Workshop", "Developer Conference", "Film Night", "Garden Party", "Hackathon", "Jazz Evening",
    "Kick-off Meeting", "Networking Dinner", "Open Day", "Open Mic Night", "Photography Exhibition",
    "Product Demo", "Quarterly Review", "Spring Market", "Summer Festival", "Team Offsite", "Training Day",
    "Webinar: Getting Started", "Wine Tasting", "Winter Gala", "Yoga in the Park",
)  # fmt: skip
TASKS = (
    "Add dark mode to the settings page", "Answer open support requests", "Book the meeting room",
    "Check the backup of the database", "Clean up unused feature flags",
    "Collect feedback from the pilot group", "Compare offers of three suppliers",
    "Draft the quarterly report", "Fix rounding in invoices", "Import old contacts",
    "Migrate users to the new plan", "Order new laptops", "Plan the release",
    "Prepare the onboarding session", "Reply to the landlord", "Review the pull request for search",
    "Set up monitoring", "Speed up the product list", "Translate the help pages", "Update dependencies",
    "Update the price list", "Write tests for the checkout", "Write the meeting notes",
)  # fmt: skip
TICKETS = (
    "App crashes when I upload a photo", "Cannot log in after the update", "Change of billing address",
    "Damaged on arrival", "Delivery is late", "Duplicate charge on my card", "Error when exporting to CSV",
    "How do I add a team member?", "Invoice is missing", "Page loads very slowly",
    "Password reset e-mail does not arrive", "Question about my order", "Request for a refund",
    "Search returns no results", "Wrong item received", "Where can I change my plan?",
)  # fmt: skip
PROJECTS = (
    "Annual Report", "App Redesign", "Brand Refresh", "Cloud Migration", "Customer Portal", "Data Warehouse",
    "Help Center", "Intranet", "Inventory System", "Loyalty Program", "Mobile App", "Office Move",
    "Payment Gateway", "Pricing Review", "Search Upgrade", "Security Audit", "Self-Service Checkout",
    "Spring Campaign", "Supplier Onboarding", "Website Relaunch",
)  # fmt: skip
SUBJECTS = (
    "A quick question", "Agenda for Thursday", "Welcome on board", "Follow-up on our call",
    "Invoice for last month", "Lunch on Friday?", "Minutes of the meeting", "New version of the draft",
    "Photos from the weekend", "Reminder: survey closes today", "Schedule for next week",
    "Thanks for your order", "Travel plans", "Update on the delivery", "Your account is ready",
    "Your weekly summary",
)  # fmt: skip
NOTICES = (
    "A new comment on your post", "Export is ready", "New device signed in", "New follower", "Payment failed",
    "Payment received", "Reminder: meeting in 15 minutes", "Trial ends in three days",
    "You have been mentioned", "You were added to a project", "Your order has been shipped",
    "Your password was changed",
)  # fmt: skip
RECIPES = (
    "Apple Crumble", "Banana Bread", "Beef Stew", "Caesar Salad", "Carrot Cake", "Chicken Curry",
    "Chili sin Carne", "Fish Tacos", "French Onion Soup", "Greek Salad", "Lemon Tart", "Lentil Soup",
    "Mushroom Risotto", "Pancakes", "Pasta al Pomodoro", "Potato Gratin", "Pumpkin Soup", "Roast Chicken",
    "Shakshuka", "Spinach Quiche", "Sweet Potato Fries", "Vegetable Lasagne",
)  # fmt: skip
ROLE_TITLES = (
    "admin", "editor", "viewer", "member", "owner", "moderator", "manager", "support", "billing", "guest",
    "auditor", "developer",
)  # fmt: skip
RESOURCES = (
    "users", "posts", "orders", "products", "invoices", "reports", "settings", "comments", "teams", "files",
)  # fmt: skip
ACTIONS = ("read", "create", "update", "delete", "export")
PLANS = ("Free", "Starter", "Basic", "Pro", "Team", "Business", "Premium", "Enterprise")
GENRES = (
    "Action", "Adventure", "Animation", "Biography", "Comedy", "Crime", "Documentary", "Drama", "Family",
    "Fantasy", "History", "Horror", "Musical", "Mystery", "Romance", "Science Fiction", "Thriller", "War",
    "Western",
)  # fmt: skip
MUSIC_GENRES = (
    "Alternative", "Ambient", "Blues", "Classical", "Country", "Electronic", "Folk", "Funk", "Hip Hop",
    "House", "Indie", "Jazz", "Latin", "Metal", "Pop", "Punk", "R&B", "Reggae", "Rock", "Soul",
)  # fmt: skip
TAGS = (
    "announcement", "archive", "beginner", "draft", "featured", "follow-up", "guide", "how-to", "important",
    "internal", "new", "news", "popular", "priority", "question", "review", "summer", "tips", "update", "urgent",
    "video", "winter",
)  # fmt: skip
SKILLS = (
    "Accounting", "Bookkeeping", "Communication", "Copywriting", "CSS", "Data Analysis", "Docker", "Excel",
    "French", "German", "Git", "JavaScript", "Leadership", "Negotiation", "Photography", "Project Management",
    "Python", "Public Speaking", "Sales", "SEO", "SQL", "TypeScript",
)  # fmt: skip
HOTELS = (
    "Alpenblick", "Bay View Hotel", "Central Hotel", "Garden Inn", "Grand Hotel", "Harbor House",
    "Hotel Bellevue", "Hotel Continental", "Lakeside Lodge", "Park Hotel", "Riverside Inn", "Seaside Resort",
    "The Old Mill", "Villa Rosa",
)  # fmt: skip
VENUES = (
    "City Hall", "Civic Center", "Conference Room A", "Grand Ballroom", "Main Auditorium", "Old Town Hall",
    "Riverside Park", "Rooftop Terrace", "Room 204", "The Loft", "Town Library", "Trade Center",
)  # fmt: skip
ROOMS = (
    "Conference Room", "Deluxe Double", "Executive Suite", "Family Room", "Garden Room", "Meeting Room 1",
    "Meeting Room 2", "Reading Room", "Sea View Double", "Single Room", "Studio", "Training Room",
    "Twin Room",
)  # fmt: skip
TEAMS = (
    "Bears", "Comets", "Eagles", "Falcons", "Hawks", "Hornets", "Lions", "Panthers", "Pirates", "Rangers",
    "Rockets", "Sharks", "Stallions", "Tigers", "Titans", "Wolves",
)  # fmt: skip
VEHICLES = (
    ("Ford", "Focus"), ("Ford", "Transit"), ("Honda", "Civic"), ("Hyundai", "Kona"), ("Kia", "Niro"),
    ("Mazda", "CX-5"), ("Nissan", "Leaf"), ("Renault", "Clio"), ("Skoda", "Octavia"), ("Tesla", "Model 3"),
    ("Toyota", "Corolla"), ("Toyota", "Prius"), ("Volkswagen", "Golf"), ("Volvo", "V60"),
)  # fmt: skip
DEVICES = (
    "Chrome on Windows", "Firefox on Linux", "Front Desk Printer", "Kitchen Tablet", "Living Room TV",
    "MacBook Pro", "Office Laptop", "Pixel 8", "Safari on iPhone", "Server Room Sensor", "Warehouse Scanner",
    "iPad", "iPhone 15",
)  # fmt: skip
JOB_NAMES = (
    "cleanup_sessions", "export_report", "generate_invoices", "import_products", "process_refund",
    "rebuild_index", "resize_image", "send_email", "send_reminders", "sync_inventory", "update_rates",
    "warm_cache",
)  # fmt: skip
SETTINGS = (
    ("billing.currency", "USD"), ("cache.ttl", "3600"), ("features.beta", "false"),
    ("invoice.prefix", "INV-"), ("locale.default", "en"), ("mail.from", "noreply@example.com"),
    ("mail.signature", "Kind regards"), ("orders.auto_confirm", "true"), ("security.max_attempts", "5"),
    ("session.timeout", "30"), ("shop.name", "Corner Store"), ("site.title", "My Site"),
    ("theme.color", "#336699"), ("theme.mode", "dark"), ("ui.page_size", "25"),
    ("uploads.max_size", "10485760"),
)  # fmt: skip
METRICS = (
    "active_users", "cache_hit_ratio", "cpu_usage", "disk_usage", "error_rate", "latency_p95", "memory_usage",
    "orders_per_hour", "queue_length", "requests_per_second", "response_time", "signups",
)  # fmt: skip
CAMPAIGNS = (
    "Back to School", "Black Friday", "Early Bird", "Holiday Sale", "New Customer Offer", "Referral Program",
    "Spring Launch", "Summer Sale", "Welcome Series", "Win-back",
)  # fmt: skip
ATTRIBUTES = (
    "Battery Life", "Brand", "Capacity", "Color", "Height", "Length", "Material", "Power", "Size", "Style",
    "Warranty", "Weight", "Width",
)  # fmt: skip
UNITS = (
    "Box", "Bottle", "Centimeter", "Dozen", "Gram", "Hour", "Kilogram", "Kilometer", "Liter", "Meter", "Pack",
    "Piece", "Pound", "Set",
)  # fmt: skip
SKILL_LEVELS = ("Beginner", "Elementary", "Intermediate", "Advanced", "Expert")
FLOORS = ("Ground Floor", "First Floor", "Second Floor", "Basement", "Attic")
MEDICINES = (
    "Amoxicillin 500 mg", "Aspirin 100 mg", "Cetirizine 10 mg", "Ibuprofen 400 mg", "Metformin 850 mg",
    "Omeprazole 20 mg", "Paracetamol 500 mg", "Salbutamol inhaler", "Vitamin D 1000 IU",
)  # fmt: skip
DIAGNOSES = (
    "Acute bronchitis", "Ankle sprain", "Back pain", "Hay fever", "Hypertension", "Influenza", "Migraine",
    "Tension headache", "Type 2 diabetes", "Urinary tract infection",
)  # fmt: skip
SPECIES = ("Cat", "Dog", "Guinea Pig", "Hamster", "Parrot", "Rabbit", "Tortoise")
PETS = (
    "Bella", "Biscuit", "Charlie", "Coco", "Daisy", "Felix", "Ginger", "Leo", "Luna", "Milo", "Oscar",
    "Pepper", "Poppy", "Rocky", "Rosie", "Simba", "Toby",
)  # fmt: skip
QUEUES = ("default", "emails", "exports", "high", "imports", "low", "notifications")
DEPARTMENTS = (
    "Customer Service", "Design", "Engineering", "Finance", "Human Resources", "IT", "Legal", "Logistics",
    "Marketing", "Operations", "Product", "Purchasing", "Research", "Sales",
)  # fmt: skip
GROUPS = (
    "Alumni", "Beta Testers", "Book Club", "Committee", "Customers", "Early Adopters", "Editors", "Friends",
    "Managers", "Marketing Team", "Newsletter Subscribers", "Partners", "Staff", "Support Team", "VIP",
    "Volunteers",
)  # fmt: skip
PERMISSIONS = tuple(f"{resource}.{action}" for resource in RESOURCES for action in ACTIONS)
SITES = (
    "Main Street Store", "Airport Kiosk", "City Center", "East Side Depot", "Harbor Warehouse",
    "North Branch", "Old Town Shop", "Outlet Park", "Riverside Depot", "Station Plaza", "West End Branch",
)  # fmt: skip
CHANNELS = (
    "announcements", "design", "engineering", "general", "help", "marketing", "off-topic", "random",
    "releases", "sales", "support",
)  # fmt: skip
BADGES = (
    "Early Bird", "First Post", "Helpful", "Night Owl", "Perfect Week", "Pioneer", "Power User",
    "Top Contributor", "Trailblazer", "Veteran",
)  # fmt: skip
INGREDIENTS = (
    "Basil", "Butter", "Carrot", "Cheddar", "Chicken Breast", "Egg", "Flour", "Garlic", "Lemon", "Milk",
    "Olive Oil", "Onion", "Parsley", "Pepper", "Potato", "Rice", "Salt", "Sugar", "Tomato", "Yeast",
)  # fmt: skip
TITLES = (
    "A Week in the Mountains", "Base Camp", "Before the Rain", "City Lights", "Coffee at Dawn",
    "Cold Weather Build", "Desert Crossing", "Everyday Carry", "Family Weekend", "Field Notes",
    "First Light", "From Scratch", "Getting Started", "Home Office", "Into the Woods", "Late Summer",
    "Lessons Learned", "Long Way Home", "Minimal Kit", "Night Drive", "Off the Grid",
    "On the Road Again", "One Bag Travel", "Rainy Day Plan", "River Bend", "Road Trip",
    "Second Attempt", "Slow Morning", "Small Steps", "Spring Cleaning", "Starting Over",
    "Studio Corner", "Summer Notes", "Ten Days Out", "The Big Picture", "The Long Haul",
    "The Quiet Hour", "Trail Ready", "Two Wheels", "Under the Stars", "Weekend Build",
    "What We Packed", "Winter Camp", "Workshop Notes",
)  # fmt: skip
CATEGORIES = (
    "Accessories", "Art", "Audio", "Books", "Camping", "Clothing", "Computers", "Cooking", "Cycling",
    "Design", "Education", "Electronics", "Fashion", "Film", "Finance", "Fitness", "Food",
    "Furniture", "Games", "Garden", "Health", "Hiking", "History", "Home", "Kitchen", "Lighting",
    "Music", "Nature", "News", "Office", "Outdoors", "Pets", "Photography", "Politics", "Recovery",
    "Science", "Shelter", "Software", "Sports", "Storage", "Technology", "Tools", "Toys", "Travel",
    "Vehicles", "Water",
)  # fmt: skip
COLORS = (
    "black", "blue", "brown", "gray", "green", "navy", "orange", "purple", "red", "silver", "white",
    "yellow",
)  # fmt: skip
ROLES = ("admin", "editor", "member", "viewer")


_PAYMENT_METHODS = ("card", "cash", "invoice", "transfer")


def status(ask: Ask) -> str:
    """A status that suits the entity."""
    return fitting(ask, words_for(STATUSES, ask.context.things, ANY_STATUS))


def _kind(context: Context) -> Derived:
    """A type that suits what the name says it is of, else the entity: a ``usage_type`` is no type of vehicles."""
    *named, _ = context.words.strip("_").split("_")
    own = tuple(map(singular, named[::-1]))
    things = context.things if not own or own[0] == context.subject else own
    # What is assignable, billable or loggable is a row of some other table.
    other = TYPES["entity"] if own and own[0].endswith("able") else ANY_TYPE
    return one_fitting(words_for(TYPES, things, other)), ()


def _roles(context: Context) -> Derived:
    """A role of those who have access, else a part in what the table is about."""
    return one_fitting(ROLES if _ACCESS.intersection(context.things) else _PARTS), ()


_ACCESS = frozenset((
    "user", "member", "membership", "account", "admin", "team", "organization", "workspace", "invitation", "invite",
    "permission", "role", "profile", "collaborator", "access", "tenant", "auth", "subscriber", "person", "employee",
))  # fmt: skip
_PARTS = ("lead", "assistant", "coordinator", "contributor", "observer", "deputy")
_PAID = frozenset((
    "payment", "order", "invoice", "refund", "transaction", "subscription", "purchase", "sale", "booking", "payout",
    "donation", "expense", "pay", "checkout", "bill", "policy", "ticket", "reservation", "premium", "charge", "rent",
    "fine", "withdrawal", "deposit", "billing", "settlement",
))  # fmt: skip
_REQUESTS = frozenset(("log", "request", "webhook", "route"))


def _is_method(context: Context) -> bool:
    """Whether a method is one of HTTP or of payment: the word before it says otherwise in ``repair_method``."""
    before = context.words.partition("_method_")[0].strip("_").split("_")
    return before == [""] or not (_PAID | _REQUESTS).isdisjoint(before)


def _is_listed_category(context: Context) -> bool:
    """Whether a category is one of goods or contents, by the word before it or the table."""
    before = [singular(word) for word in context.words.strip("_").split("_")[:-1]]
    if before:
        return not _CATEGORIZED.isdisjoint(before)
    return not _CATEGORIZED.isdisjoint(context.things) or "@shop" in context.about


_CATEGORIZED = frozenset((
    "product", "item", "post", "article", "blog", "news", "story", "category", "shop", "store", "listing", "topic",
    "catalog", "content", "page", "video", "user", "profile", "author", "newsletter", "tag", "collection", "brand",
    "audience", "customer", "favorite", "interest", "marketplace", "thread", "forum", "course", "setup", "idea",
))  # fmt: skip


def level(ask: Ask) -> str:
    """A level, severity or the like."""
    things = (*ask.context.words.strip("_").split("_")[::-1], *ask.context.things)
    return fitting(ask, words_for(LEVELS, things, ANY_LEVEL))


# Hexadecimal digits without the sign before them.
_LENGTH_OF_A_COLOR = 6


def color(ask: Ask) -> str:
    """A colour by name, or as a hexadecimal code."""
    if ask.most == _LENGTH_OF_A_COLOR:
        return ask.hex(6)
    if "_hex_" in ask.context.words or "_code_" in ask.context.words or ask.most == 7:
        return f"#{ask.hex(6)}"
    if local_words.has_colors(ask):
        return local_words.color(ask)
    return str(ask.pick(COLORS))


def method(ask: Ask) -> str:
    """A method: of HTTP in a table of requests, else of payment."""
    if {"log", "request", "webhook", "route"} & {*ask.context.things}:
        return str(ask.pick(("GET", "POST", "PUT", "DELETE")))
    return str(ask.pick(_PAYMENT_METHODS))


_ANY_CATEGORY = ("General", "Standard", "Special", "Other")


def category(ask: Ask) -> str:
    """A category; in lower case in an array."""
    if local_words.has_words(ask):
        return local_words.word(ask, "category")
    found = str(ask.pick(CATEGORIES))
    return found.lower() if ask.context.column.type.array else found


def _is_no_region(context: Context) -> bool:
    before = [singular(word) for word in context.words.strip("_").split("_")[:-1]]
    if before and context.words.endswith(("_phase_", "_condition_")) and before[-1] != context.subject:
        # The mobile phase of a run is no status of it.
        return not STATUSES.keys().isdisjoint(before)
    # ``state`` is a part of an address in a table that has one.
    return not (context.words.endswith("_state_") and places.is_place(context))


KINDS = (
    Meaning(
        "type of another entity",
        r"_(token|payment|entity|card|body|device|file)_type_|_(\w+able)_type_",
        derive=_kind,
    ),
    Meaning(
        "type",
        r"(?<!_mime)(?<!_content)(?<!_blood)_type_$|^_(kind|variant|mode)_$|_kind_$",
        derive=_kind,
        essential="type|kind",
    ),
    Meaning(
        "status", r"_(status|state|stage|condition)_$", status, where=_is_no_region, essential="status|state"
    ),
)
COLOR = Meaning("color", r"_(color)_", color)
METHOD = Meaning("method", r"_method_$", method, where=_is_method)
RANKS = (
    Meaning("role", r"_(role|roles)_", derive=_roles, essential="role"),
    Meaning("priority", r"_(priority|urgency)_", one_fitting(PRIORITIES), essential="priority"),
    Meaning(
        "level", r"_(level|severity|difficulty|importance|tier|seniority|rank)_", level, essential="level"
    ),
)
PAYMENTS = (
    Meaning("payment method", r"_method_", one_of(_PAYMENT_METHODS), where=_is_method),
    Meaning("plan", r"^_(plan|package|tier)_$|_plan_$", lambda ask: str(ask.pick(PLANS)).lower()),
)
# Each in the order in which they are tried.
TOPICS = (
    Meaning("tag", r"_tags?_$|^_labels_$", one_of(TAGS)),
    Meaning("skill", r"_(skill|skills)_", one_of(SKILLS)),
    Meaning("department", r"_(department|dept)_", one_of(DEPARTMENTS)),
    Meaning("diagnosis", r"_(diagnosis|disease)_", one_of(DIAGNOSES)),
    Meaning("medication", r"_(medication|medicine|drug)_", one_of(MEDICINES)),
    Meaning("ingredient", r"_(ingredient|ingredients)_", one_of(INGREDIENTS)),
    Meaning(
        "category",
        r"_(category|categories|topic|topics|interests|section)_",
        category,
        where=_is_listed_category,
    ),
    Meaning(
        "category of any table",
        r"^_(category|section|classification)_$",
        one_of(_ANY_CATEGORY),
        where=lambda context: not _is_listed_category(context),
    ),
)
ENDEAVOURS = (
    Meaning("artist", r"_(artist|band)_$", one_of(ARTISTS)),
    Meaning("album", r"_(album)_$", one_of(ALBUMS)),
    Meaning("venue", r"_(venue)_$", one_of(VENUES)),
    Meaning("campaign", r"_(campaign)_", one_of(CAMPAIGNS)),
    Meaning("team", r"_(team|club)_(name_)?$", one_of(TEAMS)),
    Meaning("project", r"_(project)_$", one_of(PROJECTS)),
)
VALUE = Meaning(
    "value",
    r"^_(default_|current_)?value_$",
    one_of(("10", "25", "100", "true", "false", "enabled", "light", "weekly")),
    essential="value",
)
