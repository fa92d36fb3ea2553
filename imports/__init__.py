"""Cases brought in from other systems, with their history."""
