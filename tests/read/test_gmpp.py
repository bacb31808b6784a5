"""Synthetic yearly files of the major projects portfolio; each shows one quirk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.read.gmpp_factory import (
    FOOTNOTE,
    PLAIN,
    SOURCE,
    count_days,
    drop_names,
    read_rows,
    split_cells,
    write_csv,
    write_drawing,
)
from threepoint.errors import UnreadableInputError
from threepoint.read import gmpp
from threepoint.read.gmpp.report_year import find_report_year
from threepoint.read.gmpp.rows import calculate_snapshot_days, make_name_core, make_name_key
from threepoint.standard.email_redaction import scrub_text
from threepoint.standard.tables_projects import GMPP_YEAR

# ------------------------------------------------------------------------------------------------ layout and encoding


def test_layouts_give_equal_rows():
    rows, transposed_rows = read_rows(write_drawing(PLAIN)), read_rows(write_drawing(PLAIN, transposed=True))
    assert [drop_names(row, "row_number") for row in rows] == [drop_names(row, "row_number") for row in transposed_rows]
    assert [row["row_number"] for row in rows] == [row["row_number"] for row in transposed_rows] == [2, 3]


def test_row_has_published_values():
    alpha, universal = read_rows(write_drawing(PLAIN))
    names = ("scheme_key", "report_year", "name", "department", "rating", "rater", "fy", "fy_baseline", "wlc_mid")
    assert [alpha[name] for name in names] == [
        "CO_0001_1213-Q1", 2014, "Alpha", "CO", "Amber/Green", "ipa", "2013/14", 120_000_000, 123_456_000_000,
    ]  # fmt: skip
    assert [universal[name] for name in ("rating", "fy_baseline", "wlc_mid", "wlc_state", "wlc_text")] == [
        "Red", -260_000_000, None, "not_reported", "Reset",
    ]  # fmt: skip
    assert {len(GMPP_YEAR.names)} == {
        len(row) for row in gmpp.read_yearly_file(write_drawing(PLAIN), SOURCE)["gmpp_year"]
    }


def test_blank_rows_columns_and_footnote_are_skipped():
    lines = [[*line, ""] for line in zip(*split_cells(PLAIN), strict=True)]
    lines += [[""] * len(lines[0]), [FOOTNOTE, *[""] * (len(lines[0]) - 1)], []]
    tables = gmpp.read_yearly_file(write_csv(lines).encode(), SOURCE)
    assert (len(tables["gmpp_year"]), tables["quarantine"], tables["notes"]) == (2, [], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
@pytest.mark.parametrize("transposed", [False, True])
def test_rows_do_not_depend_on_encoding(encoding, transposed):
    data = write_drawing(PLAIN.replace("Alpha", "Café £5m"), transposed=transposed, encoding=encoding)
    assert gmpp.is_yearly_file(data)
    assert [row["name"] for row in read_rows(data)] == ["Café £5m", "Universal 2"]


def test_stray_byte_keeps_windows_1252_dashes():
    data = write_drawing(PLAIN.replace("Alpha", "A–B~C"), encoding="cp1252").replace(b"~", b"\x9d")
    assert read_rows(data)[0]["name"] == "A–BC"


def test_garbled_pound_sign_is_read():
    data = (
        write_drawing(PLAIN)
        .replace("£1,234.56".encode(), "Ł1,234.56".encode())
        .replace("£1.20".encode(), "\ufffd1.20".encode())
    )
    assert [read_rows(data)[0][name] for name in ("wlc_mid", "fy_baseline")] == [123_456_000_000, 120_000_000]


def test_heading_with_definition_is_recognised():
    heading = 'IPA RAG rating\n(A Delivery Confidence Assessment, using a five-point scale, "Red" – Green)'
    lines = split_cells(PLAIN)
    lines[0][3] = heading
    row = read_rows(write_csv(lines).encode())[0]
    assert (row["rating"], row["rating_scale"]) == ("Amber/Green", "5pt")


# ------------------------------------------------------------------------------------------------ recognition


@pytest.mark.parametrize(
    "drawing",
    [
        "Department family|Entity|Date|Supplier|Transaction number|Amount\nHMT|HMT|01/04/2024|X Ltd|1|2.00",
        "Project Name|Department|Description|Start Date|End Date\nNew school|Education|A school|01/04/2024|01/04/2026",
        "Supplier|Customer|Return Month|Evidenced Spend\nX Ltd|Cabinet Office|01/04/2014|12.00",
        "code|title\nopen|Open", "",
    ],
)  # fmt: skip
def test_other_tables_are_rejected(drawing):
    assert not gmpp.is_yearly_file(write_drawing(drawing) if drawing else b"")
    with pytest.raises(UnreadableInputError, match="not a yearly file"):
        gmpp.read_yearly_file(write_drawing(drawing) if drawing else b"", SOURCE)


def test_file_is_recognised_by_its_beginning():
    data = "\ufeff".encode() + write_drawing(PLAIN)
    end = data.index("£1.20".encode()) + 1
    assert gmpp.is_yearly_file(data[:end])


# ------------------------------------------------------------------------------------------------ the year


def make_rows(*texts: str, id_: str = "") -> list[dict[str, str]]:
    return [{"gmpp_id": id_, "schedule_narrative": text} for text in texts]


@pytest.mark.parametrize(
    ("rows", "headings", "hint", "expected"),
    [
        (
            make_rows("Compared to financial year 22/23-Q4, no change"),
            ["2019/20 Budget (£m)"],
            "2016",
            (2024, "compared"),
        ),
        (make_rows("Compared to financial year 2021-q4"), [], "", (2022, "compared")),
        # 18 months between the two reports
        (make_rows("Compared to financial year 19/20-Q2"), [], "", (2021, "compared")),
        (make_rows(*["as agreed in 2017/18"] * 10), ["2016/17 TOTAL Baseline £m"], "", (2018, "rows")),
        (make_rows(*["Q2 1819 and Q2 1920 and Q2 1920"] * 10), [], "", (2020, "rows")),
        (make_rows(*["since 2017/18"] * 9), ["2016/17 TOTAL Baseline £m"], "", (2017, "heading")),
        (make_rows("since 2017/18"), ["Baseline (£m, Presented in 2024/25 Real Prices)"], "", (2018, "rows")),
        (make_rows("", id_="CO_0001_1920-Q2"), [], "gmpp-2025.csv", (2020, "ids")),
        # a project cannot join after the report
        (make_rows("since 2017/18", id_="CO_0001_1920-Q2"), [], "", (2020, "ids")),
        (make_rows("01/04/2018 and 2011-12-01 and 16/18"), [], "gmpp-2019.csv", (2019, "file_name")),
        (make_rows(""), [], "IPA_data_2018-19.csv", (2019, "file_name")),
    ],
)
def test_report_year_follows_order_of_precedence(rows, headings, hint, expected):
    assert find_report_year(rows, headings, hint) == expected


def test_report_year_without_evidence_raises():
    with pytest.raises(UnreadableInputError, match="nothing in this file gives its year"):
        find_report_year(make_rows("in 2018/19", "in 2017/18"), [], "projects.csv")


def test_snapshot_date_is_september_to_2020_then_march():
    assert [calculate_snapshot_days(year) for year in (2014, 2020, 2021, 2026)] == [
        count_days(2013, 9, 30), count_days(2019, 9, 30), count_days(2021, 3, 31), count_days(2026, 3, 31),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ names and ids


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        ("100,000 Genomes Project", "100000 GENOMES PROJECT", True),
        ("16/17 New Property Model", "1617 New Property Model", True),
        ("Health & Social Care Network", "Health and Social Care Network", True),
        ("Children’s Homes", "Childrens Homes", True), ("PSBP", "PSBP 2", False), ("Tranche 1", "Tranche 3", False),
        ("Phase 1/2", "Phase 12", False),
    ],
)  # fmt: skip
def test_name_key_ignores_case_and_punctuation(first, second, equal):
    assert (make_name_key(first) == make_name_key(second)) is equal


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        ("Universal Credit", "Universal Credit Programme", True),
        ("Electronic Monitoring (EM)", "ELECTRONIC MONITORING", True),
        ("Priority Schools (PSBP)", "Priority Schools (PSBP 2)", False),
        ("High Speed Rail", "High Speed Rail (HS2)", False),  # prefers to miss a match rather than to make a wrong one
    ],
)
def test_name_core_ignores_brackets_and_common_words(first, second, equal):
    assert (make_name_core(first) == make_name_core(second)) is equal


def test_name_core_of_common_words_is_none():
    assert make_name_core("The Programme (1)") is None


def test_scheme_key_is_id_or_name():
    drawing = """
        GMPP ID         | Project Name | Department | Whole Life Cost
        DfT_0022_1415-Q4 | Lower Thames | DFT        | 1
                        | Children's Homes (CH) | DFE | 1
    """
    assert [
        [row[name] for name in ("scheme_key", "gmpp_id", "joined_on")] for row in read_rows(write_drawing(drawing))
    ] == [
        ["DfT_0022_1415-Q4", "DfT_0022_1415-Q4", count_days(2015, 1, 1)], ["childrens homes ch", None, None],
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ unreadable and unusual rows


def test_unreadable_rows_are_quarantined():
    data = (
        b"Project Name,Department,Whole Life Cost\n"
        b"Alpha,CO,12\n"
        b"Beta, with a stray comma,CO,12,\n"
        b"Too short\n"
        b",CO,12\n"
        b"Only a name,,\n"
        b",,\n"
        b"ALPHA,HMT,13\n"
        b"Gamma,CO," + b"9" * 200_000 + b"\n"
        b"Delta,CO,14\n"
    )
    tables = gmpp.read_yearly_file(data, SOURCE, "2019")
    assert [row[GMPP_YEAR.names.index("name")] for row in tables["gmpp_year"]] == ["Alpha", "Delta"]
    assert tables["quarantine"] == [
        (3, "5 cells under 3 headings: a comma or quotation mark is misplaced"),
        (4, "1 cells under 3 headings: a comma or quotation mark is misplaced"), (5, "no project name"),
        (6, "a name and nothing else"), (8, "the same project as row 2"),
        (9, "not a valid CSV row: field larger than field limit (131072)"),
    ]  # fmt: skip


@given(st.binary(max_size=60), st.integers(0, 400))
def test_damaged_file_is_read_or_refused(damage, at):
    data = write_drawing(PLAIN)
    damaged_data = data[:at] + damage + data[at:]
    try:
        tables = gmpp.read_yearly_file(damaged_data, SOURCE, "gmpp-2014.csv")
    except UnreadableInputError:
        return
    assert {len(row) for row in tables["gmpp_year"]} <= {len(GMPP_YEAR.names)}
    assert all(row[GMPP_YEAR.names.index("scheme_key")] for row in tables["gmpp_year"])


def test_unusual_values_are_kept_with_notes():
    drawing = """
        Project Name | Department | Whole Life Cost | End Date                                             | Mood
        Alpha        | CO         | No              | Low: 31/03/2030, Mid: 31/03/2032, High: 31/03/2031   | good
    """
    tables = gmpp.read_yearly_file(write_drawing(drawing), SOURCE, "2025")
    assert tables["notes"] == [
        (0, "the column 'Mood' is not known and was left out"), (2, "end: low, mid and high are not in order"),
        (2, "wlc: 'No' is neither a value nor a known reason for a missing value"),
    ]  # fmt: skip
    row = dict(zip(GMPP_YEAR.names, tables["gmpp_year"][0], strict=True))
    assert (row["wlc_state"], row["wlc_text"], row["end_mid"]) == ("invalid", "No", count_days(2032, 3, 31))


def test_file_with_headings_only_has_no_rows():
    assert gmpp.read_yearly_file(b"Project Name,Department,Whole Life Cost\n", SOURCE) == {
        "gmpp_year": [], "quarantine": [], "notes": [],
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------ personal data


def test_names_and_addresses_of_officials_are_not_read():
    drawing = """
        Project Name | Department | IPA RAG rating | Senior Responsible Owner (SRO) Name | Costs Narrative
        Alpha        | CO         | Red            | Beatriz Buyer                 | ask beatriz.buyer@co.gov.uk._x000D_
    """
    tables = gmpp.read_yearly_file(write_drawing(drawing), SOURCE, "2025")
    row = dict(zip(GMPP_YEAR.names, tables["gmpp_year"][0], strict=True))
    assert row["wlc_narrative"] == "ask [email removed]."
    assert "eatriz" not in repr(tables)
    assert tables["notes"] == []  # the column is known and left out on purpose


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("write to a.b-c+d@hmrc.gov.uk, please", "write to [email removed], please"),
        ("?data=05%7C02%7Csam.jones4%40hmrc.gov.uk%7C05db", "?data=05%7C02%7C[email removed]%7C05db"),
        ("?u=sam%2540hmrc.gov.uk", "?u=[email removed]"),
        ("NHM@Harwell and FE@R at 40% off", "NHM@Harwell and FE@R at 40% off"),
    ],
)
def test_email_addresses_are_scrubbed_from_texts_and_links(text, scrubbed):
    assert scrub_text(text) == scrubbed
