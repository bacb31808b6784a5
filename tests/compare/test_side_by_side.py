"""Comparisons: each cell has a value or the reason why there is none, and likenesses say what cannot be compared."""

import pytest

from tests.merge.release_factory import (
    AT,
    CONTRACTS_FINDER,
    Built,
    World,
    load_and_build,
    make_money,
    make_party,
    make_release,
    write_portfolio,
)
from threepoint import api, pipeline
from threepoint.errors import UserError

WORLD = World()
PARTIES = {"parties": [make_party("b", "Home Office", "GB-GOR-D16", roles="buyer"), make_party("s", "Alpha Ltd", "GB-COH-01234567")],
           "buyer": {"id": "b", "name": "Home Office"}}  # fmt: skip
CPV = {"classification": {"scheme": "CPV", "id": "72000000"}}


def make_period(end, start="2026-02-01"):
    return {"startDate": start, "endDate": end}


def add_contract(*changes, value=None, end="2027-01-31", more=None, tender=None, **fields):
    """Add a process with one contract, and a change notice for each of `changes`. Return the id of the contract."""
    ocid = WORLD.ocid()
    first = {
        "id": "1", "awardID": "1", "title": fields.pop("title", "Licences"), "status": "active", "period": make_period(end),
    }  # fmt: skip
    first |= {"value": value} if value else {}
    WORLD.add(
        make_release(ocid, "2026-01-10", "UK7", **PARTIES, tender={**CPV, **(tender or {})}, contracts=[first | fields],
                awards=[{"id": "1", "suppliers": [{"id": "s", "name": "Alpha Ltd"}]}], **(more or {})),
        *(make_release(ocid, f"2026-0{number}-10", "UK10", contracts=[{"id": "1", "amendments": [{"id": "a"}], **change}])
          for number, change in enumerate(changes, 2)),
    )  # fmt: skip
    return f"{ocid}/contracts/1"


INCREASED = add_contract(
    {"value": make_money(14_200_000, 17_040_000), "period": {"endDate": "2027-06-30"}},
    value=make_money(11e6, 13_200_000),
)
STEADY = add_contract(value=make_money(9_400_000, 11_280_000))
GROSS = add_contract(value=make_money(gross=6_000_000))
EUROS = add_contract(value=make_money(9_400_000, 11_280_000, currency="EUR"))
CHANGED_TO_EUROS = add_contract({"value": make_money(12e6, 14e6, currency="EUR")}, value=make_money(10e6, 12e6))
GROSS_CHANGED = add_contract({"value": make_money(gross=180_000)}, value=make_money(100_000, 120_000))
UP_AND_BACK = add_contract({"value": make_money(150_000, 180_000)}, {"value": make_money(100_000, 120_000)},
                           value=make_money(100_000, 120_000))  # fmt: skip
NET_REMOVED = add_contract({"value": {"amount": None}}, value=make_money(1_000_000, 1_200_000))
TWO_CURRENCIES = WORLD.add(
    make_release(WORLD.ocid(), "2026-01-10", "UK7",
            contracts=[{"id": code, "value": make_money(100, currency=code)} for code in ("EUR", "GBP")])
)  # fmt: skip
WITHHELD = add_contract(more={"withheldInformation": [
    {"id": "w", "field": "contracts/value", "rationaleClassifications": [{"id": "UK-PA23-s94-1b"}]}]})  # fmt: skip
WITHOUT_VALUE = add_contract()
NOMINAL = add_contract(value=make_money(0.01, 0.01))
DECREASED = add_contract(
    {"value": make_money(900_000), "period": {"endDate": "2026-12-31"}}, value=make_money(1_000_000)
)
ENDED = add_contract(value=make_money(100_000), end="2026-05-31")
RATED = WORLD.add(
    make_release(AT, "2026-01-10", "UK7", **PARTIES, contracts=[
        {"id": "1", "title": "Rated", "value": make_money(5e6, 6e6), "period": make_period("2027-01-31"), "agreedMetrics": [{"id": "k"}]}]),
    make_release(AT, "2026-05-10", "UK9", contracts=[{"id": "1", "implementation": {"metrics": [{"id": "k", "observations": [
        {"id": str(number), "measureClassification": {"id": code}}
        for number, code in enumerate(("met", "met", "below", "other"))]}]}}]),
)  # fmt: skip
RATED += "/contracts/1"
CHANGE_ONLY = WORLD.add(
    make_release(AT, "2026-03-10", "UK10", contracts=[{"id": "1", "title": "Seen late", "value": make_money(100_000)}])
)
CHANGE_ONLY += "/contracts/1"
PLANNED = [
    WORLD.add(make_release(WORLD.ocid(), "2026-01-10", "UK4", tender={"title": f"Tender {n}", **CPV})) for n in (1, 2)
]
FRAMEWORK = add_contract(value=make_money(2e9, 2.4e9), tender={"techniques": {"hasFrameworkAgreement": True}})
CORRECTED, REPEATED, TWICE = (
    WORLD.add(
        *(make_release(ocid, f"2026-03-1{number}", parties=PARTIES["parties"], buyer=PARTIES["buyer"], awards=[
            {"id": str(number), "date": "2026-01-31", "status": "active", "value": make_money(value),
             "contractPeriod": {"endDate": end}, "suppliers": [{"id": "s", "name": "Alpha Ltd"}]}])
          for number, (value, end) in enumerate(awards, 1))
    )
    for ocid, awards in (
        (CONTRACTS_FINDER.format(1), [(18_848_731, "2026-06-30"), (188_487, "2026-07-31")]),
        (CONTRACTS_FINDER.format(2), [(52_500_000, "2027-03-31"), (52_500_000, "2027-03-31")]),
        (CONTRACTS_FINDER.format(3), [(0.01, "2027-03-31"), (3_000_000, "2027-03-31"), (2_000_000, "2027-03-31")]),
    )
)  # fmt: skip
DESCRIBED = WORLD.add(make_release(WORLD.ocid(), "2026-01-10", "UK4", tender={"title": "Path", "classification": {
    "scheme": "CPV", "id": "45233162", "description": "Cycle path construction work"}}))  # fmt: skip
REPLACED = WORLD.add(*(
    make_release(AT, f"2026-01-1{n}", "UK6", parties=[PARTIES["parties"][0], make_party("s", name, f"GB-COH-0{n}111111")],
            buyer=PARTIES["buyer"], awards=[{"id": "1", "value": make_money(100_000), "suppliers": [{"id": "s", "name": name}]}])
    for n, name in ((0, "Alpha Ltd"), (1, "Beta Ltd"))))  # fmt: skip
VOID = WORLD.add(make_release(AT, "2026-03-10", "UK6", awards=[
    {"id": local, "date": "2026-01-31", "status": status, "value": make_money(100_000, 120_000)}
    for local, status in (("1", "active"), ("2", "cancelled"), ("3", "unsuccessful"))]))  # fmt: skip
GMPP = ["CO_0001_2021-Q1", "CO_0002_2021-Q1"]
ONE_REPORT = "CO_0003_2526-Q1"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("compare") / "store"
    for year, costs in ((2025, ("100", "100")), (2026, ("130", "100", "50"))):
        file = root.parent / f"gmpp-{year}.csv"
        rows = [
            (ident, f"Project {ident[:7]}", cost, "31/03/2028", "Amber")
            for ident, cost in zip([*GMPP, ONE_REPORT], costs, strict=False)
        ]
        file.write_text(write_portfolio(year, *rows), encoding="utf-8")
        pipeline.load(root, [file])
    return load_and_build(root, WORLD.releases)


def read_lines(built, *ids):
    """Return the texts of the cells of each line by its label, and the comparison."""
    comparison = api.side_by_side(ids, built.root)
    return {line.label: [cell.text for cell in line.cells] for line in comparison.lines}, comparison


def read_sources(built, *ids):
    """Return the sources of the first and the current value of each record."""
    lines = {line.label: line.cells for line in api.side_by_side(ids, built.root).lines}
    return [(first.source, now.source) for first, now in zip(lines["first published"], lines["now"], strict=True)]


def find_amounts(comparison):
    return [
        sentence
        for sentence in comparison.in_words()["alike"]
        if sentence.startswith(("basis of amounts now", "currency"))
    ]


def find_process(contract):
    return contract.split("/", maxsplit=1)[0]


UNCHANGED = "no notified change: changes under 10% need no notice"
IT = "IT services: consulting, software development, Internet and support"
# By case: the ids to compare, and the expected cells of some lines.
CASES = {
    "first, now and growth": ((INCREASED, STEADY), {
        "first published": ["£11m net of VAT", "£9.4m net of VAT"], "now": ["£14.2m net of VAT", "£9.4m net of VAT"],
        "growth": ["+29% (+£3.2m)", UNCHANGED], "end date, first published": ["31 January 2027"] * 2,
        "end date, now": ["30 June 2027", "31 January 2027"], "end date moved": ["5 months later", UNCHANGED],
        "changes to value or end date": ["2", "0"],
        "Who": ["Home Office with Alpha Ltd"] * 2}),
    "a final cost is not due while a contract runs": ((STEADY, ENDED), {"final cost": [
        "not yet due until 31 January 2027: the contract is still running", "not reported (due since 31 May 2026)"]}),
    "withheld or not reported": ((WITHHELD, WITHOUT_VALUE), {
        "first published": ["withheld (s.94(1)(b))", "not reported"], "now": ["withheld (s.94(1)(b))", "not reported"],
        "growth": ["–", "–"]}),
    "net against gross": ((STEADY, GROSS), {"now": ["£9.4m net of VAT", "£6m with VAT"]}),
    "two currencies": ((STEADY, EUROS), {"now": ["£9.4m net of VAT", "€9.4m net of VAT"]}),
    "first seen in a change notice": ((CHANGE_ONLY, STEADY), {
        "first published": ["not reported: first seen in a change notice", "£9.4m net of VAT"],
        "now": ["£100k net of VAT", "£9.4m net of VAT"], "growth": ["–", UNCHANGED]}),
    "less and earlier": ((DECREASED, STEADY), {
        "growth": ["-10% (-£100k)", UNCHANGED], "end date moved": ["31 days earlier", UNCHANGED]}),
    "a supplier of an earlier notice alone": ((f"{REPLACED}/awards/1", f"{CORRECTED}/awards/2"), {
        "Who": ["Home Office with Beta Ltd", "Home Office with Alpha Ltd"]}),
    "a corrected award": ((CORRECTED, REPEATED), {
        "first published": ["£18.8m VAT not stated", "£52.5m VAT not stated"],
        "now": ["£188k VAT not stated", "£52.5m VAT not stated"], "growth": ["-99% (-£18.7m)", "no change published"],
        "end date, first published": ["30 June 2026", "31 March 2027"], "end date moved": ["31 days later", "no change published"],
        "changes to value or end date": ["1", "0"]}),
    "a corrected award alone": ((f"{CORRECTED}/awards/2", f"{TWICE}/awards/3"), {
        "first published": ["£18.8m VAT not stated", "£0.01 VAT not stated"],
        "now": ["£188k VAT not stated", "£2m VAT not stated"],
        "growth": ["-99% (-£18.7m)", "not comparable: the first value is a placeholder"], "changes to value or end date": ["1", "2"]}),
    "an award corrected twice": ((TWICE, CORRECTED), {
        "first published": ["not reported: the form says 0.01, which is a placeholder", "£18.8m VAT not stated"],
        "now": ["£2m VAT not stated", "£188k VAT not stated"], "growth": ["–", "-99% (-£18.7m)"],
        "changes to value or end date": ["2", "1"]}),
    "a void award": ((VOID, CORRECTED), {
        "first published": ["£100k net of VAT", "£18.8m VAT not stated"], "now": ["£100k net of VAT", "£188k VAT not stated"]}),
    "before an award": (PLANNED, {"now": ["not yet due: nothing has been awarded"] * 2}),
    "processes without a real value": ((find_process(NOMINAL), find_process(FRAMEWORK)), {"now": [
        "not reported: the form says 0.01, which is a placeholder", "a framework: its ceiling is not spend"]}),
    "projects": (GMPP, {
        "first published": ["£100m in nominal prices"] * 2, "growth": ["+30% (+£30m)", "no change published"],
        "published rating": ["Amber (NISTA, three-point scale)"] * 2}),
    "a project with one report": ([GMPP[0], ONE_REPORT], {
        "now": ["£130m in nominal prices", "£50m in nominal prices"],
        "growth": ["+30% (+£30m)", "not comparable: GMPP 2026 is the only report with a cost"]}),
    "another currency": ((CHANGED_TO_EUROS, STEADY), {
        "first published": ["£10m net of VAT", "£9.4m net of VAT"], "now": ["€12m net of VAT", "£9.4m net of VAT"],
        "growth": ["not comparable: the currency changed", UNCHANGED]}),
    "another currency, of a process": ((find_process(CHANGED_TO_EUROS), find_process(STEADY)), {
        "first published": ["£10m net of VAT", "£9.4m net of VAT"], "growth": ["not comparable: the currency changed", UNCHANGED]}),
    "an amount left with VAT alone": ((NET_REMOVED, STEADY), {
        "first published": ["£1m net of VAT", "£9.4m net of VAT"], "now": ["£1.2m with VAT", "£9.4m net of VAT"],
        "growth": [UNCHANGED, UNCHANGED]}),
    "a change of the amount with VAT alone": ((GROSS_CHANGED, STEADY), {
        "first published": ["£100k net of VAT", "£9.4m net of VAT"], "now": ["£180k with VAT", "£9.4m net of VAT"],
        "growth": ["+50% (+£60k)", UNCHANGED], "changes to value or end date": ["1", "0"]}),
    "a value changed and changed back": ((UP_AND_BACK, STEADY), {
        "growth": ["none: changed 2 times, now the first value again", UNCHANGED], "end date moved": [UNCHANGED, UNCHANGED],
        "changes to value or end date": ["2", "0"]}),
    "processes, one changed and changed back": ((find_process(UP_AND_BACK), find_process(STEADY)), {
        "growth": ["none: changed 2 times, now the first value again", UNCHANGED]}),
    "processes, one with VAT alone": ((find_process(GROSS), find_process(STEADY)), {"now": ["£6m with VAT", "£9.4m net of VAT"]}),
    "contracts in several currencies": ((TWO_CURRENCIES, find_process(STEADY)), {
        "now": ["not comparable: contracts in several currencies", "£9.4m net of VAT"]}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_comparison_cells(built, case):
    ids, expected = CASES[case]
    lines, _ = read_lines(built, *ids)
    assert {label: lines[label] for label in expected} == expected


@pytest.mark.parametrize(
    ("ids", "amounts"),
    [((INCREASED, STEADY), "basis of amounts now: the same (net of VAT)"),
     ((STEADY, GROSS), "basis of amounts now: different (net of VAT; with VAT), so amounts are not comparable"),
     ((STEADY, EUROS), "currency: different (EUR; GBP), so amounts are not comparable"),
     (GMPP, "basis of amounts now: the same (in nominal prices)")],
)  # fmt: skip
def test_likeness_of_amounts(built, ids, amounts):
    assert amounts in find_amounts(read_lines(built, *ids)[1])


def test_cells_have_source_and_date(built):
    (first, now), _ = read_sources(built, INCREASED, STEADY)
    assert (first[-28:], now[-29:]) == ("2026-01-10 · 10 January 2026", "2026-02-10 · 10 February 2026")
    (first, now), (_, other) = read_sources(built, CORRECTED, GROSS)
    assert first.endswith("2026-03-11 · 11 March 2026")
    assert now.endswith("2026-03-12 · 12 March 2026")
    assert other.endswith("2026-01-10 · 10 January 2026")
    (_, withheld), (first, _) = read_sources(built, WITHHELD, f"{CORRECTED}/awards/2")
    assert withheld.endswith("2026-01-10 · 10 January 2026")
    assert first.endswith("2026-03-11 · 11 March 2026")


def test_stage_of_award_without_status_is_not_reported(built):
    award = INCREASED.replace("/contracts/", "/awards/")
    (line,) = [line for line in api.side_by_side([award, STEADY], built.root).lines if line.label == "stage"]
    assert [(cell.text, cell.state) for cell in line.cells] == [
        ("not reported", "not_reported"), ("in delivery", "observed"),
    ]  # fmt: skip


def test_kpi_ratings_count_other_separately(built):
    comparison = api.side_by_side([RATED, STEADY], built.root)
    (line,) = [line for line in comparison.lines if line.label == "KPIs"]
    assert (line.cells[0].text, line.cells[0].note) == (
        "2 of 3 rated Good by the buyer", "1 more rated Other, which is counted separately"
    )  # fmt: skip


def test_notes_name_amounts_excluded_from_sums(built):
    nominal, ceiling = read_lines(built, NOMINAL, FRAMEWORK)[1].in_words()["notes"]
    assert nominal == ["the published value only fills the form, such as 0.01 or 99,999,999: it is excluded from sums"]
    assert ceiling == ["the value is a framework's ceiling, which is not spend"]
    repeated = (
        "a newer notice repeats 1 earlier award ({}) under a new id: first values are from the earlier award,"
        " and each award is counted once"
    )
    assert read_lines(built, CORRECTED, REPEATED)[1].in_words()["notes"] == [
        [repeated.format("£18,848,731")], [repeated.format("£52,500,000")],
    ]  # fmt: skip
    (void,) = read_lines(built, VOID, CORRECTED)[1].in_words()["notes"][0]
    assert void == (
        "2 of 3 awards are excluded from the amounts: the value is a placeholder (such as 0.01) or a framework's ceiling, or the"
        " award was cancelled"
    )


def test_likeness_of_type_size_and_phase(built):
    _, comparison = read_lines(built, *map(find_process, (INCREASED, STEADY, ENDED)))
    likenesses = {sentence.split(":")[0]: sentence for sentence in comparison.in_words()["alike"]}
    assert likenesses["type"] == f"type: the same (72000000 {IT})"
    assert likenesses["size"] == "size: different (£5m to £20m; £5m to £20m; £25k to £135k)"
    assert likenesses["stage"] == "stage: the same (in delivery)"
    _, comparison = read_lines(built, DESCRIBED, find_process(INCREASED))
    assert (
        comparison.in_words()["alike"][0] == f"type: different (45233162 Cycle path construction work; 72000000 {IT})"
    )


def test_real_correction_shows_both_values(published_store):
    ocids = [f"ocds-b5fd17-{local}" for local in (
        "e0d4b2ec-d437-468f-82c7-1d751544e9ea", "d27e67d3-4492-49b7-aa14-bede88766821")]  # fmt: skip
    lines, _ = read_lines(Built(published_store, published_store / "current"), *ocids)
    assert lines["first published"] == ["£18.8m VAT not stated", "£52.5m VAT not stated"]
    assert lines["now"] == ["£188k VAT not stated", "£52.5m VAT not stated"]
    assert lines["growth"] == ["-99% (-£18.7m)", "no change published"]
    assert lines["changes to value or end date"] == ["1", "0"]


@pytest.mark.parametrize(
    ("ids", "message"),
    [([STEADY], "choose 2 to 6 records to compare; you chose 1"), ([STEADY] * 7, "choose 2 to 6 records to compare; you chose 7"),
     ([], "choose 2 to 6 records to compare; you chose 0"), (["GB-GOR-D16", "GB-COH-01234567"], "organisations cannot be compared"),
     ([GMPP[0], STEADY], "major projects can be compared only with major projects")],
)  # fmt: skip
def test_compare_rejects_wrong_records(built, ids, message):
    with pytest.raises(UserError, match=message):
        api.side_by_side(ids, built.root)


def test_comparison_has_no_ranks_or_scores(built):
    lines, comparison = read_lines(built, INCREASED, STEADY, WITHHELD, GROSS, EUROS, WITHOUT_VALUE)
    assert len(comparison.headings) == 6
    words = " ".join(text for texts in lines.values() for text in texts).lower().split()
    assert {"poor", "bad", "best", "worst", "rank", "score", "none", "nan"} & set(words) == set()
