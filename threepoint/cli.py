"""The command `threepoint`: arguments in, one function of the API called, words out."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from threepoint.errors import UserError

app = typer.Typer(
    epilog="Begin with: threepoint load FILE…, threepoint build, threepoint status, threepoint show ID.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

publish_app = typer.Typer(
    help="Write what the store holds for others to use: OCDS, OC4IDS, CSV, Parquet.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
app.add_typer(publish_app, name="publish")


def _resolve_store(context: typer.Context, store: Path | None) -> Path | None:
    """The store named after the command, else before it."""
    return store or context.find_root().params.get("store")


# readable=False: Typer would refuse the whole command with words of its own, where ours say what to do.
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="The store's folder; else THREEPOINT_STORE, else ./store.",
        callback=_resolve_store,
        readable=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
WaitOption = Annotated[
    float, typer.Option("--wait", help="Seconds to wait for another command that writes to the store.")
]
AsOfOption = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day to tell states for; else today.")
]
OutArgument = Annotated[Path, typer.Argument(help="The folder to write; it must be new or empty.")]
GroupOption = Annotated[
    str | None, typer.Option("--group", help="Only publishers of this group: uk, example, synthetic or other.")
]
NOTHING_LOADED_EXIT_CODE = 5  # exit code when nothing was loaded
QUARANTINED_EXIT_CODE = 3  # exit code of --strict when something was quarantined (decision 18)


@app.callback()
def handle_root_options(store: StoreOption = None) -> None:
    """What public technology schemes were to cost and to do, what became of them, and what is not known."""


@app.command()
def load(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files, or folders with all that is in them.", readable=False)
    ],
    store: StoreOption = None,
    as_json: JsonOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 3 when anything was quarantined.")] = False,
    wait: WaitOption = 30.0,
) -> None:
    """Read published files and folders into the store. Loading a file twice changes nothing."""
    from threepoint import api, terminal

    with terminal.show_progress("Reading", "bytes", quiet=as_json) as watch:
        done = api.load(paths, store, watch, wait)
    terminal.print_load(done, as_json=as_json)
    if done.problems:
        raise SystemExit(1)
    if strict and done.quarantined:
        raise SystemExit(QUARANTINED_EXIT_CODE)
    if not done.rows and not done.tables and not done.held and "release already held" not in done.passed_over:
        raise SystemExit(NOTHING_LOADED_EXIT_CODE)


@app.command()
def build(
    store: StoreOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    wait: WaitOption = 30.0,
    engine: Annotated[
        str, typer.Option("--engine", help="What calculates the tables: duckdb, or spark if it is installed.")
    ] = "duckdb",
) -> None:
    """Make a new snapshot of all that was loaded, and swap it in."""
    from threepoint import api, terminal

    with terminal.show_progress("Building", "steps", quiet=as_json) as watch:
        built = api.build(store, as_of.date() if as_of else None, watch, wait, engine)
    terminal.print_build(built, as_json=as_json)
    if built.inbox.problems:
        raise SystemExit(1)


@app.command()
def status(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say what is in the store and what is not. What could not be read was quarantined, what holds no data passed over."""
    from threepoint import api, terminal

    terminal.print_status(api.status(store), as_json=as_json)


@app.command()
def check(path: Annotated[Path, typer.Argument(metavar="FILE", readable=False)], as_json: JsonOption = False) -> None:
    """Check a file without loading it. Says what is wrong, how much is there (coverage grades) and what is filled."""
    from threepoint import api, terminal

    found = api.check_file(path)
    terminal.print_file_check(found, as_json=as_json)
    if found.loaded.problems:
        raise SystemExit(1)


@app.command()
def show(
    wanted: Annotated[str, typer.Argument(metavar="ID")], store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Show all that is known of one thing. A process, contract, award, notice, major project or organisation, by its id."""
    from threepoint import api, terminal

    terminal.print_record(api.show(wanted, store), as_json=as_json)


@app.command()
def compare(
    wanted: Annotated[list[str], typer.Argument(metavar="ID")], store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Put two to six things side by side. Says what cannot be compared and why."""
    from threepoint import api, terminal

    terminal.print_comparison(api.side_by_side(wanted, store), as_json=as_json)


@app.command()
def sample(
    out: Annotated[Path | None, typer.Argument(help="The folder to write to; not needed with --as tables.")] = None,
    releases: Annotated[int, typer.Option("--releases", min=1, help="How many releases.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same world.")] = 7,
    form: Annotated[str, typer.Option("--as", help="files, or tables to read it straight into the store.")] = "files",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a synthetic world with known truth. Nothing in it is real, and all of it says so."""
    from threepoint import api, terminal
    from threepoint.store.store_paths import get_default_store

    if form not in ("files", "tables") or (form == "files" and out is None):
        raise typer.BadParameter("give a folder to write to, or --as tables to read it into the store")
    with terminal.show_progress("Making", "releases", quiet=as_json) as watch:
        if form == "tables":
            terminal.print_load(
                api.make_sample(Path(), releases, seed, store or get_default_store(), watch), as_json=as_json
            )
        else:
            terminal.print_sample(
                api.make_sample(Path(str(out)), releases, seed, None, watch), Path(str(out)), as_json=as_json
            )


@app.command()
def prune(
    days: Annotated[int, typer.Option("--older-than", help="Days since the file was loaded.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
    wait: WaitOption = 30.0,
) -> None:
    """Drop the bytes of old files, as published. They may hold contact details; what was read of them stays."""
    from threepoint import api, terminal

    terminal.print_prune(api.prune(days, store, wait=wait), as_json=as_json)


@app.command()
def serve(
    store: StoreOption = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="The address to listen on; this machine alone, unless told.")] = (
        "127.0.0.1"
    ),
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that answer.")] = 2,
) -> None:
    """Show the store as a site in the browser, until Ctrl-C. Needs the packages of the site."""
    from threepoint import site_server

    raise SystemExit(site_server.serve_store(store, host, port, workers))


@publish_app.command("ocds")
def publish_ocds(
    out: OutArgument,
    store: StoreOption = None,
    group: GroupOption = None,
    form: Annotated[str, typer.Option("--only", help="releases or records; else both.")] = "",
    published: Annotated[
        datetime | None,
        typer.Option("--published", formats=["%Y-%m-%d"], help="The day to date packages; else the newest release's."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write release packages and record packages of OCDS 1.1 with the UK extension, from the history."""
    from threepoint import api, terminal

    if form not in ("", "releases", "records"):
        raise typer.BadParameter("--only takes releases or records")
    forms = (form,) if form else ("releases", "records")
    day = published.date() if published else None
    with terminal.show_progress("Writing", "releases", quiet=as_json) as watch:
        done = api.publish_ocds(out, store, forms=forms, group=group, published=day, watch=watch)
    terminal.print_publication(done, as_json=as_json)


@publish_app.command("oc4ids")
def publish_oc4ids(out: OutArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Write the major projects of the snapshot as OC4IDS, with the contracting processes that belong to them."""
    from threepoint import api, terminal

    with terminal.show_progress("Writing", "projects", quiet=as_json) as watch:
        done = api.publish_projects(out, store, watch=watch)
    terminal.print_publication(done, as_json=as_json)


@publish_app.command("csv")
def publish_csv(
    out: OutArgument,
    store: StoreOption = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Leave texts that a spreadsheet would take for a formula as they are.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the tables of the snapshot as CSV, with a Frictionless descriptor."""
    _publish_tables("csv", out, store, guard=not exact, as_json=as_json)


@publish_app.command("parquet")
def publish_parquet(out: OutArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Write the tables of the snapshot as Parquet, with a Frictionless descriptor."""
    _publish_tables("parquet", out, store, guard=False, as_json=as_json)


def _publish_tables(form: str, out: Path, store: Path | None, *, guard: bool, as_json: bool) -> None:
    from threepoint import api, terminal

    with terminal.show_progress("Writing", "tables", quiet=as_json) as watch:
        done = api.publish_tables(out, form, store, guard=guard, watch=watch)
    terminal.print_publication(done, as_json=as_json)


def main() -> Any:
    """Runs the command; a Problem is shown in words, without a traceback, and gives its own exit code."""
    try:
        app()
    except UserError as problem:
        print(f"threepoint: {problem}", file=sys.stderr)  # noqa: T201  # the answer of a command that could not be given
        raise SystemExit(problem.exit_code) from None
    except BrokenPipeError:
        raise SystemExit(1) from None
