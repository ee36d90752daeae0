"""The options of one command come in, and its exit status goes out: a file a command, or a few that belong together.

They alone start the other faces. All are imported to show the help, so each imports what it needs when it runs.
"""
