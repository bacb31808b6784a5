"""Tests of the endpoints for one record and for comparisons: the same content as the command line prints."""

import json
import sys

import pytest

from tests.command_line import run_command
from tests.website.api.conftest import RECORD_IDS
from tests.website.pages import read_csv
from tests.website.sample_records import CORRECTED, DEAL, FIELD, GMPP, OPEN
from threepoint.snapshot import open_snapshot
from website.common.record_urls import KIND_BY_PATH


def list_first_records(store):
    """Return the path and id of one record of each kind."""
    with open_snapshot(store) as snapshot:
        rows = {kind: snapshot.rows(f'SELECT * FROM "{kind}" ORDER BY 1 LIMIT 1')[0] for kind in KIND_BY_PATH.values()}
    return [(path, next(iter(rows[kind].values()))) for path, kind in KIND_BY_PATH.items()]


def test_record_matches_command_line(ask, small_store, capsys):
    records = list_first_records(small_store)
    assert [path for path, _ in records] == list(KIND_BY_PATH)
    for path, ident in records:
        answer = ask(f"/{path}/{ident}")
        code, printed, _ = run_command(capsys, "--store", small_store, "show", ident, "--json")
        assert answer.pop("links") == {"page": f"http://testserver/{path}/{ident}"}
        assert sorted(answer.pop("about")) == ["as_of", "built_at", "licence", "snapshot", "standard"]
        assert (code, answer) == (0, json.loads(printed))


def test_record_fact_has_state_source_and_money_as_text(ask):
    facts = ask(f"/contracts/{DEAL}/contracts/1")["facts"]
    assert {name: facts["value_net"][name] for name in ("value", "state", "source", "source_date", "type")} == {
        "value": "14200000.00", "state": "observed", "source": "000789-2026", "source_date": "2026-03-10", "type": "money",
    }  # fmt: skip
    assert (facts["end_actual"]["value"], facts["end_actual"]["state"]) == (None, "not_yet_due")


def test_record_csv_has_row_for_each_fact(ask, reader):
    facts = ask(f"/contracts/{DEAL}/contracts/1")["facts"]
    heading, *rows = read_csv(reader.get(f"/api/v1/contracts/{DEAL}/contracts/1?format=csv"))
    assert heading == ["kind", "id", *("fact" if name == "name" else name for name in facts["value_net"])]
    assert [row[2] for row in rows] == list(facts)
    value = dict(zip(heading, rows[list(facts).index("value_net")], strict=True))
    assert (value["value"], value["state"], value["source"]) == ("14200000.00", "observed", "000789-2026")


def test_record_guards_formulas_in_csv_only(ask, reader):
    assert ask(f"/processes/{FIELD}")["title"] == "=HYPERLINK(road works)"
    rows = {row[2]: row[6] for row in read_csv(reader.get(f"/api/v1/processes/{FIELD}?format=csv"))}
    assert rows["title"] == "'=HYPERLINK(road works)"


def test_record_other_identifier_redirects(ask, reader):
    for path in ("awards/000901-2026", f"contracts/{CORRECTED}", "organisations/000901-2026"):
        answer = reader.get(f"/api/v1/{path}?format=csv")
        assert (answer.status_code, answer["Location"]) == (302, f"/api/v1/processes/{CORRECTED}?format=csv")


def test_record_unknown_says_what_to_do(ask):
    assert ask("/processes/no-such", 404) == {
        "title": "There is nothing at this address", "status": 404,
        "detail": "This snapshot has no record called “no-such”.",
        "what_to_do": "Give an ocid, or a contract, notice, GMPP, company or organisation id; or search with /api/v1/search.",
    }  # fmt: skip


def test_compare_matches_command_line(ask, reader, small_store, capsys):
    comparison = ask("/compare", id=[DEAL, CORRECTED, OPEN])
    assert (comparison.pop("links"), comparison.pop("about")["as_of"]) == ({}, "2026-06-30")
    _, printed, _ = run_command(capsys, "--store", small_store, "compare", DEAL, CORRECTED, OPEN, "--json")
    assert comparison == json.loads(printed)
    rows = read_csv(reader.get("/api/v1/compare", {"id": [DEAL, CORRECTED, OPEN], "format": "csv"}))
    assert len(rows) == 1 + 3 * len(comparison["lines"])
    line = comparison["lines"][0]
    assert rows[1:4] == [[line["group"], line["label"], ident, cell["text"], cell["state"], cell["note"], cell["source"]]
                         for ident, cell in zip(comparison["ids"], line["cells"], strict=True)]  # fmt: skip


def test_compare_gives_reason_when_not_comparable(ask):
    growth = next(line for line in ask("/compare", id=[DEAL, OPEN])["lines"] if line["label"] == "growth")
    assert (growth["cells"][0]["text"], growth["cells"][1]["state"]) == ("+29% (+£3.2m)", "not_yet_due")
    problem = ask("/compare", 422, id=[DEAL, f"sdes-gmpp-{GMPP}"])
    assert (problem["title"], problem["what_to_do"]) == (
        "These records cannot be compared", "Compare contracts, procurements and awards, or major projects."
    )  # fmt: skip
    assert problem["detail"]


@pytest.mark.parametrize(
    ("ids", "status", "detail"),
    [
        ([], 400, "The parameter “id” cannot have this value."),
        ([DEAL], 400, "The parameter “id” cannot have this value."),
        ([f"x{number}" for number in range(7)], 400, "The parameter “id” cannot have this value."),
        ([DEAL, DEAL], 400, "These ids all belong to one record."),
        ([DEAL, "no-such"], 404, "This snapshot has no record called “no-such”."),
    ],
)
def test_compare_refuses_wrong_ids(ask, ids, status, detail):
    assert ask("/compare", status, id=ids)["detail"] == detail


@pytest.mark.parametrize("path", RECORD_IDS)
def test_record_page_links_to_data(reader, path):
    page = reader.get(f"/{path}/{RECORD_IDS[path]}").content.decode()
    for url in (f"/api/v1/{path}/{RECORD_IDS[path]}", f"/api/v1/{path}/{RECORD_IDS[path]}?format=csv"):
        assert f'href="{url}"' in page
        assert reader.get(url).status_code == 200


def test_record_id_longer_than_python_int_limit(ask):
    assert ask("/processes/" + "9" * (sys.get_int_max_str_digits() + 10), 404)["status"] == 404
