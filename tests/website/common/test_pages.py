"""Tests of the links in the frame of every page."""

import re

import pytest


@pytest.mark.parametrize("address", ["/", "/design/", "/nothing-here"])
def test_page_has_no_dead_links(reader, address):
    page = reader.get(address).content.decode()
    hrefs = {href.partition("#")[0].partition("?")[0] for href in re.findall(r'href="(/[^"]*)"', page)}
    dead = {href for href in hrefs if not href.startswith("/static/") and reader.get(href).status_code != 200}
    assert dead == set()
    assert hrefs
