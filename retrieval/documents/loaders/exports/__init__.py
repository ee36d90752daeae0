"""What a service gives of its conversations or articles comes in, and a document for each, or for a day, goes out."""
