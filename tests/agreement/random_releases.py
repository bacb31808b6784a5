"""Strategies for random releases: absent and null values, replaced lists, nested arrays, objects without ids."""

from hypothesis import strategies as st

IDS = st.sampled_from(["1", "2", "3"])
TEXT = st.one_of(st.none(), st.sampled_from(["alpha", "beta", "", "Ünïcode"]))
MONEY = st.one_of(st.none(), st.integers(0, 10**9), st.integers(0, 10**11).map(lambda pence: pence / 100))
DAY = st.one_of(st.none(), st.sampled_from(["2026-01-01T00:00:00Z", "2026-07-01T23:59:59+01:00", "2025-12-31"]))
FLAG = st.one_of(st.none(), st.booleans())


def draw_object(**fields: st.SearchStrategy) -> st.SearchStrategy:
    """Draw an object with any of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def put_nulls(release: dict, picks: list[int]) -> dict:
    """Replace some whole objects and lists of a release with null, which removes nothing in a merge."""
    for pick in picks:
        sites = [pair for name in release for pair in find_sites(release, name)]
        if sites:
            holder, name = sites[pick % len(sites)]
            holder[name] = None
    return release


def find_sites(holder: dict, name: str) -> list[tuple[dict, str]]:
    """Return (parent, name) of each object or list of objects at this name or nested in it."""
    value = holder[name]
    inner = value if isinstance(value, list) else [value]
    if not inner or not all(isinstance(entry, dict) for entry in inner):
        return []
    return [(holder, name), *[pair for entry in inner for child in entry for pair in find_sites(entry, child)]]


def draw_array(**fields: st.SearchStrategy) -> st.SearchStrategy:
    """Draw an array of objects with unique ids or, less often, without ids."""
    named = st.fixed_dictionaries({"id": IDS}, optional=fields)
    unique = st.lists(named, max_size=3, unique_by=lambda row: row["id"])
    return st.one_of(unique, unique, st.lists(draw_object(**fields), max_size=2))


VALUE = draw_object(amount=MONEY, amountGross=MONEY, currency=st.one_of(st.none(), st.just("GBP")))
PERIOD = draw_object(startDate=DAY, endDate=DAY)
CLASSES = st.one_of(st.none(), st.lists(st.fixed_dictionaries({"scheme": st.just("CPV"), "id": IDS}), max_size=2))
ITEMS = draw_array(description=TEXT, classification=draw_object(scheme=TEXT, id=IDS), additionalClassifications=CLASSES)
RESULTS = draw_array(measure=st.one_of(st.integers(0, 9), TEXT.filter(lambda text: text is not None)), period=PERIOD,
               dimensions=st.dictionaries(IDS, IDS, max_size=2))  # fmt: skip
METRICS = draw_array(title=TEXT, observations=RESULTS)
BODIES = draw_array(name=TEXT, roles=st.one_of(st.none(), st.lists(st.sampled_from(["buyer", "supplier"]), max_size=2)),
              address=draw_object(locality=TEXT), additionalIdentifiers=CLASSES)  # fmt: skip
TENDER = draw_object(title=TEXT, value=VALUE, tenderPeriod=PERIOD, lots=draw_array(title=TEXT, value=VALUE), items=ITEMS,
              documents=draw_array(title=TEXT, noticeType=TEXT), amendments=draw_array(description=TEXT, date=DAY))  # fmt: skip
AWARDS = draw_array(title=TEXT, status=TEXT, date=DAY, value=VALUE, suppliers=draw_array(name=TEXT), items=ITEMS,
              relatedLots=st.lists(IDS, min_size=1, max_size=2))  # fmt: skip
CONTRACTS = draw_array(awardID=IDS, value=VALUE, period=PERIOD, agreedMetrics=METRICS, milestones=draw_array(dueDate=DAY),
                 implementation=draw_object(metrics=METRICS, finalValue=VALUE, transactions=draw_array(value=VALUE, date=DAY)))  # fmt: skip
DATES = st.sampled_from(["2026-01-01T10:00:00Z", "2026-01-02T00:00:00+01:00", "2026-02-01T00:00:00Z"])
RELEASE = st.fixed_dictionaries(
    {"ocid": st.sampled_from(["ocds-213czf-1", "ocds-213czf-2"]), "date": DATES, "tag": st.just(["tender"])},
    optional={"tender": TENDER, "awards": AWARDS, "contracts": CONTRACTS, "parties": BODIES,
              "buyer": draw_object(name=TEXT),
              "relatedProcesses": draw_array(relationship=st.lists(st.just("framework"), max_size=1), identifier=TEXT)},
)  # fmt: skip
