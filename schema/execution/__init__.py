"""The fast read path: whole levels of a query at once, with graphql-core as the reference for everything else."""
