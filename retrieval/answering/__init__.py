"""From hits to an answer: what the question asks, which sentences answer it, how sure that is."""
