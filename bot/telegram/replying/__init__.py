"""A message comes in, and what it asks goes out; an answer comes in, and a reply goes out."""
