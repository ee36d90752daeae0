"""The bytes of an office program's file come in, and its documents go out."""
