"""A request that was let in comes in, and a page or JSON goes out: a file for each thing that may be asked for."""
