"""Pages of records with unusual published data."""

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

    def make_process(number, *contracts, **fields):
        tender = {
            "title": f"Number {number}", "classification": {"scheme": "CPV", "id": "72000000"},
            **fields.pop("tender", {}),
        }  # fmt: skip
        contracts = [{"id": str(place), "awardID": "1", **contract} for place, contract in enumerate(contracts, 1)]
        return make_release(OCIDS[number], "2026-01-10", "UK7", tender=tender, contracts=contracts, **fields)

    net, gross = {"value": make_money(5_000_000)}, {"value": make_money(None, 3_000_000)}
    load(store, [
        make_process(0, net, {}), make_process(1, net, gross), make_process(2, gross),
        make_process(3, net, {"value": make_money(4, currency="EUR")}),
        make_process(4, {"value": {"amount": 5_000_000}}), make_process(5, net, net),
        make_process(6, tender={"documents": [
            {"id": "d", "documentType": "contractNotice", "noticeType": "UK4", "url": "javascript:alert(1)"}]}),
        make_process(8, net, {"value": {"amount": 4_000_000}}),
        make_process(7, parties=[make_party("b", "Bristol", roles="buyer")], buyer={"id": "b"}),
    ])  # fmt: skip
    pipeline.build(store, AS_OF)
    return store


@pytest.fixture
def odd(odd_store, settings):
    settings.STORE = odd_store
    cache.clear()
    return Client()


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (0, "published for part of it only"), (1, "published for part of it only"), (2, "published with VAT only"),
        (3, "in several currencies"), (4, "no currency stated for part of it"), (5, "£10m"), (7, "not reported"),
        (8, "no currency stated for part of it"),
    ],
)  # fmt: skip
def test_search_shows_total_only_if_every_part_is_known(odd, number, value):
    text = read_text(odd.get("/search/", {"q": f'"number {number}"'}))
    assert re.search(rf"Number {number} .*?Value (.*?) Latest notice", text)[1].startswith(value)


def test_search_works_with_code_without_description(odd):
    assert odd.get("/search/", {"q": OCIDS[7]}).status_code == 200
    assert odd.get("/search.csv", {"all": "1"}).status_code == 200


def test_amount_without_currency_has_no_pound_sign(odd):
    text = read_text(odd.get(f"/contracts/{OCIDS[4]}/contracts/1"))
    assert "currency not stated 5m" in text
    assert "£5m" not in text


def test_amounts_in_pounds_and_without_currency_are_not_added_up(odd):
    text = read_text(odd.get(f"/processes/{OCIDS[8]}"))
    assert "Value: not comparable: some contracts do not state a currency." in text


def test_only_http_urls_become_links(odd):
    page = odd.get(f"/processes/{OCIDS[6]}").content.decode()
    assert "javascript:" not in page


def test_page_cache_is_separate_for_each_host(odd, settings):
    settings.ALLOWED_HOSTS = ["one.example", "other.example"]
    tags = {odd.get("/", headers={"Host": host}).headers["ETag"] for host in settings.ALLOWED_HOSTS}
    assert len(tags) == 2


def test_search_page_limits_repeated_parameters(odd):
    query = {"buyer": [f"no-such-{number}" for number in range(300)]}
    assert odd.get("/search/", query).content.decode().count("no-such-") < 3_000
