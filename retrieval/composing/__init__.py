"""Ranked sentences come in, and an answer goes out: quotes that each add something, or a refusal."""
