"""The picture of a page comes in, and the words that a machine reads in it, with how sure it is, go out."""
