"""A local stand-in for the Telegram Bot API and a web page of phones to talk to it.

It refuses what Telegram refuses, in Telegram's words. Nothing here knows the bot: the bot reaches it over HTTP, as it
would reach Telegram.
"""
