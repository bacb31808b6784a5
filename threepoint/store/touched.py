"""Which processes a build must work out anew: `touched` (group), from what was loaded since the last build and what that changes.

A process is told by its group (`layers`). More than needed may be named here, never less: what is not named is taken over.
The last build's tables stand under `was_…`; `all_release` is the whole history's, of which `history_release` shows the
releases of processes that are touched.
"""

from datetime import date
from pathlib import Path

from threepoint.standard.days import ASSESSED_EVERY, FIRST_ASSESSMENT, STALE
from threepoint.standard.history import RELEASE
from threepoint.standard.sdes import SDES
from threepoint.store import engine, layers

WAS = ("contract", "notice", "contracting_process", "related_process", "award_supplier", "contract_supplier", "spend",
       "organisation", "organisation_identifier")  # fmt: skip
_GROUP = layers.group_of("ocid")
OF_ALL_RELEASES = ("vanished_notice",)  # steps that read the whole history, of which nothing is kept
# Two steps look at all processes. Here the history is that of what is touched; for the others stands what was kept of them.
ALL_OCIDS = "SELECT DISTINCT ocid FROM all_release"
ALL_HELD_KEYS = f"""
    SELECT org_id, min(method_key) AS method_key FROM (
        SELECT org_id, method_key FROM was_said s ANTI JOIN touched t ON {layers.group_of("s.ocid")} = t."group"
        UNION ALL FROM ({{sql}})
    ) GROUP BY org_id"""


def begin(connection: engine.Engine, basis: Path, release_files: list[Path], new_files: list[Path]) -> None:
    """Makes `touched` of the processes that new files of releases speak of, and the views that the others here read."""
    engine.open_files(connection, "all_release", RELEASE, release_files)
    for name in WAS:
        layers.open_table(connection, SDES[name], basis, f"was_{name}")
    new = f"FROM {engine.parquet(new_files)}" if new_files else "WHERE false"
    engine.keep(connection, "touched", f'SELECT DISTINCT {_GROUP if new_files else "NULL::VARCHAR"} AS "group" {new}')
    _show(connection, "all_release")


def show_files(connection: engine.Engine, files: list[Path]) -> None:
    """Makes `history_release` show the releases of processes that are touched, of these files alone."""
    engine.open_files(connection, "some_release", RELEASE, files)
    _show(connection, "some_release")


def _show(connection: engine.Engine, releases: str) -> None:
    group = layers.group_of("r.ocid")
    shown = f'SELECT r.* FROM {releases} r SEMI JOIN touched t ON {group} = t."group"'
    engine.open_query(connection, "history_release", shown)


def groups(connection: engine.Engine) -> list[str]:
    """The groups that are touched."""
    return [row[0] for row in engine.rows(connection, 'SELECT "group" FROM touched')]


def add_up(connection: engine.Engine, name: str) -> None:
    """Keeps under `name` the counts that the last builds kept, added up."""
    sums = 'sum("rows")::BIGINT AS "rows", sum(filled)::BIGINT AS filled'
    engine.keep(
        connection, name, f'SELECT publisher, notice_type, "table", field, {sums} FROM "was_{name}" GROUP BY ALL'
    )


def turn_negative(connection: engine.Engine, name: str) -> None:
    """Turns the counts kept under `name` negative."""
    engine.keep(connection, name, f'SELECT * REPLACE (-"rows" AS "rows", -filled AS filled) FROM "{name}"')


def lost_identifiers(connection: engine.Engine) -> int:
    """How many identifiers of the last build have no address any more: `addresses` was not kept, so nothing can be built upon it."""
    engine.keep(
        connection, "lost", "SELECT identifier FROM was_organisation_identifier EXCEPT SELECT identifier FROM addresses"
    )
    return engine.count(connection, "lost")


def by_identifier(connection: engine.Engine) -> bool:
    """Adds the processes with a party whose organisation has become another since the last build; whether there are any.

    Told from what the last build used and not from what is frozen: a build may freeze addresses and then fail.
    """
    moved = (
        "SELECT identifier AS body FROM was_organisation_identifier w JOIN addresses USING (identifier)"
        " WHERE w.org_id <> address"
    )
    engine.keep(connection, "moved", moved)
    if not engine.count(connection, "moved"):
        return False
    _add(
        connection,
        "SELECT r.ocid FROM all_release r JOIN history_party USING (release_key) SEMI JOIN moved USING (body)",
    )
    return True


def by_organisation(connection: engine.Engine) -> None:
    """Adds the processes that name an organisation which is held now and was not, or the other way round."""
    of = "SELECT org_id, match_method FROM"
    changed = f"({of} held EXCEPT {of} was_organisation) UNION ALL ({of} was_organisation EXCEPT {of} held)"
    engine.keep(connection, "changed", f"SELECT DISTINCT org_id FROM ({changed})")
    if not engine.count(connection, "changed"):
        return
    for table, address, column in (
        ("award_supplier", "award_id", "org_id"),
        ("contract_supplier", "contract_id", "org_id"),
        ("contracting_process", "ocid", "buyer_org_id"),
        ("contracting_process", "ocid", "procuring_org_id"),
        ("spend", "ocid", "payer_org_id"),
        ("spend", "ocid", "payee_org_id"),
    ):
        _add(connection, f"SELECT w.{address} FROM was_{table} w SEMI JOIN changed c ON w.{column} = c.org_id")


def by_relation(connection: engine.Engine) -> None:
    """Adds the processes that name another which is held now and was not."""
    held = "SELECT ocid FROM ocids EXCEPT SELECT ocid FROM was_contracting_process"
    _add(connection, f"SELECT ocid FROM was_related_process WHERE identifier IN ({held})")


def by_day(connection: engine.Engine, was: date, now: date) -> None:
    """Adds the processes of which something is told otherwise on another day, though nothing new was published.

    That is: a contract is over after its end; its KPIs are due a year after it began, and not before the first assessment
    that the law asks for; a grade is capped STALE months after the last news.
    """
    first, last = sorted((was, now))
    due = f"greatest(coalesce(date_signed, start_date) + INTERVAL {ASSESSED_EVERY} YEAR, DATE '{FIRST_ASSESSMENT}')"
    for day in ("coalesce(end_actual, end_current)", due):
        _add(connection, f"SELECT ocid FROM was_contract WHERE {day} BETWEEN DATE '{first}' AND DATE '{last}'")
    ago, day = f"INTERVAL {STALE} MONTH", "INTERVAL 2 DAY"  # a day or so more, for the hours between UTC and London
    news = f"epoch(date) BETWEEN epoch(DATE '{first}' - {ago} - {day}) AND epoch(DATE '{last}' - {ago} + {day})"
    _add(connection, f"SELECT ocid FROM was_notice WHERE {news}")


def _add(connection: engine.Engine, addresses: str) -> None:
    """Adds the groups of the addresses that a query gives."""
    groups = f'SELECT {layers.group_of("address")} AS "group" FROM ({addresses}) t(address)'
    engine.insert(connection, "touched", f'{groups} EXCEPT SELECT "group" FROM touched')
