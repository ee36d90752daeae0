"""The bytes of a file come in, and its documents go out: a module a format, named by ``formats``."""
