"""The record of each kind of thing, and things side by side: the same as the terminal prints."""

import json
import sys

import pytest

from tests.command_line import run_command
from tests.website.api.conftest import THINGS
from tests.website.pages import read_csv
from tests.website.sample_records import CORRECTED, DEAL, FIELD, GMPP, OPEN
from threepoint.snapshot import open_snapshot
from website.common.record_urls import KIND_BY_PATH


def list_first_records(store):
    """The path and id of one thing of each kind."""
    with open_snapshot(store) as snapshot:
        ids = {kind: snapshot.rows(f'SELECT * FROM "{kind}" ORDER BY 1 LIMIT 1')[0] for kind in KIND_BY_PATH.values()}
    return [(place, next(iter(ids[kind].values()))) for place, kind in KIND_BY_PATH.items()]


def test_every_kind_is_as_the_terminal_shows_it(ask, small_store, capsys):
    found = list_first_records(small_store)
    assert [place for place, _ in found] == list(KIND_BY_PATH)
    for place, ident in found:
        told = ask(f"/{place}/{ident}")
        code, printed, _ = run_command(capsys, "--store", small_store, "show", ident, "--json")
        assert told.pop("links") == {"page": f"http://testserver/{place}/{ident}"}
        assert sorted(told.pop("about")) == ["as_of", "licence", "made", "snapshot", "standard"]
        assert (code, told) == (0, json.loads(printed))


def test_a_fact_has_its_state_and_source_and_money_is_text(ask):
    facts = ask(f"/contracts/{DEAL}/contracts/1")["facts"]
    assert {name: facts["value_net"][name] for name in ("value", "state", "source", "source_date", "type")} == {
        "value": "14200000.00", "state": "observed", "source": "000789-2026", "source_date": "2026-03-10", "type": "money",
    }  # fmt: skip
    assert (facts["end_actual"]["value"], facts["end_actual"]["state"]) == (None, "not_yet_due")


def test_as_csv_a_record_has_a_row_a_fact(ask, reader):
    told = ask(f"/contracts/{DEAL}/contracts/1")
    heading, *rows = read_csv(reader.get(f"/api/v1/contracts/{DEAL}/contracts/1?format=csv"))
    assert heading == ["kind", "id", *("fact" if name == "name" else name for name in told["facts"]["value_net"])]
    assert [row[2] for row in rows] == list(told["facts"])
    value = dict(zip(heading, rows[list(told["facts"]).index("value_net")], strict=True))
    assert (value["value"], value["state"], value["source"]) == ("14200000.00", "observed", "000789-2026")


def test_a_text_that_looks_like_a_formula_is_guarded_in_csv_alone(ask, reader):
    assert ask(f"/processes/{FIELD}")["title"] == "=HYPERLINK(road works)"
    rows = {row[2]: row[6] for row in read_csv(reader.get(f"/api/v1/processes/{FIELD}?format=csv"))}
    assert rows["title"] == "'=HYPERLINK(road works)"


def test_another_name_of_a_thing_leads_to_it(ask, reader):
    for asked in ("awards/000901-2026", f"contracts/{CORRECTED}", "organisations/000901-2026"):
        answer = reader.get(f"/api/v1/{asked}?format=csv")
        assert (answer.status_code, answer["Location"]) == (302, f"/api/v1/processes/{CORRECTED}?format=csv")


def test_what_is_not_there_is_said_with_what_to_do(ask):
    assert ask("/processes/no-such", 404) == {
        "title": "There is nothing at this address", "status": 404,
        "detail": "Nothing in this snapshot is called “no-such”.",
        "what_to_do": "Give an ocid, or a contract, notice, GMPP, company or organisation id; or look for it with /api/v1/search.",
    }  # fmt: skip


def test_side_by_side_is_as_the_terminal_compares(ask, reader, small_store, capsys):
    told = ask("/compare", id=[DEAL, CORRECTED, OPEN])
    assert (told.pop("links"), told.pop("about")["as_of"]) == ({}, "2026-06-30")
    _, printed, _ = run_command(capsys, "--store", small_store, "compare", DEAL, CORRECTED, OPEN, "--json")
    assert told == json.loads(printed)
    rows = read_csv(reader.get("/api/v1/compare", {"id": [DEAL, CORRECTED, OPEN], "format": "csv"}))
    assert len(rows) == 1 + 3 * len(told["lines"])
    assert rows[1:4] == [[line["group"], line["label"], ident, cell["text"], cell["state"], cell["note"], cell["source"]]
                         for line in told["lines"][:1] for ident, cell in zip(told["ids"], line["cells"], strict=True)]  # fmt: skip


def test_what_cannot_be_compared_says_why(ask):
    growth = next(line for line in ask("/compare", id=[DEAL, OPEN])["lines"] if line["label"] == "growth")
    assert (growth["cells"][0]["text"], growth["cells"][1]["state"]) == ("+29% (+£3.2m)", "not_yet_due")
    refused = ask("/compare", 422, id=[DEAL, f"sdes-gmpp-{GMPP}"])
    assert (refused["title"], refused["what_to_do"]) == (
        "These cannot be put side by side", "Compare contracts, procurements and awards, or major projects."
    )  # fmt: skip
    assert refused["detail"]


@pytest.mark.parametrize(
    ("ids", "status", "detail"),
    [
        ([], 400, "The parameter “id” cannot have this value."),
        ([DEAL], 400, "The parameter “id” cannot have this value."),
        ([f"x{number}" for number in range(7)], 400, "The parameter “id” cannot have this value."),
        ([DEAL, DEAL], 400, "These ids are all of one thing."),
        ([DEAL, "no-such"], 404, "Nothing in this snapshot is called “no-such”."),
    ],
)
def test_too_few_too_many_and_unknown_are_refused(ask, ids, status, detail):
    assert ask("/compare", status, id=ids)["detail"] == detail


@pytest.mark.parametrize("place", THINGS)
def test_each_page_links_to_its_data(reader, place):
    page = reader.get(f"/{place}/{THINGS[place]}").content.decode()
    for address in (f"/api/v1/{place}/{THINGS[place]}", f"/api/v1/{place}/{THINGS[place]}?format=csv"):
        assert f'href="{address}"' in page
        assert reader.get(address).status_code == 200


def test_long_numbers_of_python_are_no_hindrance(ask):
    assert ask("/processes/" + "9" * (sys.get_int_max_str_digits() + 10), 404)["status"] == 404
