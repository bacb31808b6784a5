"""The forms of answers, for the OpenAPI and whoever makes a client of it."""

from typing import Any

from ninja import Field, Schema


class About(Schema):
    """What the answer was read from."""

    snapshot: str = Field(description="The snapshot's name; another name, other data.")
    as_of: str = Field(description="The date as of which states such as “not yet due” hold.")
    made: str = Field(description="When the snapshot was made, in UTC.")
    standard: str = Field(description="The version of SDES that the data follows.")
    licence: str = Field(description="Under what the data may be used, and what to say of it.")


class Told(Schema):
    """What every answer has."""

    links: dict[str, str] = Field(description="Addresses that lead on: next, prev, page and others.")
    about: About


class Fact(Schema):
    """One field of one thing."""

    name: str
    meaning: str
    type: str = Field(description="The type that the standard gives it; money is text, so that nothing is rounded.")
    level: str = Field(description="Core, Important or Useful.")
    value: Any = Field(description="Null unless something was published or worked out; `state` says why not.")
    state: str = Field(description="What is known of it: observed, derived, not_reported, withheld_commercial …")
    detail: str = Field(description="What the state rests on, such as the ground for withholding.")
    due_on: str | None = Field(description="The day from which it had, or has, to be published.")
    evidence: str = Field(description="What stands behind the value.")
    source: str = Field(description="The notice or report that it was published in.")
    source_date: str | None = Field(description="The day of that notice or report.")


class Record(Told):
    """The record of one thing, in the form of `threepoint show --json`."""

    kind: str
    id: str
    title: str
    publisher: str
    synthetic: bool = Field(description="True where all of it is made up.")
    facts: dict[str, Fact] = Field(description="Each field by its name.")
    rows: dict[str, list[dict[str, Any]]] = Field(description="What hangs below it, by list.")
    grade: str | None = Field(description="How much of what is due is published, A to E; never about the thing itself.")
    cap: str | None = Field(description="What holds the grade down.")


class Hit(Schema):
    """One thing found."""

    kind: str = Field(
        description="contract (a procurement with what became of it), project, sale, plan or organisation."
    )
    id: str
    contract: str | None = Field(description="The id of its one contract, where it has one.")
    title: str
    buyer: str | None
    suppliers: list[str] = Field(description="The first of them by name.")
    more_suppliers: int = Field(description="How many more there are.")
    value: str | None = Field(description="The amount, exact; null where there is none to give.")
    currency: str | None
    value_of: str | None = Field(description="What is worth that: its contracts, its awards, the estimate …")
    no_value: str | None = Field(description="Why there is no value.")
    status: str = Field(description="Where it stands, in words.")
    newest: str | None = Field(
        description="The day of its newest notice or report, the month of a sale, or when a plan was published."
    )
    ends: str | None = Field(description="The last day on which a contract in delivery of it ends.")
    to_market: str | None = Field(description="When a plan is to come to market.")
    may_repeat: bool = Field(description="True for a sale that says the same as an earlier line.")
    synthetic: bool
    extract: str = Field(description="The text around the words that were looked for.")
    page: str = Field(description="Its page on this site.")
    data: str = Field(description="Its record in this API.")


class Option(Schema):
    """One way to narrow what was found."""

    value: str
    count: int


class Search(Told):
    """A page of what was found."""

    total: int
    everything: int = Field(description="How many there are without the limit to technology.")
    loosened: bool = Field(description="True where nothing has all words, so that these have some of them.")
    page: int
    size: int
    results: list[Hit]
    facets: dict[str, list[Option]] = Field(description="The commonest values of each, with how many would be left.")
    also: list[str] = Field(
        description="Other words that were looked for, since they mean the same. Words in quotes are looked for alone."
    )
    nearly: list[str] = Field(description="Words that no record has: words spelt nearly like them were looked for.")
    short: dict[str, int] = Field(description="Facets whose counts may be too low, and by how many at most.")


class Cell(Schema):
    """What is said of one thing in one line."""

    text: str
    state: str = Field(description="The state of the fact behind it.")
    source: str
    note: str


class Line(Schema):
    """One line of a comparison, with a cell for each thing in their order."""

    group: str
    label: str
    cells: list[Cell]


class Comparison(Told):
    """Two to six things side by side, in the form of `threepoint compare --json`."""

    headings: list[str]
    ids: list[str]
    lines: list[Line]
    alike: list[str] = Field(
        description="In what they are alike, and which figures cannot be compared, with the reason."
    )
    notes: list[list[str]] = Field(description="What there is to know of each thing's figures.")
    synthetic: bool


class Column(Schema):
    """A column of a table."""

    name: str
    type: str
    unit: str
    level: str
    source: str = Field(description="The OCDS path that it is read from, or how it is worked out.")
    meaning: str


class Table(Schema):
    """A table of the standard."""

    name: str
    meaning: str
    key: list[str] = Field(description="The columns that tell its rows apart.")
    rows: int
    filters: list[str] = Field(description="The columns by whose exact values rows can be asked for.")
    data: str | None = Field(description="Where its rows are; null where they are in the downloads alone.")
    columns: list[Column]


class Tables(Told):
    """The tables that this snapshot has."""

    tables: list[Table]


class Root(Told):
    """What this API gives."""

    name: str
    kinds: list[str] = Field(description="The kinds of things that have records.")


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


class Sources(Told):
    """What the snapshot was made from, and what was left out of it."""

    sources: list[Source] = Field(description="Publishers of notices.")
    lists: list[Source] = Field(description="Publishers of lists: payments, sales, plans, reports on projects.")
    registers: dict[str, int] = Field(description="Codes held of each register; 0 where it is not loaded.")
    files: int
    quarantined: int = Field(description="Parts of files that could not be read. They are in no figure.")
    reasons: dict[str, int] | None = Field(description="Why they could not be read; null where it was not kept.")
    passed_over: dict[str, int] = Field(description="What was recognised and holds no data.")


class Counted(Schema):
    """Of one group of publishers: its processes, those with a contract, and those that say how a contract went."""

    processes: int
    contracts: int
    outcomes: int


class Covered(Schema):
    """How much of one fact one publisher publishes."""

    publisher: str
    group: str | None
    notice: str | None = Field(description="The type of notice that is counted; null: by states, over all notices.")
    fact: str
    due: int
    filled: int
    missing: int = Field(description="Due and not reported. What is due and neither is withheld, say, or not readable.")


class Coverage(Told):
    """How much of what a comparison needs is published."""

    groups: dict[str, Counted] = Field(description="Groups of publishers are never added up.")
    facts: list[Covered]
