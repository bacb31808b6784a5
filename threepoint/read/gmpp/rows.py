"""Make a row of gmpp_year from one record of a yearly file."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from threepoint.read.gmpp.cell_values import (
    GmppCell,
    classify_text,
    collapse_spaces,
    parse_cell,
    parse_days,
    parse_millions_to_pence,
    parse_rating,
    parse_share,
)
from threepoint.read.gmpp.table_layout import GmppRecord, GmppTable
from threepoint.standard.email_redaction import scrub_text
from threepoint.standard.tables_projects import GMPP_YEAR

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# NISTA replaced the IPA, but the headings of 2026 still say IPA.
_NISTA_START_DAYS = date(2025, 4, 1).toordinal() - _EPOCH_ORDINAL
_REAL_PRICES_PATTERN = re.compile(r"(20\d\d/\d\d) real prices", re.IGNORECASE)
_JOINING_QUARTER_PATTERN = re.compile(r"_(\d\d)\d\d-Q([1-4])$", re.IGNORECASE)
_BRACKETED_TEXT_PATTERN = re.compile(r"\([^)]*\)")
_COMMON_NAME_WORDS = {"the", "programme", "program", "project"}
_CATEGORY_CODE_BY_WORD = {
    "ict": "ict",
    "information": "ict",
    "government": "transformation",
    "infrastructure": "infrastructure",
    "military": "military",
}
_NARRATIVE_FIELDS = (
    "rating_narrative",
    "schedule_narrative",
    "budget_narrative",
    "wlc_narrative",
    "benefits_narrative",
)
_PARSER_BY_FIELD: dict[str, Callable[[str], int]] = {
    "start": parse_days,
    "end": parse_days,
    "wlc": parse_millions_to_pence,
    "fy_baseline": parse_millions_to_pence,
    "fy_forecast": parse_millions_to_pence,
    "benefits": parse_millions_to_pence,
}


@dataclass(frozen=True)
class GmppReport:
    """Details of a file that apply to all its rows: its year and the year's basis, rating scale and body, price base."""

    year: int
    basis: str
    source_id: str
    snapshot: int
    scale: str
    body: str
    price_base: str
    bare_is_percent: bool


@dataclass(frozen=True)
class GmppRow:
    """A row: its number in the file, its key, its values in the order of GMPP_YEAR.names, and notes about unusual values."""

    number: int
    scheme_key: str
    values: tuple[Any, ...]
    notes: list[str]


def describe_report(gmpp_table: GmppTable, year: int, basis: str, source_id: str) -> GmppReport:
    """Return the details that apply to all rows of the report `year`; `basis` is the source of the year."""
    snapshot_days = calculate_snapshot_days(year)
    heading = gmpp_table.headings.get("body_rating", "").lower()
    is_nista = heading.startswith("nista") or snapshot_days >= _NISTA_START_DAYS
    body = "mpa" if heading.startswith("mpa") else "nista" if is_nista else "ipa"
    scale = "3pt" if "three-point" in heading or ("five-point" not in heading and year > 2021) else "5pt"
    match = _REAL_PRICES_PATTERN.search(gmpp_table.headings.get("wlc", ""))
    variances = [record.cells.get("fy_variance", "") for record in gmpp_table.records]
    bare_is_percent = not any("%" in text for text in variances)
    price_base = f"{match[1]} real" if match else "nominal"
    return GmppReport(year, basis, source_id, snapshot_days, scale, body, price_base, bare_is_percent)


def calculate_snapshot_days(year: int) -> int:
    """Return the day that a report's figures describe, in days since 1970: up to 2020 the 30 September before, then 31 March."""
    return (date(year - 1, 9, 30) if year <= 2020 else date(year, 3, 31)).toordinal() - _EPOCH_ORDINAL


def make_name_key(name: str) -> str:
    """Return a name without case, accents and punctuation; numbers stay, and 100,000 and 16/17 become one number each."""
    key = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"(?<=\d),(?=\d{3}(?!\d))|'", "", key.replace("&", " and "))
    key = re.sub(r"(?<!\d)(\d\d)/(\d\d)(?!\d)", r"\1\2", key)
    return " ".join(re.findall(r"[a-z0-9]+", key))


def make_name_core(name: str) -> str | None:
    """Return a name's words without brackets, "programme" and "project", then a bar and all its numbers; None if no word is left.

    Tranche 1 and Tranche 3 differ, and so do PSBP and PSBP (2).
    """
    words = [
        word for word in make_name_key(_BRACKETED_TEXT_PATTERN.sub(" ", name)).split() if word not in _COMMON_NAME_WORDS
    ]
    numbers = sorted(re.findall(r"\d+", make_name_key(name)))
    return " ".join([*words, "|", *numbers]) if words else None


def clean_text(cell: str) -> str | None:
    """Return a text without email addresses and artefacts of spreadsheets; None if nothing is left."""
    text = cell.replace("\u200b", "").replace("_x000D_", "").replace("\xa0", " ")
    return scrub_text("\n".join(text.splitlines())).strip() or None


def make_row(record: GmppRecord, report: GmppReport) -> GmppRow:
    """Make the row of gmpp_year for one record of a report."""
    values = _read_details(record, report) | _read_ratings(record, report)
    notes: list[str] = []
    for name, parse in _PARSER_BY_FIELD.items():
        parsed = parse_cell(record.cells.get(name, ""), parse)
        values |= _make_figure_columns(name, parsed)
        notes += _list_figure_notes(name, parsed)
    values |= _read_variance(record, report, values)
    return GmppRow(record.number, values["scheme_key"], tuple(values[name] for name in GMPP_YEAR.names), notes)


def _read_details(record: GmppRecord, report: GmppReport) -> dict[str, Any]:
    cell = record.cells.get
    gmpp_id, name, category = (collapse_spaces(cell(field, "")) for field in ("gmpp_id", "name", "category"))
    state, section = classify_text(collapse_spaces(cell("description", "")))
    return {
        "scheme_key": gmpp_id or make_name_key(name) or name,
        "report_year": report.year,
        "year_basis": report.basis,
        "snapshot_date": report.snapshot,
        "gmpp_id": gmpp_id or None,
        "joined_on": _parse_joining_day(gmpp_id),
        "name": name,
        "name_key": make_name_key(name),
        "name_core": make_name_core(name),
        "department": collapse_spaces(cell("department", "")) or None,
        "category": category or None,
        "category_code": _CATEGORY_CODE_BY_WORD.get(category.partition(" ")[0].lower()),
        "description": clean_text(cell("description", "")),
        "description_state": state,
        "description_exempt_section": section,
        "fy": f"{report.year - 1}/{report.year % 100:02d}",
        "price_base": report.price_base,
        "evaluation_plan": clean_text(cell("evaluation_plan", "")),
        "source_id": report.source_id,
        "row_number": record.number,
    } | {narrative: clean_text(cell(narrative, "")) for narrative in _NARRATIVE_FIELDS}


def _parse_joining_day(gmpp_id: str) -> int | None:
    """Return the first day of the quarter at the end of an id: CO_0133_2223-Q1 is 1 April 2022."""
    match = _JOINING_QUARTER_PATTERN.search(gmpp_id)
    if not match:
        return None
    year, quarter = 2000 + int(match[1]), int(match[2])
    start = date(year + 1, 1, 1) if quarter == 4 else date(year, 1 + 3 * quarter, 1)
    return start.toordinal() - _EPOCH_ORDINAL


def _read_ratings(record: GmppRecord, report: GmppReport) -> dict[str, Any]:
    """Return the rating of the assurance body, or otherwise of the senior responsible owner (SRO); and each of the two."""
    body, sro = (parse_cell(record.cells.get(field, ""), parse_rating) for field in ("body_rating", "sro_rating"))
    chosen = next((cell for cell in (body, sro) if cell.mid), None)
    source = chosen or next((cell for cell in (body, sro) if cell.section), None) or (body if body.text else sro)
    return {
        "rating": source.mid,
        "rating_scale": report.scale,
        "rater": None if chosen is None else report.body if chosen is body else "sro",
        "rating_state": source.state,
        "rating_text": source.text,
        "rating_exempt_section": source.section,
        "body_rating": body.mid,
        "body_rating_state": body.state,
        "sro_rating": sro.mid,
        "sro_rating_state": sro.state,
    }


def _make_figure_columns(name: str, parsed: GmppCell[int]) -> dict[str, Any]:
    """Return all columns of one figure, including a range's; only those in GMPP_YEAR are used."""
    values: dict[str, Any] = {
        name: parsed.mid,
        f"{name}_low": parsed.low,
        f"{name}_mid": parsed.mid,
        f"{name}_high": parsed.high,
    }
    return values | {
        f"{name}_state": parsed.state,
        f"{name}_text": parsed.text,
        f"{name}_exempt_section": parsed.section,
    }


def _list_figure_notes(name: str, parsed: GmppCell[int]) -> list[str]:
    range_values = [value for value in (parsed.low, parsed.mid, parsed.high) if value is not None]
    if parsed.state == "invalid":
        return [f"{name}: {parsed.text!r} is neither a value nor a known reason for a missing value"]
    return [f"{name}: low, mid and high are not in order"] if range_values != sorted(range_values) else []


def _read_variance(record: GmppRecord, report: GmppReport, values: dict[str, Any]) -> dict[str, Any]:
    text = collapse_spaces(record.cells.get("fy_variance", ""))
    try:
        published: float | None = parse_share(text, bare_is_percent=report.bare_is_percent)
    except ValueError:
        published = None
    baseline, forecast = values["fy_baseline"], values["fy_forecast"]
    return {
        "fy_variance_published": published,
        "fy_variance_text": None if published is not None else text or None,
        "fy_variance_amount": parse_cell(record.cells.get("fy_variance_amount", ""), parse_millions_to_pence).mid,
        "fy_variance_derived": forecast / baseline - 1 if baseline and forecast is not None else None,
    }
