"""A question and sentences come in; vectors, how well each sentence answers, and which of its words, go out."""
