"""Publish the history as OCDS 1.1: release packages, and record packages with compiled releases.

A package has the releases of one publisher only, so that it is read back as that publisher's. Equal histories give equal
bytes: no value comes from the clock, and a package's `uri` is derived from its content.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from threepoint.errors import NothingLoadedError, UserError
from threepoint.publish import licences, output_folder
from threepoint.publish.compiled_release import compile_release
from threepoint.publish.manifest import Publication
from threepoint.publish.ocds_release import build_release
from threepoint.publish.ocds_values import format_time
from threepoint.standard.data_package import MANIFEST_FILE_NAME
from threepoint.standard.publishers import UNNAMED_PUBLISHER
from threepoint.store import history, sorted_history
from threepoint.store.store_paths import StorePaths

PACKAGE_FORMS = ("releases", "records")
PUBLISHER_GROUPS = ("uk", "example", "synthetic", "other")
ENTRIES_PER_PACKAGE = 1_000  # releases or records in one file
_EXTENSION_URL_TEMPLATE = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_{}_extension/master/extension.json"
)
# The extensions whose fields the standard reads.
EXTENSION_URLS = (
    "https://raw.githubusercontent.com/cabinetoffice/ocds_uk_extension/main/extension.json",
    "https://standard.open-contracting.org/profiles/eu/latest/en/extension.json",
    *(
        _EXTENSION_URL_TEMPLATE.format(name)
        for name in (
            "amendment_rationale_classifications", "bid", "budget_breakdown", "contract_completion", "lots", "metrics",
            "performance_failures", "suitability", "techniques", "withheldInformation",
        )
    ),
)  # fmt: skip
PACKAGE_UUID_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "threepoint:ocds")
EXCLUSION_NOTES = (
    *licences.NEVER_STORED_NOTES,
    "street addresses of parties: kept to distinguish organisations, never shown",
    "times of day: only the calendar day is kept, written as its first second, or as its last second for an end date",
    "parts of a penny",
)
_JSON_ENCODER = msgspec.json.Encoder(decimal_format="number")

ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True)
class OcdsPublishOptions:
    """Options of a publication: the forms to write, one publisher group, the date of packages, and their size."""

    forms: tuple[str, ...] = PACKAGE_FORMS
    group: str | None = None
    published: date | None = None
    size: int = ENTRIES_PER_PACKAGE


def write_ocds_packages(
    root: Path, out: Path, options: OcdsPublishOptions, tell: ProgressCallback = lambda _done, _total: None
) -> Publication:
    """Write the history of the store at `root` to the new folder `out`. Raise NothingLoadedError if it has no releases."""
    paths = StorePaths(root)
    committed = history.read_committed_batches(paths)
    if options.group not in (None, *PUBLISHER_GROUPS):
        raise UserError(f"{options.group} is not a group of publishers; the groups are {', '.join(PUBLISHER_GROUPS)}")
    with output_folder.create_folder(out) as folder:
        publication = Publication("ocds", out)
        with sorted_history.sort_history(paths, committed, folder / ".sorted", options.group) as releases:
            if not releases.count:
                of_group = f" of group {options.group}" if options.group else ""
                raise NothingLoadedError(f"{root} has no releases{of_group}; run `threepoint load FILE…` first")
            published_date = _format_published_date(options, releases.newest)
            _PackageWriter(folder, options, published_date, publication).write(releases, tell)
        publication.left_out |= licences.count_unread_input(committed)
        output_folder.write_json(folder / MANIFEST_FILE_NAME, publication.manifest())
        output_folder.write_checksums(folder, publication.files)
    return publication


def _format_published_date(options: OcdsPublishOptions, newest: datetime) -> str:
    if options.published:
        return format_time(datetime.combine(options.published, time(), UTC))
    return format_time(newest)


class _PackageWriter:
    """Writer of packages that also counts the releases that it writes and leaves out."""

    def __init__(
        self, folder: Path, options: OcdsPublishOptions, published_date: str, publication: Publication
    ) -> None:
        self.folder, self.options, self.publication = folder, options, publication
        self.published_date = published_date
        self.package_counts: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.pending: dict[str, list[bytes]] = {form: [] for form in options.forms}

    def write(self, history_releases: sorted_history.SortedHistory, tell: ProgressCallback) -> None:
        """Write all releases of the history, one process at a time."""
        done = 0
        for (publisher, group), rows in groupby(history_releases.releases(), lambda row: _get_publisher(row.release)):
            counts: Counter[str] = Counter()
            for _, process in groupby(rows, lambda row: row.release["ocid"]):
                releases = list(process)
                self._process(releases, publisher, group, counts)
                done += len(releases)
                tell(done, history_releases.count)
            self._flush(publisher, group, min_entries=1)
            source = licences.describe_source(publisher or UNNAMED_PUBLISHER, group, **counts)
            self.publication.sources.append(source)
            self.counts.update(counts)
        self._describe()

    def _process(
        self, rows: Sequence[sorted_history.ReleaseRows], publisher: str, group: str, counts: Counter[str]
    ) -> None:
        plain = [row for row in rows if row.release["kind"] == "release"]
        compiled = [row for row in rows if row.release["kind"] == "compiled"]
        # The history has only the last values of versioned releases.
        self.left_out["versioned_releases"] += len(rows) - len(plain) - len(compiled)
        self.left_out["values_not_read"] += sum(len(row.rows.get("invalid_value", ())) for row in rows)
        releases = [build_release(row.release, row.rows) for row in plain]
        counts["releases"] += len(releases)
        counts["releases_with_derived_id"] += sum(row.release["id_derived"] for row in plain)
        if "releases" in self.pending:
            self.pending["releases"] += [_JSON_ENCODER.encode(release) for release in releases]
        if "records" in self.pending:
            self._record(releases, [build_release(row.release, row.rows) for row in compiled], counts)
        self._flush(publisher, group, self.options.size)

    def _record(self, releases: list[dict[str, Any]], compiled: list[dict[str, Any]], counts: Counter[str]) -> None:
        """Add one record: its releases with their compiled release, or a published compiled release if it has none."""
        self.left_out["compiled_releases"] += len(compiled) - (not releases and bool(compiled))
        if releases:
            record = {"ocid": releases[0]["ocid"], "releases": releases, "compiledRelease": compile_release(releases)}
        elif compiled:
            record = {"ocid": compiled[-1]["ocid"], "compiledRelease": compiled[-1]}
            counts["records_without_releases"] += 1
        else:
            return
        counts["records"] += 1
        self.pending["records"].append(_JSON_ENCODER.encode(record))

    def _flush(self, publisher: str, group: str, min_entries: int) -> None:
        for form, entries in self.pending.items():
            while len(entries) >= min_entries:
                self._package(form, entries[: self.options.size], publisher, group)
                del entries[: self.options.size]

    def _package(self, form: str, entries: list[bytes], publisher: str, group: str) -> None:
        self.package_counts[form] += 1
        path = self.folder / form / f"{self.package_counts[form]:06d}.json"
        path.parent.mkdir(exist_ok=True)
        body = b",\n".join(entries)
        head = _JSON_ENCODER.encode(self._head(form, body, publisher, group))[:-1]
        path.write_bytes(b"".join([head, b',"', form.encode(), b'":[\n', body, b"\n]}\n"]))
        self.publication.files.append(output_folder.describe_file(self.folder, path))

    def _head(self, form: str, body: bytes, publisher: str, group: str) -> dict[str, Any]:
        """Return the package's metadata. `publisher` published the releases; `republished` says who wrote the package."""
        content = hashlib.sha256(b"\0".join([form.encode(), publisher.encode(), body])).hexdigest()
        head: dict[str, Any] = {
            "uri": f"urn:uuid:{uuid.uuid5(PACKAGE_UUID_NAMESPACE, content)}",
            "version": "1.1",
            "extensions": EXTENSION_URLS,
            "publishedDate": self.published_date,
            "publisher": {"name": publisher},
        }
        if group == "uk":
            head["license"] = licences.OGL_LICENCE["path"]
        return head | {"republished": _describe_republication(group)}

    def _describe(self) -> None:
        self.publication.counts = dict(sorted(self.counts.items())) | {
            f"{form[:-1]}_packages": self.package_counts[form] for form in self.options.forms
        }
        self.publication.left_out = {
            "never_held": list(EXCLUSION_NOTES),
            **{name: self.left_out[name] for name in ("compiled_releases", "versioned_releases", "values_not_read")},
        }
        self.publication.details = {"ocds_version": "1.1", "published_date": self.published_date}


def _get_publisher(release: dict[str, Any]) -> tuple[str, str]:
    return release["publisher"] or "", release["publisher_group"]


def _describe_republication(group: str) -> dict[str, Any]:
    """Return a note for packages, so that nobody mistakes them for the publisher's own files."""
    note: dict[str, Any] = {
        "by": "Three Point",
        "note": "written from a history of published releases; manifest.json lists what is left out",
    }
    return note | ({"synthetic": licences.SYNTHETIC_NOTE} if group == "synthetic" else {})
