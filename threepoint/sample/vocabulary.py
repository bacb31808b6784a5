"""Vocabulary of the synthetic world: names, goods and services, places and sentences. Nothing here names a real organisation."""

SYNTHETIC_LABEL = " (synthetic)"  # ends every name and title, so that every page shows they are not real

PLACE_NAME_HEADS = (
    "Ash", "Birch", "Bracken", "Copper", "Crow", "Dun", "Elder", "Fallow", "Fern", "Fox", "Glen", "Hawk", "Hazel",
    "Heather", "Iron", "Kestrel", "Lark", "Linden", "Marl", "Moss", "North", "Otter", "Quill", "Raven", "Rook", "Rowan",
    "Sedge", "Slate", "Thorn", "Wether", "Willow", "Yarrow",
)  # fmt: skip  # easier to read in lines than in a column
PLACE_NAME_TAILS = (
    "barrow", "beck", "bourne", "bridge", "cairn", "combe", "croft", "dale", "fell", "field", "ford", "garth", "holm",
    "hurst", "ley", "mere", "moor", "ridge", "stead", "thwaite", "wath", "wick", "wold", "worth",
)  # fmt: skip
SUPPLIER_TRADES = (
    "Advisory", "Analytics", "Applications", "Cloud Services", "Computing", "Connect", "Consulting", "Cyber Security",
    "Data", "Digital", "Hosting", "Infrastructure", "IT Solutions", "Managed Services", "Networks", "Software",
    "Systems", "Technology", "Telecom", "Works",
)  # fmt: skip

# The true legal form first, then other spellings.
SPELLINGS_BY_LEGAL_FORM = {
    "Limited": ("Limited", "Ltd", "LTD", "Ltd.", "LIMITED", "limited"),
    "plc": ("plc", "PLC", "P.L.C.", "Plc"),
    "LLP": ("LLP", "Llp", "L.L.P."),
    "CIC": ("CIC", "C.I.C.", "Community Interest Company"),
}

CENTRAL_BUYER_TYPE = ("publicAuthorityCentralGovernment", "Public authority - central government")
SUB_CENTRAL_BUYER_TYPE = ("publicAuthoritySubCentralGovernment", "Public authority - sub-central government")
UNDERTAKING_BUYER_TYPE = ("publicUndertaking", "Public undertaking")
OTHER_BUYER_TYPE = ("other", "Other")
BUYER_NAMES_AND_TYPES = (
    ("Department for {} Affairs", CENTRAL_BUYER_TYPE), ("{} City Council", SUB_CENTRAL_BUYER_TYPE),
    ("{} County Council", SUB_CENTRAL_BUYER_TYPE),
    ("{} NHS Foundation Trust", SUB_CENTRAL_BUYER_TYPE), ("{} Agency", CENTRAL_BUYER_TYPE), ("University of {}", OTHER_BUYER_TYPE),
    ("{} Borough Council", SUB_CENTRAL_BUYER_TYPE), ("{} Fire and Rescue Authority", SUB_CENTRAL_BUYER_TYPE),
    ("Police and Crime Commissioner for {}", SUB_CENTRAL_BUYER_TYPE), ("{} Water Undertaking", UNDERTAKING_BUYER_TYPE),
    ("{} Inspectorate", CENTRAL_BUYER_TYPE), ("{} District Council", SUB_CENTRAL_BUYER_TYPE),
)  # fmt: skip

# Town and region code (ITL, formerly NUTS). The towns are real so that maps work; streets and postcodes are not.
TOWNS_AND_REGIONS = (
    ("London", "UKI32"), ("Leeds", "UKE42"), ("Manchester", "UKD33"), ("Birmingham", "UKG31"), ("Bristol", "UKK11"),
    ("Newcastle upon Tyne", "UKC22"), ("Cardiff", "UKL22"), ("Belfast", "UKN06"), ("Norwich", "UKH15"),
    ("Exeter", "UKK43"), ("Sheffield", "UKE32"), ("Reading", "UKJ11"), ("Nottingham", "UKF14"), ("York", "UKE21"),
)  # fmt: skip
STREET_NAMES = (
    "Sample Street",
    "Invented Way",
    "Placeholder Road",
    "Specimen Lane",
    "Fictional Court",
    "Example Square",
)
CONTACT_NAMES = ("Alex Sample", "Sam Placeholder", "Jo Specimen", "Chris Invented", "Pat Example")

# CPV 2008: code, official description, main procurement category, name in titles.
TECHNOLOGY_CPVS = (
    ("72000000", "IT services: consulting, software development, Internet and support", "services", "digital services"),
    ("72000000", "IT services: consulting, software development, Internet and support", "services", "digital delivery"),
    ("72210000", "Programming services of packaged software products", "services", "case management platform"),
    ("72222300", "Information technology services", "services", "service desk and end-user computing"),
    ("72230000", "Custom software development services", "services", "online application service"),
    ("72250000", "System and support services", "services", "application support"),
    ("72267000", "Software maintenance and repair services", "services", "legacy system maintenance"),
    ("72310000", "Data-processing services", "services", "data platform"),
    ("72400000", "Internet services", "services", "cloud hosting"),
    ("72600000", "Computer support and consultancy services", "services", "technical architecture support"),
    ("48000000", "Software package and information systems", "goods", "records management system"),
    ("48440000", "Financial analysis and accounting software package", "goods", "finance and payroll software"),
    ("48600000", "Database and operating software package", "goods", "database licences"),
    ("48800000", "Information systems and servers", "goods", "server estate"),
    ("30213000", "Personal computers", "goods", "laptops and desktops"),
    ("30230000", "Computer-related equipment", "goods", "meeting room equipment"),
    ("32400000", "Networks", "goods", "wide area network"),
    ("32420000", "Network equipment", "goods", "network switches"),
    ("64210000", "Telephone and data transmission services", "services", "voice and data lines"),
    ("64212000", "Mobile-telephone services", "services", "mobile telephony"),
)
OTHER_CPVS = (
    ("79411000", "General management consultancy services", "services", "operating model review"),
    ("80500000", "Training services", "services", "leadership training"),
    ("79600000", "Recruitment services", "services", "temporary staff"),
    ("73000000", "Research and development services and related consultancy services", "services", "evaluation study"),
    ("90900000", "Cleaning and sanitation services", "services", "office cleaning"),
    ("45000000", "Construction work", "works", "data hall refurbishment"),
    ("34100000", "Motor vehicles", "goods", "vehicle fleet"),
    ("33100000", "Medical equipments", "goods", "diagnostic equipment"),
)
TITLE_OPENINGS = (
    "Provision of",
    "Supply and support of",
    "Replacement of",
    "Renewal of",
    "Design and build of",
    "Managed",
)
TITLE_SUBJECTS = (
    "licensing", "housing", "adult social care", "harbour safety", "planning", "payments", "archives", "inspections",
    "bursaries", "records", "permits", "transport", "appeals", "emergency response",
)  # fmt: skip

DESCRIPTION_SENTENCES = (
    "The authority intends to appoint a supplier able to design, deliver and support the service described here.",
    "The requirement covers discovery, implementation, migration of existing data, training and support.",
    "Suppliers must meet the accessibility, security and data protection standards set out in the documents.",
    "The service is used every working day by staff in several locations and by members of the public online.",
    "The current arrangement ends during the year and a managed transition with no break in service is required.",
    "The contract may be extended at the authority&#039;s discretion, subject to performance and available budget.",
    "Open standards and published interfaces are expected, and all data must be exportable at the end of the term.",
    "Small and medium-sized enterprises are encouraged to bid, alone or as part of a consortium.",
    "Quality, social value and whole-life cost will be assessed as described in the invitation.",
    "The estimated value includes all options and is not a commitment to spend.",
    "Performance will be reported against agreed indicators and reviewed with the supplier every quarter.",
    "The authority reserves the right not to award any part of this procurement.",
)
CHANGE_GROUNDS = (
    ("unforeseeableCircumstances", "Unforeseeable circumstances", "Work that could not have been foreseen was added."),
    ("additionalGoodsServicesOrWorks", "Additional goods, services or works", "Further users and sites were added."),
    ("providedForInContract", "Provided for in the contract", "An option in the original contract was taken up."),
    ("materialisationOfKnownRisk", "Materialisation of a known risk", "A risk named in the tender notice came about."),
    ("notSubstantial", "Not a substantial modification", "The term was lengthened within a tenth of its maximum."),
)
EARLY_ENDING_REASONS = (
    ("dischargedByAgreement", "Discharged by agreement between the parties"),
    ("supplierBreach", "Terminated following a breach by the supplier"),
    ("buyerDecision", "Terminated at the buyer's convenience"),
)
COMPLETION_REASON = ("contractCompleted", "Full performance of the contract")

# Title, unit, target, definition.
KPI_DEFINITIONS = (
    ("Availability of the service", "percent", 99.5, "Share of supported hours in which the service could be used"),
    ("Priority 1 incidents resolved in time", "percent", 95, "Share of such incidents resolved within four hours"),
    ("Milestones delivered on time", "percent", 90, "Share of the period's milestones delivered by their due date"),
    ("User satisfaction", "percent", 85, "Share of users answering satisfied or very satisfied"),
    ("Security patches applied in time", "percent", 98, "Share of critical patches applied within fourteen days"),
    ("Social value commitments delivered", "percent", 100, "Share of the period's commitments delivered"),
)
RATING_CODES = ("met", "slightlyBelow", "below", "significantlyBelow", "other")
RATING_NAMES = {
    "met": "Good", "slightlyBelow": "Approaching target", "below": "Requires improvement",
    "significantlyBelow": "Inadequate", "other": "Other",
}  # fmt: skip
MILESTONE_TITLES = ("Discovery complete", "Design accepted", "First release live", "Data migrated", "Service accepted")
