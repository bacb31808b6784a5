"""OCDS 1.0: inline organisations become parties, one amendment a list, old payment names new ones."""

import pytest

from tests.read.read_helpers import encode, make_release, read_as_loaded, read_carefully, read_release

BODY = {"name": "Beatriz Buys", "identifier": {"scheme": "GB-COH", "id": "4142000"}, "address": {"locality": "Leeds"}}


def list_parties(result):
    return list(zip(*(result.column("party", name) for name in ("party_id", "name", "roles", "locality")), strict=True))


def test_inline_organisations_become_parties():
    result = read_release(
        buyer=BODY,
        tender={"procuringEntity": BODY, "tenderers": [{"name": "Rival Ray", "address": {"locality": "Hull"}}]},
        awards=[{"id": "a", "suppliers": [{"id": "s", "name": "Sam Supplies", "identifier": {"id": "7"}}]}],
    )
    assert [row[1:] for row in list_parties(result)] == [
        ("Beatriz Buys", "buyer; procuringEntity", "Leeds"), ("Rival Ray", "tenderer", "Hull"),
        ("Sam Supplies", "supplier", None),
    ]  # fmt: skip
    assert result.column("process", "buyer_ref") == result.column("party", "party_id")[:1] == ["GB-COH-4142000"]
    assert result.column("award_supplier", "party_ref") == ["s"]


@pytest.mark.parametrize("name", ["identifier", "address", "additionalIdentifiers"])
def test_inline_organisation_needs_only_one_sign(name):
    value = [{"id": "1"}] if name == "additionalIdentifiers" else {"id": "1"}
    body = {"id": "b", "name": "Beatriz Buys", name: value}
    assert list_parties(read_release(buyer=body)) == [("b", "Beatriz Buys", "buyer", None)]


def test_existing_parties_are_kept():
    result = read_release(buyer=BODY, parties=[{"id": "p", "name": "As listed"}])
    assert list_parties(result) == [("p", "As listed", None, None)]
    assert result.column("process", "buyer_ref") == [None]


@pytest.mark.parametrize("name", ["identifier", "address", "additionalIdentifiers"])
def test_readers_agree_on_inline_fields_next_to_parties(name):
    raw = encode(
        make_release(1, buyer={"id": "p", name: [] if name.startswith("additional") else {}}, parties=[{"id": "p"}])
    )
    assert read_carefully(raw) == read_as_loaded(raw)


def test_single_amendment_becomes_a_list():
    amendment = {"date": "2026-01-01", "rationale": "more of it"}
    result = read_release(tender={"amendment": amendment}, contracts=[{"id": "c", "amendment": amendment}])
    assert result.column("amendment", "rationale") == ["more of it", "more of it"]
    result_with_list = read_release(tender={"amendment": amendment, "amendments": [{"id": "1", "rationale": "listed"}]})
    assert result_with_list.column("amendment", "rationale") == ["listed"]


def test_payment_fields_are_renamed():
    transaction = {"id": "t", "amount": {"amount": 5.5, "currency": "GBP"}}
    transaction |= {
        "providerOrganization": {"id": "p", "legalName": "Beatriz Buys"},
        "receiverOrganization": {"id": "r", "name": "Sam"},
    }
    result = read_release(contracts=[{"id": "c", "implementation": {"transactions": [transaction]}}])
    assert (result.column("transaction", "value_net"), len(result.rows["transaction"])) == ([5.5], 1)
    assert "Beatriz Buys" in result.rows["transaction"][0]


@pytest.mark.parametrize("wrong", ["text", 5, ["x"], [{"id": 1}], {"id": {"a": 1}}, {"id": [1]}, None])
@pytest.mark.parametrize("name", ["identifier", "address", "roles", "id"])
def test_inline_organisation_of_any_shape_is_read(name, wrong):
    body = {"identifier": {"id": "1"}, "roles": "buyer"} | {name: wrong}
    result = read_release(buyer=body, awards=[{"suppliers": [dict(body), 5, None]}], tender={"tenderers": body})
    assert (result.ids, result.quarantined) == (["1"], [])
