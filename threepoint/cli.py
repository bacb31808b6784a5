"""The command `threepoint`. Each subcommand calls one function of the API and prints its result."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from threepoint.errors import UserError

app = typer.Typer(
    epilog="Start with: threepoint load FILE…, threepoint build, threepoint status, threepoint show ID.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

publish_app = typer.Typer(
    help="Publish the data in the store as OCDS, OC4IDS, CSV or Parquet.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
app.add_typer(publish_app, name="publish")


def _resolve_store(context: typer.Context, store: Path | None) -> Path | None:
    """Return the store option after the command, otherwise the one before it."""
    return store or context.find_root().params.get("store")


# readable=False: otherwise Typer rejects an unreadable path with its own message, which does not say what to do.
StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="The folder of the store. Default: THREEPOINT_STORE, otherwise ./store.",
        callback=_resolve_store,
        readable=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
WaitOption = Annotated[float, typer.Option("--wait", help="Seconds to wait while another command writes to the store.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DD",
        formats=["%Y-%m-%d"],
        help="The day for which to say what is “not yet due”. Default: today.",
    ),
]
OutArgument = Annotated[Path, typer.Argument(help="The folder to write to. It must be new or empty.")]
GroupOption = Annotated[
    str | None, typer.Option("--group", help="Only publishers of this group: uk, example, synthetic or other.")
]
NOTHING_LOADED_EXIT_CODE = 5
QUARANTINED_EXIT_CODE = 3  # with --strict only


@app.callback()
def handle_root_options(store: StoreOption = None) -> None:
    """Show what public technology schemes planned, what they delivered, and what is not known about them."""


@app.command()
def load(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Files or folders. A folder means everything in it.", readable=False),
    ],
    store: StoreOption = None,
    as_json: JsonOption = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 3 if any part could not be read (was quarantined).")
    ] = False,
    wait: WaitOption = 30.0,
) -> None:
    """Read published files and folders into the store. Loading a file twice changes nothing."""
    from threepoint import api, terminal

    with terminal.show_progress("Reading", "bytes", quiet=as_json) as progress:
        result = api.load(paths, store, progress, wait)
    terminal.print_load(result, as_json=as_json)
    if result.problems:
        raise SystemExit(1)
    if strict and result.quarantined:
        raise SystemExit(QUARANTINED_EXIT_CODE)
    if (
        not result.rows
        and not result.tables
        and not result.already_loaded
        and "release already loaded" not in result.skipped
    ):
        raise SystemExit(NOTHING_LOADED_EXIT_CODE)


@app.command()
def build(
    store: StoreOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    wait: WaitOption = 30.0,
    engine: Annotated[
        str,
        typer.Option("--engine", help="The engine that calculates the tables: duckdb, or spark if it is installed."),
    ] = "duckdb",
) -> None:
    """Build a new snapshot of all loaded data. It becomes the current one."""
    from threepoint import api, terminal

    with terminal.show_progress("Building", "steps", quiet=as_json) as progress:
        result = api.build(store, as_of.date() if as_of else None, progress, wait, engine)
    terminal.print_build(result, as_json=as_json)
    if result.inbox.problems:
        raise SystemExit(1)


@app.command()
def status(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show what is in the store. Also shows what could not be read (quarantined) and what was skipped."""
    from threepoint import api, terminal

    terminal.print_status(api.status(store), as_json=as_json)


@app.command()
def check(path: Annotated[Path, typer.Argument(metavar="FILE", readable=False)], as_json: JsonOption = False) -> None:
    """Check a file without loading it. Shows failed checks, coverage grades and filled fields."""
    from threepoint import api, terminal

    result = api.check_file(path)
    terminal.print_file_check(result, as_json=as_json)
    if result.loaded.problems:
        raise SystemExit(1)


@app.command()
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID")], store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """Show one record by its id. It can be a process, contract, award, notice, major project or organisation."""
    from threepoint import api, terminal

    terminal.print_record(api.show(identifier, store), as_json=as_json)


@app.command()
def compare(
    identifiers: Annotated[list[str], typer.Argument(metavar="ID")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare 2 to 6 records side by side. Says what cannot be compared and why."""
    from threepoint import api, terminal

    terminal.print_comparison(api.side_by_side(identifiers, store), as_json=as_json)


@app.command()
def sample(
    out: Annotated[Path | None, typer.Argument(help="The folder to write to. Not needed with --as tables.")] = None,
    releases: Annotated[int, typer.Option("--releases", min=1, help="The number of releases.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same data.")] = 7,
    form: Annotated[
        str, typer.Option("--as", help="“files” to write files, or “tables” to load straight into the store.")
    ] = "files",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make synthetic data for which the correct results are known. None of it is real, and all of it is labelled."""
    from threepoint import api, terminal
    from threepoint.store.store_paths import get_default_store

    if form not in ("files", "tables") or (form == "files" and out is None):
        raise typer.BadParameter("give a folder to write to, or --as tables to load straight into the store")
    with terminal.show_progress("Making", "releases", quiet=as_json) as progress:
        if form == "tables":
            terminal.print_load(
                api.make_sample(Path(), releases, seed, store or get_default_store(), progress), as_json=as_json
            )
        else:
            terminal.print_sample(
                api.make_sample(Path(str(out)), releases, seed, None, progress), Path(str(out)), as_json=as_json
            )


@app.command()
def prune(
    days: Annotated[int, typer.Option("--older-than", help="Minimum number of days since a file was loaded.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
    wait: WaitOption = 30.0,
) -> None:
    """Delete this store's copies of old files. They may have contact details. The data read from them stays."""
    from threepoint import api, terminal

    terminal.print_prune(api.prune(days, store, wait=wait), as_json=as_json)


@app.command()
def serve(
    store: StoreOption = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="The address to listen on. Default: this machine only.")] = (
        "127.0.0.1"
    ),
    workers: Annotated[int, typer.Option("--workers", min=1, help="The number of worker processes.")] = 2,
) -> None:
    """Show the store as a website until you press Ctrl-C. Needs the site's packages (make setup installs them)."""
    from threepoint import site_server

    raise SystemExit(site_server.serve_store(store, host, port, workers))


@publish_app.command("ocds")
def publish_ocds(
    out: OutArgument,
    store: StoreOption = None,
    group: GroupOption = None,
    form: Annotated[str, typer.Option("--only", help="releases or records. Default: both.")] = "",
    published: Annotated[
        datetime | None,
        typer.Option(
            "--published",
            metavar="YYYY-MM-DD",
            formats=["%Y-%m-%d"],
            help="The date of the packages. Default: that of the newest release.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write OCDS release packages and record packages. They are OCDS 1.1 with the UK extension, from the history."""
    from threepoint import api, terminal

    if form not in ("", "releases", "records"):
        raise typer.BadParameter("give --only releases or --only records")
    forms = (form,) if form else ("releases", "records")
    day = published.date() if published else None
    with terminal.show_progress("Writing", "releases", quiet=as_json) as progress:
        publication = api.publish_ocds(out, store, forms=forms, group=group, published=day, watch=progress)
    terminal.print_publication(publication, as_json=as_json)


@publish_app.command("oc4ids")
def publish_oc4ids(out: OutArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Write major projects as OC4IDS. Their contracting processes are included."""
    from threepoint import api, terminal

    with terminal.show_progress("Writing", "projects", quiet=as_json) as progress:
        publication = api.publish_projects(out, store, watch=progress)
    terminal.print_publication(publication, as_json=as_json)


@publish_app.command("csv")
def publish_csv(
    out: OutArgument,
    store: StoreOption = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Do not change texts that a spreadsheet would treat as a formula.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the tables as CSV. A Frictionless descriptor is included."""
    _publish_tables("csv", out, store, guard=not exact, as_json=as_json)


@publish_app.command("parquet")
def publish_parquet(out: OutArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Write the tables as Parquet. A Frictionless descriptor is included."""
    _publish_tables("parquet", out, store, guard=False, as_json=as_json)


def _publish_tables(form: str, out: Path, store: Path | None, *, guard: bool, as_json: bool) -> None:
    from threepoint import api, terminal

    with terminal.show_progress("Writing", "tables", quiet=as_json) as progress:
        publication = api.publish_tables(out, form, store, guard=guard, watch=progress)
    terminal.print_publication(publication, as_json=as_json)


def main() -> Any:
    """Run the command. Print a UserError without a traceback, and exit with its code."""
    try:
        app()
    except UserError as error:
        print(f"threepoint: {error}", file=sys.stderr)  # noqa: T201  # the message of a command that failed
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        raise SystemExit(1) from None
