"""What stands around every page leads somewhere."""

import re

import pytest


@pytest.mark.parametrize("address", ["/", "/design/", "/nothing-here"])
def test_no_page_links_to_nothing(reader, address):
    page = reader.get(address).content.decode()
    hrefs = {href.partition("#")[0].partition("?")[0] for href in re.findall(r'href="(/[^"]*)"', page)}
    dead = {href for href in hrefs if not href.startswith("/static/") and reader.get(href).status_code != 200}
    assert dead == set()
    assert hrefs
