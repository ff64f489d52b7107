"""The edges to the outside: each turns what a person did into `Incoming`, and replies into what its platform can show."""

from bot.channels.aiogram_loading import load_aiogram

# Before any module of this package imports aiogram in the ordinary way.
load_aiogram()
