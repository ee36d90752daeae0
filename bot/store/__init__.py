"""What the bot remembers, in one SQLite file of the state folder: one file here for each thing that is kept."""
