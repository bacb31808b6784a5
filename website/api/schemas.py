"""Response schemas for the OpenAPI document. Class and field names are published, so they stay."""

from typing import Any

from ninja import Field, Schema


class About(Schema):
    """The snapshot that the answer was read from."""

    snapshot: str = Field(description="The snapshot's name. When the name changes, the data has changed.")
    as_of: str = Field(description="The date as of which states such as “not yet due” hold.")
    built_at: str = Field(description="When the snapshot was made, in UTC.")
    standard: str = Field(description="The version of SDES that the data follows.")
    licence: str = Field(description="The licence of the data, and how to attribute it.")


class AnswerBase(Schema):
    """Fields that every answer has."""

    links: dict[str, str] = Field(description="Related URLs: next, prev, page and others.")
    about: About


class Fact(Schema):
    """One field of a record."""

    name: str
    meaning: str
    type: str = Field(description="The type in the standard. Money is text, so that nothing is rounded.")
    level: str = Field(description="Core, Important or Useful.")
    value: Any = Field(description="Null unless the value was published or calculated; `state` says why not.")
    state: str = Field(
        description="What is known about the value: observed, derived, not_reported, withheld_commercial …"
    )
    detail: str = Field(description="The reason for the state, such as the ground for withholding.")
    due_on: str | None = Field(description="The date from which the value must be published.")
    evidence: str = Field(description="The evidence for the value.")
    source: str = Field(description="The notice or report that published it.")
    source_date: str | None = Field(description="The date of that notice or report.")


class Record(AnswerBase):
    """One record, in the format of `threepoint show --json`."""

    kind: str
    id: str
    title: str
    publisher: str
    synthetic: bool = Field(description="True if all of the record is synthetic.")
    facts: dict[str, Fact] = Field(description="Fields by name.")
    rows: dict[str, list[dict[str, Any]]] = Field(description="Related rows, by list.")
    grade: str | None = Field(description="How much of what is due is published, A to E. It grades the data only.")
    cap: str | None = Field(description="What limits the grade.")


class Hit(Schema):
    """One search result."""

    kind: str = Field(
        description="contract (a procurement with its awards and contracts), project, sale, plan or organisation."
    )
    id: str
    contract: str | None = Field(description="The id of its contract, if it has exactly one.")
    title: str
    buyer: str | None
    suppliers: list[str] = Field(description="The first suppliers by name.")
    more_suppliers: int = Field(description="The number of further suppliers.")
    value: str | None = Field(description="The exact amount; null if there is none.")
    currency: str | None
    value_of: str | None = Field(description="What the value is of: its contracts, its awards, the estimate …")
    no_value: str | None = Field(description="Why there is no value.")
    status: str = Field(description="The status, in words.")
    newest: str | None = Field(
        description="The date of its newest notice or report, the month of a sale, or when a plan was published."
    )
    ends: str | None = Field(description="The latest end of its contracts in delivery.")
    to_market: str | None = Field(description="When a plan is expected to go to market.")
    may_repeat: bool = Field(description="True for a sale with the same content as an earlier line.")
    synthetic: bool
    extract: str = Field(description="The text around the words of the search.")
    page: str = Field(description="The URL of its page on this site.")
    data: str = Field(description="The URL of its record in this API.")


class Option(Schema):
    """One way to narrow the results."""

    value: str
    count: int


class Search(AnswerBase):
    """A page of search results."""

    total: int
    everything: int = Field(description="The number of results without the limit to technology.")
    loosened: bool = Field(description="True if no record has all words, so that the results have some of them.")
    page: int
    size: int
    results: list[Hit]
    facets: dict[str, list[Option]] = Field(
        description="The most common values of each facet, with the number of results that each would leave."
    )
    also: list[str] = Field(
        description="Other words with the same meaning that the search included. Words in quotes are searched as they are."
    )
    nearly: list[str] = Field(
        description="Words that no record has. The search used words with a similar spelling instead."
    )
    short: dict[str, int] = Field(
        description="Facets whose counts may be too low, with the largest possible difference."
    )


class Cell(Schema):
    """One record's cell in one line of a comparison."""

    text: str
    state: str = Field(description="The state of the underlying fact.")
    source: str
    note: str


class Line(Schema):
    """One line of a comparison, with a cell for each record, in the same order."""

    group: str
    label: str
    cells: list[Cell]


class Comparison(AnswerBase):
    """Two to six records side by side, in the format of `threepoint compare --json`."""

    headings: list[str]
    ids: list[str]
    lines: list[Line]
    alike: list[str] = Field(
        description="What the records have in common, and which figures cannot be compared, with the reason."
    )
    notes: list[list[str]] = Field(description="Notes on each record's figures.")
    synthetic: bool


class Column(Schema):
    """A column of a table."""

    name: str
    type: str
    unit: str
    level: str
    source: str = Field(description="The OCDS path that it is read from, or how it is calculated.")
    meaning: str


class Table(Schema):
    """A table of the standard."""

    name: str
    meaning: str
    key: list[str] = Field(description="The columns that identify a row.")
    rows: int
    filters: list[str] = Field(description="The columns that you can filter by exact values.")
    data: str | None = Field(description="The URL of its rows; null if they are only in the downloads.")
    columns: list[Column]


class Tables(AnswerBase):
    """The tables of this snapshot."""

    tables: list[Table]


class Root(AnswerBase):
    """The root of the API."""

    name: str
    kinds: list[str] = Field(description="The kinds of records.")


class Source(Schema):
    """One publisher."""

    publisher: str
    group: str = Field(description="uk, example, synthetic or other; or the kind of list.")
    releases: int
    compiled: int
    ocids: int
    contracts: int
    lines: int
    first: str | None
    newest: str | None


class Sources(AnswerBase):
    """The sources of the snapshot, and what was left out."""

    sources: list[Source] = Field(description="Publishers of notices.")
    lists: list[Source] = Field(description="Publishers of lists: payments, sales, plans, reports on projects.")
    registers: dict[str, int] = Field(description="The number of codes in each register; 0 if it is not loaded.")
    files: int
    quarantined: int = Field(description="Parts of files that could not be read. No figure includes them.")
    reasons: dict[str, int] | None = Field(
        description="Why they could not be read; null if the reasons were not stored."
    )
    skipped: dict[str, int] = Field(description="Files that were recognised and skipped because they have no data.")


class Counted(Schema):
    """Counts of one group of publishers: its processes, those with a contract, and those that say how a contract went."""

    processes: int
    contracts: int
    outcomes: int


class Covered(Schema):
    """The counts of one fact for one publisher."""

    publisher: str
    group: str | None
    notice: str | None = Field(
        description="The type of notice that is counted; null: counted by states, over all notices."
    )
    fact: str
    due: int
    filled: int
    missing: int = Field(
        description="Due and not reported. Values that are due and withheld or not readable are not included."
    )


class Coverage(AnswerBase):
    """Coverage: the share of facts for comparisons that is published."""

    groups: dict[str, Counted] = Field(description="Counts by group of publishers. Groups are never added up.")
    facts: list[Covered]
