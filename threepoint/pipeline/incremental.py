"""Building upon the last build: only processes of which something has changed are merged and checked again.

What changed is what was loaded since, and what that or the day changes elsewhere (`store.touched`). All else is taken over
from the last snapshot (`store.layers`). Organisations, projects and publishers are made anew, from what both keep. The result
equals a whole build's, row for row (docs/decisions/0009).
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from threepoint import plan
from threepoint.pipeline.basis import Basis
from threepoint.pipeline.watch import Watch
from threepoint.standard.sdes import SDES
from threepoint.store import history
from threepoint.store.layout import Layout

if TYPE_CHECKING:
    from threepoint.pipeline.work import Files, Work

MOST_ANEW = 0.25  # of all releases; where more are touched, a whole build costs less
MOST_DELTA = 0.10  # of all notices; beyond, delta files are made into one more base file
MOST_FILES = 50  # base files of a table beyond those of a whole build; each one more makes reading slower


def build(
    layout: Layout, committed: list[history.Entry], folder: Path, as_of: date, watch: Watch, on: Basis
) -> tuple[dict[str, int], int] | None:
    """Writes into `folder` what a whole build would write: the rows of each table, and how many releases were worked out.

    None where a whole build costs less, since so much has changed or so often something did.
    """
    from threepoint.facts import index
    from threepoint.pipeline.work import AT_A_TIME, Work, seed, taken
    from threepoint.standard.history import HISTORY
    from threepoint.store import engine, layers, touched

    files, new = history.files(layout, committed), history.files(layout, committed[on.seen :])
    with engine.engine(layout.scratch) as connection:
        engine.open_history(connection, HISTORY, files)
        seed(connection, as_of, committed)
        touched.begin(connection, on.folder, files["release"], new["release"])
        releases = engine.count(connection, "all_release")
        if len(layers.files(on.folder / "notice", layers.BASE)) > MOST_FILES + releases // AT_A_TIME:
            return None
        steps = plan.adapted(plan.wanted(plan.read()), taken(connection))
        work = Work(connection, folder, _of_all_processes(steps), watch, layers.DELTA)
        for name in work.kept("each"):
            layers.open_kept(connection, name, on.folder, f"was_{name}")
        if not _identities(work, layout, files, new):
            return None
        work.run("known")
        touched.by_organisation(connection)
        touched.by_relation(connection)
        if as_of != on.as_of:
            touched.by_day(connection, on.as_of, as_of)
        anew = engine.count(connection, "history_release")
        if anew > MOST_ANEW * releases:
            return None
        _take_over(work, on)
        with index.writing(folder, on.folder) as found:
            found.take_out(touched.groups(connection))
            if anew:
                _order_releases(work)
                work.divide(layout, files, alone=False)
                _take_away(work, layout, history.files(layout, committed[: on.seen])["release"])
                work.each(layout, found)
            work.reread()
            work.run("whole")
            work.rest(found)
        rows = work.rows | {name: layers.count(connection, SDES[name], folder) for name in _of_processes(work)}
        _compact(work)
    return rows, anew


def _of_all_processes(steps: list[plan.Step]) -> list[plan.Step]:
    """The steps, but those that look at all processes take from the last build what it kept of those not touched, or read all."""
    from threepoint.store import touched

    others = {"ocids": touched.ALL_OCIDS, "held_keys": touched.ALL_HELD_KEYS}
    others |= {
        step.name: step.sql.replace('"history_release"', '"all_release"')
        for step in steps
        if step.name in touched.OF_ALL_RELEASES
    }
    return [replace(step, sql=others.get(step.name, "{sql}").replace("{sql}", step.sql)) for step in steps]


def _identities(work: "Work", layout: Layout, files: "Files", new: "Files") -> bool:
    """Gives addresses to the organisations of what is new; where two turn out to be one, their processes are touched.

    False where the addresses given before are not there any more.
    """
    from threepoint.pipeline.work import give_addresses
    from threepoint.standard.history import HISTORY
    from threepoint.store import engine, layers, touched

    parties = {name: HISTORY[name] for name in ("party", "party_identifier")}
    engine.open_history(work.connection, parties, new)
    work.run("identities")
    give_addresses(layout, work.connection)
    work.write("organisation_identifier", layers.REST)
    engine.open_history(work.connection, parties, files)
    if touched.by_identifier(work.connection):
        _order_releases(work)
    return not touched.lost_identifiers(work.connection)


def _order_releases(work: "Work", made: str = "releases") -> None:
    """Orders the releases of what is touched, anew."""
    from threepoint.store import engine

    (step,) = (step for step in work.steps if step.name == "releases")
    engine.keep(work.connection, made, step.sql)


def _of_processes(work: "Work") -> list[str]:
    """The tables of the standard that have rows of processes."""
    return [name for name in SDES if name in {plan.TABLE_OF.get(step.name) for step in work.of("each")}]


def _take_over(work: "Work", on: Basis) -> None:
    """The last build's rows of all processes that are not touched."""
    from threepoint.store import layers, shelf, succession, touched

    succession.replace(work.connection, on.folder, work.folder, "touched")
    shelf.take_over(work.connection, on.folder, work.folder)
    for name in _of_processes(work):
        succession.take_over(work.connection, on.folder / name, work.folder / name, SDES[name].address, SDES[name])
    for name in work.kept("each"):
        if name in layers.ADDED_UP:
            touched.add_up(work.connection, name)
            work.set_aside(name, layers.BASE)
        else:
            kept = Path(layers.KEPT) / name
            succession.take_over(work.connection, on.folder / kept, work.folder / kept, layers.kept_address(name))


def _take_away(work: "Work", layout: Layout, release_files: list[Path]) -> None:
    """What the last build counted of the processes that are touched, counted below zero: it is counted anew."""
    from threepoint.store import engine, layers, touched

    touched.show_files(work.connection, release_files)
    _order_releases(work, "releases_before")
    for name in layers.ADDED_UP:
        steps = plan.leading_to(name, work.of("each"))
        for part in range(work.parts):
            work.take(layout, part, "releases_before")
            for step in steps:
                engine.keep(work.connection, step.name, step.sql)
            touched.turn_negative(work.connection, name)
            work.set_aside(name)
            engine.drop(work.connection, [step.name for step in steps if step.name != name])
    engine.drop(work.connection, ["releases_before"])


def _compact(work: "Work") -> None:
    """Makes base and delta files one where deltas have become a large part."""
    from threepoint.store import layers, shelf, succession

    if succession.share_of_delta(work.folder / "notice") <= MOST_DELTA:
        return
    for name in _of_processes(work):
        succession.compact(work.connection, work.folder / name, SDES[name].address, SDES[name])
    for name in work.kept("each"):
        succession.compact(work.connection, work.folder / layers.KEPT / name, layers.kept_address(name))
    (work.folder / layers.REPLACED).unlink()
    shelf.compact(work.folder)
