"""States of fields: missing values, the reason, and the date from which they are missing rather than not yet due."""

from datetime import date

import pytest

from tests.merge.release_factory import AT, World, build, load_and_build, make_money, make_release, read_drawing

WORLD = World()
END_DATE, AFTER = date(2026, 12, 31), date(2027, 2, 1)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("states") / "store", WORLD.releases, END_DATE)


@pytest.fixture(scope="module")
def later(built):
    return build(built.root, AFTER)


RUNS = WORLD.add(
    make_release(AT, "2026-01-20", "UK7", contracts=[
        {"id": "1", "status": "active", "value": make_money(6e6, 7.2e6), "dateSigned": "2026-01-15",
         "period": {"startDate": "2026-02-01", "endDate": "2026-12-31"}, "agreedMetrics": [{"id": "k", "title": "K"}]}])
)  # fmt: skip


def test_state_final_cost_not_due_before_contract_end(built):
    assert built.draw("contract", RUNS, "phase") == [("in_delivery",)]
    assert built.states(RUNS, "value_final end_actual") == read_drawing("""
        end_actual  | not_yet_due | the contract is still running | 2026-12-31
        value_final | not_yet_due | the contract is still running | 2026-12-31
    """)


def test_state_final_cost_not_reported_after_contract_end(later):
    assert later.draw("contract", RUNS, "phase") == [("closed",)]
    assert later.states(RUNS, "value_final end_actual") == read_drawing("""
        end_actual  | not_reported | | 2026-12-31
        value_final | not_reported | | 2026-12-31
    """)


def test_state_kpis_rated_due_after_twelve_months(built, later):
    assert built.states(RUNS, "kpis_rated") == read_drawing("""
        kpis_rated | not_yet_due | KPIs are assessed at least every 12 months (UK9) | 2027-01-15
    """)
    assert later.states(RUNS, "kpis_rated") == read_drawing("kpis_rated | not_reported | | 2027-01-15")


OLDER = WORLD.add(
    make_release(AT, "2025-03-20", "UK7", contracts=[
        {"id": "1", "value": make_money(6e6, 7.2e6), "dateSigned": "2025-03-15", "agreedMetrics": [{"id": "k", "title": "K"}]}])
)  # fmt: skip


def test_state_kpis_rated_due_from_first_assessment_date(built):
    assert built.states(OLDER, "kpis_rated") == read_drawing("kpis_rated | not_reported | | 2026-12-31")


WITHHELD = WORLD.add(
    make_release(AT, "2026-01-20", "UK7", contracts=[{"id": "1", "status": "active", "dateSigned": "2026-01-15", "title": "T"}],
            withheldInformation=[{"id": "w", "field": "contracts/value", "name": "Contract value",
                                  "availabilityDate": "2028-01-20", "rationale": "commercially sensitive",
                                  "rationaleClassifications": [{"scheme": "SDES", "id": "UK-PA23-s94-1b"}]}])
)  # fmt: skip
SILENT = WORLD.add(
    make_release(
        AT, "2026-01-20", "UK7",
        contracts=[{"id": "1", "status": "active", "dateSigned": "2026-01-15", "title": "T"}],
    )
)  # fmt: skip
PUBLISHED = WORLD.add(
    make_release(AT, "2026-01-20", "UK7",
            contracts=[{"id": "1", "status": "active", "dateSigned": "2026-01-15", "title": "T", "value": make_money(9, 9)}])
)  # fmt: skip


def test_state_withheld_has_ground_and_review_date(built):
    assert built.states(WITHHELD, "value_net value_net_first") == read_drawing("""
        value_net       | withheld_commercial | s.94(1)(b) | 2028-01-20
        value_net_first | withheld_commercial | s.94(1)(b) | 2028-01-20
    """)
    assert built.states(SILENT, "value_net") == read_drawing("value_net | not_reported | |")
    columns = "withheld_id field availability_date rationale ground state detail"
    assert built.draw("withheld_information", WITHHELD, columns) == read_drawing("""
        w | contracts/value | 2028-01-20 | commercially sensitive | UK-PA23-s94-1b | withheld_commercial | s.94(1)(b)
    """)


def test_coverage_withheld_counts_like_missing(built):
    due = {
        ocid: built.draw("coverage", ocid, "due filled", "\"table\" = 'contract'")[0]
        for ocid in (WITHHELD, SILENT, PUBLISHED)
    }
    assert due[WITHHELD] == due[SILENT]
    assert float(due[WITHHELD][1]) / float(due[WITHHELD][0]) < float(due[PUBLISHED][1]) / float(due[PUBLISHED][0])


SECRET = WORLD.add(
    make_release(AT, "2026-01-20", "UK7", contracts=[{"id": "1", "title": "T"}], withheldInformation=[
        {"id": "a", "field": "contracts/dateSigned", "rationaleClassifications": [{"id": "UK-PA23-s94-1a"}]},
        {"id": "b", "field": "/contracts/0/status", "rationaleClassifications": [{"id": "legal-privilege"}]},
        {"id": "c", "field": "contracts[0].period", "rationale": "no reason"}])
)  # fmt: skip


def test_state_withheld_ground_accepts_all_path_forms(built):
    assert built.states(SECRET, "date_signed status start_date end_current") == read_drawing(
        """
        date_signed | withheld_security | s.94(1)(a)      |
        end_current | withheld_other    | no reason       |
        start_date  | withheld_other    | no reason       |
        status      | withheld_other    | legal privilege |
    """
    )


PUBLISHED_ANYWAY = WORLD.add(
    make_release(AT, "2026-01-20", "UK7", contracts=[{"id": "1", "value": make_money(5)}],
            withheldInformation=[{"id": "w", "field": "contracts/value", "rationaleClassifications": [{"id": "UK-PA23-s94-1b"}]}])
)  # fmt: skip


def test_state_published_value_is_not_withheld(built):
    assert built.states(PUBLISHED_ANYWAY, "value_net") == read_drawing("value_net | observed | |")


UNREADABLE = WORLD.add(
    make_release(AT, "2026-01-20", "UK7", contracts=[{"id": "1", "dateSigned": "soon", "title": "T"}])
)


def test_state_unreadable_value_shows_published_text(built):
    (state,) = built.states(UNREADABLE, "date_signed")
    assert state[:2] == ("date_signed", "invalid")
    assert "soon" in state[2]


NO_DUTY = WORLD.add(
    make_release(AT, "2026-01-20", "UK7", contracts=[
        {"id": "large", "value": make_money(5e6, 6e6)}, {"id": "small", "value": make_money(100, 120)},
        {"id": "reason", "value": make_money(5e6, 6e6), "noAgreedMetricsRationale": "one delivery"}, {"id": "unknown", "title": "T"}])
)  # fmt: skip


def test_state_kpis_missing_only_with_duty(built):
    states = built.draw("field_state", NO_DUTY, "key state detail", "field = 'kpis'")
    assert states == read_drawing("""
        …/contracts/large   | not_reported   |
        …/contracts/reason  | not_applicable | one delivery
        …/contracts/small   | not_applicable | KPIs are required only above £5m with VAT
        …/contracts/unknown | not_reported   |
    """)


OPEN = WORLD.add(make_release(AT, "2026-01-20", "UK4", tender={"title": "T", "status": "active"}))
PLANNED = WORLD.add(make_release(AT, "2026-01-20", "UK3", tag="planning", tender={"title": "T"}))


def test_state_process_fields_not_due_before_their_stage(built):
    fields = "method final_stage_bids tender_end engagement_notice_date"
    assert built.states(PLANNED, fields, "contracting_process") == read_drawing("""
        engagement_notice_date | not_yet_due | the process is still in planning           |
        final_stage_bids       | not_yet_due | the process has not reached this stage yet |
        method                 | not_yet_due | the process has not reached this stage yet |
        tender_end             | not_yet_due | the process has not reached this stage yet |
    """)
    assert built.states(OPEN, fields, "contracting_process") == read_drawing("""
        engagement_notice_date | not_reported |                                            |
        final_stage_bids       | not_yet_due  | the process has not reached this stage yet |
        method                 | not_reported |                                            |
        tender_end             | not_reported |                                            |
    """)


def test_state_exists_once_for_every_judged_field(built):
    from threepoint.standard.sdes import SDES_TABLES
    from threepoint.standard.value_states import STATE_BY_CODE

    for name, table in SDES_TABLES.items():
        if not table.subject or not built.ask(f"FROM information_schema.tables WHERE table_name = '{name}'"):
            continue
        expected = [row["n"] for row in built.ask(f'SELECT count(*) * {len(table.judged)} AS n FROM "{name}"')]
        judged = ", ".join(f"'{field.name}'" for field in table.judged)
        counts = built.ask(f'SELECT count(*) AS n FROM field_state WHERE "table" = $1 AND field IN ({judged})', (name,))
        assert [row["n"] for row in counts] == expected, name
    states = {row["state"] for row in built.ask("SELECT DISTINCT state FROM field_state")}
    assert states - set(STATE_BY_CODE) == set()


CODES = [{"scheme": "CPV", "id": code} for code in ("09000000", "31000000")]
MANY_CODES = WORLD.add(
    make_release(AT, "2026-01-20", "UK4", tender={"items": [{"id": "1", "additionalClassifications": CODES}]})
)
ONE_CODE = WORLD.add(
    make_release(AT, "2026-01-20", "UK4", tender={"items": [{"id": "1", "additionalClassifications": CODES[:1]}]})
)
NO_CODE = WORLD.add(make_release(AT, "2026-01-20", "UK4", tender={"items": [{"id": "1"}]}))


def test_state_codes_without_main_code_are_not_missing(built):
    detail = "2 CPV codes are published, none of them as the main one"
    states = [built.states(ocid, "cpv_main", "contracting_process") for ocid in (MANY_CODES, ONE_CODE, NO_CODE)]
    assert states == [
        [("cpv_main", "not_applicable", detail, "")],
        [("cpv_main", "observed", "", "")],
        [("cpv_main", "not_reported", "", "")],
    ]


GROSS_ONLY = WORLD.add(
    make_release(
        AT, "2026-01-20", "UK7", tender={"value": make_money(gross=12)},
        awards=[{"id": "1", "value": make_money(gross=12)}], contracts=[{"id": "1", "value": make_money(gross=12)}],
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("table", "field"),
    [("contracting_process", "estimate_net"), ("award", "value_net"), ("contract", "value_net")],
)
def test_state_amount_with_vat_only_says_so(built, table, field):
    assert built.states(GROSS_ONLY, field, table) == [(field, "not_reported", "published with VAT only", "")]
