"""A figure is cited by an address that stays, and its page says later whether it still stands."""

import hashlib
import html
import json
import re
from types import SimpleNamespace

import pytest
from django.core.cache import cache, caches
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.merge.release_factory import AS_OF, load, make_money, make_release, write_portfolio
from tests.size import bound_examples
from tests.website import sample_records
from tests.website.pages import list_records, read_text
from tests.website.sample_records import CORRECTED, DEAL, GMPP, OPEN
from threepoint import pipeline
from website.catalogue import citation_model
from website.catalogue.citation_model import Citation
from website.catalogue.citation_views import MAX_CITATIONS_PER_MINUTE
from website.catalogue.cited_figures import _find_amount_basis, make_cited_figure, parse_cited_figure
from website.common.audit_log import AuditEvent

pytestmark = pytest.mark.django_db
CONTRACT, PROJECT = f"{DEAL}/contracts/1", f"sdes-gmpp-{GMPP}"


WITHHELD = "ocds-h6vhtk-0ac001"


@pytest.fixture(scope="module")
def later(tmp_path_factory):
    """The same store later: a value has changed, one was taken back, a process has gone, and some values are withheld."""
    root = tmp_path_factory.mktemp("later") / "store"
    kept = [each for each in sample_records.make_releases() if each["ocid"] != OPEN]
    change = make_release(
        DEAL, "2026-05-10", "UK10", id="000999-2026", contracts=[{"id": "1", "value": make_money(15_000_000)}]
    )
    none = {"amount": None, "amountGross": None, "currency": None}
    taken = make_release(CORRECTED, "2026-05-10", "UK6", awards=[{"id": "1", "value": none}])
    ground = {
        "id": "w", "field": "/contracts/0/value",
        "rationaleClassifications": [{"scheme": "UK", "id": "UK-PA23-s94-1b"}],
    }  # fmt: skip
    held = make_release(
        WITHHELD, "2026-01-10", "UK7", contracts=[{"id": "1", "status": "active"}], withheldInformation=[ground]
    )
    secret = (GMPP, "Secret", "Exempt under Section 43 of FOIA", "31/03/2027", "Amber")
    load(root, [*kept, change, taken, held])
    (root.parent / "gmpp-2025.csv").write_text(write_portfolio(2025, secret), encoding="utf-8")
    pipeline.load(root, [root.parent / "gmpp-2025.csv"])
    pipeline.build(root, AS_OF)
    return root


def cite(client, ident=CONTRACT, fact="value_net"):
    return client.post("/cite/", {"id": ident, "fact": fact})


def move_site(settings, store):
    settings.STORE = store
    cache.clear()


def test_a_citation_says_what_the_snapshot_said_to_the_letter(reader):
    answer = cite(reader)
    held = Citation.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"/cite/{held.snapshot}/{held.sha256[:20]}/"
    assert json.loads(held.said) == {
        "form": "1", "snapshot": held.snapshot, "as_of": "2026-06-30", "kind": "contract", "id": CONTRACT,
        "title": "Case management system", "publisher": "Find a Tender", "synthetic": False, "fact": "value_net",
        "value": "14200000.00", "text": "£14,200,000", "unit": "", "currency": "GBP", "basis": "net", "state": "observed",
        "detail": "", "due_on": None, "source": "000789-2026", "source_date": "2026-03-10", "source_url": "",
    }  # fmt: skip


def test_anyone_can_work_the_hash_out_again(reader):
    address = cite(reader).url
    canonical = reader.get(f"{address}?format=canonical").content
    told = reader.get(f"{address}?format=json").json()
    assert hashlib.sha256(canonical).hexdigest() == told["sha256"]
    again = json.dumps(told["citation"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert again.encode() == canonical
    page = html.unescape(reader.get(address).content.decode())
    assert canonical.decode() in page
    assert told["sha256"] in page


def test_the_page_gives_a_reference_to_copy(reader):
    address = cite(reader).url
    page = reader.get(address).content.decode()
    reference = html.unescape(re.search(r'(?s)id="reference"[^>]*>(.*?)</textarea>', page)[1])
    held = Citation.objects.get()
    assert reference.strip().splitlines() == [
        f"Case management system (contract {CONTRACT}). Value net: £14,200,000 net of VAT (observed).",
        "Source: Find a Tender, 000789-2026 · 10 March 2026.",
        f"As of 30 June 2026, in the snapshot {held.snapshot} of Three Point.",
        f"http://testserver{address} sha256 {held.sha256}",
    ]


def test_the_same_figure_of_one_snapshot_has_one_address(reader):
    assert {cite(reader).url for _ in range(3)} == {cite(reader).url}
    assert Citation.objects.count() == 1
    assert list(AuditEvent.objects.values_list("what", "person", "about")) == [
        ("figure.cited", None, {"snapshot": Citation.objects.get().snapshot, "sha256": Citation.objects.get().sha256})
    ]


def test_whoever_comes_second_gets_what_the_first_wrote(reader):
    """Both looked before either wrote."""
    first = cite(reader).url
    figure = Citation.objects.get().figure
    assert citation_model._create_citation(figure).get_absolute_url() == first
    assert (Citation.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_the_database_holds_no_figure_twice(reader):
    cite(reader)
    held = Citation.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(snapshot="other", short="other", sha256=held.sha256, said=held.said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(snapshot=held.snapshot, short=held.short, sha256="0" * 64, said=held.said)


def test_so_many_addresses_a_minute_and_no_more(reader):
    for _ in range(MAX_CITATIONS_PER_MINUTE):
        assert cite(reader).status_code == 302
    refused = cite(reader)
    assert (refused.status_code, 50 < int(refused["Retry-After"]) <= 60) == (429, True)
    assert "At most 20 addresses a minute are made for each reader." in refused.content.decode()
    assert Citation.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "fact", "basis"),
    [
        ("contract", "value_net", "net"), ("contract", "value_final", None), ("contract", "value_gross", "gross"),
        ("contracting_process", "estimate_net", "net"), ("contracting_process", "budget_amount", None),
        ("contracting_process", "framework_ceiling", None), ("scheme", "baseline_wlc", "2020/21"),
        ("scheme", "forecast_wlc_low", "nominal"),
        ("scheme", "comparable_wlc", "2020/21"), ("scheme", "forecast_benefits", None),
    ],
)  # fmt: skip
def test_an_amount_is_told_to_be_net_only_where_that_was_said_of_it(kind, fact, basis):
    said = {"vat_basis": "net", "baseline_price_base": "2020/21", "forecast_price_base": "nominal"}
    found = SimpleNamespace(kind=kind, value=said.get)
    assert _find_amount_basis(found, SimpleNamespace(type="money", name=fact)) == basis


def test_looking_makes_nothing(reader):
    for query in ({}, {"id": CONTRACT}, {"id": CONTRACT, "fact": "value_net"}):
        assert reader.get("/cite/", query).status_code == 200
    assert (Citation.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_forged_form_makes_nothing(reader):
    answer = Client(enforce_csrf_checks=True).post("/cite/", {"id": CONTRACT, "fact": "value_net"})
    assert answer.status_code == 403
    assert "Please send the form again" in answer.content.decode()
    assert Citation.objects.count() == 0


def test_what_else_is_sent_is_not_believed(reader):
    reader.post("/cite/", {"id": CONTRACT, "fact": "value_net", "value": "1", "snapshot": "x", "source": "me"})
    assert Citation.objects.get().figure.value == "14200000.00"


@pytest.mark.parametrize("fact", ["", "no_such_fact", "value_net\x00", "__class__"])
def test_an_unknown_fact_is_refused_in_words(reader, fact):
    answer = cite(reader, fact=fact)
    assert answer.status_code == 422
    assert "There is a problem Choose a figure from the list." in read_text(answer)
    assert Citation.objects.count() == 0


@pytest.mark.parametrize("ident", ["no-such-thing", f"{DEAL}/contracts/9", "\x00"])
def test_an_unknown_record_is_refused_in_words(reader, ident):
    answer = cite(reader, ident)
    assert answer.status_code == 404
    assert "We have no record with this id" in read_text(answer)


@pytest.mark.parametrize(("fact", "state"), [("value_final", "not_yet_due"), ("end_actual", "not_yet_due")])
def test_a_gap_is_cited_like_a_figure(reader, fact, state):
    address = cite(reader, fact=fact).url
    figure = Citation.objects.get().figure
    assert (figure.value, figure.state) == (None, state)
    assert f"{figure.text} " in read_text(reader.get(address))


def test_what_is_withheld_and_what_is_not_reported_can_be_cited(reader, later, settings):
    move_site(settings, later)
    states = {name: fact.state for name, fact in read_facts(later, f"{WITHHELD}/contracts/1").items()}
    wanted = {state: name for name, state in states.items() if state.startswith("withheld") or state == "not_reported"}
    assert len(wanted) > 1
    for fact in wanted.values():
        assert cite(reader, f"{WITHHELD}/contracts/1", fact).status_code == 302
    assert {one.figure.state for one in Citation.objects.all()} == set(wanted)


def read_facts(store, ident):
    from threepoint.snapshot import get_by_id, open_snapshot, read_record

    with open_snapshot(store) as snapshot:
        return read_record(snapshot, get_by_id(snapshot, ident)).facts


def test_every_fact_of_every_kind_can_be_cited_and_read_again(reader, small_store):
    from threepoint.snapshot import get_by_id, open_snapshot, read_record

    with open_snapshot(small_store) as snapshot:
        for _, ident in list_records(small_store):
            found = read_record(snapshot, get_by_id(snapshot, ident))
            for name in found.facts:
                figure = make_cited_figure(snapshot, found, name)
                assert parse_cited_figure(figure.canonical) == figure
                assert citation_model.get_or_create_citation(figure).whole


def test_what_one_report_said_of_a_project_is_cited_for_good(reader):
    """Also by the id that the reports give the project."""
    address = cite(reader, f"{PROJECT}/2024", "wlc_mid").url
    figure = Citation.objects.get().figure
    assert (figure.kind, figure.id, figure.fact) == ("scheme_year", f"{PROJECT}/2024", "wlc_mid")
    assert (figure.value, figure.basis, figure.source) == ("100000000.00", "nominal", "GMPP report of 2024")
    page = read_text(reader.get(address))
    assert "Identity Checks, report of 2024" in page
    assert "£100,000,000 nominal prices" in page
    assert "Unchanged as of" in page
    assert f"/projects/{PROJECT}" in reader.get(address).content.decode()


def test_a_report_that_there_is_not_is_refused(reader):
    for ident in (f"{PROJECT}/2020", f"{PROJECT}/", f"{DEAL}/2024", "/2024"):
        assert (reader.get("/cite/", {"id": ident}).status_code, cite(reader, ident, "wlc_mid").status_code) == (
            404,
            404,
        )


def test_what_a_report_withholds_is_cited_with_the_section(reader, settings, later):
    move_site(settings, later)
    assert "Whole-life cost withheld" in read_text(reader.get("/cite/", {"id": f"{PROJECT}/2025"}))
    cite(reader, f"{PROJECT}/2025", "wlc_mid")
    figure = Citation.objects.get().figure
    assert (figure.value, figure.state) == (None, "withheld_commercial")
    assert "43" in figure.detail
    assert figure.detail in figure.text


def test_a_figure_that_stands_is_said_to_stand(reader):
    answer = reader.get(cite(reader).url)
    assert "Unchanged as of 30 June 2026" in read_text(answer)
    assert "£14,200,000 net of VAT" in read_text(answer)


def test_a_figure_that_changed_shows_old_and_new_with_the_new_source(reader, settings, later):
    address = cite(reader).url
    move_site(settings, later)
    said = read_text(reader.get(address))
    assert "As cited Now Figure £14,200,000 net of VAT £15,000,000 net of VAT State observed observed" in said
    assert "Changed since" in said
    assert "Source 000789-2026 · 10 March 2026 000999-2026 · 10 May 2026" in said
    told = reader.get(f"{address}?format=json").json()
    assert (told["now"]["state_now"], told["citation"]["value"], told["now"]["figure"]["value"]) == (
        "changed", "14200000.00", "15000000.00")  # fmt: skip


def test_what_stands_in_another_snapshot_is_unchanged_and_gets_an_address_of_its_own(reader, settings, later):
    address = cite(reader, fact="end_current").url
    move_site(settings, later)
    assert "Unchanged as of 30 June 2026" in read_text(reader.get(address))
    assert cite(reader, fact="end_current").url != address


def test_what_is_no_longer_in_the_data_says_so(reader, settings, later):
    address = cite(reader, OPEN, "tender_end").url
    move_site(settings, later)
    said = read_text(reader.get(address))
    assert "No longer in the data Nothing in the snapshot of today has this id" in said
    assert "1 May 2026" in said


def test_a_fact_that_is_no_longer_given_says_so(reader, settings, later):
    address = cite(reader, f"{CORRECTED}/awards/1").url
    move_site(settings, later)
    said = read_text(reader.get(address))
    assert "Changed since: no longer given It was given then, and now: not reported" in said


def test_a_citation_is_read_where_there_is_no_snapshot(reader, settings, tmp_path):
    address = cite(reader).url
    move_site(settings, tmp_path / "none")
    said = read_text(reader.get(address))
    assert "£14,200,000 net of VAT" in said
    assert "What it is now cannot be told There is no snapshot to read yet." in said


def test_a_synthetic_figure_says_so_wherever_it_is_read(reader, settings, synthetic_store):
    from threepoint.snapshot import open_snapshot

    move_site(settings, synthetic_store)
    with open_snapshot(settings.STORE) as snapshot:
        ident = snapshot.rows("SELECT ocid FROM contracting_process ORDER BY ocid LIMIT 1")[0]["ocid"]
    address = cite(reader, ident, "title").url
    assert read_text(reader.get(address)).count("Synthetic data: nothing here is real.") == 2
    assert reader.get(f"{address}?format=json").json()["citation"]["synthetic"] is True


def test_what_was_changed_in_the_database_is_not_shown(reader):
    address = cite(reader).url
    held = Citation.objects.get()
    Citation.objects.filter(pk=held.pk).update(said=held.said.replace("14200000.00", "1.00"))
    answer = reader.get(address)
    assert answer.status_code == 404
    assert "This citation can no longer be trusted" in read_text(answer)
    Citation.objects.filter(pk=held.pk).update(said="no json")
    assert reader.get(address).status_code == 404


@pytest.mark.parametrize(
    "change", [lambda a: a.replace("/cite/2", "/cite/3"), lambda a: a[:-3] + "zz/", lambda a: a[:-2] + "/"]
)
def test_a_wrong_address_is_not_found_in_plain_english(reader, change):
    answer = reader.get(change(cite(reader).url))
    assert answer.status_code == 404
    assert "There is no citation at this address" in read_text(answer)


def test_reading_takes_one_query_however_many_there_are(reader, django_assert_num_queries):
    address = cite(reader).url
    with django_assert_num_queries(1):
        reader.get(address)
    for fact in ("title", "end_current"):
        cite(reader, fact=fact)
    with django_assert_num_queries(1):
        reader.get(address)


def test_every_record_leads_to_the_citing_of_each_of_its_facts(reader):
    page = reader.get(f"/projects/sdes-gmpp-{GMPP}").content.decode()
    links = [html.unescape(one) for one in re.findall(r'href="(/cite/[^"]*)"', page)]
    reports = [link for link in links if link.endswith(("2024", "2025"))]
    assert len(reports) == 4  # of each report's cost and end
    assert all("Which figure?" in read_text(reader.get(link)) for link in reports)
    links = [link for link in links if link not in reports]
    assert len(links) > 10
    assert "Which figure?" in read_text(reader.get(links[0]))
    assert all("Cite this figure" in read_text(reader.get(link)) for link in links[1:])


PARTS = st.text(max_size=30) | st.from_regex(r"[0-9]{8}T[0-9]{6}Z(-[0-9])?|[0-9a-f]{20}", fullmatch=True)


@hypothesis_settings(max_examples=bound_examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(snapshot=PARTS, short=PARTS, form=st.sampled_from(["", "?format=json", "?format=canonical", "?format=\x00"]))
@example(snapshot="\x00", short="0" * 20, form="")
def test_any_address_has_an_answer(reader, snapshot, short, form):
    assert reader.get(f"/cite/{snapshot}/{short}/{form}").status_code in (200, 301, 404)


@hypothesis_settings(max_examples=bound_examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ident=st.text(max_size=30) | st.sampled_from([CONTRACT, DEAL]),
    fact=st.text(max_size=20) | st.sampled_from(["title"]),
)
def test_anything_may_be_asked_for(reader, ident, fact):
    caches["limits"].clear()
    assert reader.get("/cite/", {"id": ident, "fact": fact}).status_code in (200, 404)
    assert reader.post("/cite/", {"id": ident, "fact": fact}).status_code in (302, 404, 422, 200)


def test_from_a_procurement_one_comes_to_the_values_of_its_awards_and_contracts(reader):
    page = reader.get("/cite/", {"id": DEAL}).content.decode()
    assert f'<a class="govuk-link" href="/cite/?id={DEAL}%2Fawards%2F1">award 1</a>' in page
    assert f'<a class="govuk-link" href="/cite/?id={DEAL}%2Fcontracts%2F1">contract 1</a>' in page
    assert "Values stand with each" not in reader.get("/cite/", {"id": f"{DEAL}/contracts/1"}).content.decode()
