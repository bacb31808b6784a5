"""A browser, and the site really running.

A test asks for `look`, and gets a page as a person sees it:

    def test_something(look):
        seen = look("/design/", width=360, dark=True)
        assert seen.page.get_by_role("heading", level=1).inner_text() == "…"

`site` is its address. It shows the store that the fixture `site_store` names: a test module with pages of its own gives
a fixture of that name (of scope "session" or "package"), and nothing else.
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
# Nothing of the browser's own may go out; no sandbox, since tests may run as root in a container.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]  # fmt: skip


@dataclass
class Seen:
    """A page that was opened, with all that should not have happened: words on the console, requests to elsewhere."""

    page: Page
    status: int = 0
    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    answered: list[Any] = field(default_factory=list)
    path: str = ""
    width: int = 1280

    @property
    def bytes(self) -> int:
        """What came over the wire so far, as it travelled: packed where it was packed."""
        sizes = [request.sizes() for request in self.answered]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


@pytest.fixture(scope="session")
def site_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that the site shows, unless a test module gives one of its own: drawn things, and a synthetic world."""

    def make(folder: Path) -> None:
        sample.write_world(folder / "world", 600, seed=7)
        file = (folder / "world" / "releases.jsonl").rename(folder / "notices.jsonl")  # files of one name are versions
        pipeline.load(folder / "store", [file])
        pipeline.load(folder / "store", [_write_newer(file, folder / "newer")])
        store = sample_records.build(folder / "store")
        (store / "published").mkdir()
        api.publish_tables(store / "published" / "csv", "csv", store)
        api.publish_ocds(store / "published" / "ocds", store)

    return make_once(tmp_path_factory, "site-store", make) / "store"


def _write_newer(file: Path, folder: Path) -> Path:
    """A newer version of a file: one notice has another title under its old id, and one is gone."""
    notices = [json.loads(line) for line in file.read_text().splitlines()]
    dates = Counter((one["ocid"], one["date"]) for one in notices)
    alone = sorted((one for one in notices if dates[one["ocid"], one["date"]] == 1), key=lambda one: one["date"])
    gone, *others = alone[len(alone) // 2 :]
    edited = next(one for one in others if "tender" in one)
    edited["tender"]["title"] = f"{edited['tender'].get('title', '')} (corrected)"
    folder.mkdir()
    newer = folder / file.name
    newer.write_text("\n".join(json.dumps(one) for one in notices if one is not gone))
    return newer


@pytest.fixture(scope="session")
def site(site_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, really running."""
    folder = tmp_path_factory.mktemp("site")
    with serve_site(folder, site_store, DJANGO_SETTINGS_MODULE="tests.browser.settings") as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; skipped where there is none. One for each module: while it runs, Django refuses to ask its database."""
    if not CHROME.exists():
        message = f"no {CHROME}: make setup installs it as root, where there is apt-get"
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
    """A page of the site, at a width, in light or dark, with script or without, in a browser that has seen nothing yet."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light",
        java_script_enabled=script, reduced_motion="reduce",
    )  # fmt: skip
    seen = Seen(context.new_page(), path=path, width=width)
    _watch(seen, site)
    answer = seen.page.goto(site + path, wait_until="load")
    seen.status = answer.status if answer else 0
    yield seen
    context.close()


@pytest.fixture
def look(chromium: Browser, site: str) -> Iterator[Callable[..., Seen]]:
    """Opens pages for one test: `look(path, width=1280, dark=False, script=True)`."""
    with contextlib.ExitStack() as pages:
        yield lambda path, **how: pages.enter_context(open_page(chromium, site, path, **how))


def _watch(seen: Seen, site: str) -> None:
    def on_request(request: Any) -> None:
        if not request.url.startswith(site + "/"):
            seen.elsewhere.append(request.url)

    def on_finished(request: Any) -> None:
        seen.answered.append(request)  # weighed later: the browser cannot be asked from here

    def on_console(message: Any) -> None:
        if "Failed to load resource" not in message.text or seen.page.url != message.location["url"]:
            seen.console.append(message.text)  # the page itself may be "not found"; its parts may not

    seen.page.on("request", on_request)
    seen.page.on("requestfinished", on_finished)
    seen.page.on("console", on_console)
    seen.page.on("pageerror", lambda error: seen.console.append(str(error)))
