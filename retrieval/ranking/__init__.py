"""Passages that were found come in, and their sentences go out, best first, with how sure the first is."""
