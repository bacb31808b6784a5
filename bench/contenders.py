"""Who is measured: each command, what it does, in which turn, and up to how many releases."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.input_files import read_ocid
from bench.process_cost import ROOT, installed, job, threepoint

SCHEMA = ROOT / "bench" / "schema" / "release-schema-1.1.json"  # ocdskit would fetch it from the network
MANY = 300_000  # releases; above, big work is measured once
SMALL_TIMES = 5  # how often small work is repeated in each run

# Why somebody is left out at a size.
MEMORY, TIME, SUM = "memory", "time", "sum"


@dataclass(frozen=True)
class Place:
    """Where one size is measured: its releases, what is made of them, and what the commands write."""

    out: Path
    releases: int

    def _of(self, name: str) -> Path:
        return self.out / str(self.releases) / name

    @property
    def lines(self) -> Path:
        return self._of("releases.jsonl")

    @property
    def package(self) -> Path:
        return self._of("package.json")

    @property
    def compiled(self) -> Path:
        return self._of("compiled.jsonl")

    @property
    def compiled_package(self) -> Path:
        return self._of("compiled.json")

    @property
    def sheets(self) -> Path:
        return self._of("sheets")

    @property
    def small(self) -> Path:
        return self._of("small.jsonl")

    def store(self, name: str = "store") -> Path:
        return self.out / name

    @property
    def left_behind(self) -> list[Path]:
        """All but the releases themselves."""
        made = [self.package, self.compiled, self.compiled_package, self.sheets, self.small]
        return [*made, *map(self.store, ("store", "store-both", "store-package", "store-filled", "store-small"))]


@dataclass(frozen=True)
class Entrant:
    """One command that is measured.

    The commands of `before` make what it reads, `count` says what came out; neither is counted. `after` must have ended
    well. It is repeated `times` in each run. A `peer` is slow and takes part in fewer runs. Above `most` releases it is left
    out, because of `why`.
    """

    name: str
    label: str
    command: Callable[[Place], list[str]]
    before: Callable[[Place], list[list[str]]] | None = None
    count: Callable[[Place], list[str]] | None = None
    after: str = ""
    reads: Callable[[Place], Path] | None = None
    writes: Callable[[Place], Path] | None = None
    well: tuple[int, ...] = (0,)
    times: int = 1
    peer: bool = False
    most: int | None = None
    why: str = ""


def flatten(place: Place, package: Path) -> list[str]:
    """As flatten-tool's documentation has it for OCDS, but for CSV alone: without -f it would write a spreadsheet too."""
    named = ("--root-id=ocid", "--main-sheet-name", "releases", "--root-list-path=releases")
    return installed("flatten-tool", "flatten", package, *named, "-f", "csv", "-o", place.sheets)


def load_small(place: Place) -> list[list[str]]:
    """Return the commands that load four releases into a store of their own."""
    return [
        job("small", place.lines, place.small),
        threepoint("load", place.small, "--store", place.store("store-small"), "--json"),
    ]


def build_small(place: Place) -> list[str]:
    return threepoint("build", "--store", place.store("store-small"))


def show_small(place: Place) -> list[str]:
    return threepoint("show", read_ocid(place.small), "--store", place.store("store-small"))


ENTRANTS = (
    # Small work, which people wait for: the start of the process is most of it.
    Entrant("help", "`threepoint --help`", lambda _: threepoint("--help"), times=SMALL_TIMES),
    Entrant("build_small", "`threepoint build` of four releases", build_small, before=load_small, times=SMALL_TIMES),
    Entrant(
        "show_small",
        "`threepoint show` of their process",
        show_small,
        before=lambda at: [*load_small(at), build_small(at)],
        times=SMALL_TIMES,
    ),
    Entrant("lines", "reading the lines, nothing else", lambda at: job("lines", at.lines, at.store())),
    Entrant("orjson", "orjson parsing them, nothing else", lambda at: job("orjson", at.lines, at.store())),
    Entrant("load", "`threepoint load`", lambda at: threepoint("load", at.lines, "--store", at.store(), "--json")),
    Entrant(
        "load_package",
        "`threepoint load` of the same as one package",
        lambda at: threepoint("load", at.package, "--store", at.store("store-package"), "--json"),
        before=lambda at: [job("package", at.lines, at.package)],
    ),
    Entrant(
        "build", "`threepoint build`", lambda at: threepoint("build", "--store", at.store(), "--json"), after="load"
    ),
    Entrant(
        "both",
        "load and build in one process",
        lambda at: job("both", at.lines, at.store("store-both")),
        most=MANY,
        why=SUM,
    ),
    Entrant(
        "merge",
        "our merge alone, from a loaded store",
        lambda at: job("merge", at.lines, at.store()),
        after="load",
    ),
    Entrant(
        "filled",
        "load, then our coverage report alone",
        lambda at: job("filled", at.lines, at.store("store-filled")),
    ),
    Entrant(
        "cardinal",
        "Cardinal's `coverage`",
        lambda at: job("cardinal", at.lines, at.store()),
    ),
    # It ends with 1 where the data fails a check, as a synthetic world does on purpose.
    Entrant("check", "`threepoint check`", lambda at: threepoint("check", at.lines, "--json"), well=(0, 1)),
    Entrant(
        "ocdsmerge",
        "ocdsmerge compiling them",
        lambda at: job("ocdsmerge", at.lines, at.store()),
        peer=True,
        most=MANY,
        why=MEMORY,
    ),
    Entrant(
        "ocdskit",
        "`ocdskit compile`",
        lambda _: installed("ocdskit", "compile", "--schema", SCHEMA),
        count=lambda at: job("count_lines", at.compiled, at.compiled),
        reads=lambda at: at.lines,
        writes=lambda at: at.compiled,
        peer=True,
    ),
    Entrant(
        "flatten_compiled",
        "flatten-tool on what `ocdskit compile` gave",
        lambda at: flatten(at, at.compiled_package),
        before=lambda at: [job("package", at.compiled, at.compiled_package)],
        count=lambda at: job("count_processes", at.sheets, at.sheets),
        after="ocdskit",
        peer=True,
        most=MANY,
        why=MEMORY,
    ),
    Entrant(
        "flatten_releases",
        "flatten-tool on every release",
        lambda at: flatten(at, at.package),
        before=lambda at: [job("package", at.lines, at.package)],
        count=lambda at: job("count_releases", at.sheets, at.sheets),
        peer=True,
        most=MANY,
        why=TIME,
    ),
)
LABELS = {entrant.name: entrant.label for entrant in ENTRANTS}


def left_out(releases: int) -> dict[str, str]:
    """Who is left out at a size, and why."""
    return {one.name: one.why for one in ENTRANTS if one.most is not None and releases > one.most}
