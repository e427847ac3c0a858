"""What rows of a table are called, by what the table is about."""

from __future__ import annotations

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
REVIEWS = (
    "Better than expected", "Could be better", "Does what it should", "Excellent quality", "Good value",
    "Great gift", "Highly recommended", "Nice, but a bit small", "Not for me", "Perfect fit",
    "Solid and simple", "Would buy again",
)  # fmt: skip
RECIPES = (
    "Apple Crumble", "Banana Bread", "Beef Stew", "Caesar Salad", "Carrot Cake", "Chicken Curry",
    "Chili sin Carne", "Fish Tacos", "French Onion Soup", "Greek Salad", "Lemon Tart", "Lentil Soup",
    "Mushroom Risotto", "Pancakes", "Pasta al Pomodoro", "Potato Gratin", "Pumpkin Soup", "Roast Chicken",
    "Shakshuka", "Spinach Quiche", "Sweet Potato Fries", "Vegetable Lasagne",
)  # fmt: skip
ROLES = (
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
    "announcement", "backend", "beginner", "bestseller", "bug", "clearance", "design", "documentation",
    "featured", "frontend", "guide", "handmade", "how-to", "limited", "mobile", "new", "news", "performance",
    "popular", "question", "release", "sale", "security", "summer", "tips", "tutorial", "urgent", "vegan",
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
LEVELS = ("Beginner", "Elementary", "Intermediate", "Advanced", "Expert")
DISHES = (*RECIPES[:12], "Espresso", "Cappuccino", "House Wine", "Mineral Water", "Orange Juice", "Iced Tea")
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
