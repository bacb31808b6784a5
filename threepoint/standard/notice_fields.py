"""Fields in the national notice forms: their names there, the notice that fills each, and the duty to publish it.

The names in the form, and which notice fills a field, come from memory of notices on Find a Tender. Nobody has checked them
against the forms, so pages and letters say "probably". If no name is known it is empty, and the OCDS path in the tables of the
standard identifies the field. Of the sections and regulations (Procurement Act 2023; SI 2024/692), section 50 was not checked
against the Act.
"""

from dataclasses import dataclass

from threepoint.standard.code_lists import NOTICE_TYPES
from threepoint.standard.definition import FieldDefinition
from threepoint.standard.sdes import SDES_TABLES

# The duty to publish each notice. If the Act does not apply, neither does the duty.
DUTY_BY_NOTICE_TYPE: dict[str, str] = {
    "UK2": "section 17 of the Procurement Act 2023: a notice, or the reason for none, if the market was engaged",
    "UK4": "section 21 of the Procurement Act 2023: a tender notice",
    "UK6": "section 50 of the Procurement Act 2023: a notice before the contract is entered into",
    "UK7": "section 53 of the Procurement Act 2023 and regulation 32 of SI 2024/692: a notice of the details of the contract",
    "UK8": "section 70 of the Procurement Act 2023: payments over £30,000 under a public contract, from 1 April 2026",
    "UK9": "section 71 of the Procurement Act 2023 and regulation 39 of SI 2024/692: an assessment against the KPIs"
    " at least every 12 months, from 1 January 2026",
    "UK11": "section 80 of the Procurement Act 2023 and regulation 41 of SI 2024/692: a notice when a contract ends",
}


@dataclass(frozen=True)
class NoticeField:
    """A field, the type of `notice` that fills it ("" if not known) and its name in the `form`."""

    table: str
    name: str
    words: str  # name of the field on pages
    notice: str = ""
    form: str = ""
    law: str = ""  # duty to publish the field, if it is not the duty to publish the notice

    @property
    def code(self) -> str:
        """Code of the field in URLs, such as contract.value_final."""
        return f"{self.table}.{self.name}"

    @property
    def field(self) -> FieldDefinition:
        """Definition of the field in the standard."""
        return SDES_TABLES[self.table].field(self.name)

    @property
    def path(self) -> str:
        """OCDS path of the field."""
        return self.field.source

    @property
    def duty(self) -> str:
        """The duty to publish the field; empty if none is known."""
        return self.law or DUTY_BY_NOTICE_TYPE.get(self.notice, "")

    @property
    def notice_words(self) -> str:
        """Code and name of the notice: UK7 (Contract details notice)."""
        return f"{self.notice} ({NOTICE_TYPES[self.notice][0]})" if self.notice else ""


KPI_DUTY_TEXT = "section 52 of the Procurement Act 2023: at least 3 KPIs for a public contract over £5 million with VAT, with exceptions"

# Every Core and Important field that a publisher fills in a notice about a process, an award or a contract. First published
# values are excluded, because a publisher cannot add them later. So are values that are calculated here.
_NOTICE_FIELD_LINES = """
contracting_process | title                  | title                      | UK4  | Title
contracting_process | buyer_org_id           | buyer                      | UK4  | Contracting authority
contracting_process | status                 | status                     |      |
contracting_process | method                 | procedure                  | UK4  | Procedure type
contracting_process | category               | main category              | UK4  | Main procurement category
contracting_process | cpv_main               | main CPV code              | UK4  | CPV classifications
contracting_process | estimate_net           | estimate                   | UK4  | Total value (estimated)
contracting_process | tender_start           | bids open from             |      |
contracting_process | tender_end             | bids due                   | UK4  | Tender submission deadline
contracting_process | engagement_notice_date | date of engagement         | UK2  |
contracting_process | final_stage_bids       | number of bids            | UK6  | Information about tenders
award               | date                   | award date                 | UK6  | Award decision date
award               | status                 | award status               |      |
award               | value_net              | award value                | UK6  | Contract value
award               | suppliers              | supplier                   | UK6  | Supplier
award               | end_date               | expected end               | UK6  | Contract dates (estimated)
contract            | title                  | contract title             | UK7  |
contract            | status                 | contract status            |      |
contract            | scheme_id              | project it belongs to      |      |
contract            | date_signed            | date signed                | UK7  | Date signed
contract            | start_date             | contract start             | UK7  | Contract dates
contract            | end_current            | contract end               | UK7  | Contract dates
contract            | value_net              | contract value             | UK7  | Contract value
contract            | suppliers              | contract supplier          | UK7  | Supplier
contract            | kpis                   | KPIs                       | UK7  | Key performance indicators
contract            | kpis_rated             | results of KPIs            | UK9  |
contract            | end_actual             | actual end                 | UK11 |
contract            | value_final            | final cost                 | UK11 |
"""


def _parse_notice_field(line: str) -> NoticeField:
    table, name, label, notice, form = (cell.strip() for cell in line.split("|"))
    return NoticeField(table, name, label, notice, form, KPI_DUTY_TEXT if name == "kpis" else "")


NOTICE_FIELD_BY_CODE: dict[str, NoticeField] = {
    field.code: field for field in map(_parse_notice_field, _NOTICE_FIELD_LINES.strip().splitlines())
}
