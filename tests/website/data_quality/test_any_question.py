"""Any question has an answer: no query string, publisher or header makes a page fail."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.size import bound_examples

NAMES = st.sampled_from(["group", "notice", "field", "buyer", "page", "form", "x"])
KNOWN = st.sampled_from(["uk", "all", "UK7", "spend_line", "award.date", "csv", "2", "-1", "GB-GOR-D16"])
QUESTIONS = st.lists(st.tuples(NAMES, KNOWN | st.text(max_size=12)), max_size=5)


@settings(max_examples=bound_examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS, page=st.sampled_from(["/coverage/", "/coverage/Find a Tender/"]))
def test_any_question_about_coverage(reader, question, page):
    assert reader.get(page, query_params=dict(question)).status_code in (200, 404)


@settings(max_examples=bound_examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(publisher=st.text(min_size=1, max_size=20))
def test_any_publisher(reader, publisher):
    assert reader.get(f"/coverage/{publisher}/").status_code in (200, 301, 404)
