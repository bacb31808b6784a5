"""Return the lists shown on each kind of record, sorted for display."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from threepoint.snapshot.field_states import read_field_states
from threepoint.snapshot.snapshot import Snapshot

ROLES_WITH_OWN_LISTS = ("buyer", "supplier")  # roles that have lists of their own
Row = dict[str, Any]
RelatedRows = dict[str, list[Row]]


def read_related_rows(snapshot: Snapshot, kind: str, address: str) -> RelatedRows:
    """Return the lists of a record, by name."""
    return _LIST_ROWS_BY_KIND[kind](RelatedRowsReader(snapshot, address))


class RelatedRowsReader:
    """The rows around one record; names of organisations are looked up once each."""

    def __init__(self, snapshot: Snapshot, address: str) -> None:
        self.snapshot, self.address = snapshot, address
        self._names: dict[str, str | None] = {}

    def rows(self, name: str, /, **where: Any) -> list[Row]:
        """Return the rows of a table that belong to the record's process, project or organisation and have these values."""
        return self.snapshot.records.rows(name, within=self.address, **where)

    def one(self, name: str, /, **where: Any) -> Row:
        """The one row that has these values; an empty one where there is none."""
        return next(iter(self.rows(name, **where)), {})

    def body(self, org_id: str | None) -> list[Row]:
        """An organisation's id and name; nothing where it is not held."""
        if org_id and org_id not in self._names:
            held = self.snapshot.records.rows("organisation", org_id=org_id)
            self._names.update({row["org_id"]: row["name"] for row in held})
        return [{"org_id": org_id, "name": self._names[org_id]}] if org_id in self._names else []

    def bodies(self, found: Iterable[str | None]) -> list[Row]:
        """Organisations by name, each once."""
        return _sort_rows((row for org_id in set(found) for row in self.body(org_id)), "name", "org_id")

    def buyer(self, ocid: str) -> list[Row]:
        """The buyer of a process."""
        return self.body(self.one("contracting_process", ocid=ocid).get("buyer_org_id"))

    def process(self, ocid: str) -> list[Row]:
        """A process, with its main CPV code in words."""
        process = self.one("contracting_process", ocid=ocid)
        code = self.one("process_cpv", ocid=ocid, cpv=process.get("cpv_main"))
        return [process | {"cpv_text": code.get("description")}] if process else []

    def valued(self, table: str, rows: list[Row]) -> list[Row]:
        """Awards or contracts, each with the notice and time of its value (value_notice …) and first value (first_notice …)."""
        made = []
        for row in rows:
            states = read_field_states(self.snapshot, table, row[f"{table}_id"])
            sources: Row = {}
            for name, ending in (("value", ""), ("first", "_first")):
                basis = "value_gross" if row[f"value_net{ending}"] is None else "value_net"
                state = states.get(f"{basis}{ending}")
                sources |= {f"{name}_notice": state and state.notice_id, f"{name}_on": state and state.release_date}
            made.append(row | sources)
        return made

    def notices(self, ocid: str) -> list[Row]:
        """The notices of a process, oldest first, with the address of each where it is one of the web."""
        rows = [row | {"url": _keep_http_url(row["url"])} for row in self.rows("notice", ocid=ocid)]
        return _sort_rows(rows, "date", "release_id")

    def documents(self, ocid: str) -> list[Row]:
        """The documents of a process, newest first, each with its address where that is one of the web.

        The notices themselves stand in a list of their own. Some publishers state their criteria as documents that have
        neither a title nor an address: these are no documents that anyone could read.
        """
        notices = {row["url"] for row in self.rows("notice", ocid=ocid)} - {None}
        rows = [
            row | {"url": _keep_http_url(row["url"])}
            for row in self.rows("document", ocid=ocid)
            if row["url"] not in notices and (row["title"] or row["url"])
        ]
        made = _sort_rows(rows, "section", "parent_id", "document_id")
        return sorted(made, key=lambda row: row["date_published"] or date.min, reverse=True)

    def changes(self, wanted: Callable[[str], bool]) -> list[Row]:
        """The changes of some subjects, oldest first."""
        return _sort_rows((row for row in self.rows("change") if wanted(row["subject_id"])), "date", "change_id")


def _keep_http_url(url: str | None) -> str | None:
    """An address that a page may link to; none where what was published as one could be anything else."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def _sort_rows(rows: Iterable[Row], *names: str, down: bool = False) -> list[Row]:
    """Rows by some columns; those without a value come last. `down` turns the first column around."""
    made = sorted(rows, key=lambda row: [(row[name] is None, "" if row[name] is None else row[name]) for name in names])
    return sorted(made, key=lambda row: row[names[0]] or 0, reverse=True) if down else made


def _list_process_rows(of: RelatedRowsReader) -> RelatedRows:
    ocid = of.address
    awards = of.rows("award", ocid=ocid)
    mine = {row["award_id"] for row in awards}
    suppliers = [row["org_id"] for row in of.rows("award_supplier", current=True) if row["award_id"] in mine]
    return {
        "cpv": _sort_rows(of.rows("process_cpv", ocid=ocid), "is_main", "cpv", down=True),
        "awards": _sort_rows(of.valued("award", awards), "date", "award_id"),
        "contracts": of.valued("contract", of.rows("contract", ocid=ocid)),
        "suppliers": of.bodies(suppliers),
        "buyer": of.buyer(ocid),
        "changes": of.changes(lambda subject: subject.startswith(f"{ocid}/")),
        "notices": of.notices(ocid),
        "revisions": of.rows("revised_field", ocid=ocid),
        "withheld": of.rows("withheld_information", ocid=ocid),
        "lots": _sort_rows(of.rows("lot", ocid=ocid), "lot_id"),
        "bids": _sort_rows(of.rows("bid_statistic", ocid=ocid), "lot_id", "measure"),
        "parties": _sort_rows(
            (row for row in of.rows("party_role", ocid=ocid) if row["role"] not in ROLES_WITH_OWN_LISTS),
            "role",
            "name",
            "org_id",
        ),
        "related": _sort_rows(of.rows("related_process", ocid=ocid), "contract_id", "relation_id"),
        "documents": of.documents(ocid),
        "payments": _sort_rows(of.rows("spend", ocid=ocid), "date", "spend_id"),
    }


def _list_contract_rows(of: RelatedRowsReader) -> RelatedRows:
    mine = {"contract_id": of.address}
    ocid, local = of.one("contract", **mine)["ocid"], of.address.partition("/contracts/")[2]
    return {
        "suppliers": of.bodies(row["org_id"] for row in of.rows("contract_supplier", **mine)),
        "buyer": of.buyer(ocid),
        "changes": of.changes(lambda subject: subject == of.address),
        "kpis": of.rows("kpi", **mine),
        "observations": _sort_rows(of.rows("observation", **mine), "period_end", "obs_id"),
        "milestones": _list_milestones(of.rows("milestone", **mine)),
        "failures": _sort_rows(of.rows("failure_event", **mine), "decision_date", "failure_id"),
        "process": of.process(ocid),
        "notices": of.notices(ocid),
        "revisions": of.rows("revised_field", ocid=ocid),
        "documents": [
            row for row in of.documents(ocid) if row["section"].startswith("contracts/") and row["parent_id"] == local
        ],
        "payments": _sort_rows(of.rows("spend", **mine), "date", "spend_id"),
    }


def _list_milestones(rows: list[Row]) -> list[Row]:
    """Milestones by due date.

    Publishers state one in the contract's plan, in its progress or in both: `stated_in` says which, and `twin` is the
    same milestone (by its own id and title) in the other.
    """
    told = [
        row
        | {
            "stated_in": "plan" if row["section"] == "contracts/milestones" else "progress",
            "twin": next((other["milestone_id"] for other in rows if _is_same_milestone(row, other)), None),
        }
        for row in rows
    ]
    by_id = sorted(told, key=lambda row: (_get_own_id(row), row["stated_in"]))
    return _sort_rows(by_id, "due_current")


def _is_same_milestone(row: Row, other: Row) -> bool:
    same = None in (row["title"], other["title"]) or row["title"] == other["title"]
    return _get_own_id(row) == _get_own_id(other) and row["section"] != other["section"] and same


def _get_own_id(row: Row) -> str:
    return str(row["milestone_id"]).removeprefix(f"{row['ocid']}/{row['section']}/")


def _list_award_rows(of: RelatedRowsReader) -> RelatedRows:
    award = of.one("award", award_id=of.address)
    repeated = {row["award_id"] for row in of.rows("award", superseded_by=of.address)} | {award["repeats_award"]} - {
        None
    }
    suppliers = [row | of.body(row["org_id"])[0] for row in of.rows("award_supplier", award_id=of.address)]
    shown = [{name: row[name] for name in ("org_id", "name", "current")} for row in suppliers]
    earlier = [row for row in of.rows("award") if row["award_id"] in repeated]
    return {
        "suppliers": _sort_rows(_sort_rows(shown, "name", "org_id"), "current", down=True),
        "buyer": of.buyer(award["ocid"]),
        "process": of.process(award["ocid"]),
        "earlier": of.valued("award", earlier),
        "changes": of.changes(lambda subject: subject == of.address or subject in repeated),
        "notices": of.notices(award["ocid"]),
        "revisions": of.rows("revised_field", ocid=award["ocid"]),
    }


def _list_scheme_rows(of: RelatedRowsReader) -> RelatedRows:
    return {
        "years": _sort_rows(of.rows("scheme_year"), "report_year"),
        "changes": of.changes(lambda subject: subject == of.address),
        "identifiers": _sort_rows(of.rows("scheme_identifier"), "first_year", "identifier"),
    }


def _list_organisation_rows(of: RelatedRowsReader) -> RelatedRows:
    return {
        "identifiers": of.rows("organisation_identifier"),
        "names": _sort_rows(_sort_rows(of.rows("organisation_name"), "name"), "processes", down=True),
        "roles": of.rows("organisation_role"),
        "paid": _list_totals(of, "paid"),
        "was paid": _list_totals(of, "was paid"),
        "bought": _list_totals(of, "bought"),
        "plans": _sort_rows(of.snapshot.records.rows("pipeline_entry", body_org_id=of.address), "approach", "entry_id"),
        "sold": _list_totals(of, "sold"),
    }


def _list_totals(of: RelatedRowsReader, name: str) -> list[Row]:
    """The sums of one list, the largest first; those of nothing but lines without an amount come last."""
    rows = _sort_rows(of.rows("organisation_total", list=name), "other", "currency", "kind", "other_org_id")
    rows.sort(key=lambda row: (row["amount"] is None, -abs(row["amount"] or 0)))
    return [{name: value for name, value in row.items() if name not in ("org_id", "list")} for row in rows]


def _list_payment_rows(of: RelatedRowsReader) -> RelatedRows:
    row = of.one("spend", spend_id=of.address)
    return {
        "bodies": of.bodies((row["payer_org_id"], row["payee_org_id"])),
        "alike": _list_repeated_lines(of, "spend_id", "payee_name", "date"),
    }


def _list_sale_rows(of: RelatedRowsReader) -> RelatedRows:
    row = of.one("sale", sale_id=of.address)
    return {
        "bodies": of.bodies((row["customer_org_id"], row["supplier_org_id"])),
        "alike": _list_repeated_lines(of, "sale_id", "supplier_name", "month"),
    }


def _list_repeated_lines(of: RelatedRowsReader, ident: str, name: str, day: str) -> list[Row]:
    rows = of.rows("repeated_line", line=of.address)
    return [{ident: row["other"], name: row["name"], day: row["date"], "amount": row["amount"]} for row in rows]


def _list_plan_rows(of: RelatedRowsReader) -> RelatedRows:
    row = of.one("pipeline_entry", entry_id=of.address)
    return {
        "values": of.rows("pipeline_value"),
        "codes": of.rows("pipeline_cpv"),
        "bodies": of.bodies((row["body_org_id"],)),
    }


_LIST_ROWS_BY_KIND: Mapping[str, Callable[[RelatedRowsReader], RelatedRows]] = {
    "contracting_process": _list_process_rows,
    "contract": _list_contract_rows,
    "award": _list_award_rows,
    "scheme": _list_scheme_rows,
    "organisation": _list_organisation_rows,
    "spend": _list_payment_rows,
    "sale": _list_sale_rows,
    "pipeline_entry": _list_plan_rows,
}
