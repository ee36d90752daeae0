"""Who asks comes in, and what their chat is about, and whether they may ask, goes out; whatever the face."""
