"""An update comes in, and what the bot does about it goes out, by ``replying``: one file a conversation."""
