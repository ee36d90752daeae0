"""Statements come in, and rows go out: of a file of this machine, or of a server that several machines share."""
