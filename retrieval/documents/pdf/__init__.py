"""The bytes of a PDF come in, and its letters go out in the order in which they are read, in paragraphs."""
