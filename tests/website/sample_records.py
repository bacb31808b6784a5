"""A small store for tests of pages: notices, a corrected award, a project with two reports, payments, sales and plans."""

import hashlib
from pathlib import Path

from tests.merge.release_factory import AS_OF, load, make_money, make_party, make_release, write_portfolio
from tests.payments.list_files import PLAN, SALE, SALE_HEADS, SPEND, SPEND_HEADS
from tests.payments.reference_rows import write_csv
from threepoint import pipeline

DEAL, CORRECTED, OPEN, FIELD = (f"ocds-h6vhtk-0ab{number:03d}" for number in range(4))
OFFICE, ALPHA, BETA = "GB-GOR-D16", "GB-COH-01234567", "GB-COH-07654321"
GMPP = "CO_0001_2021-Q1"
HOSTILE = "<script>alert(1)</script> & “quotes”"


def find_line(kind: str) -> str:
    """Return the id of the first row of a list, `pay`, `sale` or `plan`: the hash of the file and the number of the line."""
    files = {"pay": write_csv(SPEND_HEADS, SPEND, SPEND), "sale": write_csv(SALE_HEADS, SALE), "plan": write_csv(PLAN)}
    line = 1 if kind == "plan" else 2  # the file of plans has no headings
    return f"{kind}-{hashlib.sha256(files[kind]).hexdigest()[:12]}-{line}"


def _make_parties():
    return [make_party("b", "Home Office", OFFICE, roles="buyer"), make_party("s", "Alpha Hosting Ltd", ALPHA),
            make_party("t", "Beta Ltd", BETA)]  # fmt: skip


def _make_tender(title, cpv="72000000", **fields):
    return {"title": title, "classification": {"scheme": "CPV", "id": cpv, "description": "IT services"}, **fields}


def _make_award(net, supplier="s", ident="1", date="2026-01-09"):
    return {"id": ident, "status": "active", "date": date, "value": make_money(net), "suppliers": [{"id": supplier}]}


def make_releases():
    """Return four processes: a changed contract, a corrected award, an open tender, and a procurement outside technology."""
    buyer = {"id": "b", "name": "Home Office"}
    return [
        make_release(DEAL, "2026-01-10", "UK6", id="000123-2026", buyer=buyer, parties=_make_parties(), awards=[_make_award(11_000_000)],
                tender=_make_tender("Case management system", description="A cloud platform for casework " * 30)),
        make_release(DEAL, "2026-02-10", "UK7", id="000456-2026", buyer=buyer, parties=_make_parties(), contracts=[{
            "id": "1", "awardID": "1", "title": "Case management system", "status": "active", "value": make_money(11_000_000),
            "dateSigned": "2026-02-01", "period": {"startDate": "2026-03-01", "endDate": "2027-02-28"}}]),
        make_release(DEAL, "2026-03-10", "UK10", id="000789-2026", buyer=buyer, parties=_make_parties(), contracts=[{
            "id": "1", "value": make_money(14_200_000), "period": {"startDate": "2026-03-01", "endDate": "2027-11-30"},
            "amendments": [{"id": "a", "rationale": "more users"}]}]),
        make_release(CORRECTED, "2026-01-20", "UK6", id="000900-2026", buyer=buyer, parties=_make_parties(),
                tender=_make_tender("Licences"),
                awards=[_make_award(18_848_731, "t")]),
        make_release(CORRECTED, "2026-01-21", "UK6", id="000901-2026", buyer=buyer, parties=_make_parties(),
                awards=[_make_award(188_487, "t")]),
        make_release(OPEN, "2026-04-01", "UK4", id="000950-2026", buyer=buyer, parties=_make_parties()[:1],
                tender=_make_tender(HOSTILE, status="active", tenderPeriod={"endDate": "2026-05-01T12:00:00Z"})),
        make_release(FIELD, "2026-04-02", "UK4", id="000951-2026", buyer=buyer, parties=_make_parties()[:1],
                tender=_make_tender("=HYPERLINK(road works)", cpv="45000000")),
    ]  # fmt: skip


def build(root: Path) -> Path:
    """Load the records into a store at `root`, build it and return `root`."""
    for year, cost in ((2024, "100"), (2025, "120")):
        file = root.parent / f"gmpp-{year}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(write_portfolio(year, (GMPP, "Identity Checks", cost, "31/03/2027", "Amber")), encoding="utf-8")
        pipeline.load(root, [file])
    (root.parent / "a.csv").write_bytes(write_csv(SPEND_HEADS, SPEND, SPEND))
    (root.parent / "b.csv").write_bytes(write_csv(SALE_HEADS, SALE))
    (root.parent / "c.csv").write_bytes(write_csv(PLAN))
    pipeline.load(root, [root.parent / "a.csv", root.parent / "b.csv", root.parent / "c.csv"])
    load(root, make_releases())
    pipeline.build(root, AS_OF)
    return root
