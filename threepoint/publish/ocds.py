"""OCDS 1.1 out of the history: release packages (each release as said) and record packages (releases and what they come to).

A package holds the releases of one publisher, so that it reads back as that publisher's. Equal history gives equal bytes:
no clock is read, and a package's `uri` comes from its content.
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
from threepoint.store import history, sorted_history
from threepoint.store.store_paths import StorePaths

PACKAGE_FORMS = ("releases", "records")
PUBLISHER_GROUPS = ("uk", "example", "synthetic", "other")
ENTRIES_PER_PACKAGE = 1_000  # releases or records in one file
_EXTENSION_URL_TEMPLATE = (
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_{}_extension/master/extension.json"
)
# Those whose fields the standard reads.
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
    "street addresses of parties: kept to tell bodies apart, never shown",
    "the hour of a date: only the London day is kept, written at its first second, or at its last where it is an end",
    "parts of a penny",
)
_JSON_ENCODER = msgspec.json.Encoder(decimal_format="number")

ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True)
class OcdsPublishOptions:
    """What a caller may choose: the forms to write, one group of publishers, the day to date packages, their size."""

    forms: tuple[str, ...] = PACKAGE_FORMS
    group: str | None = None
    published: date | None = None
    size: int = ENTRIES_PER_PACKAGE


def write_ocds_packages(
    root: Path, out: Path, wishes: OcdsPublishOptions, tell: ProgressCallback = lambda _done, _total: None
) -> Publication:
    """Writes the history of the store at `root` to the new folder `out`. NothingLoaded where there is none to write."""
    layout = StorePaths(root)
    committed = history.read_committed_batches(layout)
    if wishes.group not in (None, *PUBLISHER_GROUPS):
        raise UserError(f"{wishes.group} is not a group of publishers; the groups are {', '.join(PUBLISHER_GROUPS)}")
    with output_folder.create_folder(out) as made:
        done = Publication("ocds", out)
        with sorted_history.sort_history(layout, committed, made / ".sorted", wishes.group) as held:
            if not held.count:
                which = f" of group {wishes.group}" if wishes.group else ""
                raise NothingLoadedError(f"{root} holds no release{which}; run `threepoint load FILE…` first")
            _PackageWriter(made, wishes, _format_published_date(wishes, held.newest), done).write(held, tell)
        done.left_out |= licences.count_unread_input(committed)
        output_folder.write_json(made / MANIFEST_FILE_NAME, done.manifest())
        output_folder.write_checksums(made, done.files)
    return done


def _format_published_date(wishes: OcdsPublishOptions, newest: datetime) -> str:
    if wishes.published:
        return format_time(datetime.combine(wishes.published, time(), UTC))
    return format_time(newest)


class _PackageWriter:
    """Writes packages as releases come, and counts what it writes and what it leaves out."""

    def __init__(self, made: Path, wishes: OcdsPublishOptions, dated: str, done: Publication) -> None:
        self.made, self.wishes, self.dated, self.done = made, wishes, dated, done
        self.numbers: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.pending: dict[str, list[bytes]] = {form: [] for form in wishes.forms}

    def write(self, held: sorted_history.SortedHistory, tell: ProgressCallback) -> None:
        """Every release of the history, a process at a time."""
        read = 0
        for (publisher, group), found in groupby(held.releases(), lambda one: _get_publisher(one.release)):
            counts: Counter[str] = Counter()
            for _, process in groupby(found, lambda one: one.release["ocid"]):
                releases = list(process)
                self._process(releases, publisher, group, counts)
                read += len(releases)
                tell(read, held.count)
            self._flush(publisher, group, least=1)
            self.done.sources.append(licences.describe_source(publisher or "publisher not named", group, **counts))
            self.counts.update(counts)
        self._tell()

    def _process(
        self, found: Sequence[sorted_history.ReleaseRows], publisher: str, group: str, counts: Counter[str]
    ) -> None:
        said = [one for one in found if one.release["kind"] == "release"]
        others = [one for one in found if one.release["kind"] == "compiled"]
        self.left["versioned_releases"] += len(found) - len(said) - len(others)  # only their last values are held
        self.left["values_not_read"] += sum(len(one.rows.get("invalid_value", ())) for one in found)
        releases = [build_release(one.release, one.rows) for one in said]
        counts["releases"] += len(releases)
        counts["releases_with_derived_id"] += sum(one.release["id_derived"] for one in said)
        if "releases" in self.pending:
            self.pending["releases"] += [_JSON_ENCODER.encode(release) for release in releases]
        if "records" in self.pending:
            self._record(releases, [build_release(one.release, one.rows) for one in others], counts)
        self._flush(publisher, group, self.wishes.size)

    def _record(self, releases: list[dict[str, Any]], others: list[dict[str, Any]], counts: Counter[str]) -> None:
        """One record: its releases and what they come to; where none is held, a compiled release as it was published."""
        self.left["compiled_releases"] += len(others) - (not releases and bool(others))
        if releases:
            record = {"ocid": releases[0]["ocid"], "releases": releases, "compiledRelease": compile_release(releases)}
        elif others:
            record = {"ocid": others[-1]["ocid"], "compiledRelease": others[-1]}
            counts["records_without_releases"] += 1
        else:
            return
        counts["records"] += 1
        self.pending["records"].append(_JSON_ENCODER.encode(record))

    def _flush(self, publisher: str, group: str, least: int) -> None:
        for form, waiting in self.pending.items():
            while len(waiting) >= least:
                self._package(form, waiting[: self.wishes.size], publisher, group)
                del waiting[: self.wishes.size]

    def _package(self, form: str, entries: list[bytes], publisher: str, group: str) -> None:
        self.numbers[form] += 1
        path = self.made / form / f"{self.numbers[form]:06d}.json"
        path.parent.mkdir(exist_ok=True)
        body = b",\n".join(entries)
        head = _JSON_ENCODER.encode(self._head(form, body, publisher, group))[:-1]
        path.write_bytes(b"".join([head, b',"', form.encode(), b'":[\n', body, b"\n]}\n"]))
        self.done.files.append(output_folder.describe_file(self.made, path))

    def _head(self, form: str, body: bytes, publisher: str, group: str) -> dict[str, Any]:
        """The package's metadata. Who published the releases stands as its publisher; `republished` says who wrote it out."""
        content = hashlib.sha256(b"\0".join([form.encode(), publisher.encode(), body])).hexdigest()
        head: dict[str, Any] = {
            "uri": f"urn:uuid:{uuid.uuid5(PACKAGE_UUID_NAMESPACE, content)}",
            "version": "1.1",
            "extensions": EXTENSION_URLS,
            "publishedDate": self.dated,
            "publisher": {"name": publisher},
        }
        if group == "uk":
            head["license"] = licences.OGL_LICENCE["path"]
        return head | {"republished": _describe_republication(group)}

    def _tell(self) -> None:
        self.done.counts = dict(sorted(self.counts.items())) | {
            f"{form[:-1]}_packages": self.numbers[form] for form in self.wishes.forms
        }
        self.done.left_out = {
            "never_held": list(EXCLUSION_NOTES),
            **{what: self.left[what] for what in ("compiled_releases", "versioned_releases", "values_not_read")},
        }
        self.done.details = {"ocds_version": "1.1", "published_date": self.dated}


def _get_publisher(release: dict[str, Any]) -> tuple[str, str]:
    return release["publisher"] or "", release["publisher_group"]


def _describe_republication(group: str) -> dict[str, Any]:
    """What a package says of itself, so that no one takes it for the publisher's own file."""
    told: dict[str, Any] = {
        "by": "Three Point",
        "note": "written out of a history of published releases; what is left out is told in manifest.json",
    }
    return told | ({"synthetic": licences.SYNTHETIC_NOTE} if group == "synthetic" else {})
