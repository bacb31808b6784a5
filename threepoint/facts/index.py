"""Writes a snapshot's search index: one document for each process, organisation and major project (tantivy).

Segments of an index never change once they are written, so a build upon another shares them with the last snapshot, and takes
out and adds what it works out anew.
"""

import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from threepoint.errors import Problem
from threepoint.standard.amounts import BANDS, LARGEST
from threepoint.standard.codes import DEPARTMENTS
from threepoint.standard.publishers import MADE_UP
from threepoint.standard.sdes import SDES
from threepoint.store import engine, layers
from threepoint.store.succession import link

FOLDER = "search"
VIEW = "indexed_"  # begins the names of our views
HEAP = 20_000_000  # bytes that the writer gathers before it writes a segment; it wants 15 million at least
LONGEST = 4_000  # characters of a description that are searched
SHOWN = 500  # characters of it that are kept to be shown
AT_A_TIME = 2_000  # documents
PATIENCE = 100  # times to try to remove a folder
PROCESS, SCHEME, ORGANISATION = "contract", "project", "organisation"  # kinds of documents
OF_ALL = (SCHEME, ORGANISATION)  # made anew by every build

TEXTS = ("title", "description", "names", "codes")  # read by their stems
FACETS = (
    "kind",
    "buyer",
    "supplier",
    "cpv",
    "category",
    "notice_type",
    "year",
    "band",
    "status",
    "technology",
    "publisher",
)
# Of facets of which a thing has several values most often, all of them as one: counted several times faster.
JOINED, JOINT = {"notice_type": "notice_types"}, "|"

# Of each process: what it is worth (of its contracts, else its awards, else its estimate), who is in it, what it is about.
_PROCESSES = """
WITH of_contract AS (
  SELECT ocid, count(*) AS contracts, min(contract_id) AS contract_id, min(title) AS title, max(phase) AS phase,
    sum(changes)::BIGINT AS changes, {sum_of_contracts} FROM contract GROUP BY ocid
), of_award AS (
  SELECT ocid, {sum_of_awards} FROM award GROUP BY ocid
), party AS (
  SELECT ocid, list(DISTINCT name) AS names, any_value(name) FILTER (WHERE role = 'buyer') AS buyer FROM party_role GROUP BY ocid
), supplied AS (
  SELECT ocid, list(DISTINCT org_id) AS suppliers,
    list_sort(list(DISTINCT name) FILTER (WHERE name IS NOT NULL)) AS supplier_names FROM (
    SELECT ocid, org_id, coalesce(s.name, p.name) AS name FROM (
      SELECT ocid, s.org_id, s.name FROM award_supplier s JOIN award USING (award_id) WHERE s.current
      UNION SELECT ocid, s.org_id, s.name FROM contract_supplier s JOIN contract USING (contract_id)
    ) s LEFT JOIN (SELECT ocid, org_id, any_value(name) AS name FROM party_role GROUP BY ALL) p USING (ocid, org_id)
  ) GROUP BY ocid
), code AS (
  SELECT ocid, list(cpv ORDER BY is_main DESC, cpv) AS codes, list(DISTINCT left(cpv, 3)) AS groups,
    list(DISTINCT description) AS said FROM process_cpv GROUP BY ocid
), told AS (
  SELECT ocid, list(DISTINCT notice_type) AS types, string_agg(DISTINCT notice_type, '|' ORDER BY notice_type) AS types_joined,
    list(DISTINCT notice_id) AS numbers FROM notice GROUP BY ocid
), worth AS (
  SELECT p.*, coalesce(p.title, c.title) AS name, c.contracts, c.contract_id, c.phase, c.changes,
    CASE WHEN c.priced > 0 THEN 'contract' WHEN a.priced > 0 THEN 'award'
      WHEN estimate_net IS NOT NULL AND NOT coalesce(nominal_estimate, false) THEN 'estimate' END AS of,
    CASE of WHEN 'contract' THEN c.gap WHEN 'award' THEN a.gap END AS why,
    CASE WHEN why IS NULL THEN CASE of WHEN 'contract' THEN c.value WHEN 'award' THEN a.value WHEN 'estimate' THEN estimate_net END
      END AS amount,
    CASE of WHEN 'contract' THEN c.currency WHEN 'award' THEN a.currency ELSE p.currency END AS money,
    CASE WHEN money = 'GBP' THEN amount END AS pounds
  FROM contracting_process p LEFT JOIN of_contract c USING (ocid) LEFT JOIN of_award a USING (ocid)
)
SELECT json_object(
  'id', ocid, 'group', {group}, 'kind', 'contract', 'title', coalesce(name, ''),
  'description', coalesce(left(description, {longest}), ''), 'names', {names},
  'codes', list_concat([ocid], {numbers}, {codes}, {said}), 'exact', {name_folded},
  'spelt', list_concat([coalesce(name, '')], {names}, {said}),
  'buyer', {buyer_org_id}, 'supplier', {suppliers}, 'cpv', {groups}, 'category', {category}, 'notice_type', {types},
  'notice_types', {types_joined}, 'year', {year}, 'band', {band}, 'status', {stands}, 'publisher', {publisher},
  'technology', CASE WHEN is_technology THEN 'yes' ELSE 'no' END, 'day', {day}, 'value', {pounds},
  'shown', to_base64(encode(json_object('kind', 'contract', 'title', name, 'description', left(description, {shown}),
    'day', last_published::DATE, 'buyer', buyer, 'suppliers', supplier_names[:3],
    'more_suppliers', greatest(len(supplier_names) - 3, 0), 'codes', {said}, 'gap', why, 'value', amount::VARCHAR, 'of', of,
    'currency', money, 'status', stands, 'changes', changes, 'synthetic', publisher_group IN {made_up},
    'contracts', contracts, 'contract', CASE WHEN contracts = 1 THEN contract_id END)::VARCHAR)))
FROM (SELECT *, coalesce(phase, stage) AS stands, year(last_published)::VARCHAR AS year, {in_band} AS band,
  date_diff('day', DATE '1970-01-01', last_published::DATE) AS day FROM worth)
LEFT JOIN party USING (ocid) LEFT JOIN supplied USING (ocid) LEFT JOIN code USING (ocid) LEFT JOIN told USING (ocid)
"""
# A sum is told where every part of it is: else why there is none. Values that only fill the form, and ceilings, are no part.
_SUM = """
    count(*) FILTER (WHERE {counts}) AS priced, sum(value_net) FILTER (WHERE {counts}) AS value,
    min(currency) FILTER (WHERE {counts}) AS currency,
    CASE WHEN count(value_net) FILTER (WHERE {counts}) = 0 AND count(value_gross) FILTER (WHERE {counts}) > 0 THEN 'gross'
      WHEN count(value_net) FILTER (WHERE {counts}) = 0 THEN 'none'
      WHEN count(value_net) FILTER (WHERE {counts}) < priced THEN 'part'
      WHEN count(currency) FILTER (WHERE {counts}) < priced THEN 'currency'
      WHEN count(DISTINCT currency) FILTER (WHERE {counts}) > 1 THEN 'currencies' END AS gap
"""
PROCESS_TABLES = (
    "contracting_process", "contract", "contract_supplier", "award", "award_supplier", "party_role", "process_cpv", "notice",
)  # fmt: skip
REST_TABLES = (
    "organisation",
    "organisation_name",
    "organisation_identifier",
    "scheme",
    "scheme_identifier",
    "scheme_year",
)
_ORGANISATIONS = """
SELECT json_object('id', org_id, 'group', {group}, 'kind', 'organisation', 'title', coalesce(o.name, ''), 'names', {spellings},
  'codes', {identifiers}, 'exact', list_transform({spellings}, lambda one: {one_folded}), 'spelt', {spellings},
  'technology', ['yes', 'no'],
  'shown', to_base64(encode(json_object('kind', 'organisation', 'title', o.name, 'of', o.kind, 'place', locality,
    'processes', processes)::VARCHAR)))
FROM organisation o
LEFT JOIN (SELECT org_id, list(DISTINCT name) AS spellings FROM organisation_name GROUP BY org_id) n USING (org_id)
LEFT JOIN (SELECT org_id, list(identifier) AS identifiers FROM organisation_identifier GROUP BY org_id) i USING (org_id)
"""
# Projects that the portfolio calls ICT or transformation stand with technology.
_SCHEMES = """
SELECT json_object('id', scheme_id, 'group', {group}, 'kind', 'project', 'title', coalesce(title, ''),
  'description', coalesce(left(description, {longest}), ''), 'names', list_concat({department}, {in_full}, {titles}),
  'codes', {identifiers}, 'exact', {title_folded}, 'spelt', {titles},
  'category', {gmpp_category}, 'year', {year}, 'band', {band},
  'status', CASE WHEN in_portfolio THEN 'reported' ELSE 'not_reported_now' END,
  'technology', CASE WHEN gmpp_category IN ('ict', 'transformation') THEN 'yes' ELSE 'no' END,
  'day', {day}, 'value', {pounds}, 'shown', to_base64(encode(json_object('kind', 'project', 'title', title,
    'description', left(description, {shown}), 'day', told, 'buyer', department, 'value', forecast_wlc::VARCHAR,
    'of', 'whole-life cost', 'currency', 'GBP', 'status', CASE WHEN in_portfolio THEN 'reported' ELSE 'not_reported_now' END,
    'first_year', first_year, 'last_year', last_year)::VARCHAR)))
FROM (SELECT s.*, y.titles, y.told, i.identifiers, year(told)::VARCHAR AS year, forecast_wlc AS pounds, {in_band} AS band,
    date_diff('day', DATE '1970-01-01', told) AS day, {department_in_full} AS in_full FROM scheme s
  LEFT JOIN (SELECT scheme_id, list(DISTINCT title) AS titles, max(snapshot_date) AS told FROM scheme_year GROUP BY scheme_id) y
    USING (scheme_id)
  LEFT JOIN (SELECT scheme_id, list(identifier) AS identifiers FROM scheme_identifier GROUP BY scheme_id) i USING (scheme_id))
"""
_CASES = " ".join(f"WHEN '{short}' THEN '{name}'" for short, name in DEPARTMENTS.items())
_IN_FULL = f"CASE upper(department) {_CASES} END"
_LISTS = ("names", "numbers", "codes", "said", "suppliers", "groups", "types", "identifiers", "titles", "spellings")
_SINGLE = (
    "buyer_org_id",
    "category",
    "gmpp_category",
    "department",
    "in_full",
    "year",
    "band",
    "stands",
    "publisher",
    "day",
    "pounds",
    "types_joined",
)


def _sql(query: str, ident: str) -> str:
    """A query whose names in braces are lists without nulls: a field of a document holds nothing, one or many."""
    lists = {name: f"coalesce(list_filter({name}, lambda one: one IS NOT NULL), [])" for name in _LISTS}
    single = {name: f"CASE WHEN {name} IS NULL THEN [] ELSE [{name}] END" for name in _SINGLE}
    cases = " ".join(f"WHEN pounds < {top} THEN '{name}'" for top, name in BANDS)
    in_band = f"CASE WHEN pounds IS NULL THEN NULL {cases} ELSE '{LARGEST}' END"
    group = layers.group_of(ident)
    sums = {
        "sum_of_contracts": _SUM.format(counts="NOT nominal_value AND NOT is_ceiling"),
        "sum_of_awards": _SUM.format(counts="counted"),
        "department_in_full": _IN_FULL,
        "made_up": str(MADE_UP),
        **{f"{name}_folded": _folded(name) for name in ("name", "title", "one")},
    }
    return _seen(query).format(group=group, **sums, in_band=in_band, longest=LONGEST, shown=SHOWN, **lists, **single)


def _folded(name: str) -> str:
    """A whole name as it is looked for: in small letters, single spaces between its words, and no escaped signs."""
    made = f"coalesce({name}, '')"
    for escaped, sign in (("&#039;", "''"), ("&apos;", "''"), ("&quot;", '"'), ("&amp;", "&")):  # some publish these
        made = f"replace({made}, '{escaped}', '{sign}')"
    return rf"lower(trim(regexp_replace({made}, '\s+', ' ', 'g')))"


def _seen(query: str) -> str:
    """The query over views of our own, which stand beside whatever else the connection holds."""
    names = "|".join((*PROCESS_TABLES, *REST_TABLES))
    return re.sub(rf"\b(FROM|JOIN) ({names})\b", rf"\1 {VIEW}\2", query)


@contextmanager
def writing(folder: Path, old: Path | None = None) -> Iterator["Writer"]:
    """The index of the snapshot `folder`, open for writing; it begins as that of the snapshot `old`, if one is given."""
    place = folder / FOLDER
    place.mkdir()
    if old:
        _share(old / FOLDER, place)
    yield Writer(place)
    for lock in place.glob(".tantivy-*.lock"):  # left behind empty
        lock.unlink()
    for told in place.glob("*.json"):  # written for their owner alone
        told.chmod(place.stat().st_mode & 0o666)


def reader(place: Path) -> Any:
    """The index in a snapshot's folder `place`, open for searching.

    Tantivy opens no index without writing a lock beside it, and a reader may not write into a snapshot. So it is shown the
    files by other names, which can go as soon as it holds them.
    """
    import tantivy

    try:
        with _names(place) as names:
            opened = tantivy.Index.open(str(names))
            # By itself it looks again and again whether the index has changed, and writes locks as it does.
            opened.config_reader(reload_policy="manual")
            # Fields are told apart by their place: an index of others would find nothing, and say so.
            if opened.schema != schema():
                raise Problem(f"the search index {place} is of another version; run `threepoint build`")
            return opened.searcher()
    except ValueError:
        raise Problem(f"the search index {place} cannot be read; run `threepoint build`") from None
    except OSError as why:
        told = f"the search index {place} cannot be opened ({why.strerror})"
        raise Problem(f"{told}; it must be readable, and TMPDIR a folder that may be written to") from None


@contextmanager
def _names(place: Path) -> Iterator[Path]:
    """A folder of other names for the files in `place`, for as long as the block lasts."""
    names = Path(mkdtemp(prefix="threepoint-"))
    try:
        for path in place.resolve().iterdir():
            (names / path.name).symlink_to(path)
        yield names
    finally:
        for _ in range(PATIENCE):  # one more lock may be written while the folder is emptied
            shutil.rmtree(names, ignore_errors=True)
            if not names.exists():
                break
            time.sleep(0.01)


def of_package(folder: Path) -> None:
    """Makes the index of a snapshot that was read from a package: all its rows are of one layer."""
    with writing(folder) as made, engine.reading() as connection:
        made.add_processes(connection, {name: layers.files(folder / name, layers.REST) for name in PROCESS_TABLES})
        made.add_rest(connection, folder)


def _share(old: Path, new: Path) -> None:
    for path in old.iterdir():
        if path.name.startswith(".tantivy"):
            continue  # locks
        if path.suffix == ".json":  # what tells the segments: the only files that are written again
            shutil.copyfile(path, new / path.name)
        else:
            link(path, new / path.name)


class Writer:
    """Adds documents to an index and takes them out; what a call did is written when it returns."""

    def __init__(self, place: Path) -> None:
        import tantivy

        self._index = tantivy.Index(schema(), path=str(place))
        # By itself it looks twice a second whether the index has changed, and then writes a lock: into a finished snapshot.
        self._index.config_reader(reload_policy="manual")

    @contextmanager
    def _open(self) -> Iterator[Any]:
        """Tantivy's writer for the length of a block: while a build works out what comes next, it holds no memory."""
        writer = self._index.writer(heap_size=HEAP, num_threads=1)
        yield writer
        writer.commit()
        writer.wait_merging_threads()

    def take_out(self, groups: Iterable[str]) -> None:
        """Takes out all processes of these groups, and all that is no process."""
        with self._open() as writer:
            for group in groups:
                writer.delete_documents_by_term("group", group)
            for kind in OF_ALL:
                writer.delete_documents_by_term("kind", kind)

    def add_processes(self, connection: engine.Engine, files: Mapping[str, Sequence[Path]]) -> None:
        """Adds a document for each process in these files of tables."""
        for name in PROCESS_TABLES:
            engine.open_files(connection, f"{VIEW}{name}", SDES[name], files.get(name, ()))
        self._add(connection, [_sql(_PROCESSES, "ocid")])

    def add_rest(self, connection: engine.Engine, snapshot: Path) -> None:
        """Adds a document for each organisation and each major project of a snapshot."""
        for name in REST_TABLES:
            engine.open_files(connection, f"{VIEW}{name}", SDES[name], layers.files(snapshot / name, layers.REST))
        self._add(connection, [_sql(_ORGANISATIONS, "org_id"), _sql(_SCHEMES, "scheme_id")])

    def _add(self, connection: engine.Engine, queries: Iterable[str]) -> None:
        with self._open() as writer:
            for query in queries:
                found = connection.execute(query)
                while rows := found.fetchmany(AT_A_TIME):
                    for (document,) in rows:
                        writer.add_json(document)


def schema() -> Any:
    """The index's fields."""
    import tantivy

    made = tantivy.SchemaBuilder()
    made.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    made.add_text_field("group", tokenizer_name="raw", index_option="basic")
    for name in TEXTS:
        made.add_text_field(name, tokenizer_name="en_stem")
    made.add_text_field("exact", tokenizer_name="raw", index_option="basic")  # a whole name, in small letters
    # Words as they are: a misspelt word is looked up among these, since stems would hide its ending.
    made.add_text_field("spelt", tokenizer_name="default", index_option="basic")
    for name in FACETS:
        made.add_text_field(name, fast=name not in JOINED, tokenizer_name="raw", index_option="basic")
    for name in JOINED.values():
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    made.add_integer_field("day", indexed=True, fast=True)
    made.add_float_field("value", indexed=True, fast=True)
    made.add_bytes_field("shown", stored=True)
    return made.build()
