"""How the tables came to be: each step runs once, in its order, and a released one is never edited."""

MIGRATIONS: tuple[tuple[str, ...], ...] = ()
"""For each version, the statements that lead to it from the one before."""
