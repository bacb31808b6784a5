"""Headings and one row of each kind of list: payments, sales, and procurement plans, which have no headings."""

SPEND_HEADS = ["Department family", "Entity", "Date", "Expense type", "Expense area", "Supplier", "Transaction number",
               "Amount"]  # fmt: skip
SPEND = ["Department of Health", "Barts", "30/04/2020", "Software", "IT", "Alpha Ltd", "77", "£25,000.50"]
SALE_HEADS = ["ID", "Framework", "LotDescription", "SupplierName", "CustomerName", "ReturnMonth",
              "ProjectNameAndDescription", "EvidencedSpend", "Sector", "SMEorLarge"]  # fmt: skip
SALE = ["7", "G-Cloud", "3", "Alpha Ltd", "Home Office", "2014-03-01", "Licences", "1250.50", "Central", "SME"]
PLAN = ["1", "Ministry", "Laptops", "ICT", "M/1", "High", "0.00000", "0.00000", "1666667.00000", "1666667.00000",
        "1666667.00000", "0.00000", "0.00000", "5000000.00000", "London", "UKI", "", "", "01 Aug 14 00:00", "Open",
        "01 Jul 14 00:00", "01 Nov 13 15:10", "31 Oct 13 09:00", "jane.doe @example.org", "123", "Ministry", "0",
        "30200000|3021300", "1160591", "", "", "123", "Ministry", "123", "Ministry",
        "http://www.contractsfinder.businesslink.gov.uk/Common/View%20Notice.aspx?NoticeId=1160591"]  # fmt: skip
