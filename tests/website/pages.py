"""Helpers that read the site's responses as a reader sees them."""

import csv
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from threepoint.snapshot import open_snapshot
from threepoint.standard.sdes import SDES_TABLES
from website.common.record_urls import PATH_BY_KIND


def read_text(response: Any) -> str:
    """Return the text of a page's main part, with single spaces."""
    body = re.sub(r"(?s)^.*<main[^>]*>|</main>.*$", "", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def read_leads(response: Any) -> list[str]:
    """Return the sentences at the top of a record's page."""
    sentences = re.findall(r'(?s)<p class="govuk-body-l tp-text tp-lead">(.*?)</p>', response.content.decode())
    return [html.unescape(sentence) for sentence in sentences]


def read_results(response: Any) -> list[str]:
    """Return the URLs of the search results, in order."""
    return re.findall(r'tp-result__title"><a class="govuk-link" href="([^"]+)"', response.content.decode())


def read_csv(response: Any) -> list[list[str]]:
    """Return the rows of a CSV response, headings first."""
    return list(csv.reader(io.StringIO(response.content.decode(), newline="")))


def list_records(store: Path) -> Iterator[tuple[str, str]]:
    """Yield the kind and id of every record that has a page."""
    with open_snapshot(store) as snapshot:
        for kind in PATH_BY_KIND:
            key = SDES_TABLES[kind].key[0]
            for row in snapshot.rows(f'SELECT "{key}" FROM "{kind}" ORDER BY ALL'):
                yield kind, row[key]
