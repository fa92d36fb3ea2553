"""Demo data: a company that does not exist, its staff, its customers, and three months of their questions."""
