"""Reference implementation: on random contract notices, baselines, last values and changes equal those of the build."""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.merge.release_factory import load_and_build
from tests.size import bound_examples

OCIDS = [
    f"ocds-h6vhtk-00000{letter}" for letter in "abc"
]  # several processes per build: a build costs more than its rows
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


def write_release(number, release):
    """Return a drawn release in OCDS form; ids rise with the number, so releases of the same time keep their order."""
    document = {"id": f"n{number}", "noticeType": release["notice"], "documentType": "contractNotice"}
    tag = "compiled" if release["compiled"] else "contract"
    return {"ocid": release["ocid"], "id": f"r{number}", "date": release["date"], "tag": [tag], "initiationType": "tender",
            "tender": {"documents": [document]}, "contracts": release["contracts"]}  # fmt: skip


def make_pounds(amount):
    return None if amount is None else Decimal(str(amount)).quantize(Decimal("0.01"))


# Outer and inner key of each field in a contract, and the function that reads it.
FIELDS = {"net": ("value", "amount", make_pounds), "gross": ("value", "amountGross", make_pounds), "currency": ("value", "currency", str),
          "end": ("period", "endDate", lambda text: text and date.fromisoformat(text))}  # fmt: skip


TYPE_BY_FIELD = {"net": "value", "gross": "value", "end": "duration"}


def read_contract(contract):
    """Return the fields of a contract in one release; None if the release removes the field."""
    return {
        name: read(contract[outer][inner])
        for name, (outer, inner, read) in FIELDS.items()
        if inner in contract.get(outer, {})
    }


def walk_releases(releases):
    """Return (contracts, changes) by walking through the releases in order."""
    order = sorted(enumerate(releases), key=lambda pair: (IN_UTC[pair[1]["date"]], f"r{pair[0]}"))
    ocids_with_releases = {release["ocid"] for _, release in order if not release["compiled"]}
    contracts, changes = {}, []
    for step, (number, release) in enumerate(order):
        if release["compiled"] and release["ocid"] in ocids_with_releases:
            continue
        for contract in release["contracts"]:
            address = f"{release['ocid']}/contracts/{contract['id']}"
            contract_state = contracts.setdefault(
                address,
                {
                    "current": {},
                    "first": {},
                    "last": {},
                    "stated": {},
                    "changed": {},
                    "unknown": release["notice"] == "UK10",
                    "changes": 0,
                },
            )
            fields = read_contract(contract)
            currency, changed = fields.get("currency"), []
            for name, value in fields.items():
                contract_state["current"][name] = value
                if value is None:
                    continue
                contract_state["stated"][name] = step
                if release["compiled"]:
                    continue
                previous, old_currency = contract_state["last"].get(name, (None, None))
                differs = previous != value or (
                    name != "end" and None not in (old_currency, currency) and old_currency != currency
                )
                if name in TYPE_BY_FIELD and previous is not None and differs:
                    changed.append((name, previous, value))
                contract_state["first"].setdefault(name, value)
                contract_state["last"][name] = (value, currency)
            names = [name for name, *_ in changed]
            for name, previous, value in changed:
                if name == "gross" and "net" in names:
                    continue
                changes.append((address, TYPE_BY_FIELD[name], previous, value, f"r{number}"))
                contract_state["changes"] += 1
                contract_state["changed"][name] = step
    return contracts, changes


def remove_stale_values(contract_state):
    """Return the current fields without the value on one VAT basis if a later notice changed only the other one."""
    current, stated, changed = (contract_state[name] for name in ("current", "stated", "changed"))
    stale = [
        name for name, other in (("net", "gross"), ("gross", "net")) if stated.get(name, 0) < changed.get(other, 0)
    ]
    return current | dict.fromkeys(stale)


def make_row(contract_state):
    current, first = remove_stale_values(contract_state), {} if contract_state["unknown"] else contract_state["first"]
    same_currency = contract_state["first"].get("currency") == current.get("currency")
    has_values = same_currency and first.get("net") is not None and current.get("net") is not None
    has_ends = first.get("end") is not None and current.get("end") is not None
    return {
        "value_net": current.get("net"), "value_gross": current.get("gross"), "currency": current.get("currency"),
        "end_current": current.get("end"), "value_net_first": first.get("net"), "value_gross_first": first.get("gross"),
        "end_first": first.get("end"), "amendment_only": contract_state["unknown"], "changes": contract_state["changes"],
        "value_change": current["net"] - first["net"] if has_values else None,
        "end_change_days": (current["end"] - first["end"]).days if has_ends else None,
    }  # fmt: skip


# No shrinking: each attempt loads and builds a store, so a failure is reported unshrunk.
@settings(
    max_examples=bound_examples(6), derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.lists(RELEASE, min_size=30, max_size=40))
def test_contracts_equal_reference_on_random_releases(releases):
    with tempfile.TemporaryDirectory() as folder:
        built = load_and_build(
            Path(folder) / "store", [write_release(number, release) for number, release in enumerate(releases)]
        )
        rows_by_id = {row.pop("contract_id"): row for row in built.ask("FROM contract")}
        change_rows = built.ask("FROM change")
    contracts, changes = walk_releases(releases)
    expected = {address: make_row(contract_state) for address, contract_state in contracts.items()}
    assert {
        address: {name: row[name] for name in expected.get(address, row)} for address, row in rows_by_id.items()
    } == expected
    built_changes = [(row["subject_id"], row["type"], *_read_values(row), row["release_id"]) for row in change_rows]
    assert sorted(built_changes, key=repr) == sorted(changes, key=repr)


def _read_values(row):
    return (row["old_end"], row["new_end"]) if row["type"] == "duration" else (row["old_value"], row["new_value"])
