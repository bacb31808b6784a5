"""Citations: permanent URLs of figures, and pages that say whether the figures have changed."""

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
    """The small store later: a value has changed, one is removed, a process has gone, and some values are withheld."""
    root = tmp_path_factory.mktemp("later") / "store"
    unchanged = [release for release in sample_records.make_releases() if release["ocid"] != OPEN]
    change = make_release(
        DEAL, "2026-05-10", "UK10", id="000999-2026", contracts=[{"id": "1", "value": make_money(15_000_000)}]
    )
    none = {"amount": None, "amountGross": None, "currency": None}
    removal = make_release(CORRECTED, "2026-05-10", "UK6", awards=[{"id": "1", "value": none}])
    ground = {
        "id": "w", "field": "/contracts/0/value",
        "rationaleClassifications": [{"scheme": "UK", "id": "UK-PA23-s94-1b"}],
    }  # fmt: skip
    withheld = make_release(
        WITHHELD, "2026-01-10", "UK7", contracts=[{"id": "1", "status": "active"}], withheldInformation=[ground]
    )
    secret = (GMPP, "Secret", "Exempt under Section 43 of FOIA", "31/03/2027", "Amber")
    load(root, [*unchanged, change, removal, withheld])
    (root.parent / "gmpp-2025.csv").write_text(write_portfolio(2025, secret), encoding="utf-8")
    pipeline.load(root, [root.parent / "gmpp-2025.csv"])
    pipeline.build(root, AS_OF)
    return root


def cite(client, ident=CONTRACT, fact="value_net"):
    return client.post("/cite/", {"id": ident, "fact": fact})


def switch_store(settings, store):
    settings.STORE = store
    cache.clear()


def test_citation_stores_figure_exactly(reader):
    response = cite(reader)
    citation = Citation.objects.get()
    assert response.status_code == 302
    assert response.url == f"/cite/{citation.snapshot}/{citation.sha256[:20]}/"
    assert json.loads(citation.canonical_text) == {
        "form": "1", "snapshot": citation.snapshot, "as_of": "2026-06-30", "kind": "contract", "id": CONTRACT,
        "title": "Case management system", "publisher": "Find a Tender", "synthetic": False, "fact": "value_net",
        "value": "14200000.00", "text": "£14,200,000", "unit": "", "currency": "GBP", "basis": "net", "state": "observed",
        "detail": "", "due_on": None, "source": "000789-2026", "source_date": "2026-03-10", "source_url": "",
    }  # fmt: skip


def test_citation_hash_can_be_calculated_again(reader):
    url = cite(reader).url
    canonical = reader.get(f"{url}?format=canonical").content
    data = reader.get(f"{url}?format=json").json()
    assert hashlib.sha256(canonical).hexdigest() == data["sha256"]
    rebuilt = json.dumps(data["citation"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert rebuilt.encode() == canonical
    page = html.unescape(reader.get(url).content.decode())
    assert canonical.decode() in page
    assert data["sha256"] in page


def test_citation_page_has_reference_to_copy(reader):
    url = cite(reader).url
    page = reader.get(url).content.decode()
    reference = html.unescape(re.search(r'(?s)id="reference"[^>]*>(.*?)</textarea>', page)[1])
    citation = Citation.objects.get()
    assert reference.strip().splitlines() == [
        f"Case management system (contract {CONTRACT}). Net value: £14,200,000 net of VAT (published).",
        "Source: Find a Tender, 000789-2026 · 10 March 2026.",
        f"As of 30 June 2026, in the snapshot {citation.snapshot} of Three Point.",
        f"http://testserver{url} sha256 {citation.sha256}",
    ]


def test_same_figure_in_one_snapshot_gets_one_url(reader):
    assert {cite(reader).url for _ in range(3)} == {cite(reader).url}
    assert Citation.objects.count() == 1
    assert list(AuditEvent.objects.values_list("what", "person", "about")) == [
        ("figure.cited", None, {"snapshot": Citation.objects.get().snapshot, "sha256": Citation.objects.get().sha256})
    ]


def test_simultaneous_requests_get_one_citation(reader):
    """The second request looked for a citation before the first wrote it."""
    first = cite(reader).url
    figure = Citation.objects.get().figure
    assert citation_model._create_citation(figure).get_absolute_url() == first
    assert (Citation.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_database_refuses_duplicate_citations(reader):
    cite(reader)
    citation = Citation.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(
            snapshot="other", short="other", sha256=citation.sha256, canonical_text=citation.canonical_text
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(
            snapshot=citation.snapshot, short=citation.short, sha256="0" * 64, canonical_text=citation.canonical_text
        )


def test_citations_are_limited_per_minute(reader):
    for _ in range(MAX_CITATIONS_PER_MINUTE):
        assert cite(reader).status_code == 302
    refused = cite(reader)
    assert (refused.status_code, 50 < int(refused["Retry-After"]) <= 60) == (429, True)
    assert "You can make at most 20 addresses a minute." in refused.content.decode()
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
def test_find_amount_basis_uses_published_basis_only(kind, fact, basis):
    values = {"vat_basis": "net", "baseline_price_base": "2020/21", "forecast_price_base": "nominal"}
    record = SimpleNamespace(kind=kind, value=values.get)
    assert _find_amount_basis(record, SimpleNamespace(type="money", name=fact)) == basis


def test_get_request_creates_no_citation(reader):
    for query in ({}, {"id": CONTRACT}, {"id": CONTRACT, "fact": "value_net"}):
        assert reader.get("/cite/", query).status_code == 200
    assert (Citation.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_forged_form_creates_no_citation(reader):
    response = Client(enforce_csrf_checks=True).post("/cite/", {"id": CONTRACT, "fact": "value_net"})
    assert response.status_code == 403
    assert "Send the form again" in response.content.decode()
    assert Citation.objects.count() == 0


def test_other_form_fields_are_ignored(reader):
    reader.post("/cite/", {"id": CONTRACT, "fact": "value_net", "value": "1", "snapshot": "x", "source": "me"})
    assert Citation.objects.get().figure.value == "14200000.00"


@pytest.mark.parametrize("fact", ["", "no_such_fact", "value_net\x00", "__class__"])
def test_unknown_fact_shows_error_message(reader, fact):
    response = cite(reader, fact=fact)
    assert response.status_code == 422
    assert "There is a problem Choose a figure from the list." in read_text(response)
    assert Citation.objects.count() == 0


@pytest.mark.parametrize("ident", ["no-such-thing", f"{DEAL}/contracts/9", "\x00"])
def test_unknown_record_shows_error_page(reader, ident):
    response = cite(reader, ident)
    assert response.status_code == 404
    assert "We have no record with this id" in read_text(response)


@pytest.mark.parametrize(("fact", "state"), [("value_final", "not_yet_due"), ("end_actual", "not_yet_due")])
def test_gap_can_be_cited(reader, fact, state):
    url = cite(reader, fact=fact).url
    figure = Citation.objects.get().figure
    assert (figure.value, figure.state) == (None, state)
    assert f"{figure.text} " in read_text(reader.get(url))


def test_withheld_and_unreported_facts_can_be_cited(reader, later, settings):
    switch_store(settings, later)
    states = {name: fact.state for name, fact in read_facts(later, f"{WITHHELD}/contracts/1").items()}
    facts = {state: name for name, state in states.items() if state.startswith("withheld") or state == "not_reported"}
    assert len(facts) > 1
    for fact in facts.values():
        assert cite(reader, f"{WITHHELD}/contracts/1", fact).status_code == 302
    assert {citation.figure.state for citation in Citation.objects.all()} == set(facts)


def read_facts(store, ident):
    from threepoint.snapshot import get_by_id, open_snapshot, read_record

    with open_snapshot(store) as snapshot:
        return read_record(snapshot, get_by_id(snapshot, ident)).facts


def test_every_fact_can_be_cited_and_parsed(reader, small_store):
    from threepoint.snapshot import get_by_id, open_snapshot, read_record

    with open_snapshot(small_store) as snapshot:
        for _, ident in list_records(small_store):
            record = read_record(snapshot, get_by_id(snapshot, ident))
            for name in record.facts:
                figure = make_cited_figure(snapshot, record, name)
                assert parse_cited_figure(figure.canonical) == figure
                assert citation_model.get_or_create_citation(figure).whole


def test_figure_of_one_project_report_can_be_cited(reader):
    url = cite(reader, f"{PROJECT}/2024", "wlc_mid").url
    figure = Citation.objects.get().figure
    assert (figure.kind, figure.id, figure.fact) == ("scheme_year", f"{PROJECT}/2024", "wlc_mid")
    assert (figure.value, figure.basis, figure.source) == ("100000000.00", "nominal", "GMPP report of 2024")
    text = read_text(reader.get(url))
    assert "Identity Checks, report of 2024" in text
    assert "£100,000,000 in nominal prices" in text
    assert "Unchanged as of" in text
    assert f"/projects/{PROJECT}" in reader.get(url).content.decode()


@pytest.mark.parametrize("ident", [f"{PROJECT}/2020", f"{PROJECT}/", f"{DEAL}/2024", "/2024"])
def test_missing_project_report_is_not_found(reader, ident):
    assert reader.get("/cite/", {"id": ident}).status_code == 404
    assert cite(reader, ident, "wlc_mid").status_code == 404


def test_figure_withheld_in_report_is_cited_with_section(reader, settings, later):
    switch_store(settings, later)
    assert "Whole-life cost withheld" in read_text(reader.get("/cite/", {"id": f"{PROJECT}/2025"}))
    cite(reader, f"{PROJECT}/2025", "wlc_mid")
    figure = Citation.objects.get().figure
    assert (figure.value, figure.state) == (None, "withheld_commercial")
    assert "43" in figure.detail
    assert figure.detail in figure.text


def test_unchanged_figure_is_shown_as_unchanged(reader):
    text = read_text(reader.get(cite(reader).url))
    assert "Unchanged as of 30 June 2026" in text
    assert "£14,200,000 net of VAT" in text


def test_changed_figure_shows_old_and_new_with_sources(reader, settings, later):
    url = cite(reader).url
    switch_store(settings, later)
    text = read_text(reader.get(url))
    assert "As cited Now Figure £14,200,000 net of VAT £15,000,000 net of VAT State published published" in text
    assert "Changed since" in text
    assert "Source 000789-2026 · 10 March 2026 000999-2026 · 10 May 2026" in text
    data = reader.get(f"{url}?format=json").json()
    assert (data["now"]["state_now"], data["citation"]["value"], data["now"]["figure"]["value"]) == (
        "changed", "14200000.00", "15000000.00")  # fmt: skip


def test_same_figure_in_another_snapshot_gets_own_url(reader, settings, later):
    url = cite(reader, fact="end_current").url
    switch_store(settings, later)
    assert "Unchanged as of 30 June 2026" in read_text(reader.get(url))
    assert cite(reader, fact="end_current").url != url


def test_figure_of_vanished_record_says_so(reader, settings, later):
    url = cite(reader, OPEN, "tender_end").url
    switch_store(settings, later)
    text = read_text(reader.get(url))
    assert f"No longer in the data No record in the current snapshot has the id {OPEN}." in text
    assert "1 May 2026" in text


def test_figure_no_longer_given_says_so(reader, settings, later):
    url = cite(reader, f"{CORRECTED}/awards/1").url
    switch_store(settings, later)
    text = read_text(reader.get(url))
    assert "Changed since: no longer published It was published when it was cited. It is now: not reported" in text


def test_citation_can_be_read_without_snapshot(reader, settings, tmp_path):
    url = cite(reader).url
    switch_store(settings, tmp_path / "none")
    text = read_text(reader.get(url))
    assert "£14,200,000 net of VAT" in text
    assert "We cannot say whether it has changed There is no snapshot to read yet." in text


def test_synthetic_figure_is_marked_in_every_format(reader, settings, synthetic_store):
    from threepoint.snapshot import open_snapshot

    switch_store(settings, synthetic_store)
    with open_snapshot(settings.STORE) as snapshot:
        ident = snapshot.rows("SELECT ocid FROM contracting_process ORDER BY ocid LIMIT 1")[0]["ocid"]
    url = cite(reader, ident, "title").url
    assert read_text(reader.get(url)).count("Synthetic data: nothing here is real.") == 2
    assert reader.get(f"{url}?format=json").json()["citation"]["synthetic"] is True


def test_citation_changed_in_database_is_not_shown(reader):
    url = cite(reader).url
    citation = Citation.objects.get()
    Citation.objects.filter(pk=citation.pk).update(
        canonical_text=citation.canonical_text.replace("14200000.00", "1.00")
    )
    response = reader.get(url)
    assert response.status_code == 404
    assert "This citation can no longer be trusted" in read_text(response)
    Citation.objects.filter(pk=citation.pk).update(canonical_text="no json")
    assert reader.get(url).status_code == 404


@pytest.mark.parametrize(
    "change", [lambda url: url.replace("/cite/2", "/cite/3"), lambda url: url[:-3] + "zz/", lambda url: url[:-2] + "/"]
)
def test_wrong_citation_url_is_not_found(reader, change):
    response = reader.get(change(cite(reader).url))
    assert response.status_code == 404
    assert "There is no citation at this address" in read_text(response)


def test_citation_page_takes_one_query(reader, django_assert_num_queries):
    url = cite(reader).url
    with django_assert_num_queries(1):
        reader.get(url)
    for fact in ("title", "end_current"):
        cite(reader, fact=fact)
    with django_assert_num_queries(1):
        reader.get(url)


def test_project_page_links_to_citing_each_fact(reader):
    page = reader.get(f"/projects/sdes-gmpp-{GMPP}").content.decode()
    links = [html.unescape(link) for link in re.findall(r'href="(/cite/[^"]*)"', page)]
    reports = [link for link in links if link.endswith(("2024", "2025"))]
    assert len(reports) == 4  # the cost and the end in each report
    assert all("Which figure?" in read_text(reader.get(link)) for link in reports)
    links = [link for link in links if link not in reports]
    assert len(links) > 10
    assert "Which figure?" in read_text(reader.get(links[0]))
    assert all("Cite this figure" in read_text(reader.get(link)) for link in links[1:])


PARTS = st.text(max_size=30) | st.from_regex(r"[0-9]{8}T[0-9]{6}Z(-[0-9])?|[0-9a-f]{20}", fullmatch=True)


@hypothesis_settings(max_examples=bound_examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(snapshot=PARTS, short=PARTS, form=st.sampled_from(["", "?format=json", "?format=canonical", "?format=\x00"]))
@example(snapshot="\x00", short="0" * 20, form="")
def test_any_citation_url_gets_a_response(reader, snapshot, short, form):
    assert reader.get(f"/cite/{snapshot}/{short}/{form}").status_code in (200, 301, 404)


@hypothesis_settings(max_examples=bound_examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ident=st.text(max_size=30) | st.sampled_from([CONTRACT, DEAL]),
    fact=st.text(max_size=20) | st.sampled_from(["title"]),
)
def test_any_citation_request_gets_a_response(reader, ident, fact):
    caches["limits"].clear()
    assert reader.get("/cite/", {"id": ident, "fact": fact}).status_code in (200, 404)
    assert reader.post("/cite/", {"id": ident, "fact": fact}).status_code in (302, 404, 422, 200)


def test_cite_page_of_procurement_links_to_awards_and_contracts(reader):
    page = reader.get("/cite/", {"id": DEAL}).content.decode()
    assert f'<a class="govuk-link" href="/cite/?id={DEAL}%2Fawards%2F1">award 1</a>' in page
    assert f'<a class="govuk-link" href="/cite/?id={DEAL}%2Fcontracts%2F1">contract 1</a>' in page
    assert "Each award and contract has its own value:" in page
    assert "Each award and contract has" not in reader.get("/cite/", {"id": f"{DEAL}/contracts/1"}).content.decode()
