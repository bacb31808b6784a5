"""Contracts: the baseline stays, the last value wins, a change notice removes nothing, and every change has a row."""

import pytest

from tests.merge.release_factory import (
    AT,
    World,
    load_and_build,
    make_contract,
    make_money,
    make_period,
    make_release,
    read_drawing,
)

WORLD = World()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("contracts") / "store", WORLD.releases)


# ------------------------------------------------------------------------------------------ baseline and last value

GREW = WORLD.add(
    make_contract("UK7", "2026-01-10", AT, awardID="1", title="Licences", status="active", dateSigned="2026-01-05",
             value=make_money(1000, 1200), period=make_period("2027-01-31", "2026-02-01")),
    make_contract("UK10", "2026-03-10", AT, awardID="1", value=make_money(1300, 1560), period=make_period("2027-06-30"),
             amendments=[{"id": "a", "date": "2026-03-01", "rationale": "more users",
                          "rationaleClassifications": [{"id": "permitted", "description": "Permitted change"}]}]),
    make_contract("UK10", "2026-05-10", AT, awardID="1", value=make_money(1250.5, 1500.6), amendments=[{"id": "b"}]),
)  # fmt: skip


def test_contract_baseline_is_first_notice_and_current_is_last(built):
    columns = (
        "value_net_first value_net value_gross_first value_gross value_change end_first end_current end_change_days"
    )
    assert built.draw("contract", GREW, columns) == read_drawing("""
        1000.00 | 1250.50 | 1200.00 | 1500.60 | 250.50 | 2027-01-31 | 2027-06-30 | 150
    """)


@pytest.mark.quirk("Q1.36")
def test_contract_change_notice_removes_nothing(built):
    columns = "contract_id award_id title status date_signed start_date currency changes amendment_only"
    assert built.draw("contract", GREW, columns) == read_drawing("""
        …/contracts/1 | …/awards/1 | Licences | active | 2026-01-05 | 2026-02-01 | GBP | 3 | false
    """)


def test_contract_change_has_old_new_reason_and_notice(built):
    columns = "date type old_value new_value old_end new_end reason ground notice_id notified"
    assert built.draw("change", GREW, columns) == read_drawing("""
        2026-03-01 | duration |         |         | 2027-01-31 | 2027-06-30 | more users | Permitted change | 0001-2026-03-10 | true
        2026-03-01 | value    | 1000.00 | 1300.00 |            |            | more users | Permitted change | 0001-2026-03-10 | true
        2026-05-10 | value    | 1300.00 | 1250.50 |            |            |            |                  | 0001-2026-05-10 | true
    """)


def test_contract_change_id_names_contract_type_and_release(built):
    assert built.draw("change", GREW, "subject_type subject_id change_id", "old_value = 1000") == read_drawing("""
        contract | …/contracts/1 | …/contracts/1/changes/value/0001-2026-03-10
    """)


COMPILED_LAST = WORLD.add(
    make_contract("UK7", "2026-01-10", AT, value=make_money(1000), period=make_period("2027-01-31")),
    make_contract("UK10", "2026-03-10", AT, value=make_money(1300), period=make_period("2027-06-30")),
    {
        **make_contract("", "2026-06-01", AT, value=make_money(1300), period=make_period("2027-06-30")),
        "tag": ["compiled"],
    },
)


ONE_ID = WORLD.add(
    make_contract("UK7", "2026-01-10", AT, value=make_money(1)),
    *(make_release(AT, when, "UK10", id="2-2026", contracts=[{"id": "1", "value": make_money(value)}])
      for when, value in (("2026-02-10", 2), ("2026-03-10", 3))),
)  # fmt: skip


def test_contract_changes_of_equal_release_ids_have_distinct_ids(built):
    assert built.draw("change", ONE_ID, "change_id old_value new_value") == read_drawing("""
        …/contracts/1/changes/value/2-2026   | 1.00 | 2.00
        …/contracts/1/changes/value/2-2026/2 | 2.00 | 3.00
    """)


def test_contract_baseline_ignores_compiled_release(built):
    columns = "value_net_first value_net end_first end_current changes"
    assert built.draw("contract", COMPILED_LAST, columns) == read_drawing(
        "1000.00 | 1300.00 | 2027-01-31 | 2027-06-30 | 2"
    )


ONLY_COMPILED = WORLD.add({**make_contract("UK7", "2026-01-10", AT, value=make_money(1000)), "tag": ["compiled"]})


def test_contract_only_compiled_has_no_baseline_or_changes(built):
    assert built.draw("contract", ONLY_COMPILED, "value_net_first value_net changes") == read_drawing(" | 1000.00 | 0")
    assert built.draw("contracting_process", ONLY_COMPILED, "compiled_only") == [("true",)]


FIRST_SEEN_CHANGED = WORLD.add(
    make_contract(
        "UK10", "2026-03-10", AT, value=make_money(1300), period=make_period("2027-06-30"), amendments=[{"id": "a"}]
    ),
    make_contract(
        "UK10", "2026-04-10", AT, value=make_money(1400), period=make_period("2027-07-31"), amendments=[{"id": "b"}]
    ),
)


def test_contract_first_seen_in_change_notice_has_no_baseline(built):
    columns = "amendment_only value_net_first value_net value_change end_first end_current end_change_days"
    assert built.draw("contract", FIRST_SEEN_CHANGED, columns) == read_drawing("true | | 1400.00 | | | 2027-07-31 | ")
    detail = "first seen in a change notice, so the baseline is unknown"
    assert built.states(FIRST_SEEN_CHANGED, "value_net_first end_first value_change end_change_days") == [
        (name, "not_reported", detail, "") for name in ("end_change_days", "end_first", "value_change", "value_net_first")
    ]  # fmt: skip


REMOVED = WORLD.add(
    make_contract(
        "UK7", "2026-01-10", AT, title="Licences", value=make_money(1000, 1200), period=make_period("2027-01-31")
    ),
    make_contract("UK10", "2026-02-10", AT, title=None, value={"amount": None}, period={}),
)


def test_contract_null_removes_value_but_absent_field_does_not(built):
    columns = "title value_net value_gross end_current value_net_first"
    assert built.draw("contract", REMOVED, columns) == read_drawing(" | | 1200.00 | 2027-01-31 | 1000.00")


PUBLISHED_AGAIN = WORLD.add(
    make_contract("UK7", "2026-01-10", AT, value=make_money(1000)),
    make_contract("UK10", "2026-02-10", AT, value={"amount": None}),
    make_contract("UK10", "2026-03-10", AT, value=make_money(1100)),
)


def test_contract_value_published_after_removal_wins(built):
    assert built.draw("contract", PUBLISHED_AGAIN, "value_net_first value_net") == read_drawing("1000.00 | 1100.00")


UNCHANGED = WORLD.add(
    make_contract("UK7", "2026-01-10", AT, value=make_money(1000), period=make_period("2027-01-31", "2026-02-01")),
    make_contract("UK9", "2026-04-10", AT, implementation={"metrics": []}),
)


def test_contract_without_change_is_below_notice_floor(built):
    assert built.states(UNCHANGED, "value_change end_change_days") == read_drawing("""
        end_change_days | below_notice_floor | changes under 10% need no notice |
        value_change    | below_notice_floor | changes under 10% need no notice |
    """)
    assert built.draw("change", UNCHANGED, "change_id") == []


TWO_CURRENCIES = WORLD.add(
    make_contract("UK7", "2026-01-10", AT, value=make_money(1000)),
    make_contract("UK10", "2026-02-10", AT, value=make_money(1500, currency="EUR")),
)


@pytest.mark.quirk("Q1.21")
def test_contract_amounts_in_two_currencies_give_no_difference(built):
    columns = "value_net_first currency_first value_net currency value_change"
    assert built.draw("contract", TWO_CURRENCIES, columns) == read_drawing("1000.00 | GBP | 1500.00 | EUR | ")
    assert built.states(TWO_CURRENCIES, "value_change") == [
        ("value_change", "not_reported", "the currency changed", "")
    ]


TWO_OF_ONE_NUMBER = (
    WORLD.add(make_contract("UK7", "2026-01-10", AT, value=make_money(10))),
    WORLD.add(make_contract("UK7", "2026-01-11", WORLD.ocid(), value=make_money(20))),
)


@pytest.mark.quirk("Q1.43")
def test_contract_local_id_is_scoped_to_its_process(built):
    contracts = [built.draw("contract", ocid, "contract_id local_id ocid value_net") for ocid in TWO_OF_ONE_NUMBER]
    assert contracts == [read_drawing("…/contracts/1 | 1 | … | 10.00"), read_drawing("…/contracts/1 | 1 | … | 20.00")]


# ------------------------------------------------------------------------------------------ money that is not spend

NOMINAL = WORLD.add(
    make_release(AT, "2026-01-10", "UK7", contracts=[
        {"id": name, "value": make_money(amount)}
        for name, amount in (("0", 0), ("0.01", 0.01), ("1", 1), ("1.01", 1.01), ("0.1", 0.1), ("-", None))
    ]),
)  # fmt: skip


@pytest.mark.quirk("Q1.14")
def test_contract_nominal_values_are_flagged(built):
    assert built.draw("contract", NOMINAL, "local_id value_net nominal_value") == read_drawing("""
        -    |      | false
        0    | 0.00 | true
        0.01 | 0.01 | true
        0.1  | 0.10 | true
        1    | 1.00 | true
        1.01 | 1.01 | false
    """)


BOTH_VALUES = WORLD.add(
    make_release(AT, "2026-01-10", "UK7", contracts=[
        {"id": "both", "value": make_money(100, 120)}, {"id": "gross", "value": make_money(gross=120)},
        {"id": "net", "value": make_money(100)}, {"id": "none", "title": "no value"},
    ])
)  # fmt: skip


@pytest.mark.quirk("Q1.17")
def test_contract_net_and_gross_have_separate_columns(built):
    assert built.draw("contract", BOTH_VALUES, "local_id value_net value_gross vat_basis") == read_drawing("""
        both  | 100.00 | 120.00 | net
        gross |        | 120.00 | gross
        net   | 100.00 |        | net
        none  |        |        |
    """)


FRAMEWORK = {"techniques": {"hasFrameworkAgreement": True, "frameworkAgreement": {"value": make_money(2_000_000_000)}}}
CEILING = WORLD.add(
    make_release(AT, "2026-01-10", "UK7", tender=FRAMEWORK, awards=[{"id": "1", "status": "active", "value": make_money(2_000_000_000)}],
            contracts=[{"id": "1", "awardID": "1", "value": make_money(2_000_000_000, 2_400_000_000)}])
)  # fmt: skip
CALLED_OFF = WORLD.add(
    make_release(AT, "2026-02-10", "UK7", awards=[{"id": "1", "status": "active", "value": make_money(750_000)}],
            contracts=[{"id": "1", "awardID": "1", "value": make_money(750_000)}],
            relatedProcesses=[{"id": "1", "relationship": ["framework"], "scheme": "ocid", "identifier": CEILING}])
)  # fmt: skip


@pytest.mark.quirk("Q1.20")
def test_framework_ceiling_does_not_count_but_call_off_does(built):
    columns = "value_net is_ceiling is_call_off framework_ocid kpi_duty"
    assert built.draw("contract", CEILING, columns) == read_drawing("2000000000.00 | true | false | | exempt")
    assert built.draw("contract", CALLED_OFF, "value_net is_ceiling is_call_off framework_ocid") == [
        ("750000.00", "false", "true", CEILING)
    ]
    counted = [built.draw("award", ocid, "value_net is_ceiling counted") for ocid in (CEILING, CALLED_OFF)]
    assert counted == [read_drawing("2000000000.00 | true | false"), read_drawing("750000.00 | false | true")]


def test_call_off_names_its_framework(built):
    columns = "is_framework is_call_off framework_ceiling parent_ocid"
    assert built.draw("contracting_process", CEILING, columns) == read_drawing("true | false | 2000000000.00 | ")
    assert built.draw("contracting_process", CALLED_OFF, columns) == [("false", "true", "", CEILING)]
    assert built.draw("related_process", CALLED_OFF, "relationship identifier is_loaded") == [
        ("framework", CEILING, "true")
    ]


# ------------------------------------------------------------------------------------------ the duty to set KPIs

DUTIES = WORLD.add(
    make_release(AT, "2026-01-10", "UK7", contracts=[
        {"id": "4.6m net", "value": make_money(4_600_000, 5_520_000)}, {"id": "5m gross", "value": make_money(4_166_666, 5_000_000)},
        {"id": "5m and 1p", "value": make_money(4_166_666, 5_000_000.01)}, {"id": "net alone", "value": make_money(9_000_000)},
    ])
)  # fmt: skip
LIGHT = WORLD.add(
    make_release(
        AT, "2026-01-10", "UK7", tender={"specialRegime": ["lightTouch"]},
        contracts=[{"id": "1", "value": make_money(9e6, 9e6)}],
    )
)  # fmt: skip
BEFORE_THE_ACT = WORLD.add(make_contract("", "2026-01-10", WORLD.ocid(), value=make_money(9_000_000, 9_000_000)))


@pytest.mark.quirk("Q1.47")
def test_kpi_duty_depends_on_value_with_vat(built):
    assert built.draw("contract", DUTIES, "local_id kpi_duty") == read_drawing("""
        4.6m net  | required
        5m and 1p | required
        5m gross  | below_5m
        net alone | unknown
    """)


@pytest.mark.quirk("Q1.48")
def test_kpi_duty_exempts_light_touch_and_older_procurements(built):
    assert [built.draw("contract", ocid, "kpi_duty") for ocid in (LIGHT, BEFORE_THE_ACT)] == [[("exempt",)]] * 2


RATED = WORLD.add(
    make_contract("UK7", "2026-01-10", AT, value=make_money(5e6, 6e6), agreedMetrics=[
        {"id": "k", "title": "Availability", "observations": [{"id": "t", "measure": "99.5", "unit": {"name": "%"}}]},
    ]),
    make_contract("UK9", "2026-04-10", AT, implementation={"metrics": [{"id": "k", "observations": [
        {"id": code, "measureClassification": {"scheme": "ukRating", "id": code}, "period": make_period("2026-03-31", "2026-01-01")}
        for code in ("met", "slightlyBelow", "below", "significantlyBelow", "other")
    ] + [{"id": "unrated", "measure": 98}]}]}),
)  # fmt: skip


def test_kpi_ratings_keep_their_five_codes(built):
    assert built.draw("observation", RATED, "obs_id assessor rating measure period_end") == read_drawing("""
        …/contracts/1/kpis/k/below              | buyer | below              |      | 2026-03-31
        …/contracts/1/kpis/k/met                | buyer | met                |      | 2026-03-31
        …/contracts/1/kpis/k/other              | buyer | other              |      | 2026-03-31
        …/contracts/1/kpis/k/significantlyBelow | buyer | significantlyBelow |      | 2026-03-31
        …/contracts/1/kpis/k/slightlyBelow      | buyer | slightlyBelow      |      | 2026-03-31
        …/contracts/1/kpis/k/unrated            | buyer |                    | 98.0 |
    """)
    assert built.draw("kpi", RATED, "kpi_id title unit target target_text results rated") == read_drawing("""
        …/contracts/1/kpis/k | Availability | % | 99.5 | 99.5 | 6 | 5
    """)
    assert built.draw("contract", RATED, "kpis kpis_rated") == [("1", "5")]
