"""Fixtures of the browser tests: a browser and the running site.

A test requests `look` to open a page as a reader sees it:

    def test_something(look):
        seen = look("/design/", width=360, dark=True)
        assert seen.page.get_by_role("heading", level=1).inner_text() == "…"

`site` is the URL of the site, which shows the store of the fixture `site_store`. A test module that needs other data defines
a fixture of that name (of scope "session" or "package").
"""

import contextlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.live_server import serve_site
from tests.stores import make_once
from tests.website import sample_records
from threepoint import api, pipeline, sample

CHROME = Path("/usr/bin/chromium")
# The browser itself may send no requests; and no sandbox, because tests may run as root in a container.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip


@dataclass
class Seen:
    """An opened page, with its responses, console messages and requests to other sites."""

    page: Page
    status: int = 0
    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    answered: list[Any] = field(default_factory=list)
    path: str = ""
    width: int = 1280

    @property
    def bytes(self) -> int:
        """Number of bytes transferred so far, compressed where the response was compressed."""
        sizes = [request.sizes() for request in self.answered]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


@pytest.fixture(scope="session")
def site_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that the site shows by default: the sample records and synthetic data."""

    def make(folder: Path) -> None:
        sample.write_world(folder / "world", 600, seed=7)
        # A second file of the same name is loaded as a newer version, so this one needs a name of its own.
        file = (folder / "world" / "releases.jsonl").rename(folder / "notices.jsonl")
        pipeline.load(folder / "store", [file])
        pipeline.load(folder / "store", [_write_newer(file, folder / "newer")])
        store = sample_records.build(folder / "store")
        (store / "published").mkdir()
        api.publish_tables(store / "published" / "csv", "csv", store)
        api.publish_ocds(store / "published" / "ocds", store)

    return make_once(tmp_path_factory, "site-store", make) / "store"


def _write_newer(file: Path, folder: Path) -> Path:
    """Write a newer version of a file, in which one notice has another title under its old id, and one is missing."""
    notices = [json.loads(line) for line in file.read_text().splitlines()]
    counts = Counter((notice["ocid"], notice["date"]) for notice in notices)
    single = [notice for notice in notices if counts[notice["ocid"], notice["date"]] == 1]
    single.sort(key=lambda notice: notice["date"])
    vanished, *others = single[len(single) // 2 :]
    edited = next(notice for notice in others if "tender" in notice)
    edited["tender"]["title"] = f"{edited['tender'].get('title', '')} (corrected)"
    folder.mkdir()
    newer = folder / file.name
    newer.write_text("\n".join(json.dumps(notice) for notice in notices if notice is not vanished))
    return newer


@pytest.fixture(scope="session")
def site(site_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the running site."""
    folder = tmp_path_factory.mktemp("site")
    with serve_site(folder, site_store, DJANGO_SETTINGS_MODULE="tests.browser.settings") as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; tests are skipped where it is not installed.

    Each module has its own, because Django refuses to query its database while the browser runs.
    """
    if not CHROME.exists():
        message = f"{CHROME} not found: where there is apt-get, make setup installs it as root"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROME, args=QUIET)
        yield browser
        browser.close()


@contextlib.contextmanager
def open_page(
    browser: Browser, site: str, path: str, *, width: int = 1280, dark: bool = False, script: bool = True
) -> Iterator[Seen]:
    """Open a page of the site in a new browser context."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light",
        java_script_enabled=script, reduced_motion="reduce",
    )  # fmt: skip
    seen = Seen(context.new_page(), path=path, width=width)
    _watch(seen, site)
    response = seen.page.goto(site + path, wait_until="load")
    seen.status = response.status if response else 0
    yield seen
    context.close()


@pytest.fixture
def look(chromium: Browser, site: str) -> Iterator[Callable[..., Seen]]:
    """A function that opens pages for one test: `look(path, width=1280, dark=False, script=True)`."""
    with contextlib.ExitStack() as pages:
        yield lambda path, **options: pages.enter_context(open_page(chromium, site, path, **options))


def _watch(seen: Seen, site: str) -> None:
    def on_request(request: Any) -> None:
        if not request.url.startswith(site + "/"):
            seen.elsewhere.append(request.url)

    def on_finished(request: Any) -> None:
        seen.answered.append(request)  # `bytes` reads the sizes later: this callback cannot call the browser

    def on_console(message: Any) -> None:
        if "Failed to load resource" not in message.text or seen.page.url != message.location["url"]:
            seen.console.append(message.text)  # the page itself may be missing; a file that it loads may not

    seen.page.on("request", on_request)
    seen.page.on("requestfinished", on_finished)
    seen.page.on("console", on_console)
    seen.page.on("pageerror", lambda error: seen.console.append(str(error)))
