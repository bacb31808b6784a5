"""Stores for tests of what was loaded and what is missing: one drawn, one synthetic."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.merge.world import FIND_A_TENDER, build, load, money, party, release
from threepoint import pipeline, sample
from website.common import drafts

BUYER = "GB-GOR-D16"


def ocid(number):
    return FIND_A_TENDER.format(number)


def tender(number, title, **more):
    """A tender notice without an estimate."""
    buyer = party("b", "Home Office", BUYER, roles="buyer")
    return release(ocid(number), f"2026-03-{number:02d}", "UK4", id=f"{number:06d}-2026", buyer={"id": "b", "name": "Home Office"},
                   parties=[buyer], tender={"title": title, **more})  # fmt: skip


def releases():
    """Three tenders that name no estimate, one that does, and one with a contract that has ended."""
    period = {"startDate": "2024-03-01T00:00:00Z", "endDate": "2025-02-28T00:00:00Z"}
    ended = {"id": "1", "awardID": "1", "title": "=Ended", "status": "active", "value": money(100), "period": period}
    return [
        tender(1, "<script>alert(1)</script>"),
        tender(2, "=HYPERLINK(1)"),
        tender(3, "Third"),
        tender(4, "With an estimate", value=money(5)),
        release(ocid(5), "2026-03-05", "UK7", id="000005-2026", tender={"title": "Fifth", "value": money(9)},
                awards=[{"id": "1", "status": "active", "date": "2024-02-01T00:00:00Z", "value": money(100)}], contracts=[ended]),
        release(ocid(6), "2026-03-06", "UK15", id="000006-2026", tender={"title": "Market", "value": money(9)},
                awards=[{"id": "1", "status": "active"}]),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A store of `releases`, with a file beside it that cannot be read."""
    root = tmp_path_factory.mktemp("insight") / "store"
    load(root, releases())
    broken = root.parent / "broken.json"
    broken.write_text('{"ocid": "secret-bytes')
    pipeline.load(root, [broken])
    return build(root).root


@pytest.fixture(scope="session")
def made_up(tmp_path_factory):
    """A store of the synthetic world."""
    root = tmp_path_factory.mktemp("insight-sample")
    sample.write(root / "world", 300, 1)
    pipeline.load(root / "store", [root / "world"])
    return build(root / "store").root


@pytest.fixture
def reader(drawn, settings):
    """Someone who is not signed in, reading the drawn store. The database is asked for nothing."""
    settings.STORE = drawn
    cache.clear()
    return Client()


@pytest.fixture
def unchecked(monkeypatch):
    """No file is checked: what `drafts.check` is given is kept here instead."""
    given = []
    monkeypatch.setattr(
        drafts, "check", lambda chunks, *_: given.append(b"".join(chunks)) or {"problem": "not checked"}
    )
    return given
