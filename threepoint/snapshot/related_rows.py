"""The lists shown on each kind of record, sorted for display."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from threepoint.snapshot.record_states import read_field_states
from threepoint.snapshot.snapshot import Snapshot

ROLES_WITH_OWN_LISTS = ("buyer", "supplier")  # roles that have lists of their own
Row = dict[str, Any]
RelatedRows = dict[str, list[Row]]


def read_related_rows(snapshot: Snapshot, kind: str, address: str) -> RelatedRows:
    """Return the lists of a record, by name."""
    return _LIST_ROWS_BY_KIND[kind](RelatedRowsReader(snapshot, address))


class RelatedRowsReader:
    """Reader of the rows related to one record. It looks up the name of each organisation once."""

    def __init__(self, snapshot: Snapshot, address: str) -> None:
        self.snapshot, self.address = snapshot, address
        self._names: dict[str, str | None] = {}

    def rows(self, name: str, /, **where: Any) -> list[Row]:
        """Return the rows of a table that have these values and belong to the record's process, project or organisation."""
        return self.snapshot.records.rows(name, within=self.address, **where)

    def one(self, name: str, /, **where: Any) -> Row:
        """Return the row that has these values, or an empty row."""
        return next(iter(self.rows(name, **where)), {})

    def body(self, org_id: str | None) -> list[Row]:
        """Return a list with an organisation's id and name; empty if the snapshot does not hold it."""
        if org_id and org_id not in self._names:
            rows = self.snapshot.records.rows("organisation", org_id=org_id)
            self._names.update({row["org_id"]: row["name"] for row in rows})
        return [{"org_id": org_id, "name": self._names[org_id]}] if org_id in self._names else []

    def bodies(self, org_ids: Iterable[str | None]) -> list[Row]:
        """Return organisations sorted by name, each once."""
        return _sort_rows((row for org_id in set(org_ids) for row in self.body(org_id)), "name", "org_id")

    def buyer(self, ocid: str) -> list[Row]:
        """Return a list with the buyer of a process."""
        return self.body(self.one("contracting_process", ocid=ocid).get("buyer_org_id"))

    def process(self, ocid: str) -> list[Row]:
        """Return a list with a process and the description of its main CPV code."""
        process = self.one("contracting_process", ocid=ocid)
        code = self.one("process_cpv", ocid=ocid, cpv=process.get("cpv_main"))
        return [process | {"cpv_text": code.get("description")}] if process else []

    def valued(self, table: str, rows: list[Row]) -> list[Row]:
        """Add to awards or contracts the notice and time of their value (value_notice …) and first value (first_notice …)."""
        valued_rows = []
        for row in rows:
            states = read_field_states(self.snapshot, table, row[f"{table}_id"])
            sources: Row = {}
            for name, suffix in (("value", ""), ("first", "_first")):
                basis = "value_gross" if row[f"value_net{suffix}"] is None else "value_net"
                state = states.get(f"{basis}{suffix}")
                sources |= {f"{name}_notice": state and state.notice_id, f"{name}_on": state and state.release_date}
            valued_rows.append(row | sources)
        return valued_rows

    def notices(self, ocid: str) -> list[Row]:
        """Return the notices of a process, oldest first, with their URL if it is http(s)."""
        rows = [row | {"url": _keep_http_url(row["url"])} for row in self.rows("notice", ocid=ocid)]
        return _sort_rows(rows, "date", "release_id")

    def documents(self, ocid: str) -> list[Row]:
        """Return the documents of a process, newest first, with their URL if it is http(s).

        Notices are excluded, since they have their own list. So are documents with neither a title nor a URL: some
        publishers state their criteria in this form, and nobody could read them as documents.
        """
        notice_urls = {row["url"] for row in self.rows("notice", ocid=ocid)} - {None}
        rows = [
            row | {"url": _keep_http_url(row["url"])}
            for row in self.rows("document", ocid=ocid)
            if row["url"] not in notice_urls and (row["title"] or row["url"])
        ]
        by_section = _sort_rows(rows, "section", "parent_id", "document_id")
        return sorted(by_section, key=lambda row: row["date_published"] or date.min, reverse=True)

    def changes(self, is_subject: Callable[[str], bool]) -> list[Row]:
        """Return the changes whose subject id passes `is_subject`, oldest first."""
        return _sort_rows((row for row in self.rows("change") if is_subject(row["subject_id"])), "date", "change_id")


def _keep_http_url(url: str | None) -> str | None:
    """Return None for anything but http(s), so that pages link to nothing else: publishers put any text in `url`."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def _sort_rows(rows: Iterable[Row], *names: str, descending: bool = False) -> list[Row]:
    """Sort rows by columns, with empty values last. `descending` reverses the order of the first column."""
    ascending = sorted(
        rows, key=lambda row: [(row[name] is None, "" if row[name] is None else row[name]) for name in names]
    )
    return sorted(ascending, key=lambda row: row[names[0]] or 0, reverse=True) if descending else ascending


def _list_process_rows(reader: RelatedRowsReader) -> RelatedRows:
    ocid = reader.address
    awards = reader.rows("award", ocid=ocid)
    award_ids = {row["award_id"] for row in awards}
    suppliers = [row["org_id"] for row in reader.rows("award_supplier", current=True) if row["award_id"] in award_ids]
    return {
        "cpv": _sort_rows(reader.rows("process_cpv", ocid=ocid), "is_main", "cpv", descending=True),
        "awards": _sort_rows(reader.valued("award", awards), "date", "award_id"),
        "contracts": reader.valued("contract", reader.rows("contract", ocid=ocid)),
        "suppliers": reader.bodies(suppliers),
        "buyer": reader.buyer(ocid),
        "changes": reader.changes(lambda subject: subject.startswith(f"{ocid}/")),
        "notices": reader.notices(ocid),
        "revisions": reader.rows("revised_field", ocid=ocid),
        "withheld": reader.rows("withheld_information", ocid=ocid),
        "lots": _sort_rows(reader.rows("lot", ocid=ocid), "lot_id"),
        "bids": _sort_rows(reader.rows("bid_statistic", ocid=ocid), "lot_id", "measure"),
        "parties": _sort_rows(
            (row for row in reader.rows("party_role", ocid=ocid) if row["role"] not in ROLES_WITH_OWN_LISTS),
            "role",
            "name",
            "org_id",
        ),
        "related": _sort_rows(reader.rows("related_process", ocid=ocid), "contract_id", "relation_id"),
        "documents": reader.documents(ocid),
        "payments": _sort_rows(reader.rows("spend", ocid=ocid), "date", "spend_id"),
    }


def _list_contract_rows(reader: RelatedRowsReader) -> RelatedRows:
    key = {"contract_id": reader.address}
    ocid, local_id = reader.one("contract", **key)["ocid"], reader.address.partition("/contracts/")[2]
    return {
        "suppliers": reader.bodies(row["org_id"] for row in reader.rows("contract_supplier", **key)),
        "buyer": reader.buyer(ocid),
        "changes": reader.changes(lambda subject: subject == reader.address),
        "kpis": reader.rows("kpi", **key),
        "observations": _sort_rows(reader.rows("observation", **key), "period_end", "obs_id"),
        "milestones": _list_milestones(reader.rows("milestone", **key)),
        "failures": _sort_rows(reader.rows("failure_event", **key), "decision_date", "failure_id"),
        "process": reader.process(ocid),
        "notices": reader.notices(ocid),
        "revisions": reader.rows("revised_field", ocid=ocid),
        "documents": [
            row
            for row in reader.documents(ocid)
            if row["section"].startswith("contracts/") and row["parent_id"] == local_id
        ],
        "payments": _sort_rows(reader.rows("spend", **key), "date", "spend_id"),
    }


def _list_milestones(rows: list[Row]) -> list[Row]:
    """Sort milestones by due date.

    Publishers state a milestone in the contract's plan, in its progress or in both: `stated_in` says which, and `twin` is
    the same milestone (by its own id and title) in the other.
    """
    stated = [
        row
        | {
            "stated_in": "plan" if row["section"] == "contracts/milestones" else "progress",
            "twin": next((other["milestone_id"] for other in rows if _is_same_milestone(row, other)), None),
        }
        for row in rows
    ]
    by_id = sorted(stated, key=lambda row: (_get_own_id(row), row["stated_in"]))
    return _sort_rows(by_id, "due_current")


def _is_same_milestone(row: Row, other: Row) -> bool:
    same_title = None in (row["title"], other["title"]) or row["title"] == other["title"]
    return _get_own_id(row) == _get_own_id(other) and row["section"] != other["section"] and same_title


def _get_own_id(row: Row) -> str:
    return str(row["milestone_id"]).removeprefix(f"{row['ocid']}/{row['section']}/")


def _list_award_rows(reader: RelatedRowsReader) -> RelatedRows:
    award = reader.one("award", award_id=reader.address)
    repeated = {row["award_id"] for row in reader.rows("award", superseded_by=reader.address)}
    repeated |= {award["repeats_award"]} - {None}
    suppliers = [row | reader.body(row["org_id"])[0] for row in reader.rows("award_supplier", award_id=reader.address)]
    shown = [{name: row[name] for name in ("org_id", "name", "current")} for row in suppliers]
    earlier = [row for row in reader.rows("award") if row["award_id"] in repeated]
    return {
        "suppliers": _sort_rows(_sort_rows(shown, "name", "org_id"), "current", descending=True),
        "buyer": reader.buyer(award["ocid"]),
        "process": reader.process(award["ocid"]),
        "earlier": reader.valued("award", earlier),
        "changes": reader.changes(lambda subject: subject == reader.address or subject in repeated),
        "notices": reader.notices(award["ocid"]),
        "revisions": reader.rows("revised_field", ocid=award["ocid"]),
    }


def _list_scheme_rows(reader: RelatedRowsReader) -> RelatedRows:
    return {
        "years": _sort_rows(reader.rows("scheme_year"), "report_year"),
        "changes": reader.changes(lambda subject: subject == reader.address),
        "identifiers": _sort_rows(reader.rows("scheme_identifier"), "first_year", "identifier"),
    }


def _list_organisation_rows(reader: RelatedRowsReader) -> RelatedRows:
    return {
        "identifiers": reader.rows("organisation_identifier"),
        "names": _sort_rows(_sort_rows(reader.rows("organisation_name"), "name"), "processes", descending=True),
        "roles": reader.rows("organisation_role"),
        "paid": _list_totals(reader, "paid"),
        "was paid": _list_totals(reader, "was paid"),
        "bought": _list_totals(reader, "bought"),
        "plans": _sort_rows(
            reader.snapshot.records.rows("pipeline_entry", body_org_id=reader.address), "approach", "entry_id"
        ),
        "sold": _list_totals(reader, "sold"),
    }


def _list_totals(reader: RelatedRowsReader, name: str) -> list[Row]:
    """Return the totals of one list, largest first; totals of lines without an amount come last."""
    rows = _sort_rows(reader.rows("organisation_total", list=name), "other", "currency", "kind", "other_org_id")
    rows.sort(key=lambda row: (row["amount"] is None, -abs(row["amount"] or 0)))
    return [{name: value for name, value in row.items() if name not in ("org_id", "list")} for row in rows]


def _list_payment_rows(reader: RelatedRowsReader) -> RelatedRows:
    row = reader.one("spend", spend_id=reader.address)
    return {
        "bodies": reader.bodies((row["payer_org_id"], row["payee_org_id"])),
        "alike": _list_repeated_lines(reader, "spend_id", "payee_name", "date"),
    }


def _list_sale_rows(reader: RelatedRowsReader) -> RelatedRows:
    row = reader.one("sale", sale_id=reader.address)
    return {
        "bodies": reader.bodies((row["customer_org_id"], row["supplier_org_id"])),
        "alike": _list_repeated_lines(reader, "sale_id", "supplier_name", "month"),
    }


def _list_repeated_lines(reader: RelatedRowsReader, id_column: str, name_column: str, date_column: str) -> list[Row]:
    rows = reader.rows("repeated_line", line=reader.address)
    return [
        {id_column: row["other"], name_column: row["name"], date_column: row["date"], "amount": row["amount"]}
        for row in rows
    ]


def _list_plan_rows(reader: RelatedRowsReader) -> RelatedRows:
    row = reader.one("pipeline_entry", entry_id=reader.address)
    return {
        "values": reader.rows("pipeline_value"),
        "codes": reader.rows("pipeline_cpv"),
        "bodies": reader.bodies((row["body_org_id"],)),
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
