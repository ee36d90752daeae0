"""Updates come in, each once and each chat's in order; what is sent goes out, and nothing of either is lost."""
