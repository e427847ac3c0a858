"""Word lists that Faker does not have: names, titles, categories, sentences, locales, reserved domains and others."""

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
COLORS = (
    "black", "blue", "brown", "gray", "green", "navy", "orange", "purple", "red", "silver", "white",
    "yellow",
)  # fmt: skip
MIME_TYPES = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "csv": "text/csv", "txt": "text/plain",
    "mp4": "video/mp4",
}  # fmt: skip
LOCALES = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_BR")
ROLES = ("admin", "editor", "member", "viewer")
# Reserved by RFC 2606: mail to these domains is never delivered.
DOMAINS = ("example.com", "example.org", "example.net")
