"""A face: a command line comes in, and lines of text or JSON go out. Only its commands start the other faces."""
