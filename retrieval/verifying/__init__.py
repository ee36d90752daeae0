"""A text comes in, and the places that it was taken from go out: word for word, spelled otherwise, altered, pieced."""
