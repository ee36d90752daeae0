"""A stretch of a PDF's text comes in, and the picture of its page, with the stretch marked, goes out."""
