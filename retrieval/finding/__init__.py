"""A question comes in, and the passages that are worth reading for it go out, best first, with their scores."""
