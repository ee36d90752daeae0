"""What must be remembered comes in, and goes out after a restart: one SQLite file, a module for each thing kept."""
