"""Names of people and companies for English locales, the same with every version of Faker."""

from __future__ import annotations

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
