"""OCDS 1.0: bodies named in place become parties, one amendment a list, old payment names new ones."""

import pytest

from tests.read.read_helpers import encode, make_release, read_as_loaded, read_carefully, read_release

BODY = {"name": "Beatriz Buys", "identifier": {"scheme": "GB-COH", "id": "4142000"}, "address": {"locality": "Leeds"}}


def list_parties(found):
    return list(zip(*(found.column("party", name) for name in ("party_id", "name", "roles", "locality")), strict=True))


def test_bodies_named_in_place_become_parties():
    found = read_release(
        buyer=BODY,
        tender={"procuringEntity": BODY, "tenderers": [{"name": "Rival Ray", "address": {"locality": "Hull"}}]},
        awards=[{"id": "a", "suppliers": [{"id": "s", "name": "Sam Supplies", "identifier": {"id": "7"}}]}],
    )
    assert [row[1:] for row in list_parties(found)] == [
        ("Beatriz Buys", "buyer; procuringEntity", "Leeds"), ("Rival Ray", "tenderer", "Hull"),
        ("Sam Supplies", "supplier", None),
    ]  # fmt: skip
    assert found.column("process", "buyer_ref") == found.column("party", "party_id")[:1] == ["GB-COH-4142000"]
    assert found.column("award_supplier", "party_ref") == ["s"]


@pytest.mark.parametrize("name", ["identifier", "address", "additionalIdentifiers"])
def test_any_sign_of_a_body_in_place_is_enough(name):
    value = [{"id": "1"}] if name == "additionalIdentifiers" else {"id": "1"}
    body = {"id": "b", "name": "Beatriz Buys", name: value}
    assert list_parties(read_release(buyer=body)) == [("b", "Beatriz Buys", "buyer", None)]


def test_a_release_with_parties_keeps_them():
    found = read_release(buyer=BODY, parties=[{"id": "p", "name": "As listed"}])
    assert list_parties(found) == [("p", "As listed", None, None)]
    assert found.column("process", "buyer_ref") == [None]


@pytest.mark.parametrize("sign", ["identifier", "address", "additionalIdentifiers"])
def test_signs_beside_parties_leave_both_readers_at_one(sign):
    raw = encode(
        make_release(1, buyer={"id": "p", sign: [] if sign.startswith("additional") else {}}, parties=[{"id": "p"}])
    )
    assert read_carefully(raw) == read_as_loaded(raw)


def test_one_amendment_becomes_a_list():
    change = {"date": "2026-01-01", "rationale": "more of it"}
    found = read_release(tender={"amendment": change}, contracts=[{"id": "c", "amendment": change}])
    assert found.column("amendment", "rationale") == ["more of it", "more of it"]
    both = read_release(tender={"amendment": change, "amendments": [{"id": "1", "rationale": "listed"}]})
    assert both.column("amendment", "rationale") == ["listed"]


def test_old_payment_names_become_new_ones():
    old = {"id": "t", "amount": {"amount": 5.5, "currency": "GBP"}}
    old |= {
        "providerOrganization": {"id": "p", "legalName": "Beatriz Buys"},
        "receiverOrganization": {"id": "r", "name": "Sam"},
    }
    found = read_release(contracts=[{"id": "c", "implementation": {"transactions": [old]}}])
    assert (found.column("transaction", "value_net"), len(found.rows["transaction"])) == ([5.5], 1)
    assert "Beatriz Buys" in found.rows["transaction"][0]


@pytest.mark.parametrize("wrong", ["text", 5, ["x"], [{"id": 1}], {"id": {"a": 1}}, {"id": [1]}, None])
@pytest.mark.parametrize("name", ["identifier", "address", "roles", "id"])
def test_bodies_of_any_shape_do_no_harm(name, wrong):
    body = {"identifier": {"id": "1"}, "roles": "buyer"} | {name: wrong}
    found = read_release(buyer=body, awards=[{"suppliers": [dict(body), 5, None]}], tender={"tenderers": body})
    assert (found.ids, found.quarantined) == (["1"], [])
