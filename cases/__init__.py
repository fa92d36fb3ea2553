"""What a case is, decided without a database, a network or a clock."""
