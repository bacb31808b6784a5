"""Organisations in a snapshot: equal identifiers are one organisation, hidden and missing names never match, ids stay."""

import pytest

from tests.merge.release_factory import AT, World, build, load, load_and_build, make_party, make_release, read_drawing

WORLD = World()
HASHED_ID_LENGTH = 16  # ORG- and 12 characters of a hash


def add_notice(*parties, notice="UK6"):
    """Add a process with one notice that names parties."""
    return WORLD.add(make_release(WORLD.ocid(), "2026-01-10", notice, parties=list(parties)))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return load_and_build(tmp_path_factory.mktemp("bodies") / "store", WORLD.releases)


def read_org_ids(built, *ocids):
    """Return the only organisation that each process names."""
    return [row for ocid in ocids for (row,) in built.draw("party_role", ocid, "org_id")]


BY_PPON = add_notice(make_party("1", "Alpha Ltd", "GB-PPON-PABC-1234-WXYZ", also="GB-COH-01234567"))
BY_COH = add_notice(make_party("1", "ALPHA LIMITED", "GB-COH-01234567"))
BY_OWN_ID = add_notice(make_party("GB-COH-1234567", "Alpha"))
UNPADDED = add_notice(make_party("1", "Alpha", "GB-COH-1234567"))


@pytest.mark.quirk("Q1.5")
def test_organisation_joins_ppon_and_company_number(built):
    assert set(read_org_ids(built, BY_PPON, BY_COH)) == {"GB-PPON-PABC-1234-WXYZ"}


@pytest.mark.quirk("Q1.4")
def test_organisation_matches_company_number_without_zeros(built):
    assert set(read_org_ids(built, UNPADDED, BY_OWN_ID)) == {"GB-PPON-PABC-1234-WXYZ"}


@pytest.mark.quirk("Q1.3")
def test_organisation_keeps_all_identifiers_and_spellings(built):
    org = ("GB-PPON-PABC-1234-WXYZ",)
    rows = built.ask("SELECT identifier, scheme FROM organisation_identifier WHERE org_id = $1 ORDER BY ALL", org)
    assert [tuple(row.values()) for row in rows] == read_drawing("""
        GB-COH-01234567        | GB-COH
        GB-PPON-PABC-1234-WXYZ | GB-PPON
    """)
    rows = built.ask("SELECT name, processes FROM organisation_name WHERE org_id = $1 ORDER BY name", org)
    assert [tuple(row.values()) for row in rows] == [("ALPHA LIMITED", 1), ("Alpha", 2), ("Alpha Ltd", 1)]
    rows = built.ask("SELECT kind, names, processes, match_method FROM organisation WHERE org_id = $1", org)
    assert [tuple(row.values()) for row in rows] == [("supplier", 3, 4, "exact_id")]


PROFILES = (add_notice(make_party("GB-CFS-1", "Tencer  Ltd")), add_notice(make_party("GB-CFS-2", "TENCER LTD")))
OTHER_FIRM = add_notice(make_party("GB-CFS-1", "Tender Ltd"))


@pytest.mark.quirk("Q1.1", "Q1.2")
def test_organisation_matches_equal_names_not_profile_numbers(built):
    first, second, other = read_org_ids(built, *PROFILES, OTHER_FIRM)
    assert first == second != other
    assert first.startswith("ORG-")
    assert len(first) == HASHED_ID_LENGTH
    rows = built.ask("SELECT match_method, match_confidence FROM organisation WHERE org_id = $1", (first,))
    assert [tuple(row.values()) for row in rows] == [("published_name", None)]


WITH_NUMBER = add_notice(make_party("1", "Deloitte LLP", "GB-COH-OC303675"))
NAME_ALONE = add_notice(make_party("1", "Deloitte LLP"))


@pytest.mark.quirk("Q1.2")
def test_organisation_name_never_matches_identifier(built):
    with_number, name_alone = read_org_ids(built, WITH_NUMBER, NAME_ALONE)
    assert with_number == "GB-COH-OC303675"
    assert name_alone.startswith("ORG-")


HIDDEN = [add_notice(make_party("1", "Withheld Section94 supplier - 2nd profile")) for _ in range(2)]
PLACEHOLDERS = [
    add_notice(make_party("1", name))
    for name in ("See V1.43 below", "See V1.43 below", "Not Applicable", "N/A", *["Unknown", "-", "nan", "#N/A"] * 2)
]
UNNAMED = [add_notice(make_party("1", None)) for _ in range(2)]


@pytest.mark.parametrize(
    ("ocids", "method"), [(HIDDEN, "withheld"), (PLACEHOLDERS, "placeholder"), (UNNAMED, "placeholder")]
)
@pytest.mark.quirk("Q1.7")
def test_organisation_hidden_and_missing_names_never_match(built, ocids, method):
    org_ids = read_org_ids(built, *ocids)
    assert len(set(org_ids)) == len(ocids)
    methods = {row["match_method"] for row in built.ask("SELECT * FROM organisation") if row["org_id"] in org_ids}
    assert methods == {method}


NUMBERS = [add_notice(make_party("1", name, "GB-COH-99999999")) for name in ("Cedar Ltd", "Rowan Ltd")]


def test_organisation_numbers_that_fill_a_form_never_match(built):
    first, second = read_org_ids(built, *NUMBERS)
    assert first != second


UNLISTED = [
    WORLD.add(
        make_release(
            AT, "2026-01-10", "UK6", buyer={"name": "Confidential"},
            awards=[{"id": "1", "suppliers": [{"name": "Individual"}]}],
            contracts=[{"id": "1", "suppliers": [{"name": "Individual"}]}],
        )
    )
    for _ in range(2)
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column"),
    [("contracting_process", "buyer_org_id"), ("award_supplier", "org_id"), ("contract_supplier", "org_id")],
)
def test_organisation_placeholders_that_are_no_party_never_match(built, table, column):
    (first,), (second,) = (built.draw(table, ocid, column) for ocid in UNLISTED)
    assert first != second


TWO_HIDDEN = add_notice(make_party("1", "Withheld supplier"), make_party("2", "Withheld supplier"))


@pytest.mark.quirk("Q1.7")
def test_organisation_withheld_suppliers_of_one_notice_differ(built):
    assert len(set(read_org_ids(built, TWO_HIDDEN))) == 2


REGISTERS = add_notice(
    make_party("1", "A", "GB-GOR-D1", also="GB-CHC-111111"), make_party("2", "B", "GB-CHC-222222", also="GB-COH-02222222"),
    make_party("3", "C", "DK-CVR-3", also="GB-GOR-D3"), make_party("4", "D", "DK-CVR-4"), make_party("5", "E", "GB-COH-RJR"),
)  # fmt: skip


def test_organisation_id_is_from_best_register(built):
    ids_by_name = {name: org for org, name in built.draw("party_role", REGISTERS, "org_id name")}
    assert {name: ids_by_name[name] for name in "ABC"} == {
        "A": "GB-CHC-111111",
        "B": "GB-COH-02222222",
        "C": "GB-GOR-D3",
    }
    assert [ids_by_name["D"][:4], ids_by_name["E"][:4]] == ["ORG-", "ORG-"]


BUYS = add_notice(
    make_party("1", "Council", "GB-GOR-LA1", roles="buyer"),
    make_party("2", "Firm", "GB-COH-03333333", roles="supplier"),
)
SELLS = add_notice(
    make_party("1", "Council", "GB-GOR-LA1", roles="supplier"),
    make_party("2", "Judge", "GB-GOR-J1", roles="reviewBody"),
)


def test_organisation_kind_follows_roles(built):
    org_ids = "('GB-GOR-LA1', 'GB-COH-03333333', 'GB-GOR-J1')"
    rows = built.ask(f"SELECT org_id, kind FROM organisation WHERE org_id IN {org_ids} ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == read_drawing("""
        GB-COH-03333333 | supplier
        GB-GOR-J1       | other
        GB-GOR-LA1      | both
    """)
    assert built.states(BUYS, "scale buyer_class", "organisation") == []
    states = built.ask(
        "SELECT field, state FROM field_state WHERE key = 'GB-COH-03333333' AND field IN ('buyer_class', 'scale')"
        " ORDER BY ALL"
    )
    assert [tuple(row.values()) for row in states] == read_drawing("buyer_class | not_applicable\nscale | not_reported")


NAMED_BUYER = WORLD.add(
    make_release(AT, "2026-01-10", "UK4", buyer={"id": "b", "name": "Home Office"},
            parties=[make_party("b", "Home Office", "GB-GOR-D16", roles="buyer")]),
    make_release(AT, "2026-02-10", "UK12", tender={"status": "cancelled"}),
)  # fmt: skip


def test_process_keeps_buyer_when_notice_names_none(built):
    assert built.draw("contracting_process", NAMED_BUYER, "buyer_org_id") == [("GB-GOR-D16",)]


def test_organisation_id_stays_when_better_identifier_arrives(tmp_path):
    first_ocid, second_ocid = "ocds-h6vhtk-000001", "ocds-h6vhtk-000002"
    root = tmp_path / "store"
    old = load_and_build(
        root, [make_release(first_ocid, "2026-01-10", "UK6", parties=[make_party("1", "Alpha", "GB-COH-01234567")])]
    )
    assert read_org_ids(old, first_ocid) == ["GB-COH-01234567"]
    party = make_party("1", "Alpha", "GB-PPON-PABC-1234-WXYZ", also="GB-COH-01234567")
    load(root, [make_release(second_ocid, "2026-02-10", "UK6", parties=[party])], "more.jsonl")
    new = build(root)
    assert read_org_ids(new, first_ocid, second_ocid) == ["GB-COH-01234567"] * 2
    rows = new.ask("SELECT identifier, org_id FROM organisation_identifier ORDER BY ALL")
    assert [tuple(row.values()) for row in rows] == read_drawing("""
        GB-COH-01234567        | GB-COH-01234567
        GB-PPON-PABC-1234-WXYZ | GB-COH-01234567
    """)
