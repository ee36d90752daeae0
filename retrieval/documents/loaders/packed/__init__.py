"""A file that holds whole pages comes in, and a document for each goes out."""
