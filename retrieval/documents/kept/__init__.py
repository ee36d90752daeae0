"""A folder comes in, and its documents go out as they were read, in memory or from the disk."""
