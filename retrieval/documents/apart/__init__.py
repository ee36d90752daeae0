"""A file that could do harm comes in, and what a child process made of it, within limits, goes out."""
