"""Conversations of those who are not on the team: customers and strangers. One file a conversation; verbs begin with "g." so that
none is a member's."""

from bot.handlers.guests import start
from bot.turn import GuestHandler

GUEST_COMMANDS: dict[str, GuestHandler] = {**start.COMMANDS}
GUEST_CHOICES: dict[str, GuestHandler] = {}
GUEST_QUESTIONS: dict[str, GuestHandler] = {}
