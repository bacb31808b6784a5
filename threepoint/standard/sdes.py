"""SDES, the standardised data and evaluation scheme: its tables, version, levels and licences."""

from dataclasses import dataclass

from threepoint.standard.definition import TableDefinition
from threepoint.standard.tables_contracts import DELIVERY_TABLES
from threepoint.standard.tables_payments import PAYMENT_TABLES
from threepoint.standard.tables_process import PROCESS_TABLES
from threepoint.standard.tables_projects import PROJECT_TABLES
from threepoint.standard.tables_quality import QUALITY_TABLES

SDES_VERSION = "1.0.0"


@dataclass(frozen=True)
class TableGroup:
    """Tables that belong together: their `title` and the `module` that defines them."""

    title: str
    module: str
    tables: tuple[TableDefinition, ...]


# In the order of a procurement.
TABLE_GROUPS = (
    TableGroup("Procurements and awards", "tables_process", PROCESS_TABLES),
    TableGroup("Contracts and delivery", "tables_contracts", DELIVERY_TABLES),
    TableGroup("Major projects", "tables_projects", PROJECT_TABLES),
    TableGroup("Payments, sales and plans", "tables_payments", PAYMENT_TABLES),
    TableGroup("Quality of the data", "tables_quality", QUALITY_TABLES),
)

SDES_TABLES: dict[str, TableDefinition] = {table.name: table for group in TABLE_GROUPS for table in group.tables}

# Weight of a field in the coverage grade, by its level.
LEVEL_WEIGHTS = {"Core": 3, "Important": 2, "Useful": 1}

# Levels that a publisher may claim. Checks of the data prove or disprove a claim; none is taken on trust.
CONFORMANCE_LEVELS = {
    "Core": "who buys what from whom, how much, when and how; the link to the scheme; the baseline",
    "Delivery": "Core, and KPIs, milestones, changes and payments",
    "Full": "every table of the standard",
}

# Licence notices to include when data, the standard or the code is passed on.
ATTRIBUTION_TEXTS = {
    "data": (
        "Data derived from sources under the Open Government Licence v3.0 is published under the same licence: "
        "Contains public sector information licensed under the Open Government Licence v3.0. "
        "Data of other publishers keeps the licence of its publisher."
    ),
    "standard": "SDES, the standardised data and evaluation scheme, by the Three Point contributors: CC BY 4.0.",
    "code": "The software is licensed under the Apache License, Version 2.0.",
}
