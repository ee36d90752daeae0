"""A file comes in, and documents go out, and what of each is the article and not the page's furniture."""
