"""What somebody asks comes in, and words to search for, the kind of answer sought and its days go out."""
