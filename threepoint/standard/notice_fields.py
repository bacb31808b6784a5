"""What the national forms call a field, which notice would fill it, and which duty asks for that notice.

The names in the form, and which notice fills a field, were written down from memory of notices on Find a Tender and have not
been checked against the forms, so pages and letters say "probably". Where we know of no name it is empty, and the field is told
by its OCDS path, which the tables of the standard hold. Sections and regulations are those of standard.md A4; of these, section
50 was not checked against the Act (Procurement Act 2023; SI 2024/692).
"""

from dataclasses import dataclass

from threepoint.standard.code_lists import NOTICE_TYPES
from threepoint.standard.definition import FieldDefinition
from threepoint.standard.sdes import SDES_TABLES

# What each notice must be published for. Where the Act does not apply, neither does the duty.
DUTY_BY_NOTICE_TYPE: dict[str, str] = {
    "UK2": "section 17 of the Procurement Act 2023: a notice, or the reason for none, where the market was engaged",
    "UK4": "section 21 of the Procurement Act 2023: a tender notice",
    "UK6": "section 50 of the Procurement Act 2023: a notice before the contract is entered into",
    "UK7": "section 53 of the Procurement Act 2023 and regulation 32 of SI 2024/692: a notice of the details of the contract",
    "UK8": "section 70 of the Procurement Act 2023: payments over £30,000 under a public contract, from 1 April 2026",
    "UK9": "section 71 of the Procurement Act 2023 and regulation 39 of SI 2024/692: an assessment against the KPIs"
    " every 12 months, from 1 January 2026",
    "UK11": "section 80 of the Procurement Act 2023 and regulation 41 of SI 2024/692: a notice when a contract ends",
}


@dataclass(frozen=True)
class NoticeField:
    """Where a field is published: the `notice` that fills it ("" where none that we know does), its name in the `form`."""

    table: str
    name: str
    words: str  # what the field is called on our pages
    notice: str = ""
    form: str = ""
    law: str = ""  # a duty of its own, where it is not that of the notice

    @property
    def code(self) -> str:
        """The field in addresses, as contract.value_final."""
        return f"{self.table}.{self.name}"

    @property
    def field(self) -> FieldDefinition:
        """The field of the standard."""
        return SDES_TABLES[self.table].field(self.name)

    @property
    def path(self) -> str:
        """Its path in OCDS."""
        return self.field.source

    @property
    def duty(self) -> str:
        """The duty that asks for the notice; empty where we know of none."""
        return self.law or DUTY_BY_NOTICE_TYPE.get(self.notice, "")

    @property
    def notice_words(self) -> str:
        """The notice in words: UK7 (Contract details notice)."""
        return f"{self.notice} ({NOTICE_TYPES[self.notice][0]})" if self.notice else ""


KPI_DUTY_TEXT = (
    "section 52 of the Procurement Act 2023: three KPIs for a public contract over £5 million with VAT, with exceptions"
)

# Every Core and Important field that a publisher fills in a notice about a process, an award or a contract. First published
# values are not among them: what was left out at first cannot be put in later. Nor is what we work out ourselves.
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
contracting_process | final_stage_bids       | bids at the final stage    | UK6  | Information about tenders
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
    table, name, words, notice, form = (cell.strip() for cell in line.split("|"))
    return NoticeField(table, name, words, notice, form, KPI_DUTY_TEXT if name == "kpis" else "")


NOTICE_FIELD_BY_CODE: dict[str, NoticeField] = {
    place.code: place for place in map(_parse_notice_field, _NOTICE_FIELD_LINES.strip().splitlines())
}
