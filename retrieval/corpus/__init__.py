"""A folder of documents comes in, and what is searched goes out: texts, index and words, of one reading."""
