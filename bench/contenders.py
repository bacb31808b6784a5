"""The commands that are measured, in order, each with its inputs, outputs and size limit."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.input_files import read_ocid
from bench.process_cost import REPOSITORY_ROOT, make_job_command, make_peer_command, make_threepoint_command

# By default ocdskit fetches the schema from the network.
RELEASE_SCHEMA_PATH = REPOSITORY_ROOT / "bench" / "schema" / "release-schema-1.1.json"
LARGE_WORLD_RELEASES = 300_000  # above this, large work is measured once
SMALL_WORK_REPEATS = 5  # in each run

# Reasons to exclude a command at a size.
MEMORY_EXCLUSION, TIME_EXCLUSION, SUM_EXCLUSION = "memory", "time", "sum"


@dataclass(frozen=True)
class BenchPaths:
    """Paths of one size: its releases, files derived from them, and the outputs of commands."""

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
        """Return all paths except the releases."""
        files = [self.package, self.compiled, self.compiled_package, self.sheets, self.small]
        return [*files, *map(self.store, ("store", "store-both", "store-package", "store-filled", "store-small"))]


@dataclass(frozen=True)
class Contender:
    """One command that is measured.

    The commands of `before` make its input, and `count` counts its output; the cost excludes both. The contender named
    `after` must succeed first. Exit codes in `well` mean success. Each run repeats the command `times` times. A `peer` is
    slow and takes part in fewer runs. Above `most` releases the command is excluded for the reason `why`.
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


def make_flatten_command(paths: BenchPaths, package: Path) -> list[str]:
    """Return the command from flatten-tool's documentation for OCDS, with -f to write CSV and no spreadsheet."""
    options = ("--root-id=ocid", "--main-sheet-name", "releases", "--root-list-path=releases")
    return make_peer_command("flatten-tool", "flatten", package, *options, "-f", "csv", "-o", paths.sheets)


def make_small_load_commands(paths: BenchPaths) -> list[list[str]]:
    """Return the commands that load four releases into a separate store."""
    return [
        make_job_command("small", paths.lines, paths.small),
        make_threepoint_command("load", paths.small, "--store", paths.store("store-small"), "--json"),
    ]


def make_small_build_command(paths: BenchPaths) -> list[str]:
    return make_threepoint_command("build", "--store", paths.store("store-small"))


def make_small_show_command(paths: BenchPaths) -> list[str]:
    return make_threepoint_command("show", read_ocid(paths.small), "--store", paths.store("store-small"))


CONTENDERS = (
    # Small work, where the start of the process takes most of the time.
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
        before=lambda paths: [*make_small_load_commands(paths), make_small_build_command(paths)],
        times=SMALL_WORK_REPEATS,
    ),
    Contender(
        "lines", "reading the lines, nothing else", lambda paths: make_job_command("lines", paths.lines, paths.store())
    ),
    Contender(
        "orjson",
        "orjson parsing them, nothing else",
        lambda paths: make_job_command("orjson", paths.lines, paths.store()),
    ),
    Contender(
        "load",
        "`threepoint load`",
        lambda paths: make_threepoint_command("load", paths.lines, "--store", paths.store(), "--json"),
    ),
    Contender(
        "load_package",
        "`threepoint load` of the same as one package",
        lambda paths: make_threepoint_command("load", paths.package, "--store", paths.store("store-package"), "--json"),
        before=lambda paths: [make_job_command("package", paths.lines, paths.package)],
    ),
    Contender(
        "build",
        "`threepoint build`",
        lambda paths: make_threepoint_command("build", "--store", paths.store(), "--json"),
        after="load",
    ),
    Contender(
        "both",
        "load and build in one process",
        lambda paths: make_job_command("both", paths.lines, paths.store("store-both")),
        most=LARGE_WORLD_RELEASES,
        why=SUM_EXCLUSION,
    ),
    Contender(
        "merge",
        "our merge alone, from a loaded store",
        lambda paths: make_job_command("merge", paths.lines, paths.store()),
        after="load",
    ),
    Contender(
        "filled",
        "load, then our coverage report alone",
        lambda paths: make_job_command("filled", paths.lines, paths.store("store-filled")),
    ),
    Contender(
        "cardinal",
        "Cardinal's `coverage`",
        lambda paths: make_job_command("cardinal", paths.lines, paths.store()),
    ),
    # Exit code 1 means that data fails a check, which a synthetic world does on purpose.
    Contender(
        "check",
        "`threepoint check`",
        lambda paths: make_threepoint_command("check", paths.lines, "--json"),
        well=(0, 1),
    ),
    Contender(
        "ocdsmerge",
        "ocdsmerge compiling them",
        lambda paths: make_job_command("ocdsmerge", paths.lines, paths.store()),
        peer=True,
        most=LARGE_WORLD_RELEASES,
        why=MEMORY_EXCLUSION,
    ),
    Contender(
        "ocdskit",
        "`ocdskit compile`",
        lambda _: make_peer_command("ocdskit", "compile", "--schema", RELEASE_SCHEMA_PATH),
        count=lambda paths: make_job_command("count_lines", paths.compiled, paths.compiled),
        reads=lambda paths: paths.lines,
        writes=lambda paths: paths.compiled,
        peer=True,
    ),
    Contender(
        "flatten_compiled",
        "flatten-tool on what `ocdskit compile` gave",
        lambda paths: make_flatten_command(paths, paths.compiled_package),
        before=lambda paths: [make_job_command("package", paths.compiled, paths.compiled_package)],
        count=lambda paths: make_job_command("count_processes", paths.sheets, paths.sheets),
        after="ocdskit",
        peer=True,
        most=LARGE_WORLD_RELEASES,
        why=MEMORY_EXCLUSION,
    ),
    Contender(
        "flatten_releases",
        "flatten-tool on every release",
        lambda paths: make_flatten_command(paths, paths.package),
        before=lambda paths: [make_job_command("package", paths.lines, paths.package)],
        count=lambda paths: make_job_command("count_releases", paths.sheets, paths.sheets),
        peer=True,
        most=LARGE_WORLD_RELEASES,
        why=TIME_EXCLUSION,
    ),
)
LABEL_BY_CONTENDER = {contender.name: contender.label for contender in CONTENDERS}


def list_exclusions(releases: int) -> dict[str, str]:
    """Return the reason for each contender that is excluded at this size."""
    return {each.name: each.why for each in CONTENDERS if each.most is not None and releases > each.most}
