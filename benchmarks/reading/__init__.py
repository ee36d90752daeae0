"""Question sets come in; the networks of ``retrieval/reader``, the models that weigh them, and their figures go out."""
