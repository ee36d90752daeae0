"""A question and its chat come in, and the answer of the libraries that the chat may see goes out."""
