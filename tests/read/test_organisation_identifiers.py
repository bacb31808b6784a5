"""Identifiers as their registers write them, and invalid identifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threepoint.read.organisation_identifiers import normalise_identifier, pad_company_number


@pytest.mark.parametrize(
    ("scheme", "number", "party_id", "identifier"),
    [
        ("GB-COH", "04142000", None, "GB-COH-04142000"),
        ("GB-COH", "4142000", None, "GB-COH-04142000"),
        ("GB-COH", 4142000, None, "GB-COH-04142000"),
        ("gb-coh ", " sc 1234 ", None, "GB-COH-SC001234"),
        ("GB-COH", "GB-COH-115834", None, "GB-COH-00115834"),
        ("GB-COH", "OC303525", None, "GB-COH-OC303525"),
        ("GB-COH", "RC000123", None, "GB-COH-RC000123"),
        ("GB-COH", "IP29371R", None, "GB-COH-IP29371R"),
        ("GB-COH", "458577871", None, None),  # nine digits
        ("GB-COH", "RJR", "GB-COH-RJR", None),  # an NHS code under Companies House
        ("GB-COH", "HRB 304054", None, None),  # a German number
        ("GB-COH", "00000000", None, None),
        ("GB-COH", "N/A", None, None),
        ("GB-COH", "1", None, None),
        ("GB-COH", 99, None, None),
        ("GB-COH", "118", None, "GB-COH-00000118"),
        ("GB-COH", "99999999", None, None),
        ("GB-COH", "11111111", "GB-COH-11111111", None),
        ("GB-COH", "12345678", None, None),
        ("GB-COH", "SC000000", None, None),
        ("GB-COH", "SC000001", None, "GB-COH-SC000001"),
        ("GB-CHC", "999999", None, None),
        ("XX-NEW", "Not known", None, None),
        ("XX-NEW", "(nan)", None, None),
        ("XX-NEW", "--", None, None),
        ("XX-NEW", "xxxx", None, None),
        ("XX-NEW", "NA12345", None, "XX-NEW-NA12345"),
        ("XX-NEW", "1", None, "XX-NEW-1"),
        ("GB-COH", "", None, None),
        ("GB-COH", None, None, None),
        (None, "04142000", None, None),
        ("GB-CFS", "173", "GB-CFS-173", None),  # a publisher's profile numbers do not identify an organisation
        ("GB-FTS", "15222", "GB-FTS-15222", None),
        ("GB-FTS", "15222", "GB-COH-3352929", "GB-COH-03352929"),
        (None, None, "GB-PPON-PNHH-2378-CDXY", "GB-PPON-PNHH-2378-CDXY"),
        ("GB-PPON", "pnhh-2378-cdxy", None, "GB-PPON-PNHH-2378-CDXY"),
        ("GB-PPON", "PNHH2378", None, None),
        ("GB-CHC", "1234567", None, "GB-CHC-1234567"),
        ("GB-GOR", "D5", None, "GB-GOR-D5"),
        (None, None, 7, None),
        ("XX-NEW", "a 1", None, "XX-NEW-A1"),
    ],
)
@pytest.mark.quirk("Q1.4", "Q1.5")
def test_normalise_identifier_validates_and_pads(scheme, number, party_id, identifier):
    assert normalise_identifier(scheme, number, party_id) == identifier


@given(st.integers(1, 99_999_999))
def test_pad_company_number_is_idempotent(number):
    padded = pad_company_number(str(number))
    assert (len(padded), int(padded), pad_company_number(padded)) == (8, number, padded)


@given(
    st.one_of(st.none(), st.text(max_size=9)), st.one_of(st.none(), st.integers(), st.text(max_size=9)),
    st.text(max_size=9),
)  # fmt: skip
def test_normalise_identifier_accepts_any_text(scheme, number, party_id):
    assert normalise_identifier(scheme, number, party_id) is None or scheme is not None or party_id.startswith("GB-")
