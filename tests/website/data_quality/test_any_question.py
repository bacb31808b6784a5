"""Property tests of the coverage pages: no query string or publisher makes a page fail."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.size import bound_examples

NAMES = st.sampled_from(["group", "notice", "field", "buyer", "page", "form", "x"])
VALUES = st.sampled_from(["uk", "all", "UK7", "spend_line", "award.date", "csv", "2", "-1", "GB-GOR-D16"])
QUERIES = st.lists(st.tuples(NAMES, VALUES | st.text(max_size=12)), max_size=5)


@settings(max_examples=bound_examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES, page=st.sampled_from(["/coverage/", "/coverage/Find a Tender/"]))
def test_coverage_answers_any_query(reader, query, page):
    assert reader.get(page, query_params=dict(query)).status_code in (200, 404)


@settings(max_examples=bound_examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(publisher=st.text(min_size=1, max_size=20))
def test_missing_fields_answers_any_publisher(reader, publisher):
    assert reader.get(f"/coverage/{publisher}/").status_code in (200, 301, 404)
