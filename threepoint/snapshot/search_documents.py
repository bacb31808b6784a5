"""Documents of the search index, as SQL over a snapshot's tables: one JSON document for each record, with fields as lists."""

import re

from threepoint.standard.amounts import LARGEST_SIZE_BAND, SIZE_BANDS
from threepoint.standard.code_lists import DEPARTMENT_BY_ABBREVIATION, make_technology_pattern
from threepoint.standard.publishers import SYNTHETIC_GROUPS

VIEW_PREFIX = "indexed_"  # keeps the names of these views apart from others on the connection
MAX_DESCRIPTION_CHARS = 4_000  # that are searched
SHOWN_DESCRIPTION_CHARS = 500  # that are stored for display
FACET_VALUE_SEPARATOR = "|"  # between the values of a joined facet
# Kinds of documents in addition to `contract`, which is a process with its contracts.
PROJECT_KIND, ORGANISATION_KIND, SALE_KIND, PLAN_KIND = "project", "organisation", "sale", "plan"

# For each process: its value (of its contracts, otherwise its awards, otherwise its estimate), its parties and its subject.
PROCESS_DOCUMENTS_SQL = """
WITH of_contract AS (
  SELECT ocid, count(*) AS contracts, min(contract_id) AS contract_id, min(title) AS title, max(phase) AS phase,
    max(end_current) FILTER (WHERE phase = 'in_delivery') AS ends,
    sum(changes)::BIGINT AS changes, {sum_of_contracts} FROM contract WHERE NOT superseded_contract GROUP BY ocid
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
    list(DISTINCT description) AS cpv_names FROM process_cpv GROUP BY ocid
), notice_lists AS (
  SELECT ocid, list(DISTINCT notice_type) AS types, string_agg(DISTINCT notice_type, '{joint}' ORDER BY notice_type) AS types_joined,
    list(DISTINCT notice_id) AS numbers FROM notice GROUP BY ocid
), worth AS (
  SELECT p.*, coalesce(p.title, c.title) AS name, c.contracts, c.contract_id, c.phase, c.changes, c.ends,
    CASE WHEN c.priced > 0 THEN 'contract' WHEN a.priced > 0 THEN 'award'
      WHEN estimate_net IS NOT NULL AND NOT coalesce(nominal_estimate, false) THEN 'estimate' END AS of,
    CASE of WHEN 'contract' THEN c.gap WHEN 'award' THEN a.gap END AS value_gap,
    CASE WHEN value_gap IS NULL THEN CASE of WHEN 'contract' THEN c.value WHEN 'award' THEN a.value WHEN 'estimate' THEN estimate_net END
      END AS amount,
    CASE of WHEN 'contract' THEN c.currency WHEN 'award' THEN a.currency ELSE p.currency END AS money,
    CASE WHEN money = 'GBP' THEN amount END AS pounds
  FROM contracting_process p LEFT JOIN of_contract c USING (ocid) LEFT JOIN of_award a USING (ocid)
)
SELECT json_object(
  'id', ocid, 'kind', 'contract', 'title', coalesce(name, ''),
  'description', coalesce(left(description, {longest}), ''), 'names', {names},
  'codes', list_concat([ocid], {numbers}, {codes}, {cpv_names}), 'exact', {name_folded},
  'spelt', list_concat([coalesce(name, '')], {names}, {cpv_names}),
  'buyer', {buyer_org_id}, 'supplier', {suppliers}, 'cpv', {groups}, 'category', {category}, 'notice_type', {types},
  'notice_types', {types_joined}, 'year', {year}, 'band', {band}, 'status', {process_status}, 'publisher', {publisher},
  'technology', CASE WHEN is_technology THEN 'yes' ELSE 'no' END, 'day', {day}, 'value', {pounds}, 'ends', {ends_day},
  'shown', to_base64(encode(json_object('kind', 'contract', 'title', name, 'description', left(description, {shown}),
    'day', last_published::DATE, 'buyer', buyer, 'suppliers', supplier_names[:3],
    'more_suppliers', greatest(len(supplier_names) - 3, 0), 'codes', {cpv_names}, 'gap', value_gap, 'value', amount::VARCHAR, 'of', of,
    'currency', money, 'status', process_status, 'changes', changes, 'ends', ends, 'synthetic', publisher_group IN {synthetic_groups},
    'contracts', contracts, 'contract', CASE WHEN contracts = 1 THEN contract_id END)::VARCHAR)))
FROM (SELECT *, CASE WHEN stage = 'contract_cancelled' THEN stage ELSE coalesce(phase, stage) END AS process_status,
  year(last_published)::VARCHAR AS year, {in_band} AS band,
  date_diff('day', DATE '1970-01-01', last_published::DATE) AS day,
  date_diff('day', DATE '1970-01-01', ends) AS ends_day FROM worth)
LEFT JOIN party USING (ocid) LEFT JOIN supplied USING (ocid) LEFT JOIN code USING (ocid) LEFT JOIN notice_lists USING (ocid)
"""
# A sum if every part of it is known, otherwise the reason (`gap`). Nominal values and ceilings do not count.
_VALUE_SUM_SQL = """
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
NON_PROCESS_TABLES = (
    "organisation",
    "organisation_name",
    "organisation_identifier",
    "scheme",
    "scheme_identifier",
    "scheme_year",
    "sale",
    "pipeline_entry",
    "pipeline_cpv",
)
_ORGANISATION_DOCUMENTS_SQL = """
SELECT json_object('id', org_id, 'kind', 'organisation', 'title', coalesce(o.name, ''), 'names', {spellings},
  'codes', {identifiers}, 'exact', list_transform({spellings}, lambda spelling: {spelling_folded}), 'spelt', {spellings},
  'technology', ['yes', 'no'],
  'shown', to_base64(encode(json_object('kind', 'organisation', 'title', o.name, 'of', o.kind, 'place', locality,
    'processes', processes)::VARCHAR)))
FROM organisation o
LEFT JOIN (SELECT org_id, list(DISTINCT name) AS spellings FROM organisation_name GROUP BY org_id) n USING (org_id)
LEFT JOIN (SELECT org_id, list(identifier) AS identifiers FROM organisation_identifier GROUP BY org_id) i USING (org_id)
"""
# Projects that the portfolio classes as ICT or transformation count as technology.
_PROJECT_DOCUMENTS_SQL = """
SELECT json_object('id', scheme_id, 'kind', 'project', 'title', coalesce(title, ''),
  'description', coalesce(left(description, {longest}), ''), 'names', list_concat({department}, {department_name}, {titles}),
  'codes', {identifiers}, 'exact', {title_folded}, 'spelt', {titles},
  'category', {gmpp_category}, 'year', {year}, 'band', {band},
  'status', CASE WHEN in_portfolio THEN 'reported' ELSE 'not_reported_now' END,
  'technology', CASE WHEN gmpp_category IN ('ict', 'transformation') THEN 'yes' ELSE 'no' END,
  'day', {day}, 'value', {pounds}, 'shown', to_base64(encode(json_object('kind', 'project', 'title', title,
    'description', left(description, {shown}), 'day', reported_on, 'buyer', department, 'value', forecast_wlc::VARCHAR,
    'of', 'whole-life cost', 'value_on', forecast_wlc_on, 'currency', 'GBP',
    'gap', CASE WHEN forecast_wlc IS NULL AND cost_state LIKE 'withheld%' THEN 'withheld' END,
    'status', CASE WHEN in_portfolio THEN 'reported' ELSE 'not_reported_now' END,
    'first_year', first_year, 'last_year', last_year)::VARCHAR)))
FROM (SELECT s.*, y.titles, y.reported_on, y.cost_state, i.identifiers, year(reported_on)::VARCHAR AS year,
    forecast_wlc AS pounds, {in_band} AS band,
    date_diff('day', DATE '1970-01-01', reported_on) AS day, {department_name_sql} AS department_name FROM scheme s
  LEFT JOIN (SELECT scheme_id, list(DISTINCT title) AS titles, max(snapshot_date) AS reported_on,
      max_by(wlc_state, report_year) AS cost_state FROM scheme_year GROUP BY scheme_id) y
    USING (scheme_id)
  LEFT JOIN (SELECT scheme_id, list(identifier) AS identifiers FROM scheme_identifier GROUP BY scheme_id) i USING (scheme_id))
"""
# A sale's title is its description. All sales that we read are from G-Cloud, so all count as technology.
_SALE_DOCUMENTS_SQL = """
SELECT json_object('id', sale_id, 'kind', 'sale', 'title', coalesce(sold, ''),
  'names', list_filter([customer_name, supplier_name], lambda item: item IS NOT NULL),
  'spelt', list_filter([sold, supplier_name], lambda item: item IS NOT NULL), 'buyer', {customer_org_id}, 'supplier', {supplier_org_id},
  'year', {year}, 'band', {band}, 'publisher', {publisher}, 'technology', 'yes', 'day', {day}, 'value', {pounds},
  'shown', to_base64(encode(json_object('kind', 'sale', 'title', sold, 'day', month, 'buyer', customer_name,
    'suppliers', list_filter([supplier_name], lambda item: item IS NOT NULL), 'value', amount::VARCHAR, 'of', 'sale', 'currency', currency,
    'repeats', possible_duplicate)::VARCHAR)))
FROM (SELECT *, left(description, {longest}) AS sold, year(month)::VARCHAR AS year, CASE WHEN currency = 'GBP' THEN amount END AS pounds,
  {in_band} AS band, date_diff('day', DATE '1970-01-01', month) AS day FROM sale)
"""
_PLAN_DOCUMENTS_SQL = """
SELECT json_object('id', entry_id, 'kind', 'plan', 'title', coalesce(title, ''),
  'description', concat_ws(' ', category, delivery), 'names', {body_name}, 'codes', list_concat({reference}, {whole}, {cpv_names}),
  'spelt', list_concat([coalesce(title, '')], {cpv_names}), 'buyer', {body_org_id}, 'cpv', {groups},
  'year', {year}, 'band', {band}, 'publisher', {publisher}, 'technology', CASE WHEN technology THEN 'yes' ELSE 'no' END,
  'day', {day}, 'value', {pounds}, 'shown', to_base64(encode(json_object('kind', 'plan', 'title', title, 'description', category,
    'day', published, 'buyer', body_name, 'codes', {cpv_names}, 'value', worth::VARCHAR, 'of', 'plan', 'currency', currency,
    'approach', approach)::VARCHAR)))
FROM (SELECT e.*, c.*, coalesce(total, years_total) AS worth, year(published)::VARCHAR AS year,
    CASE WHEN currency = 'GBP' THEN worth END AS pounds, {in_band} AS band,
    date_diff('day', DATE '1970-01-01', published) AS day
  FROM pipeline_entry e LEFT JOIN (
    SELECT entry_id AS of, list(coalesce(full_code, code)) AS whole, list(DISTINCT left(coalesce(full_code, code), 3)) AS groups,
      list(DISTINCT name) AS cpv_names, bool_or(regexp_matches(coalesce(full_code, code), '{technology}')) AS technology
    FROM pipeline_cpv GROUP BY entry_id) c ON c.of = e.entry_id)
"""
NON_PROCESS_DOCUMENTS_SQL = (
    _ORGANISATION_DOCUMENTS_SQL,
    _PROJECT_DOCUMENTS_SQL,
    _SALE_DOCUMENTS_SQL,
    _PLAN_DOCUMENTS_SQL,
)
_DEPARTMENT_CASES_SQL = " ".join(f"WHEN '{short}' THEN '{name}'" for short, name in DEPARTMENT_BY_ABBREVIATION.items())
_DEPARTMENT_NAME_SQL = f"CASE upper(department) {_DEPARTMENT_CASES_SQL} END"
_LIST_COLUMNS = (
    "whole",
    "names",
    "numbers",
    "codes",
    "cpv_names",
    "suppliers",
    "groups",
    "types",
    "identifiers",
    "titles",
    "spellings",
)
_SINGLE_VALUE_COLUMNS = (
    "buyer_org_id",
    "category",
    "gmpp_category",
    "department",
    "department_name",
    "year",
    "band",
    "process_status",
    "publisher",
    "day",
    "pounds",
    "types_joined",
    "ends_day",
    "customer_org_id",
    "supplier_org_id",
    "body_name",
    "body_org_id",
    "reference",
)


def build_document_sql(query: str) -> str:
    """Fill in a query. Column names in braces become lists without nulls: a field has no value, one or several."""
    lists = {name: f"coalesce(list_filter({name}, lambda item: item IS NOT NULL), [])" for name in _LIST_COLUMNS}
    single = {name: f"CASE WHEN {name} IS NULL THEN [] ELSE [{name}] END" for name in _SINGLE_VALUE_COLUMNS}
    cases = " ".join(f"WHEN pounds < {top} THEN '{name}'" for top, name in SIZE_BANDS)
    in_band = f"CASE WHEN pounds IS NULL THEN NULL {cases} ELSE '{LARGEST_SIZE_BAND}' END"
    sums = {
        "sum_of_contracts": _VALUE_SUM_SQL.format(counts="NOT nominal_value AND NOT is_ceiling AND NOT is_void"),
        "sum_of_awards": _VALUE_SUM_SQL.format(counts="counted"),
        "department_name_sql": _DEPARTMENT_NAME_SQL,
        "synthetic_groups": str(SYNTHETIC_GROUPS),
        "technology": make_technology_pattern(),
        "joint": FACET_VALUE_SEPARATOR,
        **{f"{name}_folded": _fold_name_sql(name) for name in ("name", "title", "spelling")},
    }
    return _prefix_table_names(query).format(
        **sums, in_band=in_band, longest=MAX_DESCRIPTION_CHARS, shown=SHOWN_DESCRIPTION_CHARS, **lists, **single
    )


def _fold_name_sql(name: str) -> str:
    """Return SQL for a whole name as search compares it: lower case, single spaces and no HTML entities."""
    sql = f"coalesce({name}, '')"
    for entity, sign in (("&#039;", "''"), ("&apos;", "''"), ("&quot;", '"'), ("&amp;", "&")):  # some publish these
        sql = f"replace({sql}, '{entity}', '{sign}')"
    return rf"lower(trim(regexp_replace({sql}, '\s+', ' ', 'g')))"


def _prefix_table_names(query: str) -> str:
    """Make a query read the views named with VIEW_PREFIX."""
    names = "|".join((*PROCESS_TABLES, *NON_PROCESS_TABLES))
    return re.sub(rf"\b(FROM|JOIN) ({names})\b", rf"\1 {VIEW_PREFIX}\2", query)
