"""A face: a command line comes in, and lines of text or JSON go out, with an exit status."""
