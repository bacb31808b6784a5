"""Who is measured: each command, what it does, in which turn, and up to how many releases."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.input_files import read_ocid
from bench.process_cost import REPOSITORY_ROOT, make_job_command, make_peer_command, make_threepoint_command

RELEASE_SCHEMA_PATH = (
    REPOSITORY_ROOT / "bench" / "schema" / "release-schema-1.1.json"
)  # ocdskit would fetch it from the network
LARGE_WORLD_RELEASES = 300_000  # releases; above, big work is measured once
SMALL_WORK_REPEATS = 5  # how often small work is repeated in each run

# Why somebody is left out at a size.
MEMORY_EXCLUSION, TIME_EXCLUSION, SUM_EXCLUSION = "memory", "time", "sum"


@dataclass(frozen=True)
class BenchPaths:
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
class Contender:
    """One command that is measured.

    The commands of `before` make what it reads, `count` says what came out; neither is counted. `after` must have ended
    well. It is repeated `times` in each run. A `peer` is slow and takes part in fewer runs. Above `most` releases it is left
    out, because of `why`.
    """

    name: str
    label: str
    command: Callable[[BenchPaths], list[str]]
    before: Callable[[BenchPaths], list[list[str]]] | None = None
    count: Callable[[BenchPaths], list[str]] | None = None
    after: str = ""
    reads: Callable[[BenchPaths], Path] | None = None
    writes: Callable[[BenchPaths], Path] | None = None
    well: tuple[int, ...] = (0,)
    times: int = 1
    peer: bool = False
    most: int | None = None
    why: str = ""


def make_flatten_command(place: BenchPaths, package: Path) -> list[str]:
    """As flatten-tool's documentation has it for OCDS, but for CSV alone: without -f it would write a spreadsheet too."""
    named = ("--root-id=ocid", "--main-sheet-name", "releases", "--root-list-path=releases")
    return make_peer_command("flatten-tool", "flatten", package, *named, "-f", "csv", "-o", place.sheets)


def make_small_load_commands(place: BenchPaths) -> list[list[str]]:
    """Return the commands that load four releases into a store of their own."""
    return [
        make_job_command("small", place.lines, place.small),
        make_threepoint_command("load", place.small, "--store", place.store("store-small"), "--json"),
    ]


def make_small_build_command(place: BenchPaths) -> list[str]:
    return make_threepoint_command("build", "--store", place.store("store-small"))


def make_small_show_command(place: BenchPaths) -> list[str]:
    return make_threepoint_command("show", read_ocid(place.small), "--store", place.store("store-small"))


CONTENDERS = (
    # Small work, which people wait for: the start of the process is most of it.
    Contender("help", "`threepoint --help`", lambda _: make_threepoint_command("--help"), times=SMALL_WORK_REPEATS),
    Contender(
        "build_small",
        "`threepoint build` of four releases",
        make_small_build_command,
        before=make_small_load_commands,
        times=SMALL_WORK_REPEATS,
    ),
    Contender(
        "show_small",
        "`threepoint show` of their process",
        make_small_show_command,
        before=lambda at: [*make_small_load_commands(at), make_small_build_command(at)],
        times=SMALL_WORK_REPEATS,
    ),
    Contender("lines", "reading the lines, nothing else", lambda at: make_job_command("lines", at.lines, at.store())),
    Contender(
        "orjson", "orjson parsing them, nothing else", lambda at: make_job_command("orjson", at.lines, at.store())
    ),
    Contender(
        "load",
        "`threepoint load`",
        lambda at: make_threepoint_command("load", at.lines, "--store", at.store(), "--json"),
    ),
    Contender(
        "load_package",
        "`threepoint load` of the same as one package",
        lambda at: make_threepoint_command("load", at.package, "--store", at.store("store-package"), "--json"),
        before=lambda at: [make_job_command("package", at.lines, at.package)],
    ),
    Contender(
        "build",
        "`threepoint build`",
        lambda at: make_threepoint_command("build", "--store", at.store(), "--json"),
        after="load",
    ),
    Contender(
        "both",
        "load and build in one process",
        lambda at: make_job_command("both", at.lines, at.store("store-both")),
        most=LARGE_WORLD_RELEASES,
        why=SUM_EXCLUSION,
    ),
    Contender(
        "merge",
        "our merge alone, from a loaded store",
        lambda at: make_job_command("merge", at.lines, at.store()),
        after="load",
    ),
    Contender(
        "filled",
        "load, then our coverage report alone",
        lambda at: make_job_command("filled", at.lines, at.store("store-filled")),
    ),
    Contender(
        "cardinal",
        "Cardinal's `coverage`",
        lambda at: make_job_command("cardinal", at.lines, at.store()),
    ),
    # It ends with 1 where the data fails a check, as a synthetic world does on purpose.
    Contender(
        "check", "`threepoint check`", lambda at: make_threepoint_command("check", at.lines, "--json"), well=(0, 1)
    ),
    Contender(
        "ocdsmerge",
        "ocdsmerge compiling them",
        lambda at: make_job_command("ocdsmerge", at.lines, at.store()),
        peer=True,
        most=LARGE_WORLD_RELEASES,
        why=MEMORY_EXCLUSION,
    ),
    Contender(
        "ocdskit",
        "`ocdskit compile`",
        lambda _: make_peer_command("ocdskit", "compile", "--schema", RELEASE_SCHEMA_PATH),
        count=lambda at: make_job_command("count_lines", at.compiled, at.compiled),
        reads=lambda at: at.lines,
        writes=lambda at: at.compiled,
        peer=True,
    ),
    Contender(
        "flatten_compiled",
        "flatten-tool on what `ocdskit compile` gave",
        lambda at: make_flatten_command(at, at.compiled_package),
        before=lambda at: [make_job_command("package", at.compiled, at.compiled_package)],
        count=lambda at: make_job_command("count_processes", at.sheets, at.sheets),
        after="ocdskit",
        peer=True,
        most=LARGE_WORLD_RELEASES,
        why=MEMORY_EXCLUSION,
    ),
    Contender(
        "flatten_releases",
        "flatten-tool on every release",
        lambda at: make_flatten_command(at, at.package),
        before=lambda at: [make_job_command("package", at.lines, at.package)],
        count=lambda at: make_job_command("count_releases", at.sheets, at.sheets),
        peer=True,
        most=LARGE_WORLD_RELEASES,
        why=TIME_EXCLUSION,
    ),
)
LABEL_BY_CONTENDER = {entrant.name: entrant.label for entrant in CONTENDERS}


def list_exclusions(releases: int) -> dict[str, str]:
    """Who is left out at a size, and why."""
    return {one.name: one.why for one in CONTENDERS if one.most is not None and releases > one.most}
