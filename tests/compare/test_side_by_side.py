"""Side by side: each cell a value or the reason why there is none; what cannot be compared is said, never drawn."""

import json

import pytest

from tests.merge.world import CONTRACTS_FINDER, World, loaded, money, party, portfolio, release
from threepoint import api, pipeline
from threepoint.errors import Problem

WORLD = World()
PARTIES = {"parties": [party("b", "Home Office", "GB-GOR-D16", roles="buyer"), party("s", "Alpha Ltd", "GB-COH-01234567")],
           "buyer": {"id": "b", "name": "Home Office"}}  # fmt: skip
CPV = {"classification": {"scheme": "CPV", "id": "72000000"}}


def until(end, start="2026-02-01"):
    return {"startDate": start, "endDate": end}


def deal(*changes, value=None, end="2027-01-31", more=None, tender=None, **fields):
    """A process with one contract; `changes` are what later change notices say. Gives the contract's address."""
    ocid = WORLD.ocid()
    first = {
        "id": "1",
        "awardID": "1",
        "title": fields.pop("title", "Licences"),
        "status": "active",
        "period": until(end),
    }
    first |= {"value": value} if value else {}
    WORLD.add(
        release(ocid, "2026-01-10", "UK7", **PARTIES, tender={**CPV, **(tender or {})}, contracts=[first | fields],
                awards=[{"id": "1", "suppliers": [{"id": "s", "name": "Alpha Ltd"}]}], **(more or {})),
        *(release(ocid, f"2026-0{number}-10", "UK10", contracts=[{"id": "1", "amendments": [{"id": "a"}], **change}])
          for number, change in enumerate(changes, 2)),
    )  # fmt: skip
    return f"{ocid}/contracts/1"


GREW = deal(
    {"value": money(14_200_000, 17_040_000), "period": {"endDate": "2027-06-30"}}, value=money(11e6, 13_200_000)
)
QUIET = deal(value=money(9_400_000, 11_280_000))
GROSS = deal(value=money(gross=6_000_000))
EUROS = deal(value=money(9_400_000, 11_280_000, currency="EUR"))
TO_EUROS = deal({"value": money(12e6, 14e6, currency="EUR")}, value=money(10e6, 12e6))
NET_TAKEN_BACK = deal({"value": {"amount": None}}, value=money(1_000_000, 1_200_000))
TWO_MONEYS = WORLD.add(
    release(WORLD.ocid(), "2026-01-10", "UK7",
            contracts=[{"id": code, "value": money(100, currency=code)} for code in ("EUR", "GBP")])
)  # fmt: skip
HELD = deal(more={"withheldInformation": [
    {"id": "w", "field": "contracts/value", "rationaleClassifications": [{"id": "UK-PA23-s94-1b"}]}]})  # fmt: skip
SILENT = deal()
NOMINAL = deal(value=money(0.01, 0.01))
SHRANK = deal({"value": money(900_000), "period": {"endDate": "2026-12-31"}}, value=money(1_000_000))
ENDED = deal(value=money(100_000), end="2026-05-31")
RATED = WORLD.ocid()
WORLD.add(
    release(RATED, "2026-01-10", "UK7", **PARTIES, contracts=[
        {"id": "1", "title": "Rated", "value": money(5e6, 6e6), "period": until("2027-01-31"), "agreedMetrics": [{"id": "k"}]}]),
    release(RATED, "2026-05-10", "UK9", contracts=[{"id": "1", "implementation": {"metrics": [{"id": "k", "observations": [
        {"id": str(number), "measureClassification": {"id": code}}
        for number, code in enumerate(("met", "met", "below", "other"))]}]}}]),
)  # fmt: skip
RATED += "/contracts/1"
CHANGE_ONLY = WORLD.ocid()
WORLD.add(
    release(CHANGE_ONLY, "2026-03-10", "UK10", contracts=[{"id": "1", "title": "Seen late", "value": money(100_000)}])
)
CHANGE_ONLY += "/contracts/1"
PLANNED = [
    WORLD.add(release(WORLD.ocid(), "2026-01-10", "UK4", tender={"title": f"Tender {n}", **CPV})) for n in (1, 2)
]
FRAMEWORK = deal(value=money(2e9, 2.4e9), tender={"techniques": {"hasFrameworkAgreement": True}})
CORRECTED, REPEATED, TWICE = (
    WORLD.add(
        *(release(ocid, f"2026-03-1{number}", parties=PARTIES["parties"], buyer=PARTIES["buyer"], awards=[
            {"id": str(number), "date": "2026-01-31", "status": "active", "value": money(value),
             "contractPeriod": {"endDate": end}, "suppliers": [{"id": "s", "name": "Alpha Ltd"}]}])
          for number, (value, end) in enumerate(awards, 1))
    )
    for ocid, awards in (
        (CONTRACTS_FINDER.format(1), [(18_848_731, "2026-06-30"), (188_487, "2026-07-31")]),
        (CONTRACTS_FINDER.format(2), [(52_500_000, "2027-03-31"), (52_500_000, "2027-03-31")]),
        (CONTRACTS_FINDER.format(3), [(0.01, "2027-03-31"), (3_000_000, "2027-03-31"), (2_000_000, "2027-03-31")]),
    )
)  # fmt: skip
DESCRIBED = WORLD.add(release(WORLD.ocid(), "2026-01-10", "UK4", tender={"title": "Path", "classification": {
    "scheme": "CPV", "id": "45233162", "description": "Cycle path construction work"}}))  # fmt: skip
REPLACED = WORLD.ocid()
WORLD.add(*(
    release(REPLACED, f"2026-01-1{n}", "UK6", parties=[PARTIES["parties"][0], party("s", name, f"GB-COH-0{n}111111")],
            buyer=PARTIES["buyer"], awards=[{"id": "1", "value": money(100_000), "suppliers": [{"id": "s", "name": name}]}])
    for n, name in ((0, "Alpha Ltd"), (1, "Beta Ltd"))))  # fmt: skip
VOID = WORLD.ocid()
WORLD.add(release(VOID, "2026-03-10", "UK6", awards=[
    {"id": local, "date": "2026-01-31", "status": status, "value": money(100_000, 120_000)}
    for local, status in (("1", "active"), ("2", "cancelled"), ("3", "unsuccessful"))]))  # fmt: skip
GMPP = ["CO_0001_2021-Q1", "CO_0002_2021-Q1"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("compare") / "store"
    for year, costs in ((2025, ("100", "100")), (2026, ("130", "100"))):
        file = root.parent / f"gmpp-{year}.csv"
        rows = [
            (ident, f"Project {ident[:7]}", cost, "31/03/2028", "Amber")
            for ident, cost in zip(GMPP, costs, strict=True)
        ]
        file.write_text(portfolio(year, *rows), encoding="utf-8")
        pipeline.load(root, [file])
    return loaded(root, WORLD.releases)


def compared(built, *wanted):
    """The comparison as {label: [texts of its cells]}, and what is said on likeness, by its first word."""
    found = api.side_by_side(wanted, built.root)
    lines = {line.label: [cell.text for cell in line.cells] for line in found.lines}
    return lines, found


def alike(found):
    return [sentence for sentence in found.in_words()["alike"] if sentence.startswith("amounts")]


def test_first_now_and_growth_stand_side_by_side(built):
    lines, found = compared(built, GREW, QUIET)
    assert found.headings == ("Licences", "Licences")
    assert found.ids == (GREW, QUIET)
    assert lines["first published"] == ["£11m net of VAT", "£9.4m net of VAT"]
    assert lines["now"] == ["£14.2m net of VAT", "£9.4m net of VAT"]
    assert lines["growth"] == ["+29% (+£3.2m)", "no notified change: under 10% needs no notice"]
    assert lines["end, first published"] == ["31 January 2027", "31 January 2027"]
    assert lines["end, now"] == ["30 June 2027", "31 January 2027"]
    assert lines["later by"] == ["5 months", "no notified change: under 10% needs no notice"]
    assert lines["changes published"] == ["2", "0"]
    assert lines["What it is"] == ["Home Office with Alpha Ltd"] * 2
    assert alike(found) == ["amounts: the same (net of VAT)"]


def test_a_cell_says_where_its_figure_was_published(built):
    found = api.side_by_side([GREW, QUIET], built.root)
    first, now = (line.cells[0] for line in found.lines if line.label in ("first published", "now"))
    assert first.source.endswith("2026-01-10 · 10 January 2026")
    assert now.source.endswith("2026-02-10 · 10 February 2026")


def test_no_outturn_is_not_yet_due_while_a_contract_runs_and_not_reported_after(built):
    lines, _ = compared(built, QUIET, ENDED)
    assert lines["outturn"] == [
        "not yet due until 31 January 2027: the contract is still running",
        "not reported (due since 31 May 2026)",
    ]


def test_withheld_and_not_reported_are_told_apart(built):
    lines, _ = compared(built, HELD, SILENT)
    assert lines["first published"] == ["withheld (s.94(1)(b))", "not reported"]
    assert lines["now"] == ["withheld (s.94(1)(b))", "not reported"]
    assert lines["growth"] == ["–", "–"]


def test_net_against_gross_is_not_compared(built):
    lines, found = compared(built, QUIET, GROSS)
    assert lines["now"] == ["£9.4m net of VAT", "£6m with VAT"]
    assert alike(found) == ["amounts: not comparable: net against gross"]


def test_an_award_without_a_status_is_not_reported_where_it_stands(built):
    award = GREW.replace("/contracts/", "/awards/")
    (line,) = [line for line in api.side_by_side([award, QUIET], built.root).lines if line.label == "where it stands"]
    assert [(cell.text, cell.state) for cell in line.cells] == [
        ("not reported", "not_reported"),
        ("in delivery", "observed"),
    ]


def test_two_currencies_are_not_compared(built):
    lines, found = compared(built, QUIET, EUROS)
    assert lines["now"] == ["£9.4m net of VAT", "€9.4m net of VAT"]
    assert "amounts: not comparable: EUR against GBP" in alike(found)


def test_a_contract_first_seen_in_a_change_notice_has_no_growth(built):
    lines, _ = compared(built, CHANGE_ONLY, QUIET)
    assert lines["first published"][0] == "not reported: first seen in a change notice"
    assert lines["now"][0] == "£100k net of VAT"
    assert lines["growth"][0] == "–"


def test_less_is_less_and_earlier_is_earlier(built):
    lines, _ = compared(built, SHRANK, QUIET)
    assert lines["growth"][0] == "-10% (-£100k)"
    assert lines["later by"][0] == "31 days earlier"


def test_ratings_are_counted_with_other_apart(built):
    found = api.side_by_side([RATED, QUIET], built.root)
    (line,) = [line for line in found.lines if line.label == "KPIs"]
    assert (line.cells[0].text, line.cells[0].note) == (
        "2 of 3 rated Good by the buyer", "1 more rated Other, which is counted apart"
    )  # fmt: skip


def test_a_nominal_value_and_a_ceiling_are_named(built):
    found = api.side_by_side([NOMINAL, FRAMEWORK], built.root)
    assert found.in_words()["notes"] == [
        ["the published value is 0, 0.01 or 1, which only fills the form: it stands in no sum"],
        ["the value is a framework's ceiling, never spend"],
    ]


def test_type_size_and_phase_say_whether_things_are_alike(built):
    ocids = [address.split("/", maxsplit=1)[0] for address in (GREW, QUIET, ENDED)]
    _, found = compared(built, *ocids)
    told = {sentence.split(":")[0]: sentence for sentence in found.in_words()["alike"]}
    words = "IT services: consulting, software development, Internet and support"
    assert told["type"] == f"type: the same (72000000 {words})"
    assert told["size"] == "size: differs (£5m to £20m / £5m to £20m / £25k to £135k)"
    assert told["phase"] == "phase: the same (in delivery)"


def test_a_type_is_told_with_the_words_that_were_published(built):
    _, found = compared(built, DESCRIBED, GREW.split("/", maxsplit=1)[0])
    words = "IT services: consulting, software development, Internet and support"
    assert found.in_words()["alike"][0] == f"type: differs (45233162 Cycle path construction work / 72000000 {words})"


def test_each_amount_is_told_with_the_notice_that_gave_it(built):
    by = {line.label: line.cells for line in api.side_by_side([CORRECTED, GROSS, HELD][:2], built.root).lines}
    assert by["first published"][0].source.endswith("2026-03-11 · 11 March 2026")
    assert by["now"][0].source.endswith("2026-03-12 · 12 March 2026")
    assert by["now"][1].source.endswith("2026-01-10 · 10 January 2026")
    by = {line.label: line.cells for line in api.side_by_side([HELD, f"{CORRECTED}/awards/2"], built.root).lines}
    assert by["now"][0].source.endswith("2026-01-10 · 10 January 2026")
    assert by["first published"][1].source.endswith("2026-03-11 · 11 March 2026")


def test_a_supplier_of_an_earlier_notice_alone_is_not_named(built):
    lines, _ = compared(built, f"{REPLACED}/awards/1", f"{CORRECTED}/awards/2")
    assert lines["What it is"] == ["Home Office with Beta Ltd", "Home Office with Alpha Ltd"]


def test_a_process_shows_its_contracts_together(built):
    lines, _ = compared(built, *(address.split("/", maxsplit=1)[0] for address in (GREW, QUIET)))
    assert lines["first published"] == ["£11m net of VAT", "£9.4m net of VAT"]
    assert lines["now"] == ["£14.2m net of VAT", "£9.4m net of VAT"]


def test_a_corrected_award_shows_the_value_first_published_and_the_one_that_stands(built):
    lines, found = compared(built, CORRECTED, REPEATED)
    assert lines["first published"] == ["£18.8m VAT not stated", "£52.5m VAT not stated"]
    assert lines["now"] == ["£188k VAT not stated", "£52.5m VAT not stated"]
    assert lines["growth"] == ["-99% (-£18.7m)", "no change published"]
    assert lines["end, first published"] == ["30 June 2026", "31 March 2027"]
    assert lines["later by"] == ["31 days", "no change published"]
    assert lines["changes published"] == ["1", "0"]
    said = "1 earlier award ({}) repeated by a newer notice under a new id: first published there, counted once"
    assert found.in_words()["notes"] == [[said.format("£18,848,731")], [said.format("£52,500,000")]]


def test_a_corrected_award_alone_shows_the_same(built):
    lines, _ = compared(built, f"{CORRECTED}/awards/2", f"{TWICE}/awards/3")
    assert lines["first published"] == ["£18.8m VAT not stated", "£0.01 VAT not stated"]
    assert lines["now"] == ["£188k VAT not stated", "£2m VAT not stated"]
    assert lines["growth"] == ["-99% (-£18.7m)", "not comparable: the first value only fills the form"]
    assert lines["changes published"] == ["1", "2"]


def test_of_several_corrections_the_first_is_first_and_each_is_a_change(built):
    lines, _ = compared(built, TWICE, CORRECTED)
    assert lines["first published"][0] == "not reported: the form says 0.01, which only fills it"
    assert lines["now"][0] == "£2m VAT not stated"
    assert lines["growth"][0] == "–"
    assert lines["changes published"][0] == "2"


def test_an_award_that_came_to_nothing_stands_in_no_sum(built):
    lines, found = compared(built, VOID, CORRECTED)
    assert (lines["first published"][0], lines["now"][0]) == ("£100k net of VAT", "£100k net of VAT")
    (note,) = found.in_words()["notes"][0]
    assert note == (
        "2 of 3 awards left out of the amounts: the value only fills the form (0, 0.01, 1), is a framework's ceiling, or the"
        " award was cancelled"
    )


def test_a_real_correction_shows_both_values(shared, tmp_path):
    ocids = [f"ocds-b5fd17-{local}" for local in (
        "e0d4b2ec-d437-468f-82c7-1d751544e9ea", "d27e67d3-4492-49b7-aa14-bede88766821")]  # fmt: skip
    published = (shared / "data" / "ocds" / "uk-releases.jsonl").read_text(encoding="utf-8").splitlines()
    real = loaded(tmp_path / "store", [json.loads(line) for line in published if any(ocid in line for ocid in ocids)])
    lines, _ = compared(real, *ocids)
    assert lines["first published"] == ["£18.8m VAT not stated", "£52.5m VAT not stated"]
    assert lines["now"] == ["£188k VAT not stated", "£52.5m VAT not stated"]
    assert lines["growth"] == ["-99% (-£18.7m)", "no change published"]
    assert lines["changes published"] == ["1", "0"]


def test_before_an_award_a_value_is_not_yet_due(built):
    lines, _ = compared(built, *PLANNED)
    assert lines["now"] == ["not yet due: nothing has been awarded"] * 2


def test_a_process_whose_only_value_fills_the_form_has_none(built):
    lines, _ = compared(built, *(address.split("/", maxsplit=1)[0] for address in (NOMINAL, FRAMEWORK)))
    assert lines["now"] == [
        "not reported: the form says 0.01, which only fills it", "a framework: its ceiling is no one's spend"
    ]  # fmt: skip


def test_projects_show_what_prices_they_are_in(built):
    lines, found = compared(built, *GMPP)
    assert lines["first published"] == ["£100m nominal prices"] * 2
    assert lines["growth"] == ["+30% (+£30m)", "no change published"]
    assert alike(found) == ["amounts: the same (nominal prices)"]
    assert lines["publisher's rating"] == ["Amber (NISTA, three-point scale)"] * 2


@pytest.mark.parametrize("wanted", [[QUIET], [QUIET] * 7, []])
def test_two_to_six_things_are_compared(built, wanted):
    with pytest.raises(Problem, match=f"a comparison takes 2 to 6 things; you gave {len(wanted)}"):
        api.side_by_side(wanted, built.root)


def test_six_things_are_compared(built):
    assert len(api.side_by_side([GREW, QUIET, GROSS, EUROS, HELD, SILENT], built.root).headings) == 6


def test_organisations_are_not_compared(built):
    with pytest.raises(Problem, match="organisations are not compared"):
        api.side_by_side(["GB-GOR-D16", "GB-COH-01234567"], built.root)


def test_a_project_is_not_compared_with_a_contract(built):
    with pytest.raises(Problem, match="compare projects with projects"):
        api.side_by_side([GMPP[0], QUIET], built.root)


def test_one_scale_of_words_and_no_ranks(built):
    _, found = compared(built, GREW, QUIET, HELD)
    said = " ".join(cell.text for line in found.lines for cell in line.cells).lower()
    assert [
        word for word in ("poor", "bad", "best", "worst", "rank", "score", "none", "nan") if word in said.split()
    ] == []


def test_a_changed_currency_gives_no_growth(built):
    for wanted in (TO_EUROS, TO_EUROS.split("/", maxsplit=1)[0]):
        lines, _ = compared(built, wanted, QUIET)
        assert lines["first published"][0] == "£10m net of VAT"
        assert lines["now"][0] == "€12m net of VAT"
        assert lines["growth"][0] == "not comparable: the currency changed"


def test_an_amount_left_with_vat_alone_does_not_grow_from_one_without(built):
    lines, _ = compared(built, NET_TAKEN_BACK, QUIET)
    assert lines["first published"][0] == "£1m net of VAT"
    assert lines["now"][0] == "£1.2m with VAT"
    assert lines["growth"][0] == "not comparable: net against gross"


def test_a_process_published_with_vat_alone_shows_that(built):
    lines, _ = compared(built, *(address.split("/", maxsplit=1)[0] for address in (GROSS, QUIET)))
    assert lines["now"] == ["£6m with VAT", "£9.4m net of VAT"]


def test_contracts_in_several_currencies_make_no_sum(built):
    lines, _ = compared(built, TWO_MONEYS, QUIET.split("/", maxsplit=1)[0])
    assert lines["now"][0] == "not comparable: contracts in several currencies"
