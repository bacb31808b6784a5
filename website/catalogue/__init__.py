"""Find and read: search, and the page of every scheme, procurement, contract, award, organisation, payment, sale and plan."""
