"""What is to be shown comes in, and HTML goes out, held to the promise."""
