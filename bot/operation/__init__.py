"""The state of the program and its machine comes in, and what an operator should know of it goes out."""
