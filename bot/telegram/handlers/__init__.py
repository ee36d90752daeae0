"""What the bot does with what people send: one file a conversation."""
