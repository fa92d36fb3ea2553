"""GraphQL: public names and wiring."""
