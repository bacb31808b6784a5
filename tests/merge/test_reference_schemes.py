"""A slow plain twin: on random notices of contracts, baselines, last words and changes equal those of the build."""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.merge.release_factory import load_and_build
from tests.size import bound_examples

OCIDS = [f"ocds-h6vhtk-00000{letter}" for letter in "abc"]  # many processes at once: a build costs more than its rows
# The middle two are in the opposite order as text and in UTC.
DATES = ["2026-01-01T10:00:00Z", "2026-01-02T00:30:00+01:00", "2026-01-01T23:45:00Z", "2026-02-01T00:00:00Z"]
IN_UTC = {text: place for place, text in enumerate(DATES)}
ENDS = ["2027-01-31", "2027-06-30", "2028-06-30"]

AMOUNT = st.sampled_from([None, 0, 100, 110.5, 5_000_000])
VALUE = st.fixed_dictionaries(
    {}, optional={"amount": AMOUNT, "amountGross": AMOUNT, "currency": st.sampled_from(["GBP", "EUR"])}
)
CONTRACT = st.fixed_dictionaries(
    {"id": st.sampled_from(["1", "2"])},
    optional={"value": VALUE, "period": st.fixed_dictionaries({}, optional={"endDate": st.sampled_from([None, *ENDS])}),
              "title": st.sampled_from([None, "a", "b"])},
)  # fmt: skip
RELEASE = st.fixed_dictionaries({
    "ocid": st.sampled_from(OCIDS), "date": st.sampled_from(DATES), "notice": st.sampled_from(["UK7", "UK9", "UK10"]),
    "compiled": st.sampled_from([False, False, False, True]),
    "contracts": st.lists(CONTRACT, min_size=1, max_size=2, unique_by=lambda row: row["id"]),
})  # fmt: skip


def write_release(number, drawn):
    """The drawing as a release; ids rise with their number, so that releases of one moment keep their order."""
    paper = {"id": f"n{number}", "noticeType": drawn["notice"], "documentType": "contractNotice"}
    tag = "compiled" if drawn["compiled"] else "contract"
    return {"ocid": drawn["ocid"], "id": f"r{number}", "date": drawn["date"], "tag": [tag], "initiationType": "tender",
            "tender": {"documents": [paper]}, "contracts": drawn["contracts"]}  # fmt: skip


def make_pounds(amount):
    return None if amount is None else Decimal(str(amount)).quantize(Decimal("0.01"))


# Where each field stands in a contract: outer, inner, and how it is read.
FIELDS = {"net": ("value", "amount", make_pounds), "gross": ("value", "amountGross", make_pounds), "currency": ("value", "currency", str),
          "end": ("period", "endDate", lambda text: text and date.fromisoformat(text))}  # fmt: skip


def read_contract(contract):
    """What one release says of each field of a contract; None where it takes the field back."""
    return {
        name: read(contract[outer][inner])
        for name, (outer, inner, read) in FIELDS.items()
        if inner in contract.get(outer, {})
    }


def walk_releases(releases):
    """(contracts, changes) by walking the releases one after another."""
    order = sorted(enumerate(releases), key=lambda pair: (IN_UTC[pair[1]["date"]], f"r{pair[0]}"))
    real = {drawn["ocid"] for _, drawn in order if not drawn["compiled"]}
    contracts, changes = {}, []
    for number, drawn in order:
        if drawn["compiled"] and drawn["ocid"] in real:
            continue
        for contract in drawn["contracts"]:
            address = f"{drawn['ocid']}/contracts/{contract['id']}"
            known = contracts.setdefault(
                address, {"now": {}, "first": {}, "said": {}, "unknown": drawn["notice"] == "UK10", "changes": 0}
            )
            for name, value in read_contract(contract).items():
                known["now"][name] = value
                if value is None or drawn["compiled"]:
                    continue
                before = known["said"].get(name)
                if name in ("net", "end") and before is not None and before != value:
                    changes.append((address, "value" if name == "net" else "duration", before, value, f"r{number}"))
                    known["changes"] += 1
                known["first"].setdefault(name, value)
                known["said"][name] = value
    return contracts, changes


def make_row(known):
    now, first = known["now"], {} if known["unknown"] else known["first"]
    same = known["first"].get("currency") == now.get("currency")
    both = same and first.get("net") is not None and now.get("net") is not None
    ends = first.get("end") is not None and now.get("end") is not None
    return {
        "value_net": now.get("net"), "value_gross": now.get("gross"), "currency": now.get("currency"),
        "end_current": now.get("end"), "value_net_first": first.get("net"), "value_gross_first": first.get("gross"),
        "end_first": first.get("end"), "amendment_only": known["unknown"], "changes": known["changes"],
        "value_change": now["net"] - first["net"] if both else None,
        "end_change_days": (now["end"] - first["end"]).days if ends else None,
    }  # fmt: skip


# No shrinking: each try loads and builds a store, so a failure is reported as it was found.
@settings(
    max_examples=bound_examples(6), derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.lists(RELEASE, min_size=30, max_size=40))
def test_baselines_last_words_and_changes_equal_those_told_one_after_another(releases):
    with tempfile.TemporaryDirectory() as folder:
        built = load_and_build(
            Path(folder) / "store", [write_release(number, drawn) for number, drawn in enumerate(releases)]
        )
        found = {row.pop("contract_id"): row for row in built.ask("FROM contract")}
        steps = built.ask("FROM change")
    contracts, changes = walk_releases(releases)
    wanted = {address: make_row(known) for address, known in contracts.items()}
    assert {address: {name: row[name] for name in wanted.get(address, row)} for address, row in found.items()} == wanted
    seen = [(row["subject_id"], row["type"], *_read_values(row), row["release_id"]) for row in steps]
    assert sorted(seen, key=repr) == sorted(changes, key=repr)


def _read_values(row):
    return (row["old_end"], row["new_end"]) if row["type"] == "duration" else (row["old_value"], row["new_value"])
