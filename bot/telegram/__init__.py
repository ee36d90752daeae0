"""A face: Telegram's updates come in, and messages go out. Nothing else imports python-telegram-bot.

``polling`` stands here, beside ``app``, and not in ``transport``: it builds the application that transport serves.
"""
