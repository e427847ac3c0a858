"""Words that rows are named with, where Faker has none."""

from __future__ import annotations

ADJECTIVES = (
    "Alpine", "Amber", "Bright", "Calm", "Classic", "Clever", "Coastal", "Compact", "Copper", "Crisp",
    "Daily", "Desert", "Early", "Eastern", "Evergreen", "Fresh", "Gentle", "Golden", "Grand",
    "Hidden", "Light", "Little", "Lunar", "Modern", "Mountain", "Northern", "Open", "Pacific",
    "Quiet", "Rapid", "River", "Rugged", "Silver", "Simple", "Smooth", "Solid", "Southern", "Summit",
    "Sunny", "Swift", "Timber", "Urban", "Vivid", "Warm", "Western", "Wide", "Wild", "Winter",
)  # fmt: skip
PRODUCTS = (
    "Backpack", "Bag", "Blanket", "Bottle", "Bowl", "Box", "Camera", "Chair", "Charger", "Clock",
    "Cooler", "Desk", "Drone", "Filter", "Grill", "Hammock", "Headphones", "Heater", "Helmet",
    "Jacket", "Kettle", "Keyboard", "Knife", "Ladder", "Lamp", "Lantern", "Monitor", "Mug",
    "Notebook", "Pan", "Pillow", "Pump", "Radio", "Saddle", "Shelf", "Shoes", "Speaker", "Stove",
    "Table", "Tent", "Toolkit", "Tripod", "Umbrella", "Wallet", "Watch", "Winch",
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
NOUNS = (
    "Anchor", "Atlas", "Bridge", "Canyon", "Circle", "Compass", "Corner", "Creek", "Field", "Forest",
    "Garden", "Gate", "Harbor", "Haven", "Hill", "Hollow", "Horizon", "Island", "Junction", "Lake",
    "Landing", "Lodge", "Meadow", "Mill", "Orchard", "Path", "Peak", "Point", "Pond", "Prairie",
    "Ranch", "Ridge", "Shore", "Spring", "Station", "Stone", "Trail", "Valley", "View", "Village",
    "Vista", "Yard",
)  # fmt: skip
SENTENCES = (
    "Arrived on time and works as described.", "Best used together with the smaller one.",
    "Comes with everything needed to get started.", "Easy to set up, even without the manual.",
    "Holds up well in wind and rain.", "Kept in good condition and cleaned after each use.",
    "Light enough to carry for a whole day.", "Looks better than in the pictures.",
    "Needs a little care, and pays it back.", "Not the cheapest, but worth the price.",
    "Please call before the delivery.", "Quiet, simple and reliable.",
    "Ready to go in less than ten minutes.", "Runs for two days on one charge.",
    "Some parts were replaced last year.", "The colour is a bit darker than expected.",
    "The instructions could be clearer.", "There is room for four people.",
    "Thanks for the quick answer.", "This is the second one that we bought.",
    "We have used it for about six months.", "We took it along on every trip this year.",
    "Will be checked again next week.", "Would recommend it to a friend.",
)  # fmt: skip
ICONS = (
    "bell", "book", "calendar", "camera", "clock", "compass", "flag", "heart", "home", "key", "map",
    "star", "user",
)  # fmt: skip
COLORS = (
    "black", "blue", "brown", "gray", "green", "navy", "orange", "purple", "red", "silver", "white",
    "yellow",
)  # fmt: skip
STATUSES = ("active", "inactive", "pending", "completed")
ROLES = ("admin", "editor", "member", "viewer")
LEVELS = ("low", "medium", "high")
KINDS = ("basic", "standard", "premium", "custom")
GENDERS = ("female", "male", "other")
SALUTATIONS = ("Mr.", "Ms.", "Dr.", "Prof.")
UNITS = ("pcs", "kg", "g", "m", "cm", "l", "box")
SIZES = ("XS", "S", "M", "L", "XL")
METHODS = ("card", "cash", "invoice", "transfer")
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "JPY", "CHF", "SEK")
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ja")
LANGUAGE_NAMES = ("English", "German", "French", "Spanish", "Italian", "Dutch", "Portuguese", "Japanese")
DEPARTMENTS = ("Design", "Engineering", "Finance", "Marketing", "Operations", "People", "Sales")
LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR")
TIMEZONES = (
    "UTC", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "Europe/London", "Europe/Berlin", "Europe/Paris", "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip
COUNTRIES = (
    ("US", "USA", "United States"), ("CA", "CAN", "Canada"), ("GB", "GBR", "United Kingdom"),
    ("DE", "DEU", "Germany"), ("FR", "FRA", "France"), ("ES", "ESP", "Spain"), ("IT", "ITA", "Italy"),
    ("NL", "NLD", "Netherlands"), ("SE", "SWE", "Sweden"), ("NO", "NOR", "Norway"),
    ("PL", "POL", "Poland"), ("PT", "PRT", "Portugal"), ("BR", "BRA", "Brazil"),
    ("MX", "MEX", "Mexico"), ("JP", "JPN", "Japan"), ("AU", "AUS", "Australia"),
    ("NZ", "NZL", "New Zealand"), ("IN", "IND", "India"), ("KE", "KEN", "Kenya"),
    ("ZA", "ZAF", "South Africa"),
)  # fmt: skip
STATES = (
    ("AZ", "Arizona"), ("CA", "California"), ("CO", "Colorado"), ("FL", "Florida"), ("GA", "Georgia"),
    ("IL", "Illinois"), ("MA", "Massachusetts"), ("MI", "Michigan"), ("MN", "Minnesota"),
    ("NC", "North Carolina"), ("NY", "New York"), ("OH", "Ohio"), ("OR", "Oregon"),
    ("PA", "Pennsylvania"), ("TX", "Texas"), ("UT", "Utah"), ("VA", "Virginia"), ("WA", "Washington"),
)  # fmt: skip
MIME_TYPES = ("application/pdf", "image/jpeg", "image/png", "text/csv", "text/plain", "video/mp4")
EXTENSIONS = ("pdf", "jpg", "png", "csv", "txt", "mp4")
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/126.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.5 Safari/605.1.15",
    "curl/8.9.1",
)
# Reserved by RFC 2606: mail to them reaches nobody.
DOMAINS = ("example.com", "example.org", "example.net")
