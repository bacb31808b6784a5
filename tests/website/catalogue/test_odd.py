"""What a fresh reader found: published data of an odd kind, and what the pages say of it."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.merge.release_factory import AS_OF, load, make_money, make_party, make_release
from tests.website.pages import read_text
from threepoint import pipeline

OCIDS = [f"ocds-h6vhtk-0dd{number:03d}" for number in range(9)]


@pytest.fixture(scope="module")
def odd_store(tmp_path_factory):
    store = tmp_path_factory.mktemp("odd") / "store"

    def one(number, *contracts, **more):
        tender = {
            "title": f"Number {number}", "classification": {"scheme": "CPV", "id": "72000000"},
            **more.pop("tender", {}),
        }  # fmt: skip
        made = [{"id": str(place), "awardID": "1", **contract} for place, contract in enumerate(contracts, 1)]
        return make_release(OCIDS[number], "2026-01-10", "UK7", tender=tender, contracts=made, **more)

    net, gross = {"value": make_money(5_000_000)}, {"value": make_money(None, 3_000_000)}
    load(store, [
        one(0, net, {}), one(1, net, gross), one(2, gross), one(3, net, {"value": make_money(4, currency="EUR")}),
        one(4, {"value": {"amount": 5_000_000}}), one(5, net, net),
        one(6, tender={"documents": [{"id": "d", "documentType": "contractNotice", "noticeType": "UK4", "url": "javascript:alert(1)"}]}),
        one(8, net, {"value": {"amount": 4_000_000}}),
        one(7, parties=[make_party("b", "Bristol", roles="buyer")], buyer={"id": "b"}),
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    return store


@pytest.fixture
def odd(odd_store, settings):
    settings.STORE = odd_store
    cache.clear()
    return Client()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "published for a part of it alone"), (1, "published for a part of it alone"), (2, "published with VAT alone"),
        (3, "in several currencies"), (4, "no currency stated for a part of it"), (5, "£10m"), (7, "not reported"),
        (8, "no currency stated for a part of it"),
    ],
)  # fmt: skip
def test_search_gives_a_sum_only_where_every_part_of_it_is_known(odd, number, said):
    listed = re.search(
        rf"Number {number} .*?Value (.*?) Newest", read_text(odd.get("/search/", {"q": f'"number {number}"'}))
    )[1]
    assert listed.startswith(said)


def test_a_code_without_words_is_no_hindrance(odd):
    assert odd.get("/search/", {"q": OCIDS[7]}).status_code == 200
    assert odd.get("/search.csv", {"all": "1"}).status_code == 200


def test_no_sign_is_put_on_an_amount_without_a_currency(odd):
    said = read_text(odd.get(f"/contracts/{OCIDS[4]}/contracts/1"))
    assert "currency not stated 5m" in said
    assert "£5m" not in said


def test_amounts_in_pounds_and_in_nobody_knows_what_are_not_added_up(odd):
    said = read_text(odd.get(f"/processes/{OCIDS[8]}"))
    assert "Value: not comparable: contracts for some of which no currency is stated." in said


def test_only_addresses_of_the_web_become_links(odd):
    page = odd.get(f"/processes/{OCIDS[6]}").content.decode()
    assert "javascript:" not in page


def test_a_page_kept_for_one_name_of_the_site_is_not_given_to_another(odd, settings):
    settings.ALLOWED_HOSTS = ["one.example", "other.example"]
    tags = {odd.get("/", headers={"Host": host}).headers["ETag"] for host in settings.ALLOWED_HOSTS}
    assert len(tags) == 2


def test_choices_beyond_what_is_looked_for_are_not_listed(odd):
    query = {"buyer": [f"no-such-{number}" for number in range(300)]}
    assert odd.get("/search/", query).content.decode().count("no-such-") < 3_000
