"""Synonyms of technology terms, for search. This is our own list; add any that are missing."""

# Each line is one meaning: a search for one of its words also finds the others.
SYNONYM_GROUPS = (
    ("hosting", "cloud", "infrastructure as a service", "iaas", "data centre"),
    ("saas", "software as a service"),
    ("paas", "platform as a service"),
    ("ai", "artificial intelligence", "machine learning"),
    ("erp", "enterprise resource planning"),
    ("crm", "customer relationship management"),
    ("hr", "human resources"),
    ("payroll", "salary"),
    ("laptop", "notebook", "end user device", "end user computing"),
    ("wifi", "wi fi", "wireless network"),
    ("broadband", "fibre", "full fibre"),
    ("network", "wan", "lan"),
    ("cyber", "information security", "cyber security"),
    ("identity", "authentication", "single sign on"),
    ("helpdesk", "service desk"),
    ("website", "web site", "web development"),
    ("app", "mobile application"),
    ("licence", "license"),
    ("telephony", "voip", "contact centre", "call centre"),
    ("mobile", "smartphone", "sim"),
    ("ehr", "epr", "electronic patient record", "electronic health record"),
    ("gis", "geographic information system", "mapping"),
    ("edrms", "document management", "records management"),
    ("cctv", "video surveillance"),
    ("printing", "printer", "managed print"),
    ("backup", "disaster recovery"),
    ("migration", "transition"),
    ("devops", "site reliability"),
    ("rpa", "robotic process automation"),
    ("bi", "business intelligence", "analytics"),
    ("data", "database"),
    ("finance", "accounting", "ledger"),
    ("lms", "learning management system", "e learning"),
)


def list_synonyms(phrase: str) -> tuple[str, ...]:
    """Return the synonyms of a word or phrase in lower case."""
    return tuple(
        dict.fromkeys(other for group in SYNONYM_GROUPS if phrase in group for other in group if other != phrase)
    )
