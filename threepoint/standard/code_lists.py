"""Short code lists that rules use, with their sources. Large registers are loaded at run time, never shipped."""

# CPV groups that count as technology, the default filter of the site. Source: CPV 2008, Regulation (EC) 213/2008.
TECHNOLOGY_CPV_PREFIXES: dict[str, str] = {
    "302": "Computer equipment and supplies",
    "324": "Networks",
    "48": "Software package and information systems",
    "642": "Telecommunications services",
    "72": "IT services: consulting, software development, Internet and support",
    "503": "Repair and maintenance of computers, communications and audio-visual equipment",
    "516": "Installation of computers and office equipment",
}

# Departments by their abbreviation in the yearly reports on major projects, in capitals. Source of the names: the
# government's list of organisations (gov.uk/government/organisations). Closed departments have their last name.
DEPARTMENT_BY_ABBREVIATION: dict[str, str] = {
    "BEIS": "Department for Business, Energy and Industrial Strategy",
    "BIS": "Department for Business, Innovation and Skills",
    "CO": "Cabinet Office",
    "CPS": "Crown Prosecution Service",
    "DBT": "Department for Business and Trade",
    "DCLG": "Department for Communities and Local Government",
    "DCMS": "Department for Culture, Media and Sport",
    "DECC": "Department of Energy and Climate Change",
    "DEFRA": "Department for Environment, Food and Rural Affairs",
    "DESNZ": "Department for Energy Security and Net Zero",
    "DFE": "Department for Education",
    "DFT": "Department for Transport",
    "DH": "Department of Health",
    "DHSC": "Department of Health and Social Care",
    "DLUHC": "Department for Levelling Up, Housing and Communities",
    "DOH": "Department of Health",
    "DSIT": "Department for Science, Innovation and Technology",
    "DWP": "Department for Work and Pensions",
    "FCDO": "Foreign, Commonwealth and Development Office",
    "FCO": "Foreign and Commonwealth Office",
    "HMLR": "HM Land Registry",
    "HMRC": "HM Revenue and Customs",
    "HMT": "HM Treasury",
    "HO": "Home Office",
    "MHCLG": "Ministry of Housing, Communities and Local Government",
    "MOD": "Ministry of Defence",
    "MOJ": "Ministry of Justice",
    "NCA": "National Crime Agency",
    "NS&I": "National Savings and Investments",
    "ONS": "Office for National Statistics",
    "VOA": "Valuation Office Agency",
}

# Type of scheme by CPV prefix, used if no buyer states the type; longest prefix first.
SCHEME_TYPE_BY_CPV: dict[str, str] = {
    "722": "bespoke_build",
    "723": "data_analytics_ai",
    "724": "saas_subscription",
    "725": "managed_service",
    "726": "professional_services_team",
    "302": "end_user_hardware",
    "324": "networks_telecoms",
    "642": "networks_telecoms",
    "48": "cots_config",
}

# Name of each notice of the Procurement Act 2023, and the stage that it puts a process in.
# Source: find-tender.service.gov.uk, "Notice types"; ocds_uk_extension, documentType and noticeType.
NOTICE_TYPES: dict[str, tuple[str, str]] = {
    "UK1": ("Pipeline notice", "planning"),
    "UK2": ("Preliminary market engagement notice", "planning"),
    "UK3": ("Planned procurement notice", "planning"),
    "UK4": ("Tender notice", "tender"),
    "UK5": ("Transparency notice", "tender"),
    "UK6": ("Contract award notice", "award"),
    "UK7": ("Contract details notice", "contract"),
    "UK8": ("Contract payment notice", "contract"),
    "UK9": ("Contract performance notice", "contract"),
    "UK10": ("Contract change notice", "contract"),
    "UK11": ("Contract termination notice", "ended"),
    "UK12": ("Procurement termination notice", "cancelled"),
    "UK13": ("Dynamic market intention notice", "tender"),
    "UK14": ("Dynamic market establishment notice", "tender"),
    "UK15": ("Dynamic market modification notice", "tender"),
    "UK16": ("Dynamic market cessation notice", "ended"),
    "UK17": ("Payments compliance notice", "contract"),
}

# Stage by OCDS document type or tag, for publishers without notice types.
STAGE_BY_TAG: dict[str, str] = {
    "planning": "planning",
    "planningUpdate": "planning",
    "tender": "tender",
    "tenderUpdate": "tender",
    "tenderAmendment": "tender",
    "tenderCancellation": "cancelled",
    "award": "award",
    "awardUpdate": "award",
    "awardCancellation": "cancelled",
    "contract": "contract",
    "contractUpdate": "contract",
    "contractAmendment": "contract",
    "implementation": "contract",
    "implementationUpdate": "contract",
    "contractTermination": "ended",
}

# Label of each stage on pages, in the order of a procurement.
STAGE_LABELS: dict[str, str] = {
    "planning": "planning",
    "tender": "open to bids or being decided",
    "award": "awarded",
    "contract": "in delivery",
    "ended": "ended",
    "cancelled": "cancelled before award",
    "withdrawn": "withdrawn",
    "unsuccessful": "ended without an award",
    "terminated": "terminated after award",
    "contract_cancelled": "contract cancelled",
}
# Stages of procurements that ended before a contract, so that nothing more is due and no amount counts.
STAGES_WITHOUT_RESULT = ("cancelled", "withdrawn", "unsuccessful", "terminated")
VOID_AWARD_STATUSES = ("cancelled", "unsuccessful")

# Labels on pages for codes that are not plain words, by field. Any other code is shown as published.
CODE_LABELS: dict[str, dict[str, str]] = {
    "stage": STAGE_LABELS,
    "phase": {"in_delivery": "in delivery", "closed": "over", "cancelled": "cancelled"},
    "vat_basis": {"net": "net of VAT", "gross": "with VAT", "unknown": "VAT not stated"},
    "kpi_duty": {
        "required": "at least 3 KPIs are due: above £5m with VAT",
        "below_5m": "none: £5m with VAT or less",
        "exempt": "none: a framework, a special regime or before the Procurement Act 2023",
        "unknown": "not known: no value with VAT is published",
    },
    "document_type": {
        "awardNotice": "award notice",
        "biddingDocuments": "bidding documents",
        "clarifications": "questions and answers",
        "conflictOfInterest": "conflicts of interest",
        "contractAnnexe": "contract annexe",
        "contractDraft": "draft contract",
        "contractNotice": "contract notice",
        "contractSchedule": "contract schedule",
        "contractSigned": "signed contract",
        "contractSummary": "contract summary",
        "economicSelectionCriteria": "economic selection criteria",
        "evaluationCriteria": "evaluation criteria",
        "evaluationReports": "evaluation reports",
        "finalAudit": "final audit",
        "implementationNotice": "contract performance notice",
        "marketEngagementNotice": "market engagement notice",
        "marketStudies": "market studies",
        "needsAssessment": "needs assessment",
        "physicalProgressReport": "progress report",
        "plannedProcurementNotice": "planned procurement notice",
        "procurementPlan": "procurement plan",
        "technicalSelectionCriteria": "technical selection criteria",
        "technicalSpecifications": "technical specifications",
        "tenderCancellationNotice": "cancellation notice",
        "tenderNotice": "tender notice",
        "winningBid": "winning bid",
    },
    "measure": {
        "bids": "bids",
        "validBids": "valid bids",
        "finalStageBids": "bids at the final stage",
        "smeBids": "bids from small and medium firms",
        "smeFinalStageBids": "bids from small and medium firms at the final stage",
        "vcseBids": "bids from voluntary and social enterprises",
        "vcseFinalStageBids": "bids from voluntary and social enterprises at the final stage",
        "electronicBids": "electronic bids",
        "foreignBids": "bids from abroad",
        "lowestValidBidValue": "value of the lowest valid bid",
        "highestValidBidValue": "value of the highest valid bid",
        "requests": "requests to take part",
    },
    "role": {
        "procuringEntity": "runs the procurement",
        "centralPurchasingBody": "central purchasing body",
        "reviewBody": "hears complaints",
        "reviewContactPoint": "contact for complaints",
        "mediationBody": "mediates",
        "processContactPoint": "contact for the procurement",
        "removedSupplier": "no longer a supplier",
        "interestedParty": "interested",
    },
    "bid_count_basis": {
        "finalStageBids": "bids at the final stage",
        "validBids": "valid bids",
        "bids": "bids received",
        "numberOfTenderers": "number of tenderers",
    },
    "type": {
        "value": "value",
        "duration": "end date",
        "correction": "value corrected",
        "superseded": "repeated under a new id",
        "rebaseline": "new baseline",
    },
    "status": {"notMet": "not met", "partiallyMet": "partly met"},
    "kind": {
        "both": "buyer and supplier",
        "gmpp_id": "GMPP id",
        "25k": "payments over £25,000",
        "sale": "G-Cloud sales",
    },
    "gmpp_category": {"ict": "ICT"},
    "scale": {"sme": "small or medium", "micro": "micro", "large": "large"},
    "buyer_class": {
        "publicAuthorityCentralGovernment": "central government",
        "publicAuthoritySubCentralGovernment": "public authority below central government",
        "publicUndertaking": "public undertaking",
        "privateUtility": "private utility",
    },
    "publisher_group": {"uk": "UK publisher", "example": "worked example", "other": "other publisher"},
    "match_method": {
        "exact_id": "same identifier",
        "published_name": "same published name",
        "gmpp_id": "same GMPP id",
        "gmpp_id_reissued": "GMPP id reissued",
        "name_equal": "same name",
        "name_core_equal": "same name apart from additions",
        "name_only": "name only",
    },
    "rating_scale": {"3pt": "three-point", "5pt": "five-point"},
    "assurance_scale": {"3pt": "three-point", "5pt": "five-point"},
    "rater": {"mpa": "MPA", "ipa": "IPA", "nista": "NISTA", "sro": "senior responsible owner"},
    "assurance_source": {"mpa": "MPA", "ipa": "IPA", "nista": "NISTA", "sro": "senior responsible owner"},
    "baseline_price_base": {"nominal": "nominal prices"},
    "forecast_price_base": {"nominal": "nominal prices"},
}

# Codes and names of the five KPI ratings. Source: SI 2024/692 regulation 39; ocds_uk_extension, measureClassification.
KPI_RATINGS: dict[str, str] = {
    "met": "Good",
    "slightlyBelow": "Approaching target",
    "below": "Requires improvement",
    "significantlyBelow": "Inadequate",
    "other": "Other",
}

# Grounds for withholding, with the state of the field and the ground in words. Source: Procurement Act 2023 section 94;
# the last three are codes of SDES.
WITHHOLDING_GROUNDS: dict[str, tuple[str, str]] = {
    "UK-PA23-s94-1a": ("withheld_security", "s.94(1)(a)"),
    "UK-PA23-s94-1b": ("withheld_commercial", "s.94(1)(b)"),
    "personal-data": ("withheld_other", "personal data"),
    "legal-privilege": ("withheld_other", "legal privilege"),
    "not-yet-public": ("withheld_other", "not yet public"),
}

# Registers in the order in which an organisation's id is chosen from its identifiers.
ORGANISATION_REGISTERS: dict[str, str] = {
    "GB-PPON": "central digital platform",
    "GB-COH": "Companies House",
    "GB-CHC": "Charity Commission",
    "GB-GOR": "government organisation register",
}

# Levels of evidence, strongest first.
EVIDENCE_LEVELS = ("audited", "buyer_confirmed", "published_notice", "supplier_reported", "derived", "modelled")


def make_technology_pattern() -> str:
    """Return a regular expression for CPV codes that begin with one of TECHNOLOGY_CPV_PREFIXES."""
    return "^(" + "|".join(TECHNOLOGY_CPV_PREFIXES) + ")"
