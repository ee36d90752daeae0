"""Statements come in, and are run on a PostgreSQL server, which processes share of which one serves at a time."""
