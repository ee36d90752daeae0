"""A stranger's request comes in, and what it says goes on, bounded in size, time and number, or a refusal."""
