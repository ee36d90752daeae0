"""Speaks to people, in Telegram and in the terminal. Knows nothing of ranking."""
