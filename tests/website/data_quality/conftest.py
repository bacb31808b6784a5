"""Fixtures for tests of the data quality pages: a store with missing fields and an unreadable file."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.merge.release_factory import FIND_A_TENDER, build, load, make_money, make_party, make_release
from threepoint import pipeline
from website.common import draft_check

BUYER = "GB-GOR-D16"


def make_ocid(number):
    return FIND_A_TENDER.format(number)


def make_tender(number, title, **more):
    """Return a tender notice without an estimate."""
    buyer = make_party("b", "Home Office", BUYER, roles="buyer")
    return make_release(make_ocid(number), f"2026-03-{number:02d}", "UK4", id=f"{number:06d}-2026",
                   buyer={"id": "b", "name": "Home Office"},
                   parties=[buyer], tender={"title": title, **more})  # fmt: skip


def make_releases():
    """Return three tenders without an estimate, one with an estimate, an ended contract and a dynamic market."""
    period = {"startDate": "2024-03-01T00:00:00Z", "endDate": "2025-02-28T00:00:00Z"}
    ended = {
        "id": "1", "awardID": "1", "title": "=Ended", "status": "active", "value": make_money(100), "period": period,
    }  # fmt: skip
    return [
        make_tender(1, "<script>alert(1)</script>"),
        make_tender(2, "=HYPERLINK(1)"),
        make_tender(3, "Third"),
        make_tender(4, "With an estimate", value=make_money(5)),
        make_release(make_ocid(5), "2026-03-05", "UK7", id="000005-2026", tender={"title": "Fifth", "value": make_money(9)},
                awards=[{"id": "1", "status": "active", "date": "2024-02-01T00:00:00Z", "value": make_money(100)}], contracts=[ended]),
        make_release(make_ocid(6), "2026-03-06", "UK15", id="000006-2026", tender={"title": "Market", "value": make_money(9)},
                awards=[{"id": "1", "status": "active"}]),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def quality_store(tmp_path_factory):
    """A store of `make_releases`, which also loaded a file that cannot be read."""
    root = tmp_path_factory.mktemp("data-quality") / "store"
    load(root, make_releases())
    broken = root.parent / "broken.json"
    broken.write_text('{"ocid": "secret-bytes')
    pipeline.load(root, [broken])
    return build(root).root


@pytest.fixture
def reader(quality_store, settings):
    """A client that is not signed in and reads `quality_store`. Tests that use it fail on database queries."""
    settings.STORE = quality_store
    cache.clear()
    return Client()


@pytest.fixture
def uploads(monkeypatch):
    """The uploads that `draft_check.check_upload` received. It does not check them."""
    uploads = []
    monkeypatch.setattr(
        draft_check, "check_upload", lambda chunks, *_: uploads.append(b"".join(chunks)) or {"problem": "not checked"}
    )
    return uploads
