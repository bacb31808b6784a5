"""On random releases, too, the merged layer equals ocdsmerge: absent, null, replaced lists, nested arrays, no ids."""

import json
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.agreement.merging import RULES, keyed, ours, theirs
from tests.agreement.plain import is_published
from threepoint import pipeline
from threepoint.standard.history import GATHERED, HISTORY

IDS = st.sampled_from(["1", "2", "3"])
TEXT = st.one_of(st.none(), st.sampled_from(["alpha", "beta", "", "Ünïcode"]))
MONEY = st.one_of(st.none(), st.integers(0, 10**9), st.integers(0, 10**11).map(lambda pence: pence / 100))
DAY = st.one_of(st.none(), st.sampled_from(["2026-01-01T00:00:00Z", "2026-07-01T23:59:59+01:00", "2025-12-31"]))
FLAG = st.one_of(st.none(), st.booleans())


def some(**fields: st.SearchStrategy) -> st.SearchStrategy:
    """An object with any of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def nulled(release: dict, picks: list[int]) -> dict:
    """The release with null in place of some whole objects and lists: that takes nothing back."""
    for pick in picks:
        found = [pair for name in release for pair in sites(release, name)]
        if found:
            holder, name = found[pick % len(found)]
            holder[name] = None
    return release


def sites(holder: dict, name: str) -> list[tuple[dict, str]]:
    """Where an object, or a list of objects, stands under this name or anywhere below it."""
    value = holder[name]
    inner = value if isinstance(value, list) else [value]
    if not inner or not all(isinstance(entry, dict) for entry in inner):
        return []
    return [(holder, name), *[pair for entry in inner for below in entry for pair in sites(entry, below)]]


def rows(**fields: st.SearchStrategy) -> st.SearchStrategy:
    """An array of objects told apart by id, or, now and then, without ids."""
    named = st.fixed_dictionaries({"id": IDS}, optional=fields)
    unique = st.lists(named, max_size=3, unique_by=lambda row: row["id"])
    return st.one_of(unique, unique, st.lists(some(**fields), max_size=2))


VALUE = some(amount=MONEY, amountGross=MONEY, currency=st.one_of(st.none(), st.just("GBP")))
PERIOD = some(startDate=DAY, endDate=DAY)
CLASSES = st.one_of(st.none(), st.lists(st.fixed_dictionaries({"scheme": st.just("CPV"), "id": IDS}), max_size=2))
ITEMS = rows(description=TEXT, classification=some(scheme=TEXT, id=IDS), additionalClassifications=CLASSES)
RESULTS = rows(measure=st.one_of(st.integers(0, 9), TEXT.filter(lambda text: text is not None)), period=PERIOD,
               dimensions=st.dictionaries(IDS, IDS, max_size=2))  # fmt: skip
METRICS = rows(title=TEXT, observations=RESULTS)
BODIES = rows(name=TEXT, roles=st.one_of(st.none(), st.lists(st.sampled_from(["buyer", "supplier"]), max_size=2)),
              address=some(locality=TEXT), additionalIdentifiers=CLASSES)  # fmt: skip
TENDER = some(title=TEXT, value=VALUE, tenderPeriod=PERIOD, lots=rows(title=TEXT, value=VALUE), items=ITEMS,
              documents=rows(title=TEXT, noticeType=TEXT), amendments=rows(description=TEXT, date=DAY))  # fmt: skip
AWARDS = rows(title=TEXT, status=TEXT, date=DAY, value=VALUE, suppliers=rows(name=TEXT), items=ITEMS,
              relatedLots=st.lists(IDS, min_size=1, max_size=2))  # fmt: skip
CONTRACTS = rows(awardID=IDS, value=VALUE, period=PERIOD, agreedMetrics=METRICS, milestones=rows(dueDate=DAY),
                 implementation=some(metrics=METRICS, finalValue=VALUE, transactions=rows(value=VALUE, date=DAY)))  # fmt: skip
DATES = st.sampled_from(["2026-01-01T10:00:00Z", "2026-01-02T00:00:00+01:00", "2026-02-01T00:00:00Z"])
RELEASE = st.fixed_dictionaries(
    {"ocid": st.sampled_from(["ocds-213czf-1", "ocds-213czf-2"]), "date": DATES, "tag": st.just(["tender"])},
    optional={"tender": TENDER, "awards": AWARDS, "contracts": CONTRACTS, "parties": BODIES,
              "buyer": some(name=TEXT),
              "relatedProcesses": rows(relationship=st.lists(st.just("framework"), max_size=1), identifier=TEXT)},
)  # fmt: skip


# By history table: what a release says, the null that a later one puts in its place, and the value that stands.
WHOLE = {
    "award": ({"awards": [{"id": "1", "value": {"amount": 5}}]}, {"awards": [{"id": "1", "value": None}]},
              "value_net", Decimal("5.00")),
    "process": ({"tender": {"id": "t", "title": "Roads"}}, {"tender": None}, "title", "Roads"),
    "award_supplier": ({"awards": [{"id": "1", "suppliers": [{"id": "s", "name": "Alpha"}]}]},
                       {"awards": [{"id": "1", "suppliers": None}]}, "name", "Alpha"),
    "milestone": ({"contracts": [{"id": "1", "implementation": {"milestones": [{"id": "m", "title": "Done"}]}}]},
                  {"contracts": [{"id": "1", "implementation": None}]}, "title", "Done"),
}  # fmt: skip


# No shrinking: each try loads and merges a store, so a failure is reported as it was found.
@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(st.builds(nulled, RELEASE, st.lists(st.integers(0, 99), max_size=2)), min_size=1, max_size=5))
def test_the_merged_layer_equals_ocdsmerge(releases):
    agree(releases)


@pytest.mark.parametrize("table", list(WHOLE))
def test_null_on_a_whole_object_or_list_takes_nothing_back(table):
    common = {"ocid": "ocds-213czf-1", "date": "2026-01-01T10:00:00Z", "tag": ["tender"]}
    said, nulled, column, kept = WHOLE[table]
    mine = agree([{**common, **said}, {**common, **nulled}])
    names = [field.name for field in HISTORY[table].fields if is_published(field, HISTORY[table])]
    values = [row[len(row) - len(names) :] for row in mine[table]]
    assert [dict(zip(names, row, strict=True))[column] for row in values] == [kept]


def agree(releases):
    """Our merged layer of the releases, equal to ocdsmerge's."""
    texts = [json.dumps({**release, "id": f"r{number}"}).encode() for number, release in enumerate(releases)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "releases.jsonl"
        file.write_bytes(b"\n".join(texts) + b"\n")
        pipeline.load(Path(folder) / "store", [file])
        mine, order = ours(Path(folder) / "store")
    oracle = theirs(order, keyed([(text, "release") for text in texts]), RULES)
    for table in GATHERED:
        missing, extra = oracle[table.name] - mine[table.name], mine[table.name] - oracle[table.name]
        assert (missing, extra) == (Counter(), Counter()), table.name
    return mine
